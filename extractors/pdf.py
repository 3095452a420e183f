"""PDF: payload bytes to a layout with pages, boxes, columns, outline, title.

Belongs here: opening a document, walking its pages within limits, and putting lines into the layout in reading order.
Does
not belong here: geometry (`pdf_columns`), furniture (`pdf_furniture`), blocks (`pdf_blocks`), pictures of text (`ocr`).
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.layout import Layout, unreadable
from extractors.pdf_blocks import Body, build_blocks, measure_body
from extractors.pdf_columns import Run, order_lines
from extractors.pdf_pages import PageReader, Sheet
from extractors.pdf_parallel import runs_in_parallel
from extractors.pdf_scans import ScanReader
from extractors.pdf_tables import CellTable, TableFinder, inside, table_drafts
from extractors.pdf_title import printed_date, printed_title, usable_title
from extractors.pdf_writer import LayoutWriter
from extractors.request import ReadRequest

FORMAT = "pdf"
CHUNK = 250
"""Pages that are held in memory as lines; headers and columns are judged over one chunk."""


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of a PDF; bad input is a layout with a status and a sentence."""
    try:
        document = pypdfium2.PdfDocument(payload)
    except pypdfium2.PdfiumError as error:
        return _refuse(error, payload)
    try:
        with closing(TableFinder(payload)) as tables:
            return _Reader(document, request, tables).read()
    finally:
        document.close()


def _refuse(error: pypdfium2.PdfiumError, payload: bytes) -> Layout:
    code = getattr(error, "err_code", None)
    if code == pdfium.FPDF_ERR_PASSWORD:
        return unreadable(FORMAT, "encrypted", "The PDF is locked with a password; ask the publisher for an open copy.")
    if code == pdfium.FPDF_ERR_SECURITY:
        return unreadable(FORMAT, "encrypted", "The PDF is encrypted in a way that no open reader supports.")
    if len(payload) < 64:
        return unreadable(FORMAT, "damaged", f"The PDF is empty: {len(payload)} bytes.")
    if b"%%EOF" not in payload[-4096:]:
        return unreadable(FORMAT, "damaged", "The PDF breaks off before its end; it was not transferred as a whole.")
    return unreadable(FORMAT, "damaged", "The PDF is damaged: its inner directory of pages cannot be read.")


