"""OpenDocument spreadsheets and presentations: read through a conversion by LibreOffice.

Belongs here: checks before the conversion. Does not belong here: the conversion (`office_conversion`), OpenDocument
text (`office_odt`).
"""

from __future__ import annotations

from extractors.layout import Layout, unreadable
from extractors.office_conversion import ConvertedKind, read_converted
from extractors.office_package import Package, PackageError, refuse_encrypted
from extractors.request import ReadRequest

_KINDS = {
    "ods": ConvertedKind("ods", "OpenDocument spreadsheet", "xlsx", "libreoffice-calc-nogui"),
    "odp": ConvertedKind("odp", "OpenDocument presentation", "pptx", "libreoffice-impress-nogui"),
}


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of a spreadsheet or presentation; bad input is a layout with a status and a sentence."""
    kind = _KINDS[request.format]
    try:
        package = Package(payload, request.limits, kind.name)
        refuse_encrypted(package, kind.name)
    except PackageError as error:
        return unreadable(kind.format, error.status, str(error))
    return read_converted(payload, request, kind, f"{kind.name} (.{kind.format})")
