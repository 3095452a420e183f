"""Old binary Office files (.doc, .xls, .ppt): read through a conversion by LibreOffice.

Belongs here: which program wrote a compound file. Does not belong here: the conversion (`office_conversion`), the
modern formats (`office_docx`, `office_xlsx`, `office_pptx`).
"""

from __future__ import annotations

from extractors.layout import Layout, unreadable
from extractors.office_conversion import ConvertedKind, read_converted
from extractors.request import ReadRequest

_STREAMS: tuple[tuple[str, ConvertedKind], ...] = (
    ("WordDocument", ConvertedKind("doc", "Word file", "docx", "libreoffice-writer-nogui")),
    ("PowerPoint Document", ConvertedKind("ppt", "PowerPoint file", "pptx", "libreoffice-impress-nogui")),
    ("Workbook", ConvertedKind("xls", "Excel file", "xlsx", "libreoffice-calc-nogui")),
    ("Book", ConvertedKind("xls", "Excel file", "xlsx", "libreoffice-calc-nogui")),
)
"""Stream of a compound file that only one program writes."""


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of an old Office file; bad input is a layout with a status and a sentence."""
    if _holds(payload, "EncryptedPackage"):
        return unreadable("ole", "encrypted", "The Office file is locked with a password; ask for an open copy.")
    found = [kind for stream, kind in _STREAMS if _holds(payload, stream)]
    if not found:
        return unreadable("ole", "wrong_type", "The file is an old binary Office file of a kind that is not read.")
    # Files embed others: the outermost is the one that the name speaks of, where it speaks of one that is there.
    kind = next((kind for kind in found if kind.format == request.extension), found[0])
    return read_converted(payload, request, kind, f"{kind.name} of the old binary form (.{kind.format})")


def _holds(payload: bytes, stream: str) -> bool:
    return stream.encode("utf-16-le") + b"\x00\x00" in payload
