"""Office files made in the tests."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from extractors.formats import read_layout
from extractors.layout import Layout
from extractors.request import ReadLimits, ReadRequest

LIMITS = ReadLimits()
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pack(members: dict[str, str | bytes]) -> bytes:
    """Return a ZIP package of members."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def word_file(
    body: str, *, styles: str = "", numbering: str = "", extra: dict[str, str | bytes] | None = None
) -> bytes:
    """Return a DOCX with this body (WordprocessingML, prefix w)."""
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f'<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>',
        **(extra or {}),
    }
    if styles:
        members["word/styles.xml"] = f'<w:styles xmlns:w="{WORD}">{styles}</w:styles>'
    if numbering:
        members["word/numbering.xml"] = f'<w:numbering xmlns:w="{WORD}">{numbering}</w:numbering>'
    return pack(members)


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(content: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{content}</w:p>"


@pytest.fixture
def read_file() -> Callable[..., Layout]:
    def reader(payload: bytes, name: str = "file", *, limits: ReadLimits = LIMITS, renditions: bool = False) -> Layout:
        return read_layout(payload, ReadRequest(name=name, limits=limits, renditions=renditions))

    return reader


def shown(layout: Layout) -> list[tuple[str, str, str]]:
    """Kind, marker and text of each block."""
    return [(block.kind, block.marker, layout.text[block.start : block.end]) for block in layout.blocks]
