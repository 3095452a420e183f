"""PDFs made in the tests, and readers of them without a worker process."""

from __future__ import annotations

import io
import itertools
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from reportlab.pdfgen import canvas
from warcio.archiveiterator import ArchiveIterator

from extractors.layout import Layout
from extractors.pdf import read
from extractors.request import ReadRequest
from store.digests import payload_digest

A4 = (595.0, 842.0)
FONTS = Path("/usr/share/fonts")
Piece = tuple[float, float, str]
"""x and baseline from the top left corner, text."""


def write_pdf(pages: Sequence[Sequence[Piece]], *, size: tuple[float, float] = A4, bold: Sequence[str] = ()) -> bytes:
    """Return a PDF with text at places; pieces that begin with a word of `bold` are printed bold."""
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=size, invariant=1)
    for pieces in pages:
        for x, y, text in pieces:
            sheet.setFont("Times-Bold" if text.startswith(tuple(bold)) and bold else "Times-Roman", 10)
            sheet.drawString(x, size[1] - y, text)
        sheet.showPage()
    sheet.save()
    return stream.getvalue()


def find_font(name: str) -> str:
    """Return a font file; without it the test is skipped, and fails where CI is set."""
    found = next(FONTS.rglob(name), None)
    if found is None:
        message = f"{name} is missing: apt-get install fonts-noto-core fonts-noto-cjk"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    return str(found)


def column_of_lines(x: float, y: float, lines: Sequence[str], pitch: float = 12.0) -> list[Piece]:
    return [(x, y + index * pitch, line) for index, line in enumerate(lines)]


def in_rows(*columns: Sequence[Piece]) -> list[Piece]:
    """Print columns row by row, as programs do that know no columns."""
    return [piece for row in itertools.zip_longest(*columns) for piece in row if piece is not None]


@pytest.fixture
def read_layout() -> Callable[..., Layout]:
    def reader(payload: bytes, **request: object) -> Layout:
        values = {"name": "test.pdf", "payload_digest": payload_digest(payload), **request}
        return read(payload, ReadRequest(**values))  # type: ignore[arg-type]

    return reader


def block_texts(layout: Layout, *, role: str = "main") -> list[str]:
    return [layout.text[block.start : block.end] for block in layout.blocks if block.role == role]


@pytest.fixture(scope="session")
def gazettes() -> dict[str, bytes]:
    """The PDFs among the real pages, by the end of their address."""
    archive = Path(__file__).resolve().parents[4] / "shared" / "realweb" / "rwanda.warc.gz"
    found: dict[str, bytes] = {}
    with archive.open("rb") as stream:
        for record in ArchiveIterator(stream):
            payload = record.content_stream().read()
            if payload.startswith(b"%PDF-"):
                found[record.rec_headers.get_header("WARC-Target-URI")] = payload
    return found
