"""Pictures of text: letters right, orientation, budget, resumption, and what is missing."""

from __future__ import annotations

import io
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image, ImageDraw, ImageFont

from extractors import ocr
from extractors.formats import parse
from extractors.layout import Layout, LayoutBuilder
from extractors.passages import build
from extractors.pdf_text import PrintedLine
from extractors.request import ReadRequest
from tests.extractors.pdf.conftest import column_of_lines, find_font, write_pdf

Reader = Callable[..., Layout]
ARABIC = """المادة الأولى: تنشأ بموجب هذا القانون هيئة وطنية للأمن السيبراني
تتمتع بالشخصية الاعتبارية والاستقلال المالي والإداري
وتتولى الهيئة إعداد الاستراتيجية الوطنية للأمن السيبراني
وتنسيق الجهود بين الجهات الحكومية والقطاع الخاص
المادة الثانية: يعاقب بالحبس كل من دخل عمدا وبغير حق
إلى نظام معلوماتي أو شبكة معلوماتية أو موقع إلكتروني"""
FRENCH = """Article premier : il est créé une autorité nationale
chargée de la sécurité des systèmes d'information.
Elle élabore la stratégie nationale et coordonne l'action
des administrations, des opérateurs et des entreprises.
Quiconque accède frauduleusement à tout ou partie
d'un système est puni d'un emprisonnement et d'une amende."""
RUSSIAN = """Статья первая. Настоящим законом учреждается
национальное агентство по кибербезопасности,
которое разрабатывает государственную стратегию
и координирует действия органов власти и организаций."""
CHINESE = """第一条 为了保障网络安全，维护国家主权，
保护公民、法人和其他组织的合法权益，制定本法。
第二条 国家设立网络安全机构，
负责制定国家网络安全战略。"""


def draw(text: str, font: str, *, turn: int = 0, height: int = 3508) -> Image.Image:
    """Return a page of A4's width at 300 dots an inch; Arabic is shaped by HarfBuzz."""
    page = Image.new("L", (2480, height), 255)
    face = ImageFont.truetype(find_font(font), 50, layout_engine=ImageFont.Layout.RAQM)
    direction: Literal["rtl", "ltr"] = "rtl" if "\u0600" <= text[0] <= "\u06ff" else "ltr"
    for index, line in enumerate(text.split("\n")):
        place = (2280 if direction == "rtl" else 200, 250 + 100 * index)
        anchor = "ra" if direction == "rtl" else "la"
        ImageDraw.Draw(page).text(place, line, font=face, fill=0, direction=direction, anchor=anchor)
    return page.rotate(turn, expand=True)


def scan(*pages: Image.Image) -> bytes:
    stream = io.BytesIO()
    pages[0].save(stream, "PDF", resolution=300, save_all=True, append_images=list(pages[1:]))
    return stream.getvalue()


def letters(text: str) -> str:
    return "".join(char for char in text if char.isalpha())


def accuracy(shown: str, found: str) -> float:
    """Share of the shown letters that were found, in order."""
    matcher = SequenceMatcher(None, letters(shown), letters(found), autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / len(letters(shown))


@pytest.mark.ocr
@pytest.mark.parametrize(
    ("text", "font", "hints", "least"),
    [
        (ARABIC, "NotoNaskhArabic-Regular.ttf", ("ar",), 0.98),
        (FRENCH, "NotoSerif-Regular.ttf", ("fr",), 0.98),
        (RUSSIAN, "NotoSerif-Regular.ttf", ("ru",), 0.95),
        (CHINESE, "NotoSerifCJK-Regular.ttc", ("zh",), 0.9),
        (ARABIC, "NotoNaskhArabic-Regular.ttf", (), 0.98),
    ],
    ids=["ar", "fr", "ru", "zh", "language unknown"],
)
def test_letters_of_a_scan_are_read(
    read_layout: Reader, text: str, font: str, hints: tuple[str, ...], least: float
) -> None:
    layout = read_layout(scan(draw(text, font)), ocr_pages=1, language_hints=hints)

    assert layout.status == "read"
    assert layout.pages[0].layer == "ocr"
    assert accuracy(text, layout.text) >= least
    assert all(0.5 < (block.ocr_confidence or 0) <= 1 for block in layout.blocks)
    assert "1 of 1 pages were read from pictures" in layout.reason


@pytest.mark.ocr
def test_a_page_that_lies_on_its_side_is_turned_and_its_boxes_turned_back(read_layout: Reader) -> None:
    layout = read_layout(scan(draw(FRENCH, "NotoSerif-Regular.ttf", turn=90)), ocr_pages=1, language_hints=("fr",))

    assert accuracy(FRENCH, layout.text) >= 0.95
    x0, y0, x1, y1 = layout.blocks[0].lines[0].box
    assert y1 - y0 > 4 * (x1 - x0)
    assert layout.pages[0].width > layout.pages[0].height
    assert 0 <= x0 < x1 <= layout.pages[0].width


@pytest.mark.ocr
def test_a_run_reads_as_many_pages_as_it_may_and_the_next_goes_on(read_layout: Reader, tmp_path: Path) -> None:
    payload = scan(*(draw(FRENCH, "NotoSerif-Regular.ttf", height=900) for _ in range(3)))
    first = read_layout(payload, ocr_pages=2, language_hints=("fr",), ocr_dir=str(tmp_path))
    second = read_layout(payload, ocr_pages=2, language_hints=("fr",), ocr_dir=str(tmp_path))

    assert [page.layer for page in first.pages] == ["ocr", "ocr", "none"]
    assert first.resumable
    assert "1 of 3 pages are pictures of text and wait for OCR" in first.reason
    assert [page.layer for page in second.pages] == ["ocr"] * 3
    assert not second.resumable
    assert (first.metadata["ocr_pages_now"], second.metadata["ocr_pages_now"]) == ("2", "1")
    assert second.text.startswith(first.text.rstrip()[:200])


def test_without_a_budget_the_pages_wait_and_are_named(read_layout: Reader) -> None:
    layout = read_layout(scan(Image.new("L", (1240, 1754), 200)), ocr_pages=0)

    assert layout.status == "no_text"
    assert layout.resumable
    assert "1 of 1 pages are pictures of text" in layout.reason


def test_without_tesseract_the_reason_names_pages_and_package(
    read_layout: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "installed_data", frozenset)
    layout = read_layout(scan(*[Image.new("L", (1240, 1754), 200)] * 2), ocr_pages=5, language_hints=("ar",))

    assert layout.status == "no_text"
    assert layout.resumable
    assert "2 of 2 pages" in layout.reason
    assert "apt-get install tesseract-ocr tesseract-ocr-ara" in layout.reason


def test_a_language_without_data_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "installed_data", lambda: frozenset({"eng", "osd"}))
    with pytest.raises(ocr.OcrUnavailableError, match="tesseract-ocr-khm"):
        ocr.choose_languages(("km",), "Khmer")


