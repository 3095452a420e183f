"""Reading order, columns in several languages, furniture, offsets and boxes of PDFs."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.pdfgen import canvas

from extractors.formats import parse
from extractors.layout import Layout
from extractors.pdf import read
from extractors.pdf_tables import TableFinder
from extractors.request import ReadRequest
from tests.extractors.pdf.conftest import block_texts, column_of_lines, in_rows, write_pdf

Reader = Callable[..., Layout]

ENGLISH = [
    "Article {n}: Duties of the body", "The body that is set up under this law shall",
    "guard the networks of the country and shall", "publish a report on its work every year.",
]  # fmt: skip
FRENCH = [
    "Article {n} : Missions de l'organe", "L'organe institué par la présente loi assure",
    "la protection des réseaux du pays et publie", "chaque année un rapport sur ses travaux.",
]  # fmt: skip
SPANISH = [
    "Artículo {n}: Deberes del organismo", "El organismo creado por esta ley protege las",
    "redes del país y publica todos los años un", "informe sobre los trabajos que realiza.",
]  # fmt: skip


def _gazette_page(page: int, *, row_by_row: bool, gutter: float = 12.0) -> list[tuple[float, float, str]]:
    width = 240.0
    columns = []
    for place, lines in enumerate((ENGLISH, FRENCH, SPANISH)):
        printed = [line.format(n=3 * page + part) for part in range(3) for line in [*lines, ""]]
        pieces = [piece for piece in column_of_lines(50 + place * (width + gutter), 90, printed) if piece[2]]
        columns.append(pieces)
    body = in_rows(*columns) if row_by_row else [piece for column in columns for piece in column]
    return [(350, 40, "Official Gazette no. 7 of 2031"), *body, (415, 560, str(page + 1))]


@pytest.mark.parametrize("row_by_row", [True, False])
def test_columns_in_three_languages_are_read_one_after_the_other(read_layout: Reader, row_by_row: bool) -> None:
    pages = [_gazette_page(page, row_by_row=row_by_row) for page in range(4)]
    layout = read_layout(write_pdf(pages, size=(842, 595), bold=("Article", "Artículo")))

    by_column: dict[int, list[str]] = {}
    for block in layout.blocks:
        if block.role == "main":
            by_column.setdefault(block.column, []).append(layout.text[block.start : block.end])
    assert sorted(by_column) == [1, 2, 3]
    for texts in by_column.values():
        numbers = [int(match.group(1)) for text in texts if (match := re.match(r"Art\w+ (\d+)", text))]
        assert numbers == list(range(12))
    assert all("la " not in text and "el " not in text.casefold().split() for text in by_column[1])
    assert any("shall\nguard the networks" in text for text in by_column[1])
    assert any("assure\nla protection" in text for text in by_column[2])


def test_running_header_and_page_numbers_are_kept_out_of_the_text(read_layout: Reader) -> None:
    pages = [_gazette_page(page, row_by_row=False) for page in range(4)]
    layout = read_layout(write_pdf(pages, size=(842, 595)))

    assert block_texts(layout, role="navigation") == ["Official Gazette no. 7 of 2031"]
    assert not [text for text in block_texts(layout) if "Gazette" in text or text.strip().isdigit()]


def test_columns_of_one_language_follow_each_other_without_numbers(read_layout: Reader) -> None:
    lines = [line.format(n=n) for n in range(8) for line in ENGLISH[1:]]
    page = in_rows(column_of_lines(50, 80, lines[:12]), column_of_lines(310, 80, lines[12:]))
    layout = read_layout(write_pdf([page]))

    assert {block.column for block in layout.blocks} == {0}
    assert " ".join(layout.text.split()) == " ".join(" ".join(lines).split())


def test_a_narrow_gutter_is_found_where_no_line_crosses_it(read_layout: Reader) -> None:
    pages = [_gazette_page(page, row_by_row=True, gutter=-38) for page in range(3)]
    layout = read_layout(write_pdf(pages, size=(842, 595)))

    assert {block.column for block in layout.blocks if block.role == "main"} == {1, 2, 3}


def test_a_heading_across_the_columns_parts_them(read_layout: Reader) -> None:
    upper = [line.format(n=1) for line in ENGLISH[1:]] * 3
    page = [
        *in_rows(column_of_lines(50, 80, upper), column_of_lines(310, 80, upper)),
        (50, 220, "A heading that runs across both of the columns of this page and parts what is above from the rest"),
        *in_rows(column_of_lines(50, 250, upper), column_of_lines(310, 250, upper)),
    ]  # fmt: skip
    layout = read_layout(write_pdf([page]))

    place = layout.text.index("A heading that runs")
    assert layout.text[:place].count("guard the networks") == layout.text[place:].count("guard the networks") == 6


def test_text_outside_the_page_is_not_read(read_layout: Reader) -> None:
    page = [*column_of_lines(50, 80, ENGLISH[1:]), (900, 80, "This line is printed beside the sheet.")]
    assert "beside the sheet" not in read_layout(write_pdf([page])).text


def test_boxes_stand_where_the_text_is_printed(read_layout: Reader) -> None:
    layout = read_layout(write_pdf([[(72, 100, "One line of print"), (72, 300, "Another line of print")]]))

    first, second = (block.lines[0].box for block in layout.blocks)
    assert first[0] == pytest.approx(72, abs=1.5)
    assert first[1] < 100 < first[3] + 3.5
    assert second[1] < 300 < second[3] + 3.5
    assert layout.pages[0].width == 595


def test_boxes_of_a_turned_page_stand_on_the_page_as_it_is_shown(read_layout: Reader) -> None:
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=(595, 842))
    sheet.setPageRotation(90)
    sheet.drawString(72, 500, "A line that runs down the page as it is shown")
    sheet.drawString(72, 480, "and a second line, nearer to the left edge")
    sheet.save()
    layout = read_layout(stream.getvalue())

    assert (layout.pages[0].width, layout.pages[0].height) == (595, 842)
    assert layout.text.startswith("A line that runs down the page as it is shown\nand a second line")
    first, second = layout.blocks[0].lines
    assert 490 < first.box[0] < first.box[2] < 515
    assert 60 < first.box[1] < first.box[3] < 320
    assert second.box[2] < first.box[0]


def test_hyphens_stay_in_the_first_layer_and_are_mended_in_the_second() -> None:
    lines = [
        "The Authority shall guard the informa-",
        "tion systems of the country and report",
        "on its work in every year to come.",
    ]
    reading = parse(write_pdf([column_of_lines(60, 90, lines)]), ReadRequest(name="a.pdf"))

    passage = reading.passages[0]
    assert "informa-\ntion" in passage.text
    assert "information systems" in passage.reading_text
    assert reading.text[passage.start : passage.end] == passage.text


def test_ruled_tables_become_rows_with_their_header_cells(read_layout: Reader) -> None:
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=(595, 842))
    cells = [
        ("Measure", "Body", "Year"),
        ("Response team", "Regulator", "2016"),
        ("Awareness week", "Ministry", "2018"),
    ]
    edges, tops = [60, 240, 400, 500], [700, 670, 640, 610]
    for x in edges:
        sheet.line(x, tops[0], x, tops[-1])
    for y in tops:
        sheet.line(edges[0], y, edges[-1], y)
    for row, y in zip(cells, tops, strict=False):
        for text, x in zip(row, edges, strict=False):
            sheet.drawString(x + 6, y - 20, text)
    sheet.save()
    layout = read_layout(stream.getvalue())

    rows = [block for block in layout.blocks if block.kind == "table_row"]
    assert [layout.text[row.start : row.end] for row in rows] == ["\t".join(row) for row in cells]
    assert rows[1].reading == "Measure: Response team; Body: Regulator; Year: 2016"


def test_pdfplumber_is_not_asked_for_more_than_its_share_of_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extractors.pdf_tables.MAX_SECONDS", 0.0)
    assert TableFinder(write_pdf([[(72, 100, "text")]])).find(1) == []


def test_outline_and_title_are_read(read_layout: Reader) -> None:
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=(595, 842))
    sheet.setTitle("National Cybersecurity Strategy")
    sheet.drawString(72, 700, "Some text on the first page")
    sheet.bookmarkPage("a")
    sheet.addOutlineEntry("Vision", "a", 0)
    sheet.bookmarkPage("b")
    sheet.addOutlineEntry("Goals", "b", 1)
    sheet.save()
    layout = read_layout(stream.getvalue())

    assert layout.title == "National Cybersecurity Strategy"
    assert layout.outline == ("Vision", "  Goals")


def test_a_file_name_is_no_title(read_layout: Reader) -> None:
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=(595, 842))
    sheet.setTitle("Microsoft Word - law_final3.doc")
    sheet.setFont("Times-Bold", 18)
    sheet.drawString(72, 760, "Data Protection Act")
    sheet.setFont("Times-Roman", 10)
    for index in range(6):
        sheet.drawString(72, 700 - 12 * index, "The text of the act is printed in smaller letters than this.")
    sheet.save()
    assert read_layout(stream.getvalue()).title == "Data Protection Act"


def test_a_sentence_over_a_page_break_is_one_passage_on_its_first_page() -> None:
    header = (60, 40, "Official Gazette no. 7 of 2031")
    upper = [
        "The Authority shall report to the Parliament on the state of",
        "the networks of the country and on all that was done to",
    ]
    lower = [
        "guard them in the year before, and shall publish the report",
        "within a month. The Minister may ask for more reports.",
    ]
    pages = [[header, *column_of_lines(60, 90, ["An act of this country on the guard of networks and systems."])]]
    pages += [
        [header, *column_of_lines(60, 780, upper), (300, 825, "2")],
        [header, *column_of_lines(60, 90, lower), (300, 825, "3")],
    ]
    pages += [
        [
            header,
            *column_of_lines(60, 90, ["The last page of this act holds one more line of its text."]),
            (300, 825, "4"),
        ]
    ]
    reading = parse(write_pdf(pages), ReadRequest(name="a.pdf"))

    passage = next(passage for passage in reading.passages if "Parliament" in passage.text)
    assert "all that was done to guard them in the year before" in passage.reading_text
    assert passage.page == 2
    assert len(passage.boxes) == 2 * 4
    assert reading.text[reading.pages[2].start :].startswith("guard them")
    assert not [other for other in reading.passages if other.text.strip() in {"2", "3", "4"}]


def test_the_date_of_the_running_header_is_the_publication_date(read_layout: Reader) -> None:
    pages = [
        [(60, 40, "Official Gazette no. 7 of 27/06/2031"), (60, 200, f"Law of 18/05/2031, page {n} of it")]
        for n in range(4)
    ]
    assert read_layout(write_pdf(pages)).published_on == date(2031, 6, 27)
    assert read_layout(write_pdf([[(60, 100, "Kinshasa, 3 mai 2030")]])).published_on == date(2030, 5, 3)
    assert read_layout(write_pdf([[(60, 100, "A page without any date")]])).published_on is None


PRINTED = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)
LINE = st.lists(PRINTED, min_size=1, max_size=7).map(" ".join)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(st.tuples(st.floats(-40, 500), st.floats(-20, 860), LINE), max_size=12), min_size=1, max_size=4)
)
def test_offsets_hold_whatever_is_printed_where(pages: list[list[tuple[float, float, str]]]) -> None:
    layout = read(write_pdf(pages), ReadRequest(name="any.pdf"))

    assert [page.number for page in layout.pages] == list(range(1, len(pages) + 1))
    ends = [0, *(page.end for page in layout.pages)]
    assert [page.start for page in layout.pages] == ends[:-1]
    assert ends[-1] == len(layout.text)
    for block in layout.blocks:
        page = layout.pages[(block.page or 1) - 1]
        assert page.start <= block.start < min(block.end, page.end)
        for line in block.lines:
            assert block.start <= line.start < line.end <= block.end
            assert layout.text[line.start : line.end] == layout.text[line.start : line.end].strip()
