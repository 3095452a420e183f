"""Reading order of a page: columns, bands between lines that run across, margins.

Belongs here: geometry of lines on one page and the column model of a document. Does not belong here: fetching lines
(`pdf_text`), joining lines to paragraphs (`pdf_blocks`), telling languages.

A gutter is a strip of the page that (nearly) no line crosses, with running text on both sides. Lines that do cross it
cut the
page into bands; inside a band, columns are read one after the other. Columns that hold no running text (numbers of a
list,
page numbers of a contents list, cells of a table) are no columns: their pieces are read row by row.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from extractors.pdf_text import PrintedLine

MIN_GUTTER = 4.5
"""Narrowest gutter in points."""
NARROW = 2.5
"""The same where hardly a line crosses it."""
_MIN_LINES = 3
_CROSSING_SHARE = 0.2
_SAME_GUTTER = 14.0
"""Gutters of two pages that lie this close are the same."""


class Run(NamedTuple):
    """Lines that follow each other in reading order: one column of one band of a page."""

    column: int
    """0 for lines that run across or pages of one column, else 1 for the leftmost column."""
    lines: list[PrintedLine]
    left: float
    right: float


def find_gutters(lines: Sequence[PrintedLine], page_width: float) -> tuple[float, ...]:
    """Return the x positions (middles) of the gutters between columns of running text."""
    if len(lines) < 2 * _MIN_LINES:
        return ()
    wide = 0.55 * page_width
    if 2 * sum([line.x1 - line.x0 > wide and not line.spans for line in lines]) > len(lines):
        return ()  # most lines run over the middle of the page without a gap
    found = [middle for middle in _empty_strips(lines) if _is_flanked(lines, middle)]
    return _keep_prose(lines, found, page_width) if found else ()


def stands_in(lines: Sequence[PrintedLine], gutters: tuple[float, ...]) -> bool:
    """Tell whether all lines of a page stand in known columns, some in each: then gutters need not be sought again."""
    counts = [0] * (len(gutters) + 1)
    for line in lines:
        column = 0
        for gutter in gutters:
            if line.x1 > gutter - 2:
                if line.x0 < gutter + 2:
                    return False
                column += 1
        counts[column] += 1
    return min(counts) >= _MIN_LINES


def _extents(line: PrintedLine) -> tuple[tuple[float, float], ...]:
    return line.spans or ((line.x0, line.x1),)


def _empty_strips(lines: Sequence[PrintedLine]) -> list[float]:
    """Return the middles of vertical strips that few lines cover, with cover on both sides."""
    events: list[tuple[float, int]] = []
    for line in lines:
        for x0, x1 in _extents(line):
            events.append((x0, 1))
            events.append((x1, -1))
    events.sort()
    allowed = int(_CROSSING_SHARE * len(lines))
    few = max(1, int(0.04 * len(lines)))
    strips: list[tuple[int, float, float]] = []
    cover, low = 0, None
    for position, change in events:
        if cover <= allowed and low is not None and position - low >= (NARROW if cover <= few else MIN_GUTTER):
            strips.append((cover, low, position))
        cover += change
        low = position
    return _lowest_of_neighbours(strips)


def _lowest_of_neighbours(strips: list[tuple[int, float, float]]) -> list[float]:
    """Adjoining strips form a valley; its least covered strip is the candidate."""
    middles: list[float] = []
    valley: list[tuple[int, float, float]] = []
    for strip in [*strips, (0, float("inf"), float("inf"))]:
        if valley and strip[1] - valley[-1][2] > 2 * MIN_GUTTER:
            _, low, high = min(valley, key=lambda found: (found[0], found[1] - found[2]))
            middles.append((low + high) / 2)
            valley = []
        valley.append(strip)
    return middles


def _is_flanked(lines: Sequence[PrintedLine], middle: float) -> bool:
    left = [line for line in lines if (line.spans[0][1] if line.spans else line.x1) <= middle]
    right = [line for line in lines if (line.spans[-1][0] if line.spans else line.x0) >= middle]
    if len(left) < _MIN_LINES or len(right) < _MIN_LINES:
        return False
    tops = [min(line.y0 for line in side) for side in (left, right)]
    bottoms = [max(line.y1 for line in side) for side in (left, right)]
    top, bottom = max(tops), min(bottoms)
    shorter = min(bottoms[0] - tops[0], bottoms[1] - tops[1])
    if bottom - top < 0.3 * shorter:
        return False
    crossing = sum(_crosses(line, middle) for line in lines if top <= line.middle <= bottom)
    beside = min(
        sum(top <= line.middle <= bottom for line in left), sum(top <= line.middle <= bottom for line in right)
    )
    return crossing <= 0.5 * beside


def _crosses(line: PrintedLine, middle: float) -> bool:
    if line.x0 >= middle - 3 or line.x1 <= middle + 3:
        return False
    return not line.spans or any(x0 < middle - 3 and x1 > middle + 3 for x0, x1 in line.spans)


def _keep_prose(lines: Sequence[PrintedLine], gutters: list[float], page_width: float) -> tuple[float, ...]:
    """Drop gutters until every column between them holds running text."""
    kept = list(gutters)
    while kept:
        borders = [float("-inf"), *kept, float("inf")]
        weakest: int | None = None
        for index in range(len(borders) - 1):
            if not _is_prose(lines, borders[index], borders[index + 1], page_width):
                weakest = index
                break
        if weakest is None:
            return tuple(kept)
        kept.pop(_gutter_to_drop(lines, kept, weakest))
    return ()


def _gutter_to_drop(lines: Sequence[PrintedLine], gutters: list[float], column: int) -> int:
    """Return which border of a column without running text goes: the one with the nearer neighbour."""
    if column == 0:
        return 0
    if column == len(gutters):
        return column - 1
    low, high = gutters[column - 1], gutters[column]
    inside = [piece for line in lines for piece in _extents(line) if low <= (piece[0] + piece[1]) / 2 < high]
    if not inside:
        return column
    left_gap = min(x0 for x0, _ in inside) - max(
        (x1 for line in lines for x0, x1 in _extents(line) if x1 <= low + 3), default=low
    )
    right_gap = min((x0 for line in lines for x0, _ in _extents(line) if x0 >= high - 3), default=high) - max(
        x1 for _, x1 in inside
    )
    return column if right_gap <= left_gap else column - 1


def _is_prose(lines: Sequence[PrintedLine], low: float, high: float, page_width: float) -> bool:
    """Tell whether the strip holds running text: lines of some words that fill its width."""
    pieces: list[tuple[float, float, float]] = []
    for line in lines:
        if line.x1 < low or line.x0 > high:
            continue
        extents = _extents(line)
        printed = sum([x1 - x0 for x0, x1 in extents])
        per_point = len(line.text) / printed if printed > 0 else 0.0
        for x0, x1 in extents:
            if low <= (x0 + x1) / 2 < high and not (x0 < low - 3 or x1 > high + 3):
                pieces.append((x0, x1, (x1 - x0) * per_point))
    if len(pieces) < _MIN_LINES:
        return False
    left, right = min(piece[0] for piece in pieces), max(piece[1] for piece in pieces)
    width = right - left
    if width < 0.1 * page_width:
        return False
    if statistics.median(piece[2] for piece in pieces) < 11:
        return False
    filled = sum(piece[1] - piece[0] >= 0.6 * width for piece in pieces)
    return filled >= 0.3 * len(pieces)


def drop_margin(lines: list[PrintedLine]) -> tuple[list[PrintedLine], list[PrintedLine]]:
    """Return (lines, margin): columns of single letters, printed down the page, are margin."""
    single = [line for line in lines if len(line.text.strip()) <= 2]
    if len(single) < 8:
        return lines, []
    by_place = Counter(round((line.x0 + line.x1) / 8) for line in single)
    places = {place for place, count in by_place.items() if count >= 8 and _is_vertical(single, place)}
    if not places:
        return lines, []
    margin = [line for line in single if round((line.x0 + line.x1) / 8) in places]
    beside = set(map(id, margin))
    return [line for line in lines if id(line) not in beside], margin


def _is_vertical(lines: list[PrintedLine], place: int) -> bool:
    """Letters below each other are vertical print; numbers below each other are a column of a table."""
    text = "".join(line.text.strip() for line in lines if round((line.x0 + line.x1) / 8) == place)
    return sum(char.isalpha() for char in text) > 0.7 * len(text) and not any(
        "\u2e80" <= char <= "\u9fff" for char in text
    )


def common_gutters(found: Sequence[tuple[float, tuple[float, ...]]]) -> dict[int, tuple[float, ...]]:
    """Return the gutters that most pages of a width share: {rounded page width: gutters}.

    `found` holds (page width, gutters) a page. Gutters on fewer than three pages or a fifth of them are not common.
    """
    result: dict[int, tuple[float, ...]] = {}
    for width in {round(width) for width, _ in found}:
        pages = [gutters for page_width, gutters in found if round(page_width) == width]
        groups: list[list[tuple[float, ...]]] = []
        for gutters in pages:
            if not gutters:
                continue
            for group in groups:
                if same_gutters(group[0], gutters):
                    group.append(gutters)
                    break
            else:
                groups.append([gutters])
        best = max(groups, key=len, default=[])
        if len(best) >= max(3, len(pages) // 5):
            result[width] = tuple(statistics.median(values) for values in zip(*best, strict=True))
    return result


def same_gutters(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    """Tell whether two pages have the same columns."""
    return len(one) == len(other) and all(abs(a - b) <= _SAME_GUTTER for a, b in zip(one, other, strict=True))


def fits(lines: Sequence[PrintedLine], gutters: tuple[float, ...]) -> bool:
    """Tell whether a page without columns of its own can stand in the document's: hardly a line crosses them."""
    if not lines:
        return False
    crossing = sum(any(_crosses(line, gutter) for gutter in gutters) for line in lines)
    return crossing <= _CROSSING_SHARE * len(lines)


