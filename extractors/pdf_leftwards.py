"""Lines of pages with right-to-left script, put together anew from their glyphs.

Belongs here: which glyphs make a row in which column, and rows as printed lines. Does not belong here: the order
inside a row (`bidi`), columns themselves (`pdf_columns`).
"""

from __future__ import annotations

import itertools
import statistics
from bisect import bisect_right
from collections.abc import Sequence

from extractors.bidi import Row, has_right_to_left, read_letters, read_row, split_rows
from extractors.pdf_columns import column_of
from extractors.pdf_stated import Letter, stated_letters, stated_rows
from extractors.pdf_text import OpenPage, PrintedLine, printed_pieces

_WIDE_GAP = 1.2


def needs_rebuilding(lines: Sequence[PrintedLine]) -> bool:
    """Tell whether a page has right-to-left letters."""
    return any(has_right_to_left(line.text) for line in lines)


def runs_leftwards(lines: Sequence[PrintedLine]) -> bool:
    """Tell whether most lines of a page are in right-to-left script, so that its rightmost column comes first."""
    right = sum(len(line.text) for line in lines if has_right_to_left(line.text))
    return 2 * right > sum(len(line.text) for line in lines)


def rebuild_lines(page: OpenPage, lines: Sequence[PrintedLine], gutters: tuple[float, ...]) -> list[PrintedLine]:
    """Return the lines of a page with right-to-left rows in logical order, column by column."""
    columns: dict[int, list[PrintedLine]] = {}
    for line in lines:
        columns.setdefault(column_of(line, gutters), []).append(line)
    letters = stated_letters(page, statistics.median(line.size for line in lines))
    rebuilt: list[PrintedLine] = []
    for members in columns.values():
        rebuilt += _rebuild(page, members, letters) if needs_rebuilding(members) else members
    return rebuilt


def _rebuild(page: OpenPage, lines: Sequence[PrintedLine], letters: Sequence[Letter]) -> list[PrintedLine]:
    by_place = sorted(lines, key=lambda line: line.origin)
    places = [line.origin for line in by_place]
    height = statistics.median(line.size for line in lines)
    found: list[PrintedLine] = []
    for row in _rows(page, by_place, letters, height):
        sources = list(dict.fromkeys(by_place[bisect_right(places, glyph.place) - 1] for glyph in row.glyphs))
        if any(has_right_to_left(glyph.char) for glyph in row.glyphs) or _is_torn(row, sources):
            found += _printed(row, sources, page.print_size(row.glyphs[0].place))
        else:
            found += [source for source in sources if source not in found]
    return found


def _is_torn(row: Row, sources: Sequence[PrintedLine]) -> bool:
    """Tell whether PDFium tore a row without right-to-left letters: its signs stand elsewhere, or spaces are missing.

    Where letters and signs come from two fonts, the file prints one after the other.
    """
    inked = sorted((glyph for glyph in row.glyphs if glyph.char != " "), key=lambda glyph: glyph.x0)
    if any(
        one.char == other.char and other.x0 - one.x0 < 0.5 * (one.x1 - one.x0)
        for one, other in itertools.pairwise(inked)
    ):
        return False  # printed twice, to look bold
    words = [word for source in sorted(sources, key=lambda line: line.x0) for word in source.text.split()]
    own = row.text.split()
    return len(own) > len(words) or "".join(own) != "".join(words)


def _rows(page: OpenPage, lines: Sequence[PrintedLine], letters: Sequence[Letter], height: float) -> list[Row]:
    """Return the printed rows of lines: by what the file says of its letters where it does, else by their places."""
    leftwards = runs_leftwards(lines)
    if letters:
        spans = [range(line.origin, line.origin + len(line.text)) for line in lines]
        return [read_letters(members, leftwards=leftwards) for members in stated_rows(letters, spans, height)]
    glyphs = page.glyphs((line.origin, len(line.text)) for line in lines)
    return [read_row(members, leftwards=leftwards) for members in split_rows(glyphs, height)]


def _printed(row: Row, sources: Sequence[PrintedLine], size: float) -> list[PrintedLine]:
    inked = [glyph for glyph in row.glyphs if glyph.char != " "]
    if not inked:
        return []
    widest = max(sources, key=lambda line: len(line.text))
    edges = [(glyph.x0, glyph.x1) for glyph in inked]
    return [
        PrintedLine(
            row.text.strip(),
            min(glyph.x0 for glyph in inked), min(glyph.y0 for glyph in inked),
            max(glyph.x1 for glyph in inked), max(glyph.y1 for glyph in inked),
            size, widest.bold, printed_pieces(edges, _WIDE_GAP * size), min(glyph.place for glyph in inked),
        )
    ]  # fmt: skip
