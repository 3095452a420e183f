"""From printed lines in reading order to blocks: paragraphs, headings, list items, rows, contents lines.

Belongs here: where a block begins and ends and what kind it is, judged by gaps, indents, fonts and list signs. Does not
belong here: reading order (`pdf_columns`), sentences and sections (`passages`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from extractors.layout import Kind
from extractors.pdf_columns import Run
from extractors.pdf_text import Box, PrintedLine

SENTENCE_END = tuple(".!?:;。！？：；؟؛۔।…")
_CLOSERS = "\"'”’»›)]}】」』"
_CLOSER_SIGNS = tuple(_CLOSERS)
_LIST_SIGN = re.compile(
    r"""\s*(?:[•●▪■◦‣⁃○➢➤✓❖*·\uf0b7\uf0a7\uf0d8\uf076o]\s+
    |[-–—]\s+
    |\(?[a-zA-Zа-яА-Я][).]\s+
    |\(?[ivxlcIVXLC]{1,6}[).]\s+
    |\(?\d{1,3}\s?[).°º–]\s*(?=\D)
    |\d{1,2}(?:\.\d{1,3}){1,4}\.?\s+
    |\(\d{1,3}\)\s*
    |[（(][一二三四五六七八九十百\d]{1,4}[）)]
    |[一二三四五六七八九十百]{1,4}、
    |第[一二三四五六七八九十百千零\d]{1,8}[条條章节節编編款]
    |[\u0660-\u0669\u06f0-\u06f9]{1,3}\s?[-–.)/]\s*
    |[\u0621-\u064a]\s?[-–.)]\s+
    )""",
    re.VERBOSE,
)
_LEADERS = re.compile(r"(?:[.…·_]\s?){4,}\s*\S{0,8}\s*$")
_LEFTWARDS = re.compile("[\u0590-\u08ff\ufb1d-\ufefc]")
_TWO_LETTERS = re.compile(r"[^\W\d_].*?[^\W\d_]", re.DOTALL)
_MAX_HEADING = 240


class BlockDraft(NamedTuple):
    """A block before it has its place in the text layer."""

    text: str
    lines: tuple[tuple[int, int, Box], ...]
    """Start, end, box a line, relative to the text."""
    kind: Kind
    size: float
    bold: bool
    column: int
    indent: float = 0.0
    confidence: float | None = None
    reading: str | None = None
    """The row of a table with its header cells."""
    ends_open: bool = False
    """Whether the last sentence goes on: it ends without a stop."""
    ends_full: bool = False
    """Whether the last line fills its column."""


class Body(NamedTuple):
    """What the running text of a document looks like."""

    size: float
    bold: bool
    headings: tuple[float, ...] = ()
    """Sizes of larger print, largest first."""


@dataclass(slots=True)
class _Open:
    """The block under way."""

    rows: list[list[PrintedLine]] = field(default_factory=list)
    tabular: bool = False


def measure_body(pages: Sequence[Sequence[PrintedLine]]) -> Body:
    """Return the look of the running text: the size and weight in which most characters are printed."""
    printed: dict[tuple[float, bool], int] = {}
    for lines in pages:
        for line in lines:
            look = (line.size, line.bold)
            printed[look] = printed.get(look, 0) + len(line.text)
    weight: Counter[tuple[float, bool]] = Counter()
    for (size, bold), characters in printed.items():
        weight[_step(size), bold] += characters
    if not weight:
        return Body(10.0, False)
    (size, bold), _ = weight.most_common(1)[0]
    larger: Counter[float] = Counter()
    for (step, _), characters in weight.items():
        if step >= 1.12 * size:
            larger[step] += characters
    return Body(size, bold, tuple(sorted((step for step in larger), reverse=True))[:6])


def _step(size: float) -> float:
    return round(size * 2) / 2


def build_blocks(run: Run, body: Body) -> Iterator[BlockDraft]:
    """Yield the blocks of one run of lines."""
    rows = _rows(run.lines)
    pitch = _pitch(rows, body)
    tabular = _tabular_rows(rows)
    current = _Open()
    for index, row in enumerate(rows):
        if current.rows and _begins_block(current, row, tabular[index], run, pitch):
            yield _close(current, run, body)
            current = _Open()
        current.rows.append(row)
        current.tabular = tabular[index]
    if current.rows:
        yield _close(current, run, body)


def _rows(lines: Sequence[PrintedLine]) -> list[list[PrintedLine]]:
    rows: list[list[PrintedLine]] = []
    for line in lines:
        if rows:
            last = rows[-1][-1]
            if line.y0 >= last.y1:
                rows.append([line])
                continue
            overlap = min(last.y1, line.y1) - max(last.y0, line.y0)
            apart = line.x0 >= last.x1 - 1 or line.x1 <= last.x0 + 1
            if apart and overlap > 0.5 * min(last.y1 - last.y0, line.y1 - line.y0):
                rows[-1].append(line)
                continue
        rows.append([line])
    return rows


def _pitch(rows: Sequence[Sequence[PrintedLine]], body: Body) -> float:
    middles = [row[0].y0 + row[0].y1 for row in rows]
    widest = 2.6 * max(body.size, rows[0][0].size)
    steps = [step for before, after in pairwise(middles) if 0 < (step := (after - before) / 2) < widest]
    if len(steps) < 3:
        return 1.25 * body.size if not steps else min(*steps, 1.4 * body.size)
    steps.sort()
    return steps[len(steps) // 3]


def _pieces(row: Sequence[PrintedLine]) -> list[float]:
    """Return where the pieces of a row begin, when they stand far apart; else only the first."""
    starts = [row[0].x0]
    for before, after in pairwise(row):
        if after.x0 - before.x1 > 1.5 * after.size:
            starts.append(after.x0)
    if len(row) == 1 and row[0].spans:
        for (_, end), (start, _) in pairwise(row[0].spans):
            if start - end > 2.5 * row[0].size:
                starts.append(start)
    return starts


def _tabular_rows(rows: Sequence[Sequence[PrintedLine]]) -> list[bool]:
    """Tell which rows belong to a table: a neighbour has a piece that begins at the same place after a wide gap."""
    flags = [False] * len(rows)
    if all(len(row) == 1 and not row[0].spans for row in rows):
        return flags
    starts = [_pieces(row)[1:] for row in rows]
    for index in range(len(rows) - 1):
        if any(abs(one - other) < 5 for one in starts[index] for other in starts[index + 1]):
            flags[index] = flags[index + 1] = True
    return flags


def _begins_block(open_block: _Open, row: Sequence[PrintedLine], tabular: bool, run: Run, pitch: float) -> bool:
    last, line = open_block.rows[-1], row[0]
    before, size = last[-1], line.size
    step = (line.y0 + line.y1 - last[0].y0 - last[0].y1) / 2
    if step < -0.5 * size or step > max(1.42 * pitch, pitch + 0.3 * size):
        return True
    if tabular or open_block.tabular:
        return True
    if abs(size - before.size) > 0.14 * max(size, before.size):
        return True
    ended = _ends_sentence(before.text)
    if line.bold != before.bold and (line.bold or ended or _is_short(before, run)):
        return True
    if _has_leaders(before.text):
        return True
    short = _is_short(before, run)
    if ended and (short or _indented(open_block, line, run)):
        return True
    return _is_item(line.text) and (ended or short or _hangs(open_block, line))


def _is_short(line: PrintedLine, run: Run) -> bool:
    """Whether a line ends well before the column does (from either side: right-to-left lines end at the left)."""
    room = 0.12 * (run.right - run.left)
    if not line.text.isascii() and _reads_leftwards(line.text):
        return line.x0 > run.left + room
    return line.x1 < run.right - room


def _reads_leftwards(text: str) -> bool:
    return _LEFTWARDS.search(text) is not None and len(_LEFTWARDS.findall(text)) > 0.4 * len(text)


def _indented(open_block: _Open, line: PrintedLine, run: Run) -> bool:
    edge = min(row[0].x0 for row in open_block.rows[-3:])
    return 0.8 * line.size < line.x0 - edge < 0.4 * (run.right - run.left + 1)


def _is_item(text: str) -> bool:
    """Tell whether a line begins with a list sign; two small letters begin a word, which is most lines."""
    start = text[:2]
    if start.isascii() and start.islower() and start.isalpha() and len(start) == 2 and start[0] not in "ivxlc":
        return False
    return _LIST_SIGN.match(text) is not None


def _hangs(open_block: _Open, line: PrintedLine) -> bool:
    """A list sign that stands out to the left of the lines above it begins a new item."""
    return line.x0 < open_block.rows[-1][0].x0 - 0.5 * line.size or (
        _LIST_SIGN.match(open_block.rows[0][0].text.lstrip()) is not None
        and abs(line.x0 - open_block.rows[0][0].x0) < 3
    )


def _ends_sentence(text: str) -> bool:
    text = text.rstrip()
    last = text[-1:]
    if last.isalnum():
        return False
    return last in SENTENCE_END or (last in _CLOSER_SIGNS and text.rstrip(_CLOSERS).rstrip().endswith(SENTENCE_END))


def _has_leaders(text: str) -> bool:
    """Whether a line leads to a page number by dots."""
    if ".." in text or "…" in text or ". ." in text or "__" in text or "··" in text:
        return _LEADERS.search(text[-90:]) is not None
    return False


def _close(open_block: _Open, run: Run, body: Body) -> BlockDraft:
    rows = open_block.rows
    flat = [line for row in rows for line in row]
    texts = [line.text.strip() for line in flat]
    text = "\n".join(texts) if len(flat) == len(rows) else "".join(_with_separators(open_block, texts))
    lines: list[tuple[int, int, Box]] = []
    length = 0
    for line, own in zip(flat, texts, strict=True):
        end = length + len(own)
        lines.append((length, end, line.box))
        length = end + 1
    size = sorted([line.size for line in flat])[len(flat) // 2]
    bold = all(line.bold for line in flat)
    spoken = [line.confidence for line in flat if line.confidence is not None]
    return BlockDraft(
        text, tuple(lines), _kind(text, size, bold, open_block, body), size, bold, run.column,
        indent=flat[0].x0 - run.left,
        confidence=round(sum(spoken) / len(spoken), 3) if spoken else None,
        ends_open=not _ends_sentence(text), ends_full=not _is_short(flat[-1], run),
    )  # fmt: skip


def _with_separators(open_block: _Open, texts: Sequence[str]) -> Iterator[str]:
    """Yield the texts of rows with several pieces and the one character between each two."""
    place = 0
    for row in open_block.rows:
        for index, line in enumerate(row):
            if place:
                yield _separator(row[index - 1], line, open_block.tabular) if index else "\n"
            yield texts[place]
            place += 1


def _separator(before: PrintedLine, line: PrintedLine, tabular: bool) -> str:
    gap = max(line.x0 - before.x1, before.x0 - line.x1)
    return "\t" if tabular and gap > 1.5 * line.size else " "


def _kind(text: str, size: float, bold: bool, open_block: _Open, body: Body) -> Kind:
    if _has_leaders(text):
        return "contents"
    if open_block.tabular:
        return "table_row"
    outstanding = size >= 1.12 * body.size or (bold and not body.bold)
    short = len(text) <= _MAX_HEADING and len(open_block.rows) <= 5
    if outstanding and short and not text.endswith((";", ",")) and _TWO_LETTERS.search(text):
        return "heading"
    return "list_item" if _is_item(text) else "paragraph"


def begins_item(text: str) -> bool:
    """Tell whether a text begins with the number or sign of a list item."""
    return _LIST_SIGN.match(text) is not None


def heading_level(draft: BlockDraft, body: Body) -> int:
    """Return the level of a heading by its size: 1 for the largest print; bold print in the body's size comes last."""
    for index, step in enumerate(body.headings):
        if draft.size >= step - 0.26:
            return min(index + 1, 6)
    return min(len(body.headings) + 1, 6)
