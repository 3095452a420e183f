"""Paragraphs of rich text, and the table that their cells grow into.

Belongs here: what a file's text is gathered in: paragraphs, cells, rows, tables. Does not belong here: control words
(`rtf_text`), what a table becomes in a layout (`office_rtf`).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Paragraph(NamedTuple):
    """A paragraph: its text, the number or sign of its list, the name of its style, its outline level (1 highest)."""

    text: str
    marker: str = ""
    style: str = ""
    level: int = 0


Cell = list[Paragraph]
Table = list[list[Cell]]
Part = Paragraph | Table


class Rows:
    """The table under way: a cell that fills, a row of cells, the rows that ended."""

    def __init__(self) -> None:
        self._cell: Cell = []
        self._row: list[Cell] = []
        self._rows: Table = []
        self._beside: list[Paragraph] = []

    def add(self, paragraphs: Iterable[Paragraph], boxes: Iterable[Paragraph]) -> None:
        """Add to the cell under way; what stands in text boxes that hang on it comes after the table."""
        self._cell += paragraphs
        self._beside += boxes

    def end_cell(self) -> None:
        """Close the cell under way; it may be empty."""
        self._row.append(self._cell)
        self._cell = []

    def end_row(self) -> None:
        """Close the row under way."""
        if self._row:
            self._rows.append(self._row)
        self._row = []

    def end(self) -> list[Part]:
        """Return the table, the paragraphs of a row that the file never ends, and the text boxes; begin anew."""
        if not (self._rows or self._row or self._cell or self._beside):
            return []
        loose = [paragraph for cell in [*self._row, self._cell] for paragraph in cell]
        parts: list[Part] = [self._rows] if self._rows else []
        parts += [*loose, *self._beside]
        self._rows, self._row, self._cell, self._beside = [], [], [], []
        return parts
