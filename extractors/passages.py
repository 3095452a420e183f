"""From a layout to a reading: passages with sentences, places, languages.

Belongs here: cutting blocks into passages of readable size and putting everything known of them together. Does not
belong here: formats, sentence borders (`sentences`), sections and heads (`structure`), languages
(`language_detection`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, replace

from extractors.language_detection import assign_languages
from extractors.languages import UNKNOWN, is_covered, language_name
from extractors.layout import Block, Layout
from extractors.sentences import split_sentences
from extractors.structure import MAX_HEAD, Place, Structure
from extractors.surrogates import has_halves, join_halves
from extractors.version import READER_VERSION
from store.readings import Reading
from store.tables import READ, Passage

TARGET = 1200
"""Length that a passage should not pass; whole sentences only, so a longer sentence makes a longer passage."""
_NUMBERS = re.compile(r"\d+(?:[.,:/\-]\d+)*")
_HALVES = re.compile("[\ud800-\udfff]")
SHARE_SHOWN = 0.05
"""Share of the text that a language needs to be named on the document."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A run of whole sentences of one block; spans in the text layer."""

    block: Block
    place: Place
    start: int
    end: int
    sentences: tuple[int, ...]
    reading: str
    goes_on: bool = False
    """Whether its sentence began on the page before; the head is that beginning."""


def build(layout: Layout, digest: str, language_hints: tuple[str, ...] = ()) -> Reading:
    """Return the reading of a layout; `language_hints` are the languages to expect (those of the country)."""
    layout = _without_halves(layout)
    pieces = _pieces(layout)
    languages = _languages(pieces, layout, language_hints)
    passages = tuple(
        _passage(layout, ordinal, piece, language, script)
        for ordinal, (piece, (language, script)) in enumerate(zip(pieces, languages, strict=True))
    )
    shares = language_shares(passages)
    shown = tuple(code for code, share in shares.items() if share >= SHARE_SHOWN)
    status, reason = _coverage(layout, shares)
    return Reading(
        payload_digest=digest, reader_version=READER_VERSION, format=layout.format, status=status, reason=reason,
        title=layout.title, language=next(iter(shares), UNKNOWN), languages=shown, published_on=layout.published_on,
        text=layout.text, pages=layout.pages, passages=passages, outline=layout.outline, metadata=layout.metadata,
        resumable=layout.resumable,
    )  # fmt: skip


def _without_halves(layout: Layout) -> Layout:
    """Return a layout without half surrogates, which no file and no table can hold, whatever a backend let through.

    In the text layer each becomes one sign, because offsets count on its length; elsewhere two halves are joined.
    """
    blocks = [
        block._replace(reading=block.reading and join_halves(block.reading), marker=join_halves(block.marker))
        if has_halves(block.marker + (block.reading or ""))
        else block
        for block in layout.blocks
    ]
    return replace(
        layout, blocks=tuple(blocks), title=join_halves(layout.title), reason=join_halves(layout.reason),
        text=_HALVES.sub("\ufffd", layout.text) if has_halves(layout.text) else layout.text,
        outline=tuple(join_halves(line) for line in layout.outline),
        metadata={join_halves(name): join_halves(value) for name, value in layout.metadata.items()},
    )  # fmt: skip


