"""Printed lines of a text layer to paragraphs, headings, list items, page furniture.

Belongs here: what can be told from lines of text alone. Does not belong here: geometry (`pdf_blocks`), sentences.

Print breaks lines at the margin, so a line end means something only where the line is short, where the next one
opens an article or item, or where blank lines part them. Text that was printed double-spaced is recognised first.
"""

from __future__ import annotations

import re
from bisect import insort
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

from extractors.layout import Kind, LayoutBuilder
from extractors.line_patterns import (
    ARTICLE,
    BULLET,
    COUNTER,
    DIVISION,
    JOINER_END,
    PAGE_NUMBER,
    division_level,
    ends_clause,
    ends_sentence,
    is_contents_line,
    unit_level,
)
from store.readings import Page

WINDOW = 12
"""Lines before and after that tell how wide the print is here."""
HEADING_LENGTH = 160
MAX_PARAGRAPH = 20_000
"""A paragraph longer than this is cut at a line end, so that text without any border stays linear in time."""


@dataclass(slots=True)
class _Line:
    """A line with its place in the text; `page` counts form feeds."""

    start: int
    end: int
    text: str
    page: int
    blanks: int = 0
    """Blank lines before it."""
    furniture: bool = False
    width: int = 0
    """How wide the print is around this line."""


def add_lines(builder: LayoutBuilder, text: str, *, double: bool | None = None) -> tuple[Page, ...]:
    """Add blocks over a text of printed lines; what the builder grows by equals `text`. Returns pages (by form
    feeds).

    `double` says whether the print is double-spaced; None finds out.
    """
    base = builder.position
    lines, page_starts = _lines(text)
    _measure(lines)
    _mark_furniture(lines, len(page_starts))
    groups = _group(lines, _is_double_spaced(lines) if double is None else double)
    position = 0
    for group, (kind, level) in zip(groups, _kinds(groups), strict=True):
        builder.skip(text[position : group[0].start])
        position = group[-1].end
        _add(builder, text, group, kind, level, paged=len(page_starts) > 1)
    builder.skip(text[position:])
    return _pages(page_starts, base, len(text))


def is_double_spaced(text: str) -> bool:
    """Tell whether a text was printed with a blank line after every line."""
    lines, _ = _lines(text)
    _measure(lines)
    return _is_double_spaced(lines)


def _lines(text: str) -> tuple[list[_Line], list[int]]:
    lines: list[_Line] = []
    page_starts = [0]
    position = blanks = 0
    for raw in text.split("\n"):
        start = position
        position += len(raw) + 1
        for feed in re.finditer("\f", raw):
            page_starts.append(start + feed.end())
        body = raw.strip()
        if not body:
            blanks += 1
            continue
        lead = len(raw) - len(raw.lstrip())
        lines.append(_Line(start + lead, start + lead + len(body), body, len(page_starts), blanks))
        blanks = 0
    if len(page_starts) > 1 and not text[page_starts[-1] :].strip():
        page_starts.pop()
    return lines, page_starts


def _pages(starts: list[int], base: int, length: int) -> tuple[Page, ...]:
    if len(starts) < 2:
        return ()
    ends = [*starts[1:], length]
    return tuple(
        Page(number=n, start=base + s, end=base + e) for n, (s, e) in enumerate(zip(starts, ends, strict=True), start=1)
    )


def _measure(lines: list[_Line]) -> None:
    """Give each line the width of the print around it: the third-longest line among its neighbours."""
    window: list[int] = []
    for position in range(len(lines) + WINDOW):
        if position < len(lines):
            insort(window, len(lines[position].text))
        centre = position - WINDOW
        if centre < 0:
            continue
        lines[centre].width = window[max(0, len(window) - 3)]
        if centre - WINDOW >= 0:
            window.remove(len(lines[centre - WINDOW].text))


