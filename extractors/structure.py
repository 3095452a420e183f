"""Where a block stands: sections above it, article, head of its enumeration.

Belongs here: what follows from the order of blocks. Does not belong here: cutting passages (`passages`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from extractors.layout import Block
from extractors.line_patterns import ARTICLE, DIVISION, article_number, item_style

Span = tuple[int, int]
_OPEN_END = re.compile(r"[:：]\s*[-–—]?\s*$|[-–—]\s*$")
_CLOSED_END = re.compile(r"[.!?。！？؟]\s*$")
_SECTION = re.compile(r"[\s#*_]*(?:section|sec\.|§|الفصل)", re.IGNORECASE)
_DIGITS = {0x0660 + value: str(value) for value in range(10)} | {0x06F0 + value: str(value) for value in range(10)}
MAX_HEAD = 1200
"""A head longer than this is no head; its last sentence is taken instead by `passages`."""


@dataclass(slots=True)
class _Column:
    """What is open in one column of text."""

    sections: list[tuple[int, str]] = field(default_factory=list)
    article: str = ""
    has_articles: bool = False
    """Whether articles were seen: then sections are parts of chapters, not articles by another name."""
    heads: list[tuple[str, Span]] = field(default_factory=list)
    """Style of items and the head they hang on, outermost first."""
    pending: Span | None = None
    """Head of the items that may follow."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands."""

    section: tuple[str, ...]
    article: str
    head: Span | None


class Structure:
    """Follows the blocks of a document, each column by itself."""

    def __init__(self) -> None:
        self._columns: dict[int, _Column] = {}
        self._common: list[tuple[int, str]] = []
        """Sections that each column begins in: the file of an archive, the headline of a page."""

    def place(self, block: Block, text: str, reading: str) -> Place:
        """Return where a block stands, and remember what it opens. Navigation and contents open nothing."""
        if block.opens_section:
            self._columns.clear()
            self._common = [(block.level or 1, reading[:240])]
            return Place((), "", None)
        column = self._columns.setdefault(block.column, _Column(sections=list(self._common)))
        if block.role == "navigation" or block.kind in {"menu", "contents", "title"}:
            return Place((), "", None)
        if block.kind == "heading":
            return self._heading(column, block, _numbered(block, reading))
        if block.continued:  # the rest of a sentence opens nothing, unless it leads to items
            if _OPEN_END.search(text):
                column.pending = (block.start, block.end)
            return Place(tuple(name for _, name in column.sections), column.article, None)
        if not self._open_article(column, reading):
            self._open_article(column, _numbered(block, reading))
        head = self._head(column, block, text)
        return Place(tuple(name for _, name in column.sections), column.article, head)

    def _heading(self, column: _Column, block: Block, reading: str) -> Place:
        level = block.level or 6
        while column.sections and column.sections[-1][0] >= level:
            column.sections.pop()
        above = tuple(name for _, name in column.sections)
        column.sections.append((level, reading[:240]))
        if not self._open_article(column, reading) and DIVISION.match(reading):
            column.article = ""
        column.heads.clear()
        column.pending = (block.start, block.end) if _OPEN_END.search(reading) else None
        return Place(above, column.article, None)

    def _open_article(self, column: _Column, reading: str) -> bool:
        """Remember the article that a block opens; tells whether it opens one."""
        opened = opened_article(reading)
        is_section = bool(_SECTION.match(reading))
        if not opened or (is_section and column.has_articles):
            return False
        column.has_articles = column.has_articles or not is_section
        column.article = opened
        return True

    def _head(self, column: _Column, block: Block, text: str) -> Span | None:
        """Return the head that a list item hangs on; keep what may be the head of following items."""
        style = _style(text, column) or (f"html {block.level}" if block.kind == "list_item" else "")
        if block.kind != "list_item" and not style:
            column.heads.clear()
            closed = _CLOSED_END.search(text) or block.kind == "table_row"
            column.pending = None if closed else (block.start, block.end)
            return None
        styles = [known for known, _ in column.heads]
        if style in styles:
            del column.heads[styles.index(style) + 1 :]
        elif column.pending is not None:
            column.heads.append((style, column.pending))
        elif block.kind != "list_item":
            column.heads.clear()
        opens = bool(_OPEN_END.search(text))
        found = block.head or (column.heads[-1][1] if column.heads and column.heads[-1][0] == style else None)
        column.pending = (block.start, block.end) if opens else None
        return found


def _numbered(block: Block, reading: str) -> str:
    """Return a block with the number that its program prints before it: laws in Word count their articles so."""
    return f"{block.marker} {reading}" if any(char.isalnum() for char in block.marker) else reading


def _style(text: str, column: _Column) -> str:
    """Return how an item is counted; `(i)` is a Roman one where it opens a list or goes on with one."""
    style = item_style(text)
    sign = re.sub(r"\W", "", text[:6])[:1]
    if style.endswith(" a") and sign in "ivxIVX":
        opens = sign in "iI" and column.pending is not None
        goes_on = bool(column.heads) and column.heads[-1][0] == f"{style[:-1]}i"
        return f"{style[:-1]}i" if opens or goes_on else style
    return style


def opened_article(reading: str) -> str:
    """Return the number of the article that a block opens; "" when it only mentions one."""
    match = ARTICLE.match(reading)
    if not match:
        return ""
    word = reading[match.end("lead") :][:1]
    rest = reading[match.end() :].lstrip(" )")
    if word.islower() or rest[:1].islower() or rest.startswith(("من ", "و", ",", "،", "、", "，", "至", "和")):
        return ""
    return article_number(reading).translate(_DIGITS)
