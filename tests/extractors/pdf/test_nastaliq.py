"""Urdu in Nastaliq, as programs print it: words overlap, dots lie under other letters, PDFium sees few of the spaces."""

from __future__ import annotations

import subprocess
import zlib
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from extractors import pdf_stated
from extractors.bidi import Glyph
from extractors.layout import Layout
from extractors.office_rendition import convert
from extractors.pdf_stated import Letter, stated_rows
from tests.extractors.pdf.conftest import find_font

Reader = Callable[..., Layout]
FONT = "Noto Nastaliq Urdu"
ACT = (
    "دفعہ ۱۔ اس قانون کو قومی سائبر سیکیورٹی ایکٹ ۲۰۲۳ء کہا جائے گا اور یہ فی الفور نافذ العمل ہوگا۔",
    "دفعہ ۲۔ وفاقی حکومت ایک قومی ادارہ قائم کرے گی جو قومی سی ای آر ٹی (CERT) کے نام سے موسوم ہوگا۔",
    "اتھارٹی کا فرض ہوگا کہ وہ: (الف) تمام اہم معلوماتی ڈھانچوں کا اندراج رکھے؛ (ب) ہر سال مشق کا انعقاد کرے۔",
    "جو شخص اس ایکٹ کی خلاف ورزی کرے گا اسے دو سال تک قید یا پانچ لاکھ روپے جرمانہ، یا دونوں سزائیں دی جائیں گی۔",
)


@pytest.fixture(autouse=True, scope="module")
def _font() -> None:
    find_font("NotoNastaliqUrdu-Regular.ttf")


def words_right(layout: Layout) -> float:
    """Return the share of the act's words that stand in the text, each as often as it should."""
    found = layout.text.split()
    wanted = " ".join(ACT).split()
    right = 0
    for word in wanted:
        if word in found:
            found.remove(word)
            right += 1
    return right / len(wanted)


@pytest.mark.browser
def test_what_a_browser_printed_comes_back_word_by_word(read_layout: Reader, tmp_path: Path) -> None:
    page = tmp_path / "act.html"
    body = "".join(f"<p>{text}</p>" for text in ACT)
    style = f"p{{font:14pt '{FONT}'}}"
    page.write_text(f'<html dir="rtl" lang="ur"><meta charset="utf-8"><style>{style}</style>{body}</html>', "utf-8")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={tmp_path}/profile", f"--print-to-pdf={tmp_path}/act.pdf", str(page)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    layout = read_layout((tmp_path / "act.pdf").read_bytes())

    assert words_right(layout) >= 0.98
    assert " ".join(layout.text.split()).startswith(ACT[0])


@pytest.mark.office
def test_what_libreoffice_printed_comes_back_word_by_word(read_layout: Reader) -> None:
    style = (
        '<style:style style:name="P" style:family="paragraph"><style:paragraph-properties style:writing-mode="rl-tb"/>'
        '<style:text-properties style:font-name-complex="F" style:font-name="F" style:font-size-complex="14pt"/>'
        "</style:style>"
    )
    body = "".join(f'<text:p text:style-name="P">{escape(text)}</text:p>' for text in ACT)
    source = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
        ' xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"'
        ' office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text"><office:font-face-decls>'
        f'<style:font-face style:name="F" svg:font-family="&apos;{FONT}&apos;"/></office:font-face-decls>'
        f"<office:automatic-styles>{style}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document>"
    )
    _, printed = convert(source.encode(), "fodt", "pdf")

    assert words_right(read_layout(printed)) >= 0.95


def letter(char: str, pen: float, baseline: float, place: int) -> Letter:
    return Letter((Glyph(char, pen, baseline - 9, pen + 6, baseline, baseline, place),), pen)


def test_rows_follow_the_order_of_the_file_where_a_letter_reaches_under_the_space_after_it() -> None:
    """Stored from left to right: a word, a space, and a letter whose pen stands left of that space."""
    row = [letter("ں", 40.0, 100.0, 9), letter("م", 46.0, 94.0, 8), letter(" ", 52.0, 100.0, 7),
           letter("ر", 51.2, 100.0, 6), letter("ث", 58.3, 92.0, 5), letter("ک", 64.0, 88.0, 4)]  # fmt: skip
    below = [letter("ہ", 60.0, 130.0, 3), letter("ے", 55.0, 130.0, 10)]
    rows = stated_rows([*row, *below], [range(20)], 14.0)
    assert [["".join(glyph.char for glyph in glyphs) for glyphs in found] for found in rows] == [
        ["ں", "م", " ", "ر", "ث", "ک"], ["ے", "ہ"],
    ]  # fmt: skip


def test_letters_and_signs_of_two_fonts_are_put_between_each_other_and_columns_apart() -> None:
    letters = [letter("ا", 10.0, 100.0, 0), letter("ب", 50.0, 100.0, 1), letter(":", 30.0, 100.0, 2)]
    letters += [letter("ج", 300.0, 100.0, 40)]
    rows = stated_rows(letters, [range(10)], 14.0)
    assert ["".join(glyph.char for glyph in glyphs) for glyphs in rows[0]] == ["ا", ":", "ب"]
    assert len(rows) == 1


def marked_page(marks: int, objects: int) -> bytes:
    """Return a page of right-to-left letters, all inside so many marks."""
    content = zlib.compress(
        ("/S BMC " * marks + "BT /F 6 Tf 5 400 Td " + "(a) Tj " * objects + "ET " + "EMC " * marks).encode()
    )
    letter = b"1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfchar <61> <05d0> endbfchar"
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 6 0 R>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(letter), letter),
    ]  # fmt: skip
    body = b"".join(b"%d 0 obj %b endobj\n" % (number, part) for number, part in enumerate(parts, 1))
    return b"%PDF-1.5\n" + body + b"trailer<</Root 1 0 R/Size 7>>"


def test_marks_inside_marks_are_asked_only_near_the_letter(
    read_layout: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    get_mark = pdf_stated.pdfium.FPDFPageObj_GetMark

    def counting(item: object, index: int) -> object:
        nonlocal asked
        asked += 1
        return get_mark(item, index)

    monkeypatch.setattr(pdf_stated.pdfium, "FPDFPageObj_GetMark", counting)
    payload = marked_page(300, 80)
    layout = read_layout(payload)
    assert layout.text.strip() == "א" * 80
    assert asked == 80 * pdf_stated.INNERMOST

    monkeypatch.setattr(pdf_stated, "MAX_MARKS", 80 * pdf_stated.INNERMOST - 1)
    assert read_layout(payload).text == layout.text
    assert asked == 80 * pdf_stated.INNERMOST


def test_spaces_go_between_the_letters_that_they_part() -> None:
    """A space goes before the first letter of which more than half stands behind it."""
    printed = [
        Glyph(char, x0, 0.0, x0 + 6, 9.0, 9.0, place)
        for place, (char, x0) in enumerate([(" ", 11.0), ("ב", 6.0), ("א", 0.0), (" ", 14.0), ("ג", 12.0), (" ", 4.0)])
    ]
    assert "".join(found.glyphs[0].char for found in pdf_stated._printed(printed)) == "א ב  ג"
