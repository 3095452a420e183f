"""Words of right-to-left texts that come back from PDFs as browsers and LibreOffice print them.

Run: .venv/bin/python benchmarks/reading_leftwards.py [LANGUAGE=FILE ...] (needs ../shared unless files are named,
Chromium, LibreOffice, Noto fonts; apt-get install fonts-sil-awami-nastaliq for the third font)

Without files: the sentences 21 to 40 of Urdu, Farsi and Arabic in ../shared/data/language. A file is plain text, a
paragraph a line. Words are compared in order, as they are written, signs at their ends included.
"""

from __future__ import annotations

import difflib
import html
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from extractors.formats import read_layout  # noqa: E402
from extractors.office_rendition import convert  # noqa: E402
from extractors.request import ReadRequest  # noqa: E402

FONTS = ("Noto Nastaliq Urdu", "Noto Naskh Arabic", "Awami Nastaliq")
SHARED = ROOT.parent / "shared" / "data" / "language"
_FLAT = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:font-face-decls>'
    '<style:font-face style:name="F" svg:font-family="&apos;{font}&apos;"/></office:font-face-decls>'
    '<office:automatic-styles><style:style style:name="P" style:family="paragraph">'
    '<style:paragraph-properties style:writing-mode="rl-tb" fo:margin-bottom="0.3cm"/><style:text-properties'
    ' style:font-name="F" style:font-name-complex="F" style:font-size-complex="13pt" fo:font-size="13pt"'
    ' style:language-complex="{language}" style:country-complex="none"/></style:style></office:automatic-styles>'
    "<office:body><office:text>{body}</office:text></office:body></office:document>"
)


def by_libreoffice(paragraphs: list[str], font: str, language: str) -> bytes:
    """Return the PDF that LibreOffice prints."""
    body = "".join(f'<text:p text:style-name="P">{escape(text)}</text:p>' for text in paragraphs)
    return convert(_FLAT.format(font=font, language=language, body=body).encode(), "fodt", "pdf")[1]


def by_chromium(paragraphs: list[str], font: str, language: str) -> bytes:
    """Return the PDF that Chromium prints."""
    body = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    style = f"p{{font:13pt '{font}'; margin:0 0 8pt}}"
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(
            f'<html dir="rtl" lang="{language}"><meta charset="utf-8"><style>{style}</style>{body}</html>', "utf-8"
        )
        subprocess.run(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
             f"--user-data-dir={folder}/profile", f"--print-to-pdf={folder}/page.pdf", str(page)],
            check=True, capture_output=True, timeout=90,
        )  # fmt: skip
        return (Path(folder) / "page.pdf").read_bytes()


def words(text: str) -> list[str]:
    """Return the words of a text, joiners and marks of direction aside."""
    plain = unicodedata.normalize("NFC", text)
    return "".join(char for char in plain if char not in "\u200b\u200c\u200f").split()


def right(wanted: list[str], found: list[str]) -> int:
    """Return how many words come back, in their order."""
    matcher = difflib.SequenceMatcher(None, wanted, found, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks())


def installed(font: str) -> bool:
    """Tell whether a font is there; where it is not, a printer takes another and says nothing."""
    listed = subprocess.run(["fc-list", font, "family"], check=True, capture_output=True, text=True, timeout=60)
    return bool(listed.stdout.strip())


def main(arguments: list[str]) -> None:
    """Print a row a text, printer and font."""
    fonts = [font for font in FONTS if installed(font)]
    for lacking in sorted(set(FONTS) - set(fonts)):
        print(f"{lacking} is not installed: nothing is printed in it.", file=sys.stderr)
    texts = [argument.split("=", 1) for argument in arguments]
    named = [(language, Path(name).name, Path(name).read_text("utf-8").splitlines()) for language, name in texts]
    named = named or [
        (language, f"{language}, sentences 21 to 40", (SHARED / f"{language}.txt").read_text("utf-8").splitlines()[20:])
        for language in ("ur", "fa", "ar")
    ]
    print("| text | words | font | printed by | right | share |\n| --- | --- | --- | --- | --- | --- |")
    for language, name, paragraphs in named:
        wanted = words(" ".join(paragraphs))
        for font in fonts:
            for printer, program in ((by_chromium, "Chromium"), (by_libreoffice, "LibreOffice")):
                layout = read_layout(printer(paragraphs, font, language), ReadRequest(name="page.pdf"))
                hits = right(wanted, words(layout.text))
                print(f"| {name} | {len(wanted)} | {font} | {program} | {hits} | {hits / len(wanted):.3f} |")


if __name__ == "__main__":
    main(sys.argv[1:])