def crosses_gap(line: PrintedLine, gutters: tuple[float, ...]) -> bool:
    """Tell whether PDFium joined pieces of different columns to this line, with a gap at the gutter."""
    return bool(line.spans) and any(line.x0 < gutter < line.x1 and not _crosses(line, gutter) for gutter in gutters)


def order_lines(lines: Sequence[PrintedLine], gutters: tuple[float, ...], *, right_to_left: bool = False) -> list[Run]:
    """Return the runs of a page in reading order.

    Without gutters the page is one run, row by row. In right-to-left documents the rightmost column is read first;
    columns
    are numbered from the left all the same.
    """
    if not lines:
        return []
    if not gutters:
        return [_run(0, sort_rows(lines, right_to_left))]
    columns: list[tuple[int, PrintedLine]] = [(column_of(line, gutters), line) for line in lines]
    columns.sort(key=lambda found: found[1].middle)
    runs: list[Run] = []
    band: list[tuple[int, PrintedLine]] = []
    across: list[PrintedLine] = []
    for column, line in columns:
        if column == 0:
            if band and not across and not _ends_above(band, line):
                band.append((_nearest(line, gutters), line))
                continue
            runs.extend(_close_band(band, right_to_left))
            band = []
            across.append(line)
        else:
            if across:
                runs.append(_run(0, sort_rows(across, right_to_left)))
                across = []
            band.append((column, line))
    runs.extend(_close_band(band, right_to_left))
    if across:
        runs.append(_run(0, sort_rows(across, right_to_left)))
    return runs


