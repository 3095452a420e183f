"""Types by bytes, and what is not what it says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from extractors.filetype import detect
from store.readings import Reading

Read = Callable[..., Reading]


def package(*members: tuple[str, str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("payload", "name", "expected"),
    [
        (b"%PDF-1.7\n", "x", "pdf"), (b"junk\n%PDF-1.4", "x", "pdf"), (b"<!DOCTYPE html><p>a", "x", "html"),
        (b"\xef\xbb\xbf  <html>", "x", "html"), ("<html>".encode("utf-16"), "x", "html"), (b"# Title\n", "x.md", "md"),
        (b"plain words", "x", "txt"), (b"<p>x</p>", "x", "html"), (b"{\\rtf1 a}", "x", "rtf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "x.doc", "ole"), (b"\x89PNG\r\n\x1a\n", "x", "png"), (b"", "x", "empty"),
        (bytes(range(256)) * 4, "x.txt", "binary"), (b"MZ is how this text begins", "x.txt", "txt"),
        (package(("word/document.xml", "<a/>")), "x", "docx"), (package(("a.txt", "a")), "x", "zip"),
        (package(("mimetype", "application/vnd.oasis.opendocument.text")), "x", "odt"), (b"PK\x03\x04broken", "x", "zip"),
    ],
)  # fmt: skip
def test_bytes_decide(payload: bytes, name: str, expected: str) -> None:
    assert detect(payload, name=name).format == expected


def test_a_page_in_the_guise_of_a_pdf_is_read_with_a_sentence(read: Read) -> None:
    reading = read(
        "<html><body><p>The file was moved to another server.</p></body></html>",
        "law.pdf",
        declared_type="application/pdf",
    )
    assert (reading.format, reading.status) == ("html", "read")
    assert reading.reason.startswith("Declared as PDF, but by its bytes it is an HTML page.")


@pytest.mark.parametrize("payload", [b"GIF89a\x00\x01", b"\x7fELF\x02\x01\x01\x00", b"\x1f\x8b\x08\x00\x00"])
def test_what_nobody_reads_is_named(read: Read, payload: bytes) -> None:
    reading = read(payload + b"\x00" * 50, "file.bin")
    assert reading.status == "wrong_type"
    assert reading.reason.startswith("The file is a ")


def test_an_empty_file_has_no_text(read: Read) -> None:
    assert read(b" \n ", "x.txt").status == "no_text"
