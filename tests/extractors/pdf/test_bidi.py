"""Right-to-left text comes out in logical order, whatever the order of the file."""

from __future__ import annotations

import io
import subprocess
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen import canvas

from extractors.bidi import Glyph, fold_for_search, read_row, split_rows
from extractors.layout import Layout
from tests.extractors.pdf.conftest import find_font

Reader = Callable[..., Layout]
HEBREW = "סעיף 12: הוקמה רשות (CERT) לאומית משנת 2015."


def print_row(logical: list[str], *, stored: list[int] | None = None, spaces: bool = True) -> list[Glyph]:
    """Print words of a right-to-left row: each word's glyphs at their places, stored in the order `stored` of words."""
    x = 500.0
    placed: list[list[tuple[str, float]]] = []
    for word in logical:
        leftwards = any("\u0590" <= char <= "\u06ff" for char in word)
        width = 8.0 * len(word)
        cells = [x - 8.0 * (index + 1) if leftwards else x - width + 8.0 * index for index in range(len(word))]
        placed.append(list(zip(word, cells, strict=True)))
        x -= width + 5.0
    glyphs: list[Glyph] = []
    for number in stored or range(len(placed)):
        for char, left in placed[number]:
            glyphs.append(Glyph(char, left, 100.0, left + 8.0, 110.0, 110.0, len(glyphs)))
        if spaces and number < len(placed) - 1:
            left = min(cell for _, cell in placed[number]) - 5.0
            glyphs.append(Glyph(" ", left, 110.0, left + 5.0, 110.0, 110.0, len(glyphs)))
    return glyphs


WORD = st.text(st.sampled_from("אבגדהוזחטיךכלםמןנסעףפץצקרשתابتثجحخدذرزسشصضطظعغفقكمنهوي"), min_size=1, max_size=7)
TOKEN = st.one_of(WORD, st.from_regex(r"[1-9][0-9]{0,3}", fullmatch=True), st.sampled_from(["CERT", "NIS", "ISO"]))


@given(st.lists(WORD, min_size=1, max_size=8), st.data())
def test_any_stored_order_of_words_gives_logical_order(words: list[str], data: st.DataObject) -> None:
    stored = data.draw(st.permutations(range(len(words))))
    assert read_row(print_row(words, stored=stored)).text.strip() == " ".join(words)


@given(st.lists(st.tuples(WORD, TOKEN), min_size=1, max_size=5))
def test_numbers_and_latin_words_keep_their_own_direction(pairs: list[tuple[str, str]]) -> None:
    words = [word for pair in pairs for word in pair]
    if sum(len(word) for word in words if word.isascii()) >= sum(len(word) for word in words if not word.isascii()):
        return  # the row would run rightwards
    assert read_row(print_row(words)).text.strip() == " ".join(words)


@given(st.lists(WORD, min_size=2, max_size=6))
def test_words_are_parted_where_the_file_stores_no_spaces(words: list[str]) -> None:
    assert read_row(print_row(words, spaces=False)).text == " ".join(words)


def test_rows_are_told_apart_by_their_baselines() -> None:
    upper = [Glyph("א", 10, 0, 18, 10, 100.0, 0), Glyph("ב", 2, 0, 10, 10, 97.5, 1)]
    lower = [Glyph("ג", 10, 0, 18, 10, 114.0, 2)]
    assert [len(row) for row in split_rows([*lower, *upper], 12.0)] == [2, 1]


def test_brackets_open_before_a_word_and_close_after_it() -> None:
    for opened, closed in (("(", ")"), (")", "("), (")", ")"), ("(", "(")):
        glyphs = print_row(["רשות", f"{opened}מחשב{closed}", "לאומית"])
        assert read_row(glyphs).text == "רשות (מחשב) לאומית"


@pytest.mark.parametrize("stored", ["لا", "ال"])
def test_lam_comes_before_alef_in_a_ligature_whatever_the_file_says(stored: str) -> None:
    ligature = [Glyph(char, 20.0, 100.0, 28.0, 110.0, 110.0, place) for place, char in enumerate(stored)]
    behind = Glyph("م", 12.0, 100.0, 20.0, 110.0, 110.0, 2)
    assert read_row([*ligature, behind]).text == "لام"


