"""One repository page to facts, with the text layer that their quotes point into.

Belongs here: choosing the shape that fits. Does not belong here: parsing (`parsing`), quotes and text layers
(`quoting`), or all pages together (`collection`).
"""

from __future__ import annotations

from datetime import date

from extractors.repositories.found import FoundRow, UnknownShapeError, UnreadablePageError
from extractors.repositories.pages import Page, PageFacts, form_of
from extractors.repositories.parsing import Parse, parse_rows
from extractors.repositories.quoting import attribute, text_layer_of
from extractors.repositories.text_shapes import file_rows, line_rows, programme_rows, reply_rows
from sources.repository import (
    CsvShape,
    FileShape,
    JsonShape,
    LinesShape,
    ProgrammesShape,
    RepliesShape,
    Repository,
    XmlTableShape,
)

MAX_PAYLOAD = 16 * 2**20
TEXT_SHAPES = (LinesShape, FileShape, RepliesShape, ProgrammesShape)
TextShape = LinesShape | FileShape | RepliesShape | ProgrammesShape


def needs_reading(contract: Repository, payload: bytes) -> bool:
    """Tell whether a page is read as text first: its form is one that a shape of text takes, and no other does."""
    fitting = [shape for shape in contract.shapes if form_of(payload) in _forms(shape)]
    return bool(fitting) and isinstance(fitting[0], TEXT_SHAPES)


def read_page(page: Page, contract: Repository, today: date, parse: Parse = parse_rows) -> PageFacts:
    """Return the facts of one page with its text layer.

    `today` is what a rule about old rows counts from; `parse` parses markup and data, in this process unless another is
    given (`isolated.isolated_parse`). Raises UnknownShapeError naming the selector that the page does
    not fit, UnreadablePageError for a document without a text layer.
    """
    if len(page.payload) > MAX_PAYLOAD:
        raise UnknownShapeError("body", f"{len(page.payload)} bytes are more than the {MAX_PAYLOAD} of a page")
    form = form_of(page.payload)
    failure: UnknownShapeError | None = None
    for shape in contract.shapes:
        if form not in _forms(shape):
            continue
        try:
            title, found = (
                _parse_text(page, shape) if isinstance(shape, TEXT_SHAPES) else parse(page.payload, shape, page.url)
            )
        except UnknownShapeError as error:
            failure = failure or error
            continue
        layer = text_layer_of(page, contract, title, found, own=isinstance(shape, TEXT_SHAPES))
        return attribute(page, contract, found, layer, today)
    if failure is None:
        expected = " or ".join(sorted({form for shape in contract.shapes for form in _forms(shape)}))
        failure = UnknownShapeError(contract.shapes[0].kind, f"the page is {form}, not {expected}")
    raise failure


def _forms(shape: object) -> tuple[str, ...]:
    if isinstance(shape, JsonShape):
        return ("json",)
    if isinstance(shape, XmlTableShape):
        return ("xml", "html")
    if isinstance(shape, CsvShape):
        return ("text",)
    if isinstance(shape, LinesShape | FileShape):
        return ("pdf", "text")
    if isinstance(shape, TEXT_SHAPES):
        return ("pdf", "text", "html")
    return ("html",)


def _parse_text(page: Page, shape: TextShape) -> tuple[str, list[FoundRow]]:
    if page.reading is None or not page.reading.is_read:
        raise UnreadablePageError(page.reading.reason if page.reading else "Nobody read the document.")
    text = page.reading.text
    if isinstance(shape, LinesShape):
        return page.reading.title, line_rows(text, shape)
    if isinstance(shape, FileShape):
        return page.reading.title, file_rows(text, shape, page.url)
    if isinstance(shape, RepliesShape):
        return page.reading.title, reply_rows(text, shape)
    return page.reading.title, programme_rows(text, shape)