def _mark_furniture(lines: list[_Line], pages: int) -> None:
    """Mark page numbers and running headers and footers."""
    alone = Counter(_shape(line.text) for line in lines)
    at_edge: Counter[str] = Counter()
    edges = _page_edges(lines) if pages > 2 else set()
    for position in edges:
        at_edge[_shape(lines[position].text)] += 1
    for position, line in enumerate(lines):
        text = line.text
        after = lines[position + 1].blanks if position + 1 < len(lines) else 1
        if PAGE_NUMBER.match(text) and (position in edges or line.blanks or after):
            line.furniture = not (text.endswith(".") or (pages < 3 and len(text) < 2 and not text.isdigit()))
        elif position in edges and at_edge[_shape(text)] >= max(3, pages // 4) and len(text) < 150:
            line.furniture = not _opens_unit(text)
        elif alone[_shape(text)] >= 5 and 8 < len(text) < 150 and (line.blanks or after) and not ends_sentence(text):
            line.furniture = _is_repeated(text, alone) and not _opens_unit(text) and not COUNTER.match(text)


def _is_repeated(text: str, shapes: Counter[str]) -> bool:
    """A running header: the same words again and again, few enough to be no refrain of a form."""
    return shapes[_shape(text)] >= 5 and sum(map(str.isalpha, text)) >= 6


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text).lower()


def _page_edges(lines: list[_Line]) -> set[int]:
    """Positions of the first two and last three lines of each page."""
    edges: set[int] = set()
    first = 0
    for position in range(1, len(lines) + 1):
        if position == len(lines) or lines[position].page != lines[first].page:
            edges.update(range(first, min(first + 2, position)))
            edges.update(range(max(first, position - 3), position))
            first = position
    return edges


def _is_double_spaced(lines: list[_Line]) -> bool:
    """Whether most lines, also those that plainly go on, are followed by one blank line."""
    inner = [line for line in lines[1:] if not line.furniture]
    if len(inner) < 10:
        return False
    going_on = [
        after for before, after in pairwise(lines)
        if not ends_clause(before.text) and len(before.text) >= 0.85 * before.width
    ]  # fmt: skip
    if len(going_on) < 5:
        return False
    return sum(line.blanks == 1 for line in going_on) > 0.6 * len(going_on)


def _group(lines: list[_Line], double: bool) -> list[list[_Line]]:
    """Gather lines to blocks; furniture inside a paragraph stays with it as a gap."""
    groups: list[list[_Line]] = []
    size = 0
    pending: list[_Line] = []
    for line in lines:
        if line.furniture:
            pending.append(line)
            continue
        last = _last_text(groups[-1]) if groups else None
        if last is not None and size < MAX_PARAGRAPH and not _breaks(groups[-1], last, line, double, len(pending)):
            groups[-1] += [*pending, line]
            size += len(line.text)
        else:
            groups += [[found] for found in pending]
            groups.append([line])
            size = len(line.text)
        pending = []
    return groups + [[found] for found in pending]


def _last_text(group: list[_Line]) -> _Line | None:
    return None if group[-1].furniture else group[-1]


def _breaks(group: list[_Line], last: _Line, line: _Line, double: bool, furniture: int) -> bool:
    """Tell whether a new block begins with `line`."""
    before, text = last.text, line.text
    full = len(before) >= 0.8 * last.width
    ended = ends_sentence(before)
    if is_contents_line(before) or (is_contents_line(text) and ended):
        return True
    if _opens_article(text, before, ended or not full) or _opens_item(text, before, full):
        return True
    blank = line.blanks > (1 if double else 0) or (furniture > 0 and not double)
    goes_on = _goes_on(before, text, full)
    if blank or line.page != last.page:
        return not goes_on or furniture > 3 or line.blanks > 4
    if ended:
        return not full or _is_heading_text("".join(found.text for found in group))
    if before.endswith((":", "：")) and not full:
        return True
    if len(group) <= 3 and len(before) < 0.95 * last.width and text[:1].isupper() and _is_title(group):
        return True
    if len(before) < 0.6 * last.width:
        return not _continues_lower(before, text)
    return text.isupper() != before.isupper() and not full and _has_letters(text) and not _continues_lower(before, text)


def _is_title(group: list[_Line]) -> bool:
    """Whether lines so far are the title of an article: `Article 4: Establishment`."""
    text = " ".join(line.text for line in group)
    return len(text) <= HEADING_LENGTH and unit_level(text) > 0