def test_vowel_signs_follow_the_letter_they_stand_on() -> None:
    word = [Glyph("ق", 20.0, 100.0, 28.0, 110.0, 110.0, 0), Glyph("َ", 23.0, 96.0, 25.0, 98.0, 110.0, 1)]
    word += [Glyph("ُ", 14.0, 96.0, 16.0, 98.0, 110.0, 2), Glyph("ب", 12.0, 100.0, 20.0, 110.0, 110.0, 3)]
    assert read_row(word).text == "قَبُ"


def test_search_folds_forms_signs_and_digits_and_leaves_other_text() -> None:
    assert fold_for_search("الـمـــادة ٢: يُعاقَبُ ﻻ ۱۲") == "المادة 2: يعاقب لا 12"
    assert fold_for_search("Économie n° 5, статья ²") == "Économie n° 5, статья ²"


@pytest.mark.parametrize("visual", [True, False])
def test_hebrew_is_logical_in_files_of_either_order(read_layout: Reader, visual: bool) -> None:
    pdfmetrics.registerFont(TTFont("Hebrew", find_font("NotoSansHebrew-Regular.ttf")))
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=(595, 842))
    sheet.setFont("Hebrew", 14)
    words = ["סעיף", "ראשון", "הוקמה", "רשות", "לאומית"]
    if visual:
        sheet.drawRightString(520, 700, " ".join(words)[::-1])
    else:
        x = 520.0
        for word in words:
            for char in word:
                x -= pdfmetrics.stringWidth(char, "Hebrew", 14)
                sheet.drawString(x, 700, char)
            x -= pdfmetrics.stringWidth(" ", "Hebrew", 14)
            sheet.drawString(x, 700, " ")
    sheet.save()
    assert read_layout(stream.getvalue()).text.strip() == " ".join(words)


