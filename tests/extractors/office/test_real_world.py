"""What files of offices taught: each test stands for a fault that a real file showed (docs/figures/reading.md)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pptx
import pytest
from openpyxl import Workbook
from PIL import Image
from pptx.util import Inches

from extractors.formats import parse, read_layout
from extractors.layout import Layout
from extractors.office_rendition import convert
from extractors.request import ReadRequest
from tests.extractors.office.conftest import WORD, pack, paragraph, run, shown, word_file
from tests.extractors.office.test_epub_pages import book
from tests.extractors.office.test_old_office import compound

Read = Callable[..., Layout]


def saved(document: Workbook | pptx.presentation.Presentation) -> bytes:
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def encryption(algorithm: str) -> dict[str, str | bytes]:
    return {
        "META-INF/encryption.xml": '<encryption xmlns:enc="http://www.w3.org/2001/04/xmlenc#"><enc:EncryptedData>'
        f'<enc:EncryptionMethod Algorithm="{algorithm}"/></enc:EncryptedData></encryption>'
    }


def test_a_book_with_masked_fonts_is_not_locked(read_file: Read) -> None:
    masked = book(["<p>Text.</p>"], extra=encryption("http://www.idpf.org/2008/embedding"))
    locked = book(["<p>Text.</p>"], extra=encryption("http://www.w3.org/2001/04/xmlenc#aes128-cbc"))
    assert read_file(masked, "b.epub").status == "read"
    assert read_file(locked, "b.epub").status == "encrypted"


def test_a_picture_in_the_place_of_a_title_costs_no_slide(read_file: Read) -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[8])  # a title, a picture, a caption
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    picture.seek(0)
    slide.placeholders[1].insert_picture(picture)
    slide.placeholders[2].text = "The team works day and night."
    title = slide.shapes.title._element
    title.getparent().remove(title)
    kind = next(element for element in slide.shapes._spTree.iter() if element.get("type") == "pic")
    kind.set("type", "title")
    layout = read_file(saved(deck), "d.pptx")
    assert [text for _, _, text in shown(layout)] == ["The team works day and night."]


def test_the_number_of_a_slide_is_no_statement(read_file: Read) -> None:
    deck = pptx.Presentation()
    deck.core_properties.title = "PowerPoint Presentation"
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Response team"
    number = slide.shapes.add_textbox(Inches(1), Inches(6), Inches(1), Inches(1))
    number.text_frame.text = "7"
    properties = number._element.nvSpPr.nvPr
    properties.append(properties.makeelement(f"{{{_PML}}}ph", {"type": "sldNum", "idx": "12"}))
    layout = read_file(saved(deck), "d.pptx")
    assert [(block.role, layout.text[block.start : block.end]) for block in layout.blocks] == [
        ("main", "Response team"), ("navigation", "7"),
    ]  # fmt: skip
    assert layout.title == "Response team"


_PML = "http://schemas.openxmlformats.org/presentationml/2006/main"


def test_a_document_whose_main_part_has_another_name(read_file: Read) -> None:
    body = f'<w:document xmlns:w="{WORD}"><w:body>{paragraph(run("The Act."))}</w:body></w:document>'
    types = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    payload = pack({
        "[Content_Types].xml": f'<Types><Override PartName="/word/document2.xml" ContentType="{types}"/></Types>',
        "_rels/.rels": f'<Relationships><!-- main --><Relationship Type="{office}" Target="word/document2.xml"/>'
        "</Relationships>",
        "word/document2.xml": body,
    })  # fmt: skip
    layout = read_file(payload, "a.docx")
    assert (layout.format, layout.text.strip()) == ("docx", "The Act.")


def test_one_impossible_cell_costs_no_workbook(read_file: Read) -> None:
    workbook = Workbook()
    workbook.active.append(["Team", 2016, 0.5])
    workbook.active["C1"].number_format = "0%"
    source = io.BytesIO(saved(workbook))
    with zipfile.ZipFile(source) as archive:
        members: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
    sheet = str(members["xl/worksheets/sheet1.xml"], "utf-8")
    for changed, cells in (
        (sheet.replace('<c r="B1"', '<c r="B1" s="999"'), "Team\t2016\t50%"),
        (sheet.replace("<v>0.5</v>", f"<v>{'9' * 400}</v>"), f"Team\t2016\t{'9' * 400}"),
    ):
        assert changed != sheet
        layout = read_file(pack({**members, "xl/worksheets/sheet1.xml": changed}), "m.xlsx")
        assert (layout.status, layout.text.splitlines()[-1:]) == ("read", [cells])


def test_articles_that_word_counts_are_articles() -> None:
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="{}"/>'
        '<w:pStyle w:val="H"/></w:lvl>'
    )
    numbering = "".join(
        f'<w:abstractNum w:abstractNumId="{n}">{level.format(text)}</w:abstractNum>'
        f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>'
        for n, text in ((1, "Article %1"), (2, "%1."))
    )
    numbered = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{}"/></w:numPr>'
    heading = '<w:outlineLvl w:val="0"/>' + numbered.format(2)
    body = [
        paragraph(run("Scope"), heading), paragraph(run("This Act applies to operators."), numbered.format(1)),
        paragraph(run("The Authority is established."), numbered.format(1)), paragraph(run("It reports.")),
    ]  # fmt: skip
    reading = parse(word_file("".join(body), numbering=numbering), ReadRequest(name="a.docx", renditions=False))
    assert [(p.section, p.article, p.text) for p in reading.passages] == [
        ((), "", "Scope"), (("1. Scope",), "1", "This Act applies to operators."),
        (("1. Scope",), "2", "The Authority is established."), (("1. Scope",), "2", "It reports."),
    ]  # fmt: skip


def test_titles_above_a_sheets_header_and_shares_in_per_cent(read_file: Read) -> None:
    workbook = Workbook()
    rows: list[list[object]] = [
        [None, "Statistics of incidents"], [None, "by year"], [None, None, "Sector", None, 2016, 2017],
        [None, 1, "Banks", None, 0.125, 0.1 + 0.2],
    ]  # fmt: skip
    for row in rows:
        workbook.active.append(row)
    workbook.active["E4"].number_format = "0.0%"
    layout = read_file(saved(workbook), "m.xlsx")
    assert [text for _, _, text in shown(layout)][1:] == [
        "Statistics of incidents", "by year", "Sector\t2016\t2017", "1\tBanks\t12.5%\t0.3",
    ]  # fmt: skip
    assert layout.blocks[-1].reading == "1; Sector: Banks; 2016: 12.5%; 2017: 0.3"


def test_two_columns_of_names_and_what_belongs_to_them_have_no_header(read_file: Read) -> None:
    workbook = Workbook()
    for row in (["Country", "Somewhere"], ["Focal point", "A. Clerk"], ["Address", "1 Main Street"]):
        workbook.active.append(row)
    layout = read_file(saved(workbook), "m.xlsx")
    assert [block.reading for block in layout.blocks] == [None] * 4


def test_an_embedded_file_does_not_say_what_the_file_is(read_file: Read) -> None:
    both = compound("Workbook") + "WordDocument".encode("utf-16-le") + b"\x00" * 10
    assert ".xls" in read_file(both, "a.xls", renditions=False).reason
    assert ".doc" in read_file(both, "a.doc", renditions=False).reason


@pytest.mark.office
@pytest.mark.parametrize(("modern", "open_format"), [("xlsx", "ods"), ("pptx", "odp")])
def test_open_document_sheets_and_slides_are_read_through_a_conversion(modern: str, open_format: str) -> None:
    workbook, deck = Workbook(), pptx.Presentation()
    workbook.active.append(["National team", "2016"])
    deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "National team"
    _, payload = convert(saved(workbook if modern == "xlsx" else deck), modern, open_format)
    layout = read_layout(payload, ReadRequest(name=f"a.{open_format}"))
    assert (layout.format, layout.status) == (open_format, "read")
    assert "National team" in layout.text
    assert "through a conversion by LibreOffice" in layout.reason
    assert read_layout(payload, ReadRequest(name="a", renditions=False)).status == "wrong_type"
