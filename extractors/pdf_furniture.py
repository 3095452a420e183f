"""Running headers, footers and page numbers.

Belongs here: telling which lines at the top and bottom of pages repeat from page to page. Does not belong here: what
becomes
of them (`pdf` keeps each different one once and drops the rest).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from extractors.pdf_text import PrintedLine

_EDGE_LINES = 3
"""Lines looked at from the top and from the bottom of a page."""
_EDGE_SHARE = 0.17
"""Share of the page's height in which headers and footers stand."""
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlc]{1,6}", re.IGNORECASE)


class Edge(NamedTuple):
    """A line near the edge of a page."""

    page: int
    line: PrintedLine
    top: bool


_Sign = tuple[bool, int, str, str]
"""What two lines of two pages must share to be the same piece of furniture: top, height, text, kind (same word for
word, counted with one number that goes with the page, roman)."""


def find_furniture(pages: Sequence[tuple[int, float, Sequence[PrintedLine]]]) -> dict[int, set[int]]:
    """Return for each page number the indices of its lines that are furniture.

    `pages` holds (page number, page height, lines). A line is furniture when it stands at the same height on at least
    three
    pages (two in documents of two or three pages) word for word, or with one number that goes with the page number.
    """
    share = _EDGE_SHARE if len(pages) > 3 else _EDGE_SHARE / 2
    edges = [
        (page, index, edge)
        for page, height, lines in pages
        for index, edge in _edges(page, share * height, height, lines)
    ]
    signs = [set(_signs(edge)) for _, _, edge in edges]
    count = Counter(chain.from_iterable(signs))
    needed = 3 if len(pages) > 3 else 2
    enough = {sign for sign, times in count.items() if _is_enough(sign, times, needed, len(pages))}
    furniture: dict[int, set[int]] = {}
    for (page, index, _), own in zip(edges, signs, strict=True):
        if not own.isdisjoint(enough):
            furniture.setdefault(page, set()).add(index)
    return furniture


def _is_enough(sign: _Sign, count: int, needed: int, pages: int) -> bool:
    if count < needed:
        return False
    _, _, text, kind = sign
    if kind == "same":
        return len(text) > 3 or count >= 3
    if kind == "roman" or not any(char.isalpha() for char in text):
        return True
    return count >= max(needed, int(0.3 * pages))


def _edges(page: int, reach: float, height: float, lines: Sequence[PrintedLine]) -> Iterator[tuple[int, Edge]]:
    if not lines:
        return
    top = sorted((line.y0, index) for index, line in enumerate(lines) if line.y0 <= reach)
    for _, index in top[:_EDGE_LINES]:
        yield index, Edge(page, lines[index], True)
    bottom = sorted((line.y1, index) for index, line in enumerate(lines) if line.y1 >= height - reach)
    for _, index in bottom[-_EDGE_LINES:]:
        yield index, Edge(page, lines[index], False)


def _signs(edge: Edge) -> Iterator[_Sign]:
    page, line, top = edge
    text = " ".join(line.text.split()).casefold()
    height = int((line.y0 + line.y1) / 12)
    places = (height, height + 1)
    yield from [(top, place, text, "same") for place in places]
    for number in list(_NUMBER.finditer(text))[:3]:
        if len(number.group()) <= 5:
            counted = f"{text[: number.start()]}\0{int(number.group()) - page}\0{text[number.end() :]}"
            yield from [(top, place, counted, "counted") for place in places]
    if _ROMAN.fullmatch(text):
        yield from [(top, place, "", "roman") for place in places]
