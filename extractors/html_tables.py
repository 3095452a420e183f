"""Data tables of an HTML page: rows with their header cells.

Belongs here: telling data tables from tables that only lay out a page, spans, header cells. Does not belong here: any
other element (`html_blocks`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from extractors.html_source import HIDDEN

CELL_LIMIT = 600
"""A cell longer than this is no cell of data: the table lays out text."""
ROW_LIMIT = 1200
MAX_SPAN = 50
_LAYOUT = etree.XPath(
    ".//table | .//h1 | .//h2 | .//h3 | .//h4 | .//form | .//nav | .//section | .//article | .//ul | .//ol"
)
_SKIPPED = frozenset(HIDDEN)
_PARTING = frozenset({"br", "p", "div", "li", "dt", "dd", "blockquote", "center"})


@dataclass
class Row:
    """One row: cells joined by tabs, and the row as a person reads it with its header cells."""

    text: str
    reading: str | None
    element: Any
    """The `tr` or `caption` that it is."""
    is_caption: bool = False
    link_chars: int = 0
    links: list[tuple[int, int, str]] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    """Where silent elements lie; `reading` is without them."""


@dataclass
class _Cell:
    text: str
    said: str
    """The text without silent elements."""
    gaps: list[tuple[int, int]]
    is_header: bool
    span: int
    depth: int
    link_chars: int
    links: list[tuple[int, int, str]]


def is_data_table(table: Any) -> bool:
    """Tell whether a table holds data: several rows of several short cells and no structure of a page inside."""
    if table.get("role") in {"presentation", "none"} or _LAYOUT(table):
        return False
    rows = table.findall(".//tr")
    if (len(rows) < 2 and table.find(".//th") is None) or _has_stray_text(table):
        return False
    wide = 0
    for row in rows:
        cells = [cell for cell in row if cell.tag in {"td", "th"}]
        lengths = [sum(len(piece) for piece in cell.itertext()) for cell in cells]
        if max(lengths, default=0) > CELL_LIMIT or sum(lengths) > ROW_LIMIT:
            return False
        wide += len(cells) > 1
    return wide * 2 >= len(rows)


def _has_stray_text(table: Any) -> bool:
    """Text between rows or cells, which broken pages hold; as a layout table it is not lost."""
    for element in table.iter("table", "tbody", "thead", "tfoot", "tr"):
        if (element.text and element.text.strip()) or any(child.tail and child.tail.strip() for child in element):
            return True
        if element.tag == "tr" and any(child.tag not in {"td", "th", *HIDDEN} for child in element):
            return True
    return False


def table_rows(table: Any, silent: Collection[Any] = frozenset()) -> Iterator[Row]:
    """Return the rows of a data table in the order of the source, its caption first where it stands first.

    The text of elements that are `silent` stays in the rows, and is no part of how they read.
    """
    headers: list[str] = []
    hanging: dict[int, tuple[int, str]] = {}
    for element in table.iter("caption", "tr"):
        if element.tag == "caption":
            text, _, gaps = _shown(element, silent)
            if text:
                yield Row(text, None, element, is_caption=True, gaps=gaps)
            continue
        cells = [_cell(cell, silent) for cell in element if cell.tag in {"td", "th"}]
        if not any(cell.text for cell in cells):
            continue
        columns = _columns(cells, hanging)
        if all(cell.is_header for cell in cells) or (not headers and element.getparent().tag == "thead"):
            headers = _merged_headers(headers, columns) if headers else columns
            yield _row(element, cells, None)
        else:
            yield _row(element, cells, _reading(cells, columns, headers))


def _columns(cells: list[_Cell], hanging: dict[int, tuple[int, str]]) -> list[str]:
    """Lay cells on the grid of columns, with cells that hang down from rows above."""
    columns: list[str] = []

    def fill() -> None:
        while len(columns) in hanging:
            left, text = hanging.pop(len(columns))
            if left > 1:
                pending[len(columns)] = (left - 1, text)
            columns.append(text)

    pending: dict[int, tuple[int, str]] = {}
    for cell in cells:
        fill()
        for _ in range(cell.span):
            if cell.depth > 1:
                pending[len(columns)] = (cell.depth - 1, cell.said)
            columns.append(cell.said)
    fill()
    hanging.update(pending)
    return columns


def _merged_headers(upper: list[str], lower: list[str]) -> list[str]:
    merged = []
    for position in range(max(len(upper), len(lower))):
        parts = [row[position] for row in (upper, lower) if position < len(row) and row[position]]
        merged.append(" ".join(dict.fromkeys(parts)))
    return merged


def _reading(cells: list[_Cell], columns: list[str], headers: list[str]) -> str | None:
    if not headers:
        row_header = cells[0].said if cells[0].is_header and len(cells) > 1 else ""
        return f"{row_header}: " + "; ".join(cell.said for cell in cells[1:] if cell.said) if row_header else None
    parts: list[str] = []
    for position, text in enumerate(columns):
        header = headers[position] if position < len(headers) else ""
        shown = f"{header}: {text}" if header and text and header != text else text
        if shown and (not parts or parts[-1] != shown):
            parts.append(shown)
    return "; ".join(parts)


def _row(element: Any, cells: list[_Cell], reading: str | None) -> Row:
    text, link_chars, links, gaps = "", 0, [], []
    for cell in cells:
        if not cell.text:
            continue
        if text:
            text += "\t"
        links += [(len(text) + start, len(text) + end, href) for start, end, href in cell.links]
        gaps += [(len(text) + start, len(text) + end) for start, end in cell.gaps]
        link_chars += cell.link_chars
        text += cell.text
    return Row(text, reading, element, link_chars=link_chars, links=links, gaps=gaps)


def _cell(element: Any, silent: Collection[Any]) -> _Cell:
    text, said, gaps = _shown(element, silent)
    links, link_chars = [], 0
    for link in element.iter("a"):
        shown = _squeezed("".join(link.itertext()))
        link_chars += len(shown)
        start = text.find(shown) if shown else -1
        if start >= 0 and link.get("href"):
            links.append((start, start + len(shown), link.get("href")))
    return _Cell(
        text, said, gaps, element.tag == "th", _span(element, "colspan"), _span(element, "rowspan"), link_chars, links
    )


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _shown(element: Any, silent: Collection[Any]) -> tuple[str, str, list[tuple[int, int]]]:
    """Return the text of a cell, the same without silent elements, and where these lie in it."""
    pieces = list(_texts(element, silent))
    raw = "".join([piece for piece, _ in pieces])
    text = _squeezed(raw)
    if not silent or not any(is_silent for _, is_silent in pieces):
        return text, text, []
    places = _places(raw)
    gaps: list[tuple[int, int]] = []
    position = 0
    for piece, is_silent in pieces:
        if is_silent and piece.strip():
            first, last = len(piece) - len(piece.lstrip()), len(piece.rstrip()) - 1
            gaps.append((places[position + first], places[position + last] + 1))
        position += len(piece)
    return text, _squeezed("".join(piece for piece, is_silent in pieces if not is_silent)), gaps


def _places(raw: str) -> list[int]:
    """Return for each character where it stands in the squeezed text; white space stands nowhere in particular."""
    places = []
    length = 0
    is_parted = False
    for char in raw:
        if char.isspace():
            is_parted = length > 0
            places.append(length)
        else:
            length += is_parted
            is_parted = False
            places.append(length)
            length += 1
    return places


def _texts(element: Any, silent: Collection[Any]) -> Iterator[tuple[str, bool]]:
    """Text of a cell, and whether it stands in a silent element; line breaks and blocks inside it part words. Walks
    without recursion, however deep the cell.
    """
    quiet = 0
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, found in walk:
        if not isinstance(found.tag, str):
            continue
        if event == "start":
            if found.tag in _SKIPPED:
                walk.skip_subtree()
                continue
            if found.tag in _PARTING:
                yield " ", False
            quiet += found in silent
            if found.text:
                yield found.text, quiet > 0
        else:
            quiet -= found in silent and found.tag not in _SKIPPED
            if found.tag in _PARTING:
                yield " ", False
            if found.tail and found is not element:
                yield found.tail, quiet > 0


def _span(element: Any, name: str) -> int:
    value = element.get(name, "1").strip()
    return max(1, min(int(value), MAX_SPAN)) if value.isdecimal() and len(value) < 6 else 1
