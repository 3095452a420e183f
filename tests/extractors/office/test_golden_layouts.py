"""Golden layouts, one a format: what a change of a backend does to the text layer is seen in a diff.

Files are made here; layouts lie in `tests/extractors/golden/`. After a wanted change raise `READER_VERSION`, write the
decision, and run this module with GCIDESK_WRITE_GOLDEN=1.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pptx
import pytest
from openpyxl import Workbook

from extractors.formats import read_layout
from extractors.request import ReadRequest
from extractors.version import READER_VERSION
from tests.extractors.office.conftest import pack, paragraph, run, word_file
from tests.extractors.office.test_other_office import odt
from tests.extractors.pdf.conftest import column_of_lines, in_rows, write_pdf

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
SENTENCES = {
    1: "The Computer Emergency Team is set up by this Act.",
    2: "L'équipe d'intervention est créée par la présente loi.",
}  # fmt: skip


def gazette() -> bytes:
    pages = []
    for page in range(3):
        english = [
            "Article {n}: Scope",
            "This Act applies to all operators of",
            "networks in the country and to their",
            "staff.",
        ]
        french = [
            "Article {n} : Champ",
            "La présente loi s'applique à tous les",
            "opérateurs de réseaux du pays et à leur",
            "personnel.",
        ]
        texts = [[line.format(n=2 * page + part) for part in range(2) for line in lines] for lines in (english, french)]
        columns = [column_of_lines(60 + 260 * place, 100, lines) for place, lines in enumerate(texts)]
        pages.append([(200, 40, "Official Gazette of 3 May 2031"), *in_rows(*columns), (290, 820, str(page + 1))])
    return write_pdf(pages, bold=("Article",))


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Cybersecurity Act", 0)
    document.add_heading("Bodies", 1)
    document.add_paragraph(SENTENCES[1])
    document.add_paragraph("The Team shall:")
    for item in ("receive reports;", "warn the public."):
        document.add_paragraph(item, style="List Number")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def slides() -> bytes:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Response team"
    slide.placeholders[1].text = "Set up in 2016\nOpen day and night"
    stream = io.BytesIO()
    deck.save(stream)
    return stream.getvalue()


def sheets() -> bytes:
    book = Workbook()
    book.active.title = "Measures"
    for row in (["Measure", "Year"], ["Response team", 2016], ["Strategy", 2020]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def book() -> bytes:
    return pack({
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="b.opf"/></rootfiles></container>',
        "b.opf": '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml"/></manifest>'
        '<spine><itemref idref="a"/></spine></package>',
        "a.xhtml": f"<html><body><h2>Vision</h2><p>{SENTENCES[1]}</p><ol><li>First</li></ol></body></html>",
    })  # fmt: skip


FILES: dict[str, Callable[[], bytes]] = {
    "gazette.pdf": gazette,
    "act.docx": word,
    "policy.odt": lambda: odt(f'<text:h text:outline-level="1">Cadre</text:h><text:p>{SENTENCES[2]}</text:p>'),
    "deck.pptx": slides,
    "measures.xlsx": sheets,
    "act.rtf": lambda: rb"{\rtf1\ansi\ansicpg1252 Act\par (a) receive reports;\par (b) warn the public.\par}",
    "book.epub": book,
    "acts.zip": lambda: pack({"a.docx": word_file(paragraph(run(SENTENCES[1]))), "b.txt": SENTENCES[2]}),
}


def as_json(name: str) -> dict[str, Any]:
    layout = read_layout(FILES[name](), ReadRequest(name=name, renditions=False))
    blocks = []
    for block in layout.blocks:
        shown = {"text": layout.text[block.start : block.end], "start": block.start, "kind": block.kind,
                 "role": block.role, "page": block.page, "level": block.level, "marker": block.marker,
                 "column": block.column, "reading": block.reading}  # fmt: skip
        blocks.append({key: value for key, value in shown.items() if value not in (None, "", 0) or key == "start"})
    return {
        "reader_version": READER_VERSION, "title": layout.title, "outline": list(layout.outline),
        "reason": layout.reason, "blocks": blocks,
        "pages": [[page.number, page.start, page.end] for page in layout.pages],
    }  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_layout_is_as_it_was(name: str) -> None:
    path = GOLDEN / f"{name}.json"
    found = as_json(name)
    if os.environ.get("GCIDESK_WRITE_GOLDEN"):
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", "utf-8")
    expected = json.loads(path.read_text("utf-8"))
    assert found == expected
