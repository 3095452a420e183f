"""Office files that are read through a conversion by LibreOffice.

Belongs here: converting, reading the modern format, and what is said where that cannot be done. Does not belong here:
which files these are (`office_old`, `office_open`), running LibreOffice (`office_rendition`).

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
class ConvertedKind:
    """A format without a reader of its own: its ending, what people call it, the modern format it is converted to, the
    package to install.
    """

    format: str
    name: str
    modern: str
    package: str


def read_converted(payload: bytes, request: ReadRequest, kind: ConvertedKind, called: str) -> Layout:
    """Return the layout of a file through its conversion; bad input is a layout with a status and a sentence."""
    if not request.renditions:
        return unreadable(kind.format, "wrong_type", f"{_one(called)} inside an archive is not converted.")
    if len(payload) > MAX_BYTES:
        return unreadable(kind.format, "too_large", f"{_one(called)} over {MAX_BYTES // 2**20} MiB is not converted.")
    outcome, converted = convert(payload, kind.format, kind.modern)
    if outcome is not Conversion.DONE:
        return unreadable(kind.format, *_refusal(outcome, called, kind))
    layout: Layout = importlib.import_module(f"extractors.office_{kind.modern}").read(converted, request)
    said = f"The {called} was read through a conversion by LibreOffice."
    return with_reason(
        replace(layout, format=kind.format, metadata={**layout.metadata, "converted": f"from .{kind.format}"}), said
    )


def _refusal(outcome: Conversion, called: str, kind: ConvertedKind) -> tuple[str, str]:
    if outcome is Conversion.NOT_INSTALLED:
        return (
            "wrong_type",
            f"{_one(called)} is read through LibreOffice, which is not installed: apt-get install {kind.package}.",
        )
    if outcome is Conversion.TOO_SLOW:
        return "timeout", f"LibreOffice took too long to convert the {called}."
    return "damaged", f"LibreOffice cannot convert the {called}: it is damaged or locked with a password."


def _one(called: str) -> str:
    return f"{'An' if called[0] in 'EO' else 'A'} {called}"
