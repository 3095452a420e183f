"""Rows of tables of office files, the same shape for every format.

Belongs here: cells to rows of the text layer, and the row as a person reads it with its header cells. Does not belong
here: finding tables (each backend), tables of HTML (`html_tables`).
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from extractors.layout import LayoutBuilder

Cells = Sequence[tuple[str, int]]
"""Text and number of columns covered, cell by cell."""
MAX_TITLES = 8
"""So many rows with a single cell at the top of a sheet are titles; more are a list."""


def add_table(
    builder: LayoutBuilder,
    rows: Sequence[Cells],
    *,
    header_rows: int | None = None,
    page: int | None = None,
    titled: bool = False,
) -> None:
    """Add the rows of a table: cells joined by tabs, `reading` with the header of each column.

    `header_rows` None means that the first row is the header when it looks like one. `titled` says that titles may
    stand above it, as on sheets.
    """
    rows = [row for row in rows if any(text for text, _ in row)]
    if not rows:
        return
    first = _titles(rows) if titled and header_rows is None else 0
    count = _guess_header(rows[first:]) if header_rows is None else header_rows
    headers = _headers(rows[first : first + count])
    for index, row in enumerate(rows):
        text = "\t".join(text for text, _ in row if text)
        reading = None if index < first + count or not headers else read_row(row, headers)
        builder.add(text, kind="table_row", page=page, reading=None if reading == text else reading)


def _titles(rows: Sequence[Cells]) -> int:
    """Return how many rows above the header hold a title, at most one cell each."""
    above = 0
    while above < min(MAX_TITLES, len(rows)) and sum(bool(text) for text, _ in rows[above]) == 1:
        above += 1
    return above if above < min(MAX_TITLES, len(rows)) else 0


def _guess_header(rows: Sequence[Cells]) -> int:
    """Return 1 where the first row names the columns: short cells, no numbers but years; of two columns, which may as
    well be names and what belongs to them, only where those below differ in kind.
    """
    margin = min((_margin(row) for row in rows), default=0)  # sheets often begin in the second column
    first = rows[0][margin:]
    filled = [text for text, _ in first if text]
    if (
        len(rows) < 2
        or len(filled) < 2
        or 5 * len(filled) < 3 * len(first)
        or (first[0][0] and _is_number(first[0][0]))
    ):
        return 0
    if len(rows[1]) - margin > len(first) + 1 or len(rows[1]) - margin < 2:
        return 0
    names = [text for text in filled if not (text.isdecimal() and len(text) == 4)]
    if not names or any(len(text) > 60 or _is_number(text) for text in names):
        return 0
    return int(len(first) > 2 or _differs_below(first, [row[margin:] for row in rows[1:]]))


def _margin(row: Cells) -> int:
    """Return how many empty cells a row begins with."""
    return next((place for place, (text, _) in enumerate(row) if text), len(row))


def _differs_below(first: Cells, below: Sequence[Cells]) -> bool:
    """Tell whether the second of two columns holds numbers or long texts under a short name."""
    values = [row[1][0] for row in below if len(row) > 1 and row[1][0]]
    if not values or _is_number(first[1][0]):
        return False
    if all(_is_number(value) for value in values):
        return True
    return max(len(text) for text, _ in first) <= 30 and statistics.median(map(len, values)) >= 2 * len(first[1][0])


def _is_number(text: str) -> bool:
    return text.strip("%€$£ ").replace(".", "").replace(",", "").replace("-", "").isdecimal()


def _headers(rows: Sequence[Cells]) -> list[str]:
    columns: list[list[str]] = []
    for row in rows:
        position = 0
        for text, span in row:
            for _ in range(span):
                while len(columns) <= position:
                    columns.append([])
                if text and text not in columns[position]:
                    columns[position].append(text)
                position += 1
    return [" ".join(parts) for parts in columns]


def read_row(row: Cells, headers: Sequence[str]) -> str:
    """Return a row as `header: cell; header: cell`."""
    parts: list[str] = []
    position = 0
    for text, span in row:
        header = headers[position] if position < len(headers) else ""
        position += span
        if text:
            parts.append(f"{header}: {text}" if header and header != text else text)
    return "; ".join(parts)