def _languages(pieces: list[_Piece], layout: Layout, hints: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return language and script of each piece; its neighbours are those of its own column."""
    return assign_languages(
        [piece.reading for piece in pieces],
        [piece.block.language or layout.language for piece in pieces],
        hints,
        [piece.block.role == "navigation" for piece in pieces],
        [piece.block.column for piece in pieces],
    )


def language_shares(passages: tuple[Passage, ...]) -> dict[str, float]:
    """Return the share of each language in the main text (in all text where there is no main text), largest first."""
    counts: Counter[str] = Counter()
    for only_main in (True, False):
        for passage in passages:
            if passage.role == "main" or not only_main:
                counts[passage.language] += len(passage.text)
        if counts:
            break
    total = sum(counts.values())
    return {code: count / total for code, count in counts.most_common()} if total else {}


def _coverage(layout: Layout, shares: dict[str, float]) -> tuple[str, str]:
    """Return status and reason: languages that the evidence step does not read are named, never guessed."""
    if layout.status != READ:
        return layout.status, layout.reason
    missing = [
        code for code, share in shares.items() if share >= SHARE_SHOWN and code != UNKNOWN and not is_covered(code)
    ]
    covered = sum(share for code, share in shares.items() if is_covered(code))
    if not missing:
        return READ, layout.reason
    named = "; ".join(f"{language_name(code)}: not covered ({shares[code]:.0%} of the text)" for code in missing)
    status = READ if covered >= SHARE_SHOWN else "not_covered"
    return status, f"{layout.reason} {named}.".strip()


def _pieces(layout: Layout) -> list[_Piece]:
    structure = Structure()
    pieces: list[_Piece] = []
    last_of_column: dict[int, _Piece] = {}
    for block in layout.blocks:
        text = layout.text[block.start : block.end]
        whole = block.reading if block.reading is not None else layout.mend(_without_gaps(text, 0, len(text), block))
        place = structure.place(block, text, whole)
        before = last_of_column.get(block.column) if block.continued else None
        runs = _cut(text, block) if before is None else _first_apart(_cut(text, block), block)
        for start, end, borders in runs:
            reading = whole if len(runs) == 1 else layout.mend(_without_gaps(text, start, end, block))
            pieces.append(_Piece(block, place, block.start + start, block.start + end, borders, reading))
        if before is not None and runs:
            first = len(pieces) - len(runs)
            beginning = replace(place, head=(before.sentences[-2], before.sentences[-1]))
            pieces[first] = replace(pieces[first], place=beginning, goes_on=True)
        if runs and block.role == "main":
            last_of_column[block.column] = pieces[-1]
    return pieces


def _first_apart(runs: list[tuple[int, int, tuple[int, ...]]], block: Block) -> list[tuple[int, int, tuple[int, ...]]]:
    """Return runs with the first sentence by itself: it is the rest of a sentence, and only it hangs on that one."""
    if not runs or len(runs[0][2]) == 2:
        return runs
    start, end, borders = runs[0]
    return [
        (start, borders[1] - block.start, borders[:2]),
        (borders[2] - block.start, end, borders[2:]),
        *runs[1:],
    ]


def _passage(layout: Layout, ordinal: int, piece: _Piece, language: str, script: str) -> Passage:
    block, place = piece.block, piece.place
    text = layout.text[piece.start : piece.end]
    head = _short_head(layout.text, place.head) if place.head else None
    return Passage(
        ordinal=ordinal, page=_page(layout, block, piece.start), start=piece.start, end=piece.end, text=text,
        reading_text=piece.reading, sentences=piece.sentences, kind=block.kind, role=block.role, section=place.section,
        article=place.article, head=layout.mend(layout.text[head[0] : head[1]]) if head else "",
        head_start=head[0] if head else None, head_end=head[1] if head else None, language=language, script=script,
        ocr_confidence=block.ocr_confidence, boxes=_boxes(layout, block, piece.start, piece.end),
        goes_on=piece.goes_on,
        unreliable_digits=_digits(text, piece.start) if block.ocr_confidence is not None else (),
    )  # fmt: skip


def _page(layout: Layout, block: Block, start: int) -> int | None:
    """Return the page on which a passage begins; a block may run over several."""
    if block.page is None or not layout.pages or block.start == start:
        return block.page
    position = bisect_left(layout.pages, start + 1, key=lambda page: page.start) - 1
    return max(block.page, layout.pages[max(0, position)].number)


def _boxes(layout: Layout, block: Block, start: int, end: int) -> tuple[float, ...]:
    """Return the boxes of a passage's lines on the page where it begins."""
    page = _page(layout, block, start)
    if page is not None and layout.pages:
        position = bisect_left(layout.pages, start + 1, key=lambda sheet: sheet.start) - 1
        end = min(end, layout.pages[max(0, position)].end)
    return tuple(value for line in block.lines if line.start < end and line.end > start for value in line.box)


def _digits(text: str, start: int) -> tuple[int, ...]:
    """Return the spans of numbers in a passage, start, end, start, end …, in the text layer."""
    return tuple(place for match in _NUMBERS.finditer(text) for place in (start + match.start(), start + match.end()))


def _short_head(text: str, head: tuple[int, int]) -> tuple[int, int]:
    """Return a head, or its last sentence when it is a long paragraph."""
    if head[1] - head[0] <= MAX_HEAD // 3:
        return head
    start, end = split_sentences(text[head[0] : head[1]], broken=True)[-1]
    return head[0] + start, head[0] + end


def _without_gaps(text: str, start: int, end: int, block: Block) -> str:
    """Return a slice of a block's text without the spans that do not belong to it."""
    if not block.gaps:
        return text[start:end]
    parts, position = [], start
    for gap_start, gap_end in block.gaps:
        first, last = gap_start - block.start, gap_end - block.start
        if last <= start or first >= end:
            continue
        parts.append(text[position : max(position, first)])
        position = max(position, last)
    return "".join([*parts, text[position:end]])


def _cut(text: str, block: Block) -> list[tuple[int, int, tuple[int, ...]]]:
    """Cut a block into runs of whole sentences, of at most TARGET characters where sentences allow it."""
    runs: list[tuple[int, int, list[int]]] = []
    for start, end in split_sentences(text, broken=block.broken):
        if runs and end - runs[-1][0] <= TARGET:
            first, _, borders = runs[-1]
            borders += (block.start + start, block.start + end)
            runs[-1] = (first, end, borders)
        else:
            runs.append((start, end, [block.start + start, block.start + end]))
    return [(start, end, tuple(borders)) for start, end, borders in runs]


def with_reason(layout: Layout, sentence: str) -> Layout:
    """Return a layout whose reason begins with `sentence`."""
    return replace(layout, reason=f"{sentence} {layout.reason}".strip()) if sentence else layout