class _Reader:
    """The state of one document under reading."""

    def __init__(self, document: pypdfium2.PdfDocument, request: ReadRequest, tables: TableFinder) -> None:
        self._document = document
        self._tables = tables
        self._request = request
        self._writer = LayoutWriter()
        self._title = ""
        self._published_on: date | None = None
        self._scans = ScanReader(document, request)
        self._page_reader = PageReader(document, self._scans)

    def read(self) -> Layout:
        total = len(self._document)
        if total <= 0:
            return unreadable(FORMAT, "damaged", "The PDF has no pages.")
        wanted = min(total, self._request.limits.pages)
        for first in range(0, wanted, CHUNK):
            self._lay_out(self._page_reader.read(first, min(first + CHUNK, wanted)))
            if self._writer.length > self._request.limits.characters:
                wanted = min(wanted, first + CHUNK)
                break
        return self._finish(total, wanted)

    def _lay_out(self, sheets: Sequence[Sheet]) -> None:
        """Add the pages to the layout."""
        body = measure_body([sheet.lines for sheet in sheets])
        runs = [order_lines(sheet.lines, sheet.gutters, right_to_left=sheet.leftwards) for sheet in sheets]
        parallel = runs_in_parallel(runs)
        for sheet, page_runs in zip(sheets, runs, strict=True):
            self._add_page(sheet, page_runs, body, parallel)
        if sheets and sheets[0].number == 1:
            self._title = printed_title(runs, body)
            headers = [line.text for sheet in sheets[:20] for line in sheet.furniture]
            declared = usable_title(self._metadata().get("title", ""))
            self._published_on = printed_date([*dict.fromkeys(headers), declared], runs[0])

    def _add_page(self, sheet: Sheet, runs: Sequence[Run], body: Body, parallel: bool) -> None:
        self._writer.begin_page(sheet)
        tables = [] if parallel else self._page_reader.find_tables(sheet, self._tables)
        if tables:
            self._add_tables(sheet, tables, body)
        else:
            self._add_runs(sheet, runs, body, parallel)

    def _add_runs(self, sheet: Sheet, runs: Sequence[Run], body: Body, parallel: bool) -> None:
        for run in runs:
            column = run.column if parallel else 0
            for position, draft in enumerate(build_blocks(run, body)):
                self._writer.add(draft, sheet, column, body, first=position == 0)

    def _add_tables(self, sheet: Sheet, tables: Sequence[CellTable], body: Body) -> None:
        """Add a page with ruled tables: what stands above each table, its rows, at last what stands below."""
        left = sheet.lines
        for table in tables:
            rows = [line for line in left if inside(line, table.box)]
            if not rows:
                continue
            above = [line for line in left if not inside(line, table.box) and line.middle < table.box[1]]
            gone = {id(line) for line in (*rows, *above)}
            left = [line for line in left if id(line) not in gone]
            self._add_runs(sheet, order_lines(above, (), right_to_left=sheet.leftwards), body, False)
            for draft in table_drafts(table, rows, body):
                self._writer.add(draft, sheet, 0, body, first=False)
        self._add_runs(sheet, order_lines(left, (), right_to_left=sheet.leftwards), body, False)

    def _finish(self, total: int, wanted: int) -> Layout:
        builder = self._writer.finish()
        text, pages = builder.text, self._writer.pages
        metadata = self._metadata()
        if self._scans.read_pages:
            metadata["ocr_pages_now"] = str(self._scans.read_now)
            metadata["ocr_digits"] = "unreliable"
        reason = " ".join(self._sentences(total, wanted))
        if not text.strip():
            unopened = len(self._page_reader.faults) == wanted
            return Layout(
                format=FORMAT, status="damaged" if unopened else "no_text", pages=pages,
                metadata=metadata, resumable=self._scans.unfinished,
                reason=reason or f"The PDF has {_pages(total)} and no text on {'it' if total == 1 else 'them'}.",
            )  # fmt: skip
        declared = usable_title(metadata.get("title", ""))
        return Layout(
            format=FORMAT, text=text, blocks=builder.blocks, pages=pages, title=declared or self._title,
            published_on=self._published_on,
            outline=self._outline(), metadata=metadata, reason=reason, resumable=self._scans.unfinished,
        )  # fmt: skip

    def _sentences(self, total: int, wanted: int) -> list[str]:
        said = []
        if wanted < total:
            said.append(f"Only the first {wanted} of {total} pages were read: the rest is over the limit.")
        faults = self._page_reader.faults
        if faults:
            said.append(f"{len(faults)} of {_pages(total)} cannot be opened and were not read ({_some(faults)}).")
        return said + self._scans.sentences(total)

    def _metadata(self) -> dict[str, str]:
        names = {"Title": "title", "Author": "author", "Subject": "subject", "Producer": "producer",
                 "CreationDate": "created", "ModDate": "modified"}  # fmt: skip
        found = self._document.get_metadata_dict(skip_empty=True)
        return {names[name]: value[:500] for name, value in found.items() if name in names}

    def _outline(self) -> tuple[str, ...]:
        entries = []
        try:
            for item in self._document.get_toc(max_depth=6):
                title = " ".join(item.get_title().split())[:300]
                if title:
                    entries.append("  " * item.level + title)
                if len(entries) >= 2000:
                    break
        except pypdfium2.PdfiumError:
            return tuple(entries)  # a broken outline is cut where it breaks; the text does not depend on it
        return tuple(entries)


def _pages(count: int) -> str:
    return "1 page" if count == 1 else f"{count} pages"


def _some(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:8])
    return f"page{'s' if len(numbers) > 1 else ''} {shown}{' …' if len(numbers) > 8 else ''}"
