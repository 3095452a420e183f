"""Ruled tables of a PDF page: cells from pdfplumber, text from the printed lines.

Belongs here: which pages are worth the slow look, cells, and rows as blocks. Does not belong here: tables without
rules (rows of aligned pieces, `pdf_blocks`), columns of running text (`pdf_columns`).

pdfplumber reads some 15 pages a second, so only pages with pieces in rows and drawn lines are looked at, at most
`MAX_PAGES` a document; it only says where cells are, the text stays PDFium's.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from extractors.mending import mend
from extractors.office_tables import read_row
from extractors.pdf_blocks import BlockDraft, Body, build_blocks
from extractors.pdf_columns import Run, sort_rows
from extractors.pdf_text import Box, OpenPage, PrintedLine

MAX_PAGES = 60
MAX_SECONDS = 20.0
"""Processor time that pdfplumber may take for one document."""
_DRAWING = 2500
"""Drawn paths from which a page is a drawing."""
_MAX_CELLS = 3000
_MANY_LINES = 10


class CellTable(NamedTuple):
    """A table by its cells: rows from top to bottom, cells from left to right, None where a cell of another row
    reaches in.
    """

    box: Box
    rows: tuple[tuple[Box | None, ...], ...]


def is_candidate(page: OpenPage) -> bool:
    """Tell whether lines that stand upright, or frames, are drawn on a page; underlines alone rule no table."""
    drawn = page.drawn(_DRAWING)
    if len(drawn) >= _DRAWING:
        return False  # a map or a diagram, not a table
    upright = sum(width <= 3 and height >= 9 for width, height in drawn)
    frames = sum(width >= 15 and height >= 9 for width, height in drawn)
    return upright >= 3 or frames >= 4


def looks_tabular(lines: Sequence[PrintedLine]) -> bool:
    """Tell whether pieces of print stand beside each other in several rows."""
    beside = 0
    for line in lines:
        if line.spans and any(after[0] - before[1] > 1.5 * line.size for before, after in pairwise(line.spans)):
            beside += 1
    tops = sorted([line.y0 + line.y1 for line in lines])
    beside += sum([after - before < 2.0 for before, after in pairwise(tops)])
    return beside >= 2


class TableFinder:
    """Finds ruled tables of one document; opens pdfplumber only when it is first needed."""

    def __init__(self, payload: bytes) -> None:
        self._payload = payload
        self._document: Any = None
        self._left = MAX_PAGES
        self._seconds = MAX_SECONDS

    def find(self, number: int) -> list[CellTable]:
        """Return the tables of page `number` (from 1) with at least two rows and two columns, top first."""
        if self._left <= 0 or self._seconds <= 0:
            return []
        self._left -= 1
        start = time.process_time()
        try:
            return self._tables(number)
        finally:
            self._seconds -= time.process_time() - start

    def _tables(self, number: int) -> list[CellTable]:
        page = self._page(number)
        if page is None:
            return []
        try:
            x, y = page.bbox[0], page.bbox[1]
            found = [_table(table, x, y) for table in page.find_tables()]
        except Exception:
            return []  # pdfminer raises all kinds of things on odd pages; the text does not depend on it
        finally:
            page.close()
        return sorted((table for table in found if table is not None), key=lambda table: table.box[1])

    def _page(self, number: int) -> Any:
        import pdfplumber

        try:
            if self._document is None:
                logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
                self._document = pdfplumber.open(io.BytesIO(self._payload))
            return self._document.pages[number - 1]
        except Exception:
            self._left = 0
            return None  # a file that only PDFium can open has no tables for us

    def close(self) -> None:
        """Release pdfplumber's document."""
        if self._document is not None:
            self._document.close()
            self._document = None


def _table(table: Any, x: float, y: float) -> CellTable | None:
    rows = tuple(
        tuple(None if cell is None else (cell[0] - x, cell[1] - y, cell[2] - x, cell[3] - y) for cell in row.cells)
        for row in table.rows
    )
    wide = sum(sum(cell is not None for cell in row) >= 2 for row in rows)
    if wide < 2 or sum(len(row) for row in rows) > _MAX_CELLS:
        return None
    x0, y0, x1, y1 = table.bbox
    return CellTable((x0 - x, y0 - y, x1 - x, y1 - y), rows)


def inside(line: PrintedLine, box: Box) -> bool:
    """Tell whether a line stands in a box, by its middle."""
    return box[0] - 2 <= (line.x0 + line.x1) / 2 <= box[2] + 2 and box[1] - 2 <= line.middle <= box[3] + 2


def borders(table: CellTable) -> tuple[float, ...]:
    """Return the x positions of the table's inner column borders."""
    edges = sorted({round(cell[0], 1) for row in table.rows for cell in row if cell is not None})
    return tuple(edges[1:])


def holds_rows(table: CellTable, lines: Sequence[PrintedLine]) -> bool:
    """Tell whether the rules of a table part its rows: many lines in several cells of a row are rows without rules."""
    return not any(
        sum(sum(inside(line, cell) for line in lines) > _MANY_LINES for cell in row if cell is not None) >= 3
        for row in table.rows
    )


def table_drafts(table: CellTable, lines: Sequence[PrintedLine], body: Body) -> list[BlockDraft]:
    """Return the rows of a table as blocks; the first row is taken for the header when its cells are short.

    A row of one cell with several lines is a frame around text, no row.
    """
    filled: list[list[tuple[Box | None, list[PrintedLine]]]] = [[(cell, []) for cell in row] for row in table.rows]
    cells = [(cell, members) for row in filled for cell, members in row if cell is not None]
    for line in lines:
        for cell, members in cells:
            if inside(line, (cell[0] + 2, cell[1] + 2, cell[2] - 2, cell[3] - 2)):
                members.append(line)
                break
        else:
            nearest = min(cells, key=lambda found: _away(line, found[0]))
            nearest[1].append(line)
    headers: list[str] = []
    drafts: list[BlockDraft] = []
    for index, row in enumerate(filled):
        texts = [(mend("\n".join(line.text for line in members)), 1) for _, members in row]
        if not any(text for text, _ in texts):
            continue
        alone = [members for _, members in row if members]
        if len(alone) == 1 and len(alone[0]) > 3:
            run = Run(0, sort_rows(alone[0]), table.box[0], table.box[2])
            drafts += build_blocks(run, body)
            continue
        draft = _row_draft([members for _, members in row])
        if index == 0 and len(filled) > 1 and all(len(text) <= 60 for text, _ in texts):
            headers = [text for text, _ in texts]
        elif any(headers):
            draft = draft._replace(reading=read_row(texts, headers))
        drafts.append(draft)
    return drafts


def _away(line: PrintedLine, cell: Box) -> float:
    x, y = (line.x0 + line.x1) / 2, line.middle
    return max(cell[0] - x, 0, x - cell[2]) + max(cell[1] - y, 0, y - cell[3])


def _row_draft(cells: Sequence[Sequence[PrintedLine]]) -> BlockDraft:
    parts: list[str] = []
    spans: list[tuple[int, int, Box]] = []
    length = 0
    flat: list[PrintedLine] = []
    for members in cells:
        for index, line in enumerate(sorted(members, key=lambda line: (round(line.middle), line.x0))):
            if parts:
                parts.append("\n" if index else "\t")
                length += 1
            text = line.text.strip()
            parts.append(text)
            spans.append((length, length + len(text), line.box))
            length += len(text)
            flat.append(line)
    sizes = sorted(line.size for line in flat)
    return BlockDraft(
        "".join(parts), tuple(spans), "table_row", sizes[len(sizes) // 2], all(line.bold for line in flat), 0
    )
