"""Files that Microsoft Office wrote, read as they came, in a worker process (origin and licence: files/README.md)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.reader import ReaderPool
from store.readings import Reading

FILES = Path(__file__).parent / "files"
DOCUMENT = [
    (1, "I am a test document"), (1, "This is page 1"), (1, "I am Calibri (Body) in font size 11"),
    (2, "This is page two"), (2, "It’s Arial Black in 16 point"), (2, "It’s also in blue"),
]  # fmt: skip


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool() as readers:
        yield readers


def read(pool: ReaderPool, name: str) -> Reading:
    reading = pool.read((FILES / name).read_bytes(), name=name)
    for passage in reading.passages:
        assert reading.text[passage.start : passage.end] == passage.text
    return reading


@pytest.mark.office
@pytest.mark.parametrize("name", ["SampleDoc.docx", "SampleDoc.doc"])
def test_pages_of_a_word_file(pool: ReaderPool, name: str) -> None:
    reading = read(pool, name)
    assert [(passage.page, passage.text) for passage in reading.passages] == DOCUMENT
    assert (reading.status, reading.title, reading.language) == ("read", "Test Document", "en")


@pytest.mark.office
def test_lists_hang_on_their_heads(pool: ReaderPool) -> None:
    passages = read(pool, "Lists.doc").passages
    item = next(passage for passage in passages if passage.text == "OL 2")
    assert (item.kind, item.head) == ("list_item", "Next up is an ordered list:")
    assert item.section == ("Heading Level 1",)


@pytest.mark.office
@pytest.mark.parametrize("name", ["SampleSS.xlsx", "SampleSS.ods"])
def test_sheets_are_sections(pool: ReaderPool, name: str) -> None:
    passages = read(pool, name).passages
    assert ("First Sheet",) in {passage.section for passage in passages}
    assert [p.text for p in passages if p.section == ("Sheet Number 2",)][:3] == [
        "Start of 2nd sheet", "Sheet 2 row 2", "I'm in bold blue, on a yellow background",
    ]  # fmt: skip


def test_slides_with_their_notes(pool: ReaderPool) -> None:
    reading = read(pool, "SampleShow.pptx")
    assert reading.outline == ("Title of the first slide", "This is the second slide")
    assert (1, "I am the notes of the first slide") in {(p.page, p.text) for p in reading.passages}
    assert {p.section for p in reading.passages if p.page == 2 and p.kind == "list_item"} == {
        ("This is the second slide",)
    }


@pytest.mark.office
def test_open_document_text_that_word_saved(pool: ReaderPool) -> None:
    reading = read(pool, "embedded-simple-2007.odt")
    assert reading.status == "read"
    assert {passage.page for passage in reading.passages} == {1}
