"""A page of a PDF, or of an office file's rendition, as a picture for the review site; runs in a worker process.

Belongs here: the one function that the worker calls, and its limits. Does not belong here: text, or who asks
(`reader`).
"""

from __future__ import annotations

import io

import pypdfium2

MAX_SCALE = 4.0
"""288 dots an inch."""
MAX_PIXELS = 25_000_000
"""A larger page is shown at a smaller scale."""


class PageMissingError(ValueError):
    """The document has no such page, or it cannot be opened; the message says which."""


def render(payload: bytes, *, page: int, scale: float = 2.0) -> bytes:
    """Return page `page` (from 1) of a PDF as PNG at `scale` x 72 dots an inch.

    Raises PageMissingError for pages that are not there and payloads that are no PDF. Forms and annotations are
    drawn, so that the picture shows what a reader of the PDF sees.
    """
    if not 0.1 <= scale <= MAX_SCALE:
        raise PageMissingError(f"scale {scale} is not between 0.1 and {MAX_SCALE}")
    if b"%PDF-" not in payload[:1024]:
        payload = _rendition(payload)
    try:
        document = pypdfium2.PdfDocument(payload)
    except pypdfium2.PdfiumError as error:
        raise PageMissingError(f"the file cannot be shown as pages ({error})") from error
    try:
        if not 1 <= page <= len(document):
            raise PageMissingError(f"the document has {len(document)} pages, not {page}")
        return _draw(document, page - 1, scale)
    except pypdfium2.PdfiumError as error:
        raise PageMissingError(f"the page is damaged ({error})") from error
    finally:
        document.close()


def _rendition(payload: bytes) -> bytes:
    """Return the PDF that an office file's page numbers come from; raises PageMissingError where there is none."""
    from extractors import office_epub
    from extractors.filetype import detect
    from extractors.office_rendition import render_pdf
    from extractors.request import ReadRequest

    found = detect(payload).format
    if found == office_epub.FORMAT:
        rendition = office_epub.rendition(payload, ReadRequest(name="book.epub"))
    else:
        rendition = render_pdf(payload, found)
    if not rendition:
        raise PageMissingError("the file has no pages that can be shown; LibreOffice shows those of office files")
    return rendition


def _draw(document: pypdfium2.PdfDocument, index: int, scale: float) -> bytes:
    sheet = document[index]
    try:
        width, height = sheet.get_size()
        fitting = (MAX_PIXELS / max(1.0, width * height)) ** 0.5
        bitmap = sheet.render(scale=min(scale, fitting), may_draw_forms=False)
        try:
            picture = bitmap.to_pil().convert("RGB")
        finally:
            bitmap.close()
    finally:
        sheet.close()
    stream = io.BytesIO()
    picture.save(stream, "PNG", optimize=False, compress_level=3)
    return stream.getvalue()
