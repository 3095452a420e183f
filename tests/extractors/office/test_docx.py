"""Word files: headings, computed numbers, tables, what is not part of the text."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.formats import read_layout
from extractors.layout import Layout
from extractors.office_numbering import format_number
from extractors.request import ReadRequest
from tests.extractors.office.conftest import paragraph, run, shown, word_file

Read = Callable[..., Layout]
LEVELS = """
<w:abstractNum w:abstractNumId="0">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="Article %1."/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%2)"/></w:lvl>
 <w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
</w:abstractNum>
<w:num w:numId="5"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="6"><w:abstractNumId w:val="0"/>
 <w:lvlOverride w:ilvl="0"><w:startOverride w:val="10"/></w:lvlOverride></w:num>
"""


def numbered(text: str, level: int, number: int = 5) -> str:
    return paragraph(run(text), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def test_headings_lists_and_tables_of_a_usual_file(read_file: Read) -> None:
    document = docx.Document()
    document.add_heading("Cybersecurity Act", 0)
    document.add_heading("Duties", 1)
    document.add_paragraph("The Authority shall:")
    document.add_paragraph("coordinate the response;", style="List Number")
    document.add_paragraph("publish guidance.", style="List Number")
    table = document.add_table(rows=2, cols=2)
    for row, values in zip(table.rows, [("Measure", "Year"), ("Response team", "2016")], strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            cell.text = value
    stream = io.BytesIO()
    document.save(stream)
    layout = read_file(stream.getvalue(), "act.docx")

    assert shown(layout) == [
        ("title", "", "Cybersecurity Act"),
        ("heading", "", "Duties"),
        ("paragraph", "", "The Authority shall:"),
        ("list_item", "1.", "coordinate the response;"),
        ("list_item", "2.", "publish guidance."),
        ("table_row", "", "Measure\tYear"),
        ("table_row", "", "Response team\t2016"),
    ]
    assert layout.blocks[-1].reading == "Measure: Response team; Year: 2016"
    assert (layout.title, layout.outline) == ("Cybersecurity Act", ("Duties",))


def test_numbers_that_word_computes_stand_outside_the_text(read_file: Read) -> None:
    body = "".join([
        numbered("Scope", 0), numbered("public bodies", 1), numbered("operators", 1), numbered("of networks", 2),
        numbered("Duties", 0), numbered("reports", 1), numbered("Penalties", 0, 6), numbered("Fines", 0, 6),
    ])  # fmt: skip
    layout = read_file(word_file(body, numbering=LEVELS), "law.docx")

    assert [(marker, text) for _, marker, text in shown(layout)] == [
        ("Article 1.", "Scope"), ("(a)", "public bodies"), ("(b)", "operators"), ("1.b.i", "of networks"),
        ("Article 2.", "Duties"), ("(a)", "reports"), ("Article 10.", "Penalties"), ("Article 11.", "Fines"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("number", "form", "written"),
    [(4, "upperRoman", "IV"), (27, "lowerLetter", "aa"), (12, "chineseCounting", "十二"), (3, "russianLower", "в"),
     (2, "arabicAbjad", "ب"), (7, "decimalZero", "07"), (5, "unknownForm", "5")],
)  # fmt: skip
def test_number_formats(number: int, form: str, written: str) -> None:
    assert format_number(number, form) == written


def test_deleted_hidden_and_coded_text_is_left_out(read_file: Read) -> None:
    body = paragraph(
        run("The Authority ")
        + '<w:del w:id="1"><w:r><w:delText>may</w:delText></w:r></w:del>'
        + f'<w:ins w:id="2">{run("shall")}</w:ins>'
        + run(" secret", "<w:rPr><w:vanish/></w:rPr>")
        + "<w:r><w:instrText>PAGEREF _Toc1</w:instrText></w:r>"
        + run(" report.")
    )
    assert read_file(word_file(body), "law.docx").text == "The Authority shall report.\n"


def test_columns_of_a_gazette_laid_out_by_a_table_are_no_rows(read_file: Read) -> None:
    cell = "".join(
        paragraph(run(f"Paragraph {n} of a long text that a gazette prints in a column " * 3)) for n in range(4)
    )
    body = f"<w:tbl><w:tr><w:tc>{cell}</w:tc><w:tc>{cell}</w:tc></w:tr></w:tbl>"
    layout = read_file(word_file(body), "law.docx")

    assert {kind for kind, _, _ in shown(layout)} == {"paragraph"}
    assert len(layout.blocks) == 8


def test_headings_are_known_by_level_and_by_name_in_other_languages(read_file: Read) -> None:
    styles = '<w:style w:type="paragraph" w:styleId="T2"><w:name w:val="Titre 2"/></w:style>'
    body = paragraph(run("Chapitre deux"), '<w:pStyle w:val="T2"/>') + paragraph(
        run("Раздел"), '<w:outlineLvl w:val="0"/>'
    )
    layout = read_file(word_file(body, styles=styles), "loi.docx")
    assert [(block.kind, block.level) for block in layout.blocks] == [("heading", 2), ("heading", 1)]


def test_notes_follow_the_text(read_file: Read) -> None:
    notes = '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">' + (
        f'<w:footnote w:type="separator">{paragraph(run("---"))}</w:footnote>'
        f"<w:footnote>{paragraph(run('Adopted in 2019.'))}</w:footnote></w:footnotes>"
    )
    layout = read_file(word_file(paragraph(run("The policy")), extra={"word/footnotes.xml": notes}), "p.docx")
    assert layout.text == "The policy\nAdopted in 2019.\n"


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="<>&\ufffe\uffff"), max_size=40)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXT, max_size=8))
def test_offsets_and_text_hold_for_any_paragraphs(texts: list[str]) -> None:
    payload = word_file("".join(paragraph(run(text)) for text in texts))
    layout = read_layout(payload, ReadRequest(name="a.docx", renditions=False))
    kept = [text.strip() for text in texts if text.strip()]
    assert [layout.text[block.start : block.end] for block in layout.blocks] == kept
