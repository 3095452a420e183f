"""One payload to one reading: the format by its bytes, its backend, then passages.

Belongs here: the table of backends and what happens when one fails. Does not belong here: any format (each has its own
module), process limits (`isolation`).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import replace

from extractors.filetype import NAMES, FileType, detect, with_article
from extractors.layout import Layout, unreadable
from extractors.passages import build, with_reason
from extractors.request import ReadRequest
from store.digests import payload_digest
from store.readings import Reading, encode_reading

Backend = Callable[[bytes, ReadRequest], Layout]

BACKENDS: dict[str, str] = {
    "html": "extractors.html",
    "xml": "extractors.html",
    "txt": "extractors.plaintext",
    "md": "extractors.markdown",
    "pdf": "extractors.pdf",
    "docx": "extractors.office_docx",
    "odt": "extractors.office_odt",
    "pptx": "extractors.office_pptx",
    "xlsx": "extractors.office_xlsx",
    "rtf": "extractors.office_rtf",
    "epub": "extractors.office_epub",
    "zip": "extractors.office_zip",
    "ole": "extractors.office_old",
    "ods": "extractors.office_open",
    "odp": "extractors.office_open",
}
"""Format and the module whose `read(payload, request) -> Layout` reads it; imported when first needed."""


def parse(payload: bytes, request: ReadRequest) -> Reading:
    """Return what can be read of a payload; bad input becomes a status and a reason, never an exception.

    Runs in a worker process; call it directly only with payloads that you wrote yourself.
    """
    digest = request.payload_digest or payload_digest(payload)
    layout = read_layout(payload, request)
    try:
        return build(layout, digest, request.language_hints)
    except MemoryError:
        return build(_over_memory(FileType(layout.format)), digest, ())


def parse_encoded(payload: bytes, request: ReadRequest) -> bytes:
    """Return the reading as the JSON that a worker answers with."""
    try:
        return encode_reading(parse(payload, request))
    except MemoryError:
        return encode_reading(build(_over_memory(FileType("unknown")), request.payload_digest, ()))


def read_layout(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of a payload by its bytes; for archives, whose members are payloads of their own."""
    found = detect(payload, declared_type=request.declared_type, name=request.name)
    return with_reason(_read(payload, request, found), found.note)


def _read(payload: bytes, request: ReadRequest, found: FileType) -> Layout:
    if found.format == "empty":
        return unreadable("empty", "no_text", "The file is empty.")
    if found.format not in BACKENDS:
        return unreadable(found.format, "wrong_type", f"The file is {with_article(found.format)}, which is not read.")
    backend: Backend = importlib.import_module(BACKENDS[found.format]).read
    return _guard(found, lambda: backend(payload, replace(request, format=found.format)))


def _guard(found: FileType, step: Callable[[], Layout]) -> Layout:
    """Run one step over hostile bytes: a parser's own fault is the file's status, not the end of the run."""
    try:
        return step()
    except MemoryError:
        return _over_memory(found)
    except ImportError:
        raise
    except Exception as error:
        cause = f"{type(error).__name__}: {error}"[:200]
        return unreadable(found.format, "damaged", f"The {NAMES.get(found.format, 'file')} cannot be read ({cause}).")


def _over_memory(found: FileType) -> Layout:
    return unreadable(found.format, "too_large", "Reading needed more memory than a reader may use.")
