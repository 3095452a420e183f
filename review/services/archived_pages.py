"""Archived documents made harmless for a frame: only plain elements survive, and the answer's policy forbids the rest.

Belongs here: rebuilding an archived HTML page, a page of a PDF, or a text layer as a page of its own. Does not belong
here: sending it (`review.views.sources`), or reading the archive's files (`store.archive`).
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc
from lxml import etree

from extractors.html_source import parse_tree
from extractors.reader import ReaderPool
from extractors.text_encoding import decode
from review.lake_view import LakeView
from review.services.handed_in import SOURCE_KIND, load_handed_in, upload_payload
from review.services.highlighting import mark_quote
from review.services.plain_html import PageNotShownError, plain_body
from review.site.templates import direction
from store.archive import read_payload
from store.errors import GcideskError, MissingDataError
from store.readings import Page, Reading, load_reading
from store.row_schema import from_arrow
from store.tables import CAPTURES, CaptureRow, DocumentRow, EvidenceRow

STYLE = (
    "html{color-scheme:light;background:#fff;color:#1b1f24;font:16px/1.55 system-ui,sans-serif}"
    "body{margin:1rem;max-width:60rem;overflow-wrap:break-word}"
    "mark{background:#ffe37a;color:#000;padding:.1em 0;box-shadow:0 0 0 2px #ffe37a;scroll-margin:30vh}"
    "table{border-collapse:collapse}td,th{border:1px solid #c9ced6;padding:.2em .4em;vertical-align:top}"
    ".note{border-left:4px solid #8a5a00;padding:.3em .8em;background:#fff6e5}"
    ".page{position:relative;margin:0 0 1rem}.page img,.page svg{width:100%;height:auto;display:block}"
    ".page svg{position:absolute;inset:0;height:100%}"
    "rect{fill:#ffd400;fill-opacity:.35;stroke:#8a5a00;stroke-width:1}"
)
STYLE_HASH = "sha256-" + base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (
    f"sandbox; default-src 'none'; style-src '{STYLE_HASH}'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""The policy of everything archived: no script, no form, no request, an origin of its own."""

LARGEST_HTML = 5_000_000
SCALE = 1.6


@dataclass(frozen=True)
class Shown:
    """A page ready for the frame, and whether the quote was found on it."""

    html: bytes
    found: bool


def show_document(view: LakeView, document: DocumentRow, row: EvidenceRow | None, page: int | None) -> Shown:
    """Return an archived document for the frame: as it looked where that is possible, otherwise its text layer."""
    try:
        if document.format == "html":
            return _show_html(view, document, row)
        if document.format == "pdf":
            return _show_pdf(view, document, row, page or (row.page if row else None) or 1)
    except GcideskError as error:
        return show_text(view, document, row, note=str(error))
    return show_text(view, document, row)


def payload_of(view: LakeView, document: DocumentRow) -> tuple[bytes, str]:
    """Return the archived bytes of a document and its declared charset; raises MissingDataError, ArchiveDamagedError.

    A document that a person handed in lies beside the decisions: raises UploadLostError when its bytes are gone.
    """
    if document.source_kind == SOURCE_KIND:
        return upload_payload(document.document_id, view.settings), ""
    if not view.lake.exists(CAPTURES, document.country):
        raise MissingDataError(f"The captures of {document.country} are missing. Run 'gcidesk research' again.")
    table = view.lake.read_arrow(CAPTURES, document.country)
    rows = from_arrow(CaptureRow, table.filter(pc.equal(table["payload_digest"], pa.scalar(document.document_id))))
    if not rows:
        raise MissingDataError(f"No capture holds document {document.document_id}. Run 'gcidesk research' again.")
    capture = next((row for row in rows if row.url == document.url), rows[0])
    return read_payload(view.settings, capture), capture.declared_charset


def reading_of(view: LakeView, document: DocumentRow, row: EvidenceRow | None) -> Reading:
    """Return the text layer that a quote points into, or the document's newest; raises MissingDataError."""
    if document.source_kind == SOURCE_KIND:
        return load_handed_in(document.document_id, row.text_layer_id if row else "")
    version = row.reader_version if row is not None and row.reader_version else document.reader_version
    return load_reading(view.settings, version, document.document_id)


def _show_html(view: LakeView, document: DocumentRow, row: EvidenceRow | None) -> Shown:
    payload, charset = payload_of(view, document)
    if len(payload) > LARGEST_HTML:
        raise PageNotShownError("The page is too large to be shown as it looked; this is its text.")
    tree = parse_tree(decode(payload, declared_charset=charset, is_markup=True).text)
    body = plain_body(tree.root if tree is not None else None)
    found = row is not None and mark_quote(body, row.quote, row.prefix, row.suffix)
    if row is not None and not found:
        raise PageNotShownError("The quote could not be marked on the page as it looked; this is its text.")
    return Shown(_page(document, [body]), found)


