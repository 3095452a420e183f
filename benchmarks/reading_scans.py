"""Letter accuracy and speed of OCR on pages drawn at 300 dots an inch.

Run: .venv/bin/python benchmarks/reading_scans.py (needs ../shared, tesseract with ara, fra, rus, chi_sim, and Noto
fonts)

Pages are filled with text of ../shared (laws in Arabic, strategies and laws in French, Russian, Chinese), drawn at
11 points, once clean and once like a bad copy: grey paper, noise, blur, turned by half a degree. Letters are
compared in order.
"""

from __future__ import annotations

import random
import re
import sys
import textwrap
import time
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from extractors.ocr import read_picture  # noqa: E402
from extractors.pdf_columns import sort_rows  # noqa: E402
from tests.extractors.pdf.test_ocr import accuracy  # noqa: E402

SHARED = ROOT.parent / "shared"
FONTS = Path("/usr/share/fonts")
SOURCES = {
    "ar": ("NotoNaskhArabic-Regular.ttf", 82, sorted((SHARED / "data" / "arabic").glob("*.txt"))[:3]),
    "fr": ("NotoSerif-Regular.ttf", 78, sorted((SHARED / "gold" / "docs").glob("*.fr.*"))[:3]),
    "ru": ("NotoSerif-Regular.ttf", 72, sorted((SHARED / "gold" / "docs").glob("*.ru.*"))[:1]),
    "zh": ("NotoSerifCJK-Regular.ttc", 40, sorted((SHARED / "gold" / "docs").glob("*.zh.*"))[:3]),
}
"""Font, letters a line, texts."""


def lines_of(path: Path, width: int) -> list[str]:
    """Return 45 lines of a text, wrapped; addresses are left out, because no page of a law is made of them."""
    text = " ".join(re.sub(r"https?://\S+", "", path.read_text("utf-8")).split())[2000:12000]
    return textwrap.wrap(text, width, break_long_words=True)[:45]


def draw(lines: list[str], font: str, *, rightwards: bool, worn: bool) -> Image.Image:
    """Return a page; a worn one is grey, noisy, blurred and turned a little."""
    page = Image.new("L", (2480, 3508), 215 if worn else 255)
    face = ImageFont.truetype(str(next(FONTS.rglob(font))), 46, layout_engine=ImageFont.Layout.RAQM)
    pen = ImageDraw.Draw(page)
    for index, line in enumerate(lines):
        place = (200 if rightwards else 2280, 180 + 70 * index)
        pen.text(place, line, font=face, fill=45 if worn else 0, anchor="la" if rightwards else "ra",
                 direction="ltr" if rightwards else "rtl")  # fmt: skip
    if not worn:
        return page
    chance = random.Random(3)
    for _ in range(60_000):
        page.putpixel((chance.randrange(2480), chance.randrange(3508)), chance.randrange(256))
    return page.filter(ImageFilter.GaussianBlur(1.1)).rotate(0.5, fillcolor=215)


def main() -> None:
    """Print one row a language and kind of page."""
    print("| language | page | pages | letters right | seconds a page |")
    print("| --- | --- | --- | --- | --- |")
    for code, (font, width, paths) in SOURCES.items():
        for worn in (False, True):
            rates = []
            began = time.monotonic()
            for path in paths:
                lines = lines_of(path, width)
                found = read_picture(draw(lines, font, rightwards=code != "ar", worn=worn), (code,), 60)
                rates.append(accuracy("\n".join(lines), "\n".join(line.text for line in sort_rows(found.lines))))
            seconds = (time.monotonic() - began) / len(paths)
            kind, right = "worn" if worn else "clean", sum(rates) / len(rates)
            print(f"| {code} | {kind} | {len(paths)} | {right:.4f} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    main()
