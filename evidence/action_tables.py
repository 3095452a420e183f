"""Action tables: rows of a plan that say who does what until when.

Belongs here: finding the table and reading owner and date of a row, from the text layer alone. Does not belong here:
what the row bears on (`view`, `scorer`), or the names of columns (`action_tables.yml`).

A table is one whose header names an action, an owner and a date: cells cut by bars, tabs or two blanks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from evidence.folding import fold
from evidence.units import LONGEST, visible_length
from store.readings import Reading

WORDS = Path(__file__).parent / "action_tables.yml"
PROVES = "O.1.6"
"""The claim that such a table proves: an action plan."""
LONGEST_HEADER = 240
LONGEST_CELL = 60
FEWEST_ROWS = 2
MOST_ROWS = 400
_BARS = re.compile(r"\s*[|\t]\s*|\s{2,}")
_GAP = re.compile(r"\s\s")
"""What a line without bars or tabs must hold to have cells."""
_RULE = re.compile(r"[\s|:+=-]*")


@dataclass(frozen=True)
class ActionRow:
    """One row: its span in the text layer, who is to do it and until when, as written."""

    start: int
    end: int
    owner: str
    due: str


@dataclass(frozen=True)
class ActionTable:
    """A table with the span of its header and its rows."""

    start: int
    end: int
    rows: tuple[ActionRow, ...]

    def quote(self, text: str) -> tuple[int, int]:
        """Return the span of the header with its first row, or of the header alone where both are too long."""
        end = self.rows[0].end
        return (self.start, end) if visible_length(text[self.start : end]) <= LONGEST else (self.start, self.end)

    def row_at(self, start: int, end: int) -> ActionRow | None:
        """Return the row that a span lies in or overlaps most of."""
        return next((row for row in self.rows if start < row.end and end > row.start), None)


def find_action_tables(reading: Reading) -> tuple[ActionTable, ...]:
    """Return the action tables of a reading in order; a header without two rows below it is none."""
    tables: list[ActionTable] = []
    lines = list(_lines(reading))
    at = 0
    while at < len(lines):
        start, text = lines[at]
        columns = _header(text, reading.language)
        at += 1
        if columns is None:
            continue
        rows: list[ActionRow] = []
        while at < len(lines) and len(rows) < MOST_ROWS:
            row_start, row = lines[at]
            if _RULE.fullmatch(row):
                at += 1
                continue
            cells = _cells(row)
            if len(cells) < max(columns) or _header(row, reading.language) is not None:
                break
            rows.append(_row(row_start, row, cells, columns))
            at += 1
        if len(rows) >= FEWEST_ROWS:
            tables.append(ActionTable(start, start + len(text), tuple(rows)))
    return tuple(tables)


def _lines(reading: Reading) -> list[tuple[int, str]]:
    """Return the lines of the main passages with their offsets."""
    lines = []
    for passage in reading.passages:
        if passage.kind in ("menu", "contents", "heading", "title") and "|" not in passage.text:
            continue
        for match in re.finditer(r"[^\n\f]+", passage.text):
            if match.group().strip():
                lines.append((passage.start + match.start(), match.group()))
    return lines


def _header(text: str, language: str) -> tuple[int, int] | None:
    """Return the places of the owner's and the date's cell when a line is the header of an action table."""
    if len(text) > LONGEST_HEADER or not ("|" in text or "\t" in text or _GAP.search(text)):
        return None
    cells = _cells(text)
    if len(cells) < 3 or any(len(cell) > LONGEST_CELL for cell in cells):
        return None
    line, stems = fold(text, language), _stems(language)
    if not all(any(stem in line for stem in stems[name]) for name in ("owner", "due", "action")):
        return None  # as most lines; a word of a cell is one of its line
    words = _words(language)
    folded = [f" {fold(cell, language)}" for cell in cells]
    places: list[int] = []
    for name in ("owner", "due", "action"):
        place = next((i for i, cell in enumerate(folded) if words[name].search(cell)), None)
        if place is None or place in places:
            return None
        places.append(place)
    return places[0], places[1]


def _cells(text: str) -> list[str]:
    return [cell for cell in _BARS.split(text.strip(" |\t")) if cell.strip()]


def _row(start: int, text: str, cells: list[str], columns: tuple[int, int]) -> ActionRow:
    owner, due = columns
    cell = [cells[i].strip() if i < len(cells) else "" for i in (owner, due)]
    return ActionRow(start, start + len(text), cell[0], cell[1])


@lru_cache(maxsize=16)
def _words(language: str) -> Mapping[str, re.Pattern[str]]:
    border = "" if language == "zh" else r"(?<!\w)"
    return {
        name: re.compile(border + f"(?:{'|'.join(map(re.escape, held))})") for name, held in _stems(language).items()
    }


def _stems(language: str) -> Mapping[str, tuple[str, ...]]:
    return _file().get(language) or _file()["en"]


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    raw: Mapping[str, Mapping[str, tuple[str, ...]]] = yaml.load(
        WORDS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return raw