def test_hints_in_another_script_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "installed_data", lambda: frozenset({"eng", "fra", "ara", "rus"}))
    assert ocr.choose_languages(("fr", "ar"), "Arabic") == ("ara",)
    assert ocr.choose_languages(("fr", "ar"), "Latin") == ("fra", "eng")
    assert ocr.choose_languages((), "") == ("eng", "fra")


def test_digits_of_a_scan_never_count_as_sure() -> None:
    table = {
        "text": ["Article", "12", "applies"], "conf": [96.0, 97.0, 95.0], "left": [0, 80, 120], "top": [0, 0, 0],
        "width": [70, 30, 80], "height": [20, 20, 20], "block_num": [1] * 3, "par_num": [1] * 3, "line_num": [1] * 3,
    }  # fmt: skip
    (line,) = ocr._lines(table)
    assert line.text == "Article 12 applies"
    assert line.confidence == ocr.DIGIT_CONFIDENCE


def test_numbers_of_a_scan_are_marked_where_they_stand() -> None:
    builder = LayoutBuilder()
    builder.add("Law No 24/2016 of 18.06.2016 applies.", ocr_confidence=0.6)
    builder.add("Law No 25/2017 applies.")
    scanned, printed = build(Layout(format="pdf", text=builder.text, blocks=builder.blocks), "0" * 64).passages

    spans = scanned.unreliable_digits
    assert [builder.text[a:b] for a, b in zip(spans[::2], spans[1::2], strict=True)] == ["24/2016", "18.06.2016"]
    assert printed.unreliable_digits == ()


@pytest.mark.parametrize("remembers", [True, False])
def test_a_page_that_took_too_long_is_tried_again_a_few_times(
    read_layout: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, remembers: bool
) -> None:
    def too_slow(*_: object) -> ocr.ReadPicture:
        raise ocr.OcrTimeoutError("Tesseract process timeout")

    monkeypatch.setattr(ocr, "read_picture", too_slow)
    payload = scan(Image.new("L", (1240, 1754), 200))
    runs = [read_layout(payload, ocr_pages=1, ocr_dir=str(tmp_path) if remembers else "") for _ in range(4)]

    again = [True, True, False, False] if remembers else [False] * 4
    assert [layout.resumable for layout in runs] == again
    assert ["next run tries them again" in layout.reason for layout in runs] == again
    assert "OCR could not read" in runs[-1].reason


def test_a_page_read_at_last_is_read_for_good(
    read_layout: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = PrintedLine("The Authority is established.", 100, 100, 900, 130, 30, confidence=0.9)
    answers = iter([ocr.OcrTimeoutError("slow"), ocr.ReadPicture((line,), 0, "eng")])

    def read_picture(*_: object) -> ocr.ReadPicture:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(ocr, "read_picture", read_picture)
    payload = scan(Image.new("L", (1240, 1754), 200))
    first, second, third = (read_layout(payload, ocr_pages=1, ocr_dir=str(tmp_path)) for _ in range(3))

    assert (first.status, first.resumable) == ("no_text", True)
    assert second.text == third.text == "The Authority is established.\n"
    assert (second.metadata["ocr_pages_now"], third.metadata["ocr_pages_now"]) == ("1", "0")


def test_chinese_words_are_joined_without_spaces() -> None:
    assert ocr.join_words(["网络", "安全", "Act", "法"]) == "网络安全 Act 法"


def test_a_text_layer_without_meaning_is_not_believed() -> None:
    lines = ["\u00a4W%h$e# l&a@w* s!h#a$l%l& e*s@t!a#b$l%i&s*h@ a! b#o$d%y& t*h@a!t# g$u%a&r*d@s"] * 6
    reading = parse(write_pdf([column_of_lines(60, 90, lines)]), ReadRequest(name="a.pdf"))

    assert not reading.passages
    assert reading.pages[0].layer == "none"
    assert "1 of 1 pages" in reading.reason
