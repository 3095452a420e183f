"""Old binary Office files: read through a conversion, or a stated reason."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import openpyxl
import pptx
import pytest

from extractors import office_conversion, office_rendition
from extractors.layout import Layout
from extractors.office_rendition import Conversion, convert
from extractors.reader import ReaderPool

Read = Callable[..., Layout]
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
TEXT = "The Authority is established by this law and begins its work in May."


def compound(stream: str) -> bytes:
    """Return the beginning of a compound file with one stream's name."""
    return MAGIC + b"\x00" * 504 + stream.encode("utf-16-le") + b"\x00" * 100


@pytest.mark.office
def test_an_old_word_file_is_read_through_its_conversion() -> None:
    document = docx.Document()
    document.add_paragraph(TEXT)
    modern = io.BytesIO()
    document.save(modern)
    outcome, old = convert(modern.getvalue(), "docx", "doc")
    assert outcome is Conversion.DONE and old.startswith(MAGIC)
    with ReaderPool() as pool:
        reading = pool.read(old, name="act.doc")

    assert (reading.format, reading.status) == ("doc", "read")
    assert [passage.text for passage in reading.passages] == [TEXT]
    assert reading.reason == "The Word file of the old binary form (.doc) was read through a conversion by LibreOffice."
    assert reading.metadata["converted"] == "from .doc"


def sheet() -> bytes:
    """Return an Excel file of today with one act."""
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in (("Act", "Article"), ("Cybercrime Act", 3)):
        book.active.append(row)
    book.save(stream)
    return stream.getvalue()


def slides() -> bytes:
    """Return a PowerPoint file of today with one slide."""
    deck, stream = pptx.Presentation(), io.BytesIO()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "National team"
    slide.placeholders[1].text = TEXT
    deck.save(stream)
    return stream.getvalue()


@pytest.mark.office
@pytest.mark.parametrize(
    ("make", "modern", "old", "lines"),
    [
        (sheet, "xlsx", "xls", {"Act: Cybercrime Act; Article: 3"}),
        (slides, "pptx", "ppt", {"National team", TEXT}),
    ],
)
def test_old_sheets_and_slides_are_read_through_their_conversion(
    make: Callable[[], bytes], modern: str, old: str, lines: set[str]
) -> None:
    outcome, payload = convert(make(), modern, old)
    assert outcome is Conversion.DONE and payload.startswith(MAGIC)
    with ReaderPool() as pool:
        reading = pool.read(payload, name=f"file.{old}")

    assert (reading.format, reading.status) == (old, "read")
    assert lines <= {passage.reading_text for passage in reading.passages}
    assert f"(.{old}) was read through a conversion" in reading.reason


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        (Conversion.NOT_INSTALLED, "wrong_type", "apt-get install libreoffice-writer-nogui"),
        (Conversion.TOO_SLOW, "timeout", "took too long"),
        (Conversion.REFUSED, "damaged", "damaged or locked with a password"),
    ],
)
def test_what_cannot_be_converted_says_why(
    read_file: Read, monkeypatch: pytest.MonkeyPatch, outcome: Conversion, status: str, words: str
) -> None:
    monkeypatch.setattr(office_conversion, "convert", lambda *_: (outcome, b""))
    layout = read_file(compound("WordDocument"), "act.doc", renditions=True)

    assert (layout.format, layout.status) == ("doc", status)
    assert words in layout.reason
    assert layout.text == ""


@pytest.mark.parametrize(
    ("stream", "name", "status", "words"),
    [
        ("EncryptedPackage", "act.docx", "encrypted", "locked with a password"),
        ("__substg1.0_001A001F", "mail.msg", "wrong_type", "of a kind that is not read"),
    ],
)
def test_other_compound_files(read_file: Read, stream: str, name: str, status: str, words: str) -> None:
    layout = read_file(compound(stream), name, renditions=True)
    assert (layout.status, words in layout.reason) == (status, True)


def test_a_large_one_and_one_in_an_archive_are_not_converted(read_file: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_rendition.shutil, "which", lambda _: pytest.fail("LibreOffice was sought"))
    inside = read_file(compound("Workbook"), "a.xls", renditions=False)
    large = read_file(compound("Workbook") + b"\x00" * office_rendition.MAX_BYTES, "a.xls", renditions=True)

    assert (inside.status, "inside an archive" in inside.reason) == ("wrong_type", True)
    assert (large.status, "20 MiB" in large.reason) == ("too_large", True)
