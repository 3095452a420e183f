"""Units: the sentences and clauses of a reading that can be quoted, each with what it hangs on.

Belongs here: cutting passages into quotable spans of at most 600 characters, and their context (head of the
enumeration, headings above). Does not belong here: what a unit says.

A sentence that runs on through an enumeration is cut at its items; each item keeps the enumeration's head as context.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from store.readings import Reading
from store.tables import Passage

SHORTEST, LONGEST = 12, 600
"""Characters of a quote, white space and invisible characters aside."""
CUT_FROM = 330
"""A sentence of this length is cut at its clauses."""
AIM = 420
"""Where no clause ends, a piece is cut at a space near this length."""
MOST_CONTEXT = 300

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")
_LONG_ENOUGH = re.compile(
    rf"(?:[\s\u00ad\u200b-\u200f\u2060\ufeff]*[^\s\u00ad\u200b-\u200f\u2060\ufeff]){{{SHORTEST}}}"
)
_CLAUSE = re.compile(
    r"(?<=[;；؛])\s*"
    r"|(?<=[:：])\s+(?=\S)"
    r"|(?<=[:：])(?=\s?(?:\d{1,2}|[a-z]|[ivx]{1,4})\s?[°º).])"
    r"|(?<=\S)\s+(?=[•▪●■✓➢\uf0b7\uf0a7]\s)"
    r"|(?<=[\s,.;:])(?=\(?(?:[a-z]|\d{1,2}|[ivx]{2,4})\)\s)"
)
_NOT_MAIN = frozenset({"contents", "menu"})


@dataclass(frozen=True)
class Unit:
    """A span that may become a quote: `text == reading.text[start:end]`."""

    start: int
    end: int
    text: str
    passage: Passage
    language: str
    head: str
    """Head of the enumeration it depends on; empty otherwise."""
    number: int
    """Position in the document, from 0."""

    @property
    def section(self) -> str:
        """The two nearest headings above."""
        return " ".join(self.passage.section[-2:])[-MOST_CONTEXT:]


def visible_length(text: str) -> int:
    """Return the number of characters without white space and invisible signs."""
    solid = "".join(text.split())
    return len(solid) if solid.isascii() else len(_INVISIBLE.sub("", solid))


def is_quotable(text: str) -> bool:
    """Tell whether a text has as many characters as a quote, white space and invisible signs aside."""
    return _LONG_ENOUGH.match(text) is not None and (len(text) <= LONGEST or visible_length(text) <= LONGEST)


def cut_units(reading: Reading) -> list[Unit]:
    """Return the quotable units of a reading in order; contents lists, menus and navigation hold none."""
    units: list[Unit] = []
    for passage in reading.passages:
        if passage.kind in _NOT_MAIN or passage.role == "navigation":
            continue
        language = passage.language if passage.language not in ("", "und") else reading.language
        for start, end, head in _spans(reading.text, passage):
            text = reading.text[start:end]
            if is_quotable(text):
                units.append(Unit(start, end, text, passage, language, head, len(units)))
    return units


def _spans(text: str, passage: Passage) -> Iterator[tuple[int, int, str]]:
    head = passage.head[-MOST_CONTEXT:]
    for start, end in zip(passage.sentences[::2], passage.sentences[1::2], strict=True):
        if end - start < CUT_FROM:
            yield start, end, head
            continue
        own = head
        for first, last in _clauses(text, start, end):
            yield from ((a, b, own) for a, b in _pieces(text, first, last))
            if text[first:last].rstrip()[-1:] in (":", "："):
                own = text[first:last][-MOST_CONTEXT:]
            elif own == head and first == start:
                own = text[first : first + MOST_CONTEXT]


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the clauses of a sentence; what is too short to be quoted goes with the next one."""
    first = start
    for border in _CLAUSE.finditer(text, start, end):
        if border.start() > first and visible_length(text[first : border.start()]) >= SHORTEST + 8:
            yield first, border.start()
            first = border.end()
    if first < end:
        yield first, end


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        cut = text.rfind(" ", start + AIM // 2, start + AIM)
        cut = cut if cut > 0 else start + AIM
        yield start, cut
        start = cut + (text[cut : cut + 1] == " ")
    if start < end:
        yield start, end
