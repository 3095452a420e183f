"""Old binary Office files (.doc, .xls, .ppt): read through a conversion by LibreOffice.

Belongs here: which program wrote a compound file, and what is said where it cannot be converted. Does not belong here:
running LibreOffice (`office_rendition`), the modern formats (`office_docx`, `office_xlsx`, `office_pptx`).

The text layer is that of the converted file, so it depends on LibreOffice; the document says so, and its identity stays
the original bytes.
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace

from extractors.layout import Layout, unreadable
from extractors.office_rendition import MAX_BYTES, Conversion, convert
from extractors.passages import with_reason
from extractors.request import ReadRequest


@dataclass(frozen=True)
class _Kind:
    """An old format: its ending, what people call it, the modern format it is converted to, the package to install."""

    format: str
    name: str
    modern: str
    package: str


_STREAMS: tuple[tuple[str, _Kind], ...] = (
    ("WordDocument", _Kind("doc", "Word file", "docx", "libreoffice-writer-nogui")),
    ("PowerPoint Document", _Kind("ppt", "PowerPoint file", "pptx", "libreoffice-impress-nogui")),
    ("Workbook", _Kind("xls", "Excel file", "xlsx", "libreoffice-calc-nogui")),
    ("Book", _Kind("xls", "Excel file", "xlsx", "libreoffice-calc-nogui")),
)
"""Stream of a compound file that only one program writes."""


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of an old Office file; bad input is a layout with a status and a sentence."""
    if _holds(payload, "EncryptedPackage"):
        return unreadable("ole", "encrypted", "The Office file is locked with a password; ask for an open copy.")
    kind = next((kind for stream, kind in _STREAMS if _holds(payload, stream)), None)
    if kind is None:
        return unreadable("ole", "wrong_type", "The file is an old binary Office file of a kind that is not read.")
    called = f"{kind.name} of the old binary form (.{kind.format})"
    if not request.renditions:
        return unreadable(kind.format, "wrong_type", f"A {called} inside an archive is not converted.")
    if len(payload) > MAX_BYTES:
        return unreadable(kind.format, "too_large", f"A {called} over {MAX_BYTES // 2**20} MiB is not converted.")
    outcome, converted = convert(payload, kind.format, kind.modern)
    if outcome is not Conversion.DONE:
        return unreadable(kind.format, *_refusal(outcome, called, kind))
    layout: Layout = importlib.import_module(f"extractors.office_{kind.modern}").read(converted, request)
    said = f"The {called} was read through a conversion by LibreOffice."
    return with_reason(
        replace(layout, format=kind.format, metadata={**layout.metadata, "converted": f"from .{kind.format}"}), said
    )


def _holds(payload: bytes, stream: str) -> bool:
    return stream.encode("utf-16-le") + b"\x00\x00" in payload


def _refusal(outcome: Conversion, called: str, kind: _Kind) -> tuple[str, str]:
    if outcome is Conversion.NOT_INSTALLED:
        return (
            "wrong_type",
            f"The file is {'an' if called[0] == 'E' else 'a'} {called}; it is read through LibreOffice, which is not "
            f"installed: apt-get install {kind.package}.",
        )
    if outcome is Conversion.TOO_SLOW:
        return "timeout", f"LibreOffice took too long to convert the {called}."
    return "damaged", f"LibreOffice cannot convert the {called}: it is damaged or locked with a password."
