"""Rows of tables of office files, the same shape for every format.

Belongs here: cells to rows of the text layer, and the row as a person reads it with its header cells. Does not belong
here: finding tables (each backend), tables of HTML (`html_tables`).
"""

from __future__ import annotations

from collections.abc import Sequence

from extractors.layout import LayoutBuilder

Cells = Sequence[tuple[str, int]]
"""Text and number of columns covered, cell by cell."""


def add_table(
    builder: LayoutBuilder, rows: Sequence[Cells], *, header_rows: int | None = None, page: int | None = None
) -> None:
    """Add the rows of a table: cells joined by tabs, `reading` with the header of each column.

    `header_rows` None means that the first row is the header when it looks like one: short cells, all filled.
    """
    rows = [row for row in rows if any(text for text, _ in row)]
    if not rows:
        return
    count = _guess_header(rows) if header_rows is None else header_rows
    headers = _headers(rows[:count])
    for index, row in enumerate(rows):
        text = "\t".join(text for text, _ in row if text)
        reading = None if index < count or not headers else read_row(row, headers)
        builder.add(text, kind="table_row", page=page, reading=None if reading == text else reading)


def _guess_header(rows: Sequence[Cells]) -> int:
    first = rows[0]
    if len(rows) < 2 or len(first) < 2:
        return 0
    short = all(0 < len(text) <= 60 and not text.replace(".", "").replace(",", "").isdecimal() for text, _ in first)
    return int(short and len(rows[1]) == len(first))


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