def _show_pdf(view: LakeView, document: DocumentRow, row: EvidenceRow | None, number: int) -> Shown:
    if not 1 <= number <= max(document.pages, 1):
        raise PageNotShownError(f"The document has no page {number}; this is its text.")
    picture = render_page(view, document, number)
    reading = reading_of(view, document, row)
    page = next((entry for entry in reading.pages if entry.number == number), None)
    boxes = _boxes(reading, row) if row is not None and row.page == number else []
    holder = etree.Element("div")
    holder.set("class", "page")
    image = etree.SubElement(holder, "img")
    image.set("src", "data:image/png;base64," + base64.b64encode(picture).decode())
    image.set("alt", f"Page {number} of {document.pages}")
    if boxes and page is not None and page.width and page.height:
        holder.append(_overlay(page, boxes))
    parts = [holder]
    if row is not None:
        words = etree.Element("p")
        words.text = "Quote: "
        marked = etree.SubElement(words, "q")
        marked.text = row.quote
        parts.append(words)
    return Shown(_page(document, parts), bool(boxes))


def _boxes(reading: Reading, row: EvidenceRow) -> list[tuple[float, float, float, float]]:
    """Return the boxes of the lines that a quote stands on."""
    found: list[tuple[float, float, float, float]] = []
    for passage in reading.passages:
        if passage.end <= row.start or passage.start >= row.end or passage.page != row.page:
            continue
        lines = [passage.boxes[place : place + 4] for place in range(0, len(passage.boxes) - 3, 4)]
        spans = _line_spans(passage.text, passage.start)
        if len(spans) == len(lines):
            lines = [line for line, (a, b) in zip(lines, spans, strict=True) if a < row.end and b > row.start]
        found.extend((line[0], line[1], line[2], line[3]) for line in lines)
    return found


def _line_spans(text: str, start: int) -> list[tuple[int, int]]:
    spans, place = [], start
    for line in text.split("\n"):
        spans.append((place, place + len(line)))
        place += len(line) + 1
    return spans


def _overlay(page: Page, boxes: Sequence[tuple[float, float, float, float]]) -> etree._Element:
    overlay = etree.Element("svg")
    overlay.set("viewBox", f"0 0 {page.width:g} {page.height:g}")
    overlay.set("preserveAspectRatio", "none")
    overlay.set("id", "quote")
    for x0, y0, x1, y1 in boxes:
        rectangle = etree.SubElement(overlay, "rect")
        values = {"x": x0 - 1, "y": y0 - 1, "width": x1 - x0 + 2, "height": y1 - y0 + 2}
        for name, value in values.items():
            rectangle.set(name, f"{value:.1f}")
    return overlay


_rendering = threading.Lock()


@cache
def _pool() -> ReaderPool:
    return ReaderPool(workers=1)


def render_page(view: LakeView, document: DocumentRow, number: int) -> bytes:
    """Return a page as PNG, kept beside the decisions after the first time; raises when it cannot be rendered."""
    folder = view.settings.review_dir / "pages" / document.document_id[:2]
    path = folder / f"{document.document_id}-{number}.png"
    if path.exists():
        return path.read_bytes()
    payload, _ = payload_of(view, document)
    with _rendering:
        picture = _pool().render(payload, number, SCALE)
    folder.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(f".{threading.get_ident()}.tmp")
    beside.write_bytes(picture)
    beside.replace(path)
    return picture


def show_text(view: LakeView, document: DocumentRow, row: EvidenceRow | None, note: str = "") -> Shown:
    """Return the text layer with the quote marked by its offsets."""
    parts: list[etree._Element] = []
    if note:
        parts.append(_paragraph("note", note))
    try:
        reading = reading_of(view, document, row)
    except GcideskError as error:
        parts.append(_paragraph("note", str(error)))
        return Shown(_page(document, parts), False)
    found = False
    for passage in reading.passages[:20_000]:
        block = etree.Element("h3" if passage.kind in {"heading", "title"} else "p")
        block.set("dir", "auto")
        block.text = passage.text
        if row is not None and passage.start < row.end and passage.end > row.start:
            a, b = max(row.start - passage.start, 0), min(row.end, passage.end) - passage.start
            mark = etree.SubElement(block, "mark")
            block.text, mark.text, mark.tail = passage.text[:a], passage.text[a:b], passage.text[b:]
            if not found:
                mark.set("id", "quote")
            found = True
        parts.append(block)
    return Shown(_page(document, parts), found)


def _paragraph(kind: str, text: str) -> etree._Element:
    made = etree.Element("p")
    made.set("class", kind)
    made.text = "".join(letter for letter in text if letter.isprintable())
    return made


def _page(document: DocumentRow, parts: Sequence[etree._Element]) -> bytes:
    root = etree.Element("html")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "meta").set("charset", "utf-8")
    title = etree.SubElement(head, "title")
    title.text = "Archived document"
    style = etree.SubElement(head, "style")
    style.text = STYLE
    body = etree.SubElement(root, "body")
    if document.language not in {"", "und"}:
        body.set("lang", document.language)
        body.set("dir", direction(document.language))
    for part in parts:
        body.append(part)
    return b"<!doctype html>\n" + bytes(etree.tostring(root, method="html", encoding="utf-8"))