PAGES = {
    "ar": "المادة 1: تنشأ بموجب هذا القانون هيئة وطنية للأمن السيبراني (CERT) منذ عام 2015.",
    "fa": "ماده ۱: سازمان ملی امنیت سایبری کشور به موجب این قانون در سال ۱۳۹۸ آغاز به کار کرد.",
    "he": HEBREW,
}


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A PDF that Chromium printed, a page a language: its glyphs are stored word by word in visual order."""
    folder = tmp_path_factory.mktemp("rtl")
    style = "p{font:14pt 'Noto Naskh Arabic','Noto Sans Hebrew'; break-after:page; margin:0}"
    body = "".join(f'<p lang="{code}">{text}</p>' for code, text in PAGES.items())
    page = folder / "page.html"
    page.write_text(f'<html dir="rtl"><meta charset="utf-8"><style>{style}</style>{body}</html>', "utf-8")
    subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={folder}/profile", f"--print-to-pdf={folder}/page.pdf", str(page)],
        check=True, capture_output=True, timeout=60,
    )  # fmt: skip
    return (folder / "page.pdf").read_bytes()


@pytest.mark.browser
@pytest.mark.parametrize("code", PAGES)
def test_what_a_browser_printed_is_in_logical_order(read_layout: Reader, printed: bytes, code: str) -> None:
    layout = read_layout(printed)
    page = layout.pages[list(PAGES).index(code)]
    assert " ".join(layout.text[page.start : page.end].split()) == PAGES[code]


def test_letters_of_nastaliq_keep_the_order_of_the_pen() -> None:
    """Measured in a PDF: letters stand at several heights, and the last of a word reaches far under those before."""
    printed = [
        ("ل", 146.1, 149.3, 98.5), ("ی", 142.1, 146.6, 105.9), ("ے", 139.4, 157.5, 104.2), ("ض", 125.8, 136.4, 100.9),
        ("و", 122.4, 128.8, 104.2), ("ا", 117.8, 122.4, 104.2), ("ب", 108.2, 117.2, 104.6), ("ط", 105.7, 114.0, 102.1),
    ]  # fmt: skip
    glyphs = [Glyph(char, x0, base - 12.0, x1, base, base, place) for place, (char, x0, x1, base) in enumerate(printed)]
    assert read_row(glyphs).text == "لیے ضوابط"


def test_a_row_of_vowel_signs_alone_is_no_fault() -> None:
    sign = Glyph("ً", 23.0, 96.0, 25.0, 98.0, 110.0, 0)
    assert read_row([sign]).glyphs == ()


def test_right_to_left_words_of_a_row_that_runs_rightwards_are_turned() -> None:
    printed = "The National Cyber Authority (1 ةئيهلا ةينطولا) shall act on ۔ےہ days"
    glyphs = [Glyph(char, 8.0 * n, 100.0, 8.0 * n + 8, 110.0, 110.0, n) for n, char in enumerate(printed)]
    assert read_row(glyphs).text == "The National Cyber Authority (1 الوطنية الهيئة) shall act on ہے۔ days"


def test_a_latin_row_of_a_right_to_left_page_keeps_its_few_words_in_order() -> None:
    glyphs = [Glyph(char, 8.0 * n, 100.0, 8.0 * n + 8, 110.0, 110.0, n) for n, char in enumerate("۔ےہ Education")]
    assert read_row(glyphs, leftwards=True).text == "Education ہے۔"


def test_quotation_marks_that_pdfium_mirrored_are_turned_back() -> None:
    assert read_row(print_row(["رشته", "”قلم“", "نهاية"])).text == "رشته “قلم” نهاية"
    row = print_row(["رشته", "CERT’s", "نهاية"])
    assert read_row(row).text == "رشته CERT’s نهاية"


def test_a_bracket_of_another_font_is_parted_from_the_word_before_it() -> None:
    glyphs = [Glyph(char, 60.0 - 8 * n, 100.0, 68.0 - 8 * n, 112.0, 110.0, n) for n, char in enumerate("ثم")]
    glyphs += [Glyph("(", 42.0, 100.0, 50.0, 112.0, 110.0, 2), Glyph("ب", 34.0, 100.0, 42.0, 112.0, 110.0, 3)]
    glyphs += [Glyph(" ", 30.0, 110.0, 34.0, 110.0, 110.0, 4), Glyph("ن", 22.0, 100.0, 30.0, 112.0, 110.0, 5)]
    assert read_row(glyphs).text == "ثم (ب ن"


@pytest.mark.parametrize(
    "printed", ["ab " + "“" * 8000 + " a א", "1" * 8000 + " " + "Act " * 2000 + "א"], ids=["quotation marks", "digits"]
)
def test_rows_of_countless_signs_are_read_at_once(printed: str) -> None:
    """Each sign once: in a square of them these rows take five seconds and more."""
    glyphs = [Glyph(char, 8.0 * n, 100.0, 8.0 * n + 8, 110.0, 110.0, n) for n, char in enumerate(printed)]
    began = time.process_time()
    row = read_row(glyphs)
    assert time.process_time() - began < 2.0
    assert len(row.text) == len(printed)


def test_a_row_of_countless_vowel_signs_is_read_at_once() -> None:
    letters = [Glyph("ق", 8.0 * n, 100.0, 8.0 * n + 8, 110.0, 110.0, n) for n in range(4000)]
    signs = [Glyph("َ", 8.0 * n + 3, 96.0, 8.0 * n + 5, 98.0, 110.0, 4000 + n) for n in range(4000)]
    began = time.process_time()
    assert read_row([*letters, *signs]).text == "قَ" * 4000
    assert time.process_time() - began < 4.0


def test_quotation_marks_look_at_the_nearest_letter_on_either_side() -> None:
    letters = "Act “אב” “CERT” ’"
    glyphs = [Glyph(char, 8.0 * n, 100.0, 8.0 * n + 8, 110.0, 110.0, n) for n, char in enumerate(letters)]
    assert read_row(glyphs).text == "Act ”בא“ ”CERT” ’"
