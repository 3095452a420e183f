"""What cannot be read ends in a status and a sentence that a reviewer understands."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen import canvas

from extractors.formats import parse
from extractors.layout import Layout
from extractors.reader import ReaderPool
from extractors.request import ReadLimits, ReadRequest
from tests.extractors.pdf.conftest import column_of_lines, write_pdf

Reader = Callable[..., Layout]
LINES = ["The Authority is established by this law", "and begins its work on the first of May."]


def _locked() -> bytes:
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, encrypt=StandardEncryption("secret", canPrint=0))
    sheet.drawString(72, 700, LINES[0])
    sheet.save()
    return stream.getvalue()


def _with_objects(*objects: bytes) -> bytes:
    """Return a PDF of numbered objects, the first being the catalogue."""
    body = b"%PDF-1.4\n"
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + table + trailer


CYCLE = _with_objects(
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>",
    b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R] /Count 1000000 >>",
)


def _bomb(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    chunk = b"(A) Tj " * 150_000
    stream = packer.compress(b"BT /F1 10 Tf 50 700 Td ")
    for _ in range(megabytes):
        stream += packer.compress(chunk)
    stream += packer.compress(b"ET") + packer.flush()
    return _with_objects(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Filter /FlateDecode /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )


@pytest.mark.parametrize(
    ("payload", "status", "words"),
    [
        (_locked(), "encrypted", "password"),
        (write_pdf([column_of_lines(60, 90, LINES)])[:700], "damaged", "breaks off"),
        (b"%PDF-1.7\n", "damaged", "empty"),
        (b"", "no_text", "empty"),
        (write_pdf([[]]), "no_text", "1 page"),
        (CYCLE, "damaged", "cannot be opened"),
    ],
    ids=["password", "cut off", "header only", "no bytes", "blank page", "cycle of pages"],
)
def test_unreadable_files_say_why(payload: bytes, status: str, words: str) -> None:
    reading = parse(payload, ReadRequest(name="law.pdf", declared_type="application/pdf", limits=ReadLimits(pages=50)))

    assert reading.status == status
    assert words in reading.reason
    assert reading.reason.endswith(".")
    assert not reading.passages


def test_a_page_of_html_in_disguise_is_read_as_html_and_named() -> None:
    page = b"<!DOCTYPE html><html><body><h1>Not found</h1><p>The file that you ask for is not here.</p></body></html>"
    reading = parse(page, ReadRequest(name="law.pdf", declared_type="application/pdf"))

    assert reading.format == "html"
    assert "PDF" in reading.reason


def test_pages_over_the_limit_are_named(read_layout: Reader) -> None:
    payload = write_pdf([[(72, 100, f"Line of page {number}")] for number in range(5)])
    layout = read_layout(payload, limits=ReadLimits(pages=2))

    assert len(layout.pages) == 2
    assert "2 of 5 pages" in layout.reason
    assert "Line of page 4" not in layout.text


def test_a_page_bomb_ends_within_the_limits_and_the_next_file_is_read() -> None:
    limits = ReadLimits(memory_bytes=600 * 2**20, cpu_seconds=10, wall_seconds=20)
    with ReaderPool(limits) as pool:
        bomb = pool.read(_bomb(400), name="bomb.pdf")
        after = pool.read(write_pdf([column_of_lines(60, 90, LINES)]), name="law.pdf")

    assert bomb.status in {"read", "too_large", "timeout", "damaged", "no_text"}
    assert bomb.status == "read" or bomb.reason
    assert after.status == "read"


@pytest.mark.realdata
def test_all_odd_files_end_in_text_or_a_stated_reason(shared: object) -> None:
    from pathlib import Path

    files = sorted((Path(str(shared)) / "data" / "hostile" / "pdf").glob("*.pdf"))
    assert len(files) == 117
    with ReaderPool(ReadLimits(memory_bytes=2**30, wall_seconds=20)) as pool:
        readings = {file.name: pool.read(file.read_bytes(), name=file.name) for file in files}

    statuses = [reading.status for reading in readings.values()]
    assert set(statuses) <= {"read", "no_text", "encrypted", "damaged", "not_covered"}
    assert statuses.count("encrypted") == 9
    assert sum(bool(reading.text.strip()) for reading in readings.values()) >= 60
    for name, reading in readings.items():
        assert reading.text.strip() or len(reading.reason) > 15, name
        for passage in reading.passages:
            assert reading.text[passage.start : passage.end] == passage.text, name