def _goes_on(before: str, text: str, full: bool) -> bool:
    """Whether a sentence plainly runs over a gap: it has not ended and the next line does not begin one."""
    if ends_clause(before) and not before.endswith((",", "،", "，", "、")):
        return False
    first = next((letter for letter in text if letter.isalpha()), "")
    if first.islower():
        return not BULLET.match(text)
    if first.isupper():
        if before.endswith((",", "،", "，", "、")):
            return full and not text.isupper()
        plain = not (
            before.isupper() or text.isupper() or BULLET.match(text) or COUNTER.match(text) or _opens_unit(text)
        )
        return full and plain and len(before) >= 50 and not _is_heading_text(before)
    return full and bool(first) and not DIVISION.match(text)


def _continues_lower(before: str, text: str) -> bool:
    return text[:1].islower() or before.endswith((",", "،", "，", "、", "-")) or text[:1] in "(,"


def _has_letters(text: str) -> bool:
    return sum(map(str.isalpha, text)) > 3


def _opens_unit(text: str) -> bool:
    return bool(ARTICLE.match(text) or DIVISION.match(text))


def _opens_article(text: str, before: str, free: bool) -> bool:
    """Whether a line opens an article or chapter, and does not merely name one at the start of a broken line."""
    match = ARTICLE.match(text) or DIVISION.match(text)
    if not match:
        return False
    if text[:1].islower():
        return False
    rest = text[match.end() :].lstrip()
    return (
        free or not rest or rest[0] in ":.-–—،(" or (text[0] == "第" and text[match.end() : match.end() + 1].isspace())
    )


def _opens_item(text: str, before: str, full: bool) -> bool:
    if BULLET.match(text):
        return not (
            text[0] in "-–—" and full and not ends_clause(before) and text[1:2].isspace() and text[2:3].islower()
        )
    if not COUNTER.match(text):
        return False
    return (ends_clause(before) or bool(JOINER_END.search(before[-40:]))) or not full


def _kinds(groups: list[list[_Line]]) -> list[tuple[Kind, int]]:
    kinds = [_kind(group) for group in groups]
    _mark_contents(groups, kinds)
    return kinds


def _kind(group: list[_Line]) -> tuple[Kind, int]:
    if group[0].furniture:
        return "menu", 0
    text = " ".join(line.text for line in group)
    if is_contents_line(text):
        return "contents", 0
    if len(text) <= HEADING_LENGTH and not re.search(r"[.;,:。；，：،؛]$", text):
        if division := DIVISION.match(text):
            return "heading", division_level(division)
        if ARTICLE.match(text):
            return "heading", 5
        if _is_heading_text(text):
            return "heading", 4
    if BULLET.match(text) or COUNTER.match(text):
        return "list_item", 0
    return "paragraph", 0


def _is_heading_text(text: str) -> bool:
    """Short text in capitals, or a numbered title."""
    if len(text) > HEADING_LENGTH or not _has_letters(text):
        return False
    if text.isupper():
        return True
    number = re.match(r"\d{1,2}(?:\.\d{1,2}){0,3}\.?\s+(?=[^\W\d_])", text)
    if number is None:
        return False
    return len(text) < 90 and not ends_clause(text) and text[number.end()].isupper()


def _mark_contents(groups: list[list[_Line]], kinds: list[tuple[Kind, int]]) -> None:
    """A run of five or more headings of articles with nothing between them is a table of contents."""
    run: list[int] = []
    for position in range(len(groups) + 1):
        if position < len(groups) and (kinds[position][0] in {"heading", "contents"} or groups[position][0].furniture):
            run.append(position)
            continue
        articles = [p for p in run if kinds[p][0] != "menu" and _opens_unit(groups[p][0].text)]
        if len(articles) >= 5:
            for inside in run[:-1] if position < len(groups) else run:  # the last one opens the text that follows
                if kinds[inside][0] == "heading":
                    kinds[inside] = ("contents", 0)
        run = []


def _add(builder: LayoutBuilder, text: str, group: list[_Line], kind: Kind, level: int, *, paged: bool) -> None:
    start, end = group[0].start, group[-1].end
    gaps = tuple((line.start - start, line.end - start) for line in group if line.furniture and len(group) > 1)
    builder.add(
        text[start:end], separator="", kind=kind, level=level, broken=True, gaps=gaps,
        role="navigation" if kind == "menu" else "main", page=group[0].page if paged else None,
    )  # fmt: skip
