"""OpenDocument, PowerPoint, Excel, RTF, EPUB: the text of each, in order, with its structure."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date

import pptx
import pytest
from openpyxl import Workbook
from pptx.util import Inches

from extractors.layout import Layout
from tests.extractors.office.conftest import pack, shown

Read = Callable[..., Layout]
ODF = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)


def odt(body: str, *, manifest: str = "") -> bytes:
    content = (
        f"<office:document-content {ODF}><office:body><office:text>{body}</office:text></office:body>"
        "</office:document-content>"
    )
    members: dict[str, str | bytes] = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content}
    if manifest:
        members["META-INF/manifest.xml"] = manifest
    return pack(members)


def test_odt_headings_lists_tables_and_notes(read_file: Read) -> None:
    body = (
        "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
        '<text:p text:style-name="Title">Digital Policy</text:p><text:h text:outline-level="2">Duties</text:h>'
        "<text:p>The  body<text:s/>shall<text:tab/>act<text:note><text:note-body><text:p>Since 2019."
        "</text:p></text:note-body></text:note>:</text:p>"
        "<text:list><text:list-item><text:p>report</text:p></text:list-item></text:list>"
        "<table:table><table:table-row><table:table-cell><text:p>Team</text:p></table:table-cell><table:table-cell>"
        "<text:p>Year</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell>"
        "<text:p>CERT</text:p></table:table-cell><table:table-cell><text:p>2016</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    layout = read_file(odt(body), "p.odt")

    assert [(kind, text) for kind, _, text in shown(layout)] == [
        ("title", "Digital Policy"), ("heading", "Duties"), ("paragraph", "The body shall\tact:"),
        ("list_item", "report"), ("table_row", "Team\tYear"), ("table_row", "CERT\t2016"), ("paragraph", "Since 2019."),
    ]  # fmt: skip
    assert layout.blocks[5].reading == "Team: CERT; Year: 2016"


def test_a_locked_odt_says_so(read_file: Read) -> None:
    layout = read_file(odt("<text:p>x</text:p>", manifest="<m><encryption-data/></m>"), "p.odt")
    assert (layout.status, "password" in layout.reason) == ("encrypted", True)


def test_slides_are_pages_and_titles_headings(read_file: Read) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "National response team"
    slide.placeholders[1].text = "Set up in 2016\nWorks day and night"
    slide.notes_slide.notes_text_frame.text = "Say who leads it."
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Figures"
    table = second.shapes.add_table(2, 2, Inches(1), Inches(2), Inches(4), Inches(1)).table
    for row, values in enumerate([("Measure", "Year"), ("Strategy", "2020")]):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    stream = io.BytesIO()
    deck.save(stream)
    layout = read_file(stream.getvalue(), "deck.pptx")

    assert [(block.page, block.kind, layout.text[block.start : block.end]) for block in layout.blocks] == [
        (1, "heading", "National response team"), (1, "list_item", "Set up in 2016"),
        (1, "list_item", "Works day and night"), (1, "paragraph", "Say who leads it."), (2, "heading", "Figures"),
        (2, "table_row", "Measure\tYear"), (2, "table_row", "Strategy\t2020"),
    ]  # fmt: skip
    assert [(page.number, page.end) for page in layout.pages][-1] == (2, len(layout.text))
    assert layout.outline == ("National response team", "Figures")


def test_sheets_are_sections_and_rows_carry_their_headers(read_file: Read) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "Measures"
    sheet.append(["Measure", "Since", "Share"])
    sheet.append([None, None, None])
    sheet.append(["Response team", date(2016, 5, 1), 0.25])
    sheet.append(["=1+1", 2016.0, None])
    stream = io.BytesIO()
    book.save(stream)
    layout = read_file(stream.getvalue(), "m.xlsx")

    assert [text for _, _, text in shown(layout)] == [
        "Measures", "Measure\tSince\tShare", "Response team\t2016-05-01\t0.25", "2016",
    ]  # fmt: skip
    assert layout.blocks[2].reading == "Measure: Response team; Since: 2016-05-01; Share: 0.25"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            rb"{\rtf1\ansi\ansicpg1252 The body shall act.\par (a) It reports.\par}",
            ["The body shall act.", "(a) It reports."],
        ),
        (rb"{\rtf1\ansi\ansicpg1251 \'c7\'e0\'ea\'ee\'ed\par}", ["Закон"]),
        (rb"{\rtf1\ansi \u1602?\u1575?\u1606?\u1608?\u1606?\par}", ["قانون"]),
        (rb"{\rtf1{\pict\pngblip " + b"00" * 4000 + rb"}Text after a picture.\par}", ["Text after a picture."]),
    ],
    ids=["latin", "cyrillic", "unicode", "picture"],
)
def test_rtf_paragraphs(read_file: Read, source: bytes, expected: list[str]) -> None:
    layout = read_file(source, "a.rtf")
    assert [text for _, _, text in shown(layout)] == expected


def test_chapters_of_an_epub_stand_in_the_order_of_its_spine(read_file: Read) -> None:
    book = pack({
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
        "OEBPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<metadata><dc:title>National Strategy</dc:title><dc:language>en-GB</dc:language></metadata>"
        '<manifest><item id="b" href="b.xhtml"/><item id="a" href="text/a.xhtml"/></manifest>'
        '<spine><itemref idref="a"/><itemref idref="b"/></spine></package>',
        "OEBPS/text/a.xhtml": "<html><body><h1>Vision</h1><p>A safe country.</p></body></html>",
        "OEBPS/b.xhtml": "<html><body><h1>Goals</h1><p>Teams are set up.</p></body></html>",
    })  # fmt: skip
    layout = read_file(book, "s.epub")

    assert [text for _, _, text in shown(layout)] == ["Vision", "A safe country.", "Goals", "Teams are set up."]
    assert (layout.title, layout.language, layout.outline) == ("National Strategy", "en", ("Vision", "Goals"))