def _ends_above(band: list[tuple[int, PrintedLine]], line: PrintedLine) -> bool:
    """A line across the page stands free of the columns above it; an overhanging line overlaps its neighbours."""
    return all(other.y1 <= line.y0 + 0.5 * (line.y1 - line.y0) for _, other in band[-6:])


def _nearest(line: PrintedLine, gutters: tuple[float, ...]) -> int:
    return 1 + sum(gutter < line.x0 + 3 for gutter in gutters)


def column_of(line: PrintedLine, gutters: tuple[float, ...]) -> int:
    """Return the column that a line stands in, from 1 at the left; 0 when it runs across a gutter."""
    middle = (line.x0 + line.x1) / 2
    column = 1
    for gutter in gutters:
        if line.x0 < gutter - 6.0 and line.x1 > gutter + 6.0:
            over = min(gutter - line.x0, line.x1 - gutter)
            if over > 0.12 * line.width:
                return 0
        column += gutter < middle
    return column


def _close_band(band: list[tuple[int, PrintedLine]], right_to_left: bool) -> list[Run]:
    numbers = sorted({column for column, _ in band}, reverse=right_to_left)
    return [
        _run(number, sort_rows([line for column, line in band if column == number], right_to_left))
        for number in numbers
    ]


def _run(column: int, lines: list[PrintedLine]) -> Run:
    return Run(column, lines, min(line.x0 for line in lines), max(line.x1 for line in lines))


def sort_rows(lines: Sequence[PrintedLine], right_to_left: bool = False) -> list[PrintedLine]:
    """Return lines from top to bottom, those of one baseline in the direction of the page.

    PDFium's order is kept as a whole where it already runs down the page.
    """
    if all(after.y1 >= before.y1 - 0.5 * before.size for before, after in pairwise(lines)):
        return list(lines)
    ordered = sorted(lines, key=lambda line: line.middle)
    rows: list[list[PrintedLine]] = []
    for line in ordered:
        if rows and _same_row(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.x0, reverse=right_to_left)]


def _same_row(one: PrintedLine, other: PrintedLine) -> bool:
    overlap = min(one.y1, other.y1) - max(one.y0, other.y0)
    return overlap > 0.5 * min(one.y1 - one.y0, other.y1 - other.y0)
