"""What a PDF says of its glyphs itself, in the order of the file: for pages where print hides the order of letters.

Belongs here: text objects with their replacement text (`ActualText`), put into printed rows. Does not belong here:
directions inside a row (`bidi`), pages whose glyphs say nothing of the kind (`pdf_leftwards`).

In Nastaliq a letter is several glyphs: its body stands above or below its neighbours', its dots under other letters,
and words overlap. PDFium takes such dots for letters of other lines and spaces for nothing. Programs that shape text
write each letter's glyphs as one group with the letter as `ActualText`, spaces included, along the row: there the pen
says the order, and a space is a space.
"""

from __future__ import annotations

import ctypes
import unicodedata
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import pypdfium2.raw as pdfium

from extractors.bidi import Glyph, has_right_to_left
from extractors.pdf_text import OpenPage, clean
from extractors.pdfium_calls import address_of

MAX_OBJECTS = 200_000
"""A page with more objects is read without what they say of themselves."""
INNERMOST = 8
"""So many marks around an object are asked for its text, from the innermost outwards."""
MAX_MARKS = 1_000_000
"""A page on which more marks would be asked is read without what it says of itself."""
LONGEST = 8
"""Characters that a group of glyphs may stand for; a longer replacement is no letter but a text of its own."""
_BACK = 0.75
"""The pen may go back by this share of the size inside a row: letters reach under each other."""
_DOWN = 1.5
"""A step down by more than this share of the size is another row even where the pen goes on."""
_SPACE = 0.05
"""A group without ink is a space where the pen moves by more than this share of the size."""
_SAME = 0.05
"""Characters whose pens are nearer than this, in points, are printed by one glyph."""
_SILENT = 20
"""One space in so many letters is enough to say that PDFium leaves spaces out."""
_ALEFS = "اأإآٱ"


class Letter(NamedTuple):
    """Glyphs that stand together for one letter, a ligature or a space, in logical order."""

    glyphs: tuple[Glyph, ...]
    pen: float
    """Where the pen stood: no glyph of a later letter of the row begins before it, though ink may."""


class _Piece(NamedTuple):
    """A text object: the group that it belongs to, its pen, its box and the characters that PDFium sees in it."""

    group: int
    replacement: str
    x: float
    y: float
    box: tuple[float, float, float, float]
    characters: tuple[Glyph, ...]


def stated_letters(page: OpenPage, size: float) -> list[Letter]:
    """Return the letters of a page in the order of the file; none where it says no more than PDFium sees: neither
    text for right-to-left glyphs nor spaces that PDFium left out.
    """
    pieces = _pieces(page)
    letters: list[Letter] = []
    place = silent = 0
    position = 0
    while position < len(pieces):
        end = position + 1
        while pieces[position].group and end < len(pieces) and pieces[end].group == pieces[position].group:
            end += 1
        members = pieces[position:end]
        place = min((glyph.place for piece in members for glyph in piece.characters), default=place)
        if members[0].replacement:
            letters.append(_replaced(members, place))
        elif members[0].characters:
            letters += _printed(members[0].characters)
        elif _moves_on(members[0], pieces[end : end + 1], size):
            letters.append(_space(members[0], place))
            silent += 1
        position = end
    says_more = silent * _SILENT >= len(letters) or any(has_right_to_left(piece.replacement) for piece in pieces)
    return letters if says_more else []


def stated_rows(letters: Sequence[Letter], places: Collection[range], size: float) -> list[list[tuple[Glyph, ...]]]:
    """Return the letters whose place is in `places`, row by row from the top, each from left to right."""
    wanted = sorted(places, key=lambda span: span.start)
    ends = [span.stop for span in wanted]
    runs = _runs([letter for letter in letters if _stands_in(letter.glyphs[0].place, wanted, ends)], size)
    rows: list[list[list[Letter]]] = []
    last = 0.0
    for run in sorted(runs, key=_baseline):
        baseline = _baseline(run)
        if rows and baseline - last <= 0.33 * size:
            rows[-1].append(run)
        else:
            rows.append([run])
        last = baseline
    return [_merged(row) for row in rows]


def _merged(runs: Sequence[Sequence[Letter]]) -> list[tuple[Glyph, ...]]:
    """Return the letters of a row's runs from left to right; inside a run the order of the file stays."""
    placed: list[tuple[float, tuple[Glyph, ...]]] = []
    for run in runs:
        farthest = run[0].pen
        for letter in run:
            farthest = max(farthest, letter.pen)
            placed.append((farthest, letter.glyphs))
    return [glyphs for _, glyphs in sorted(placed, key=lambda entry: entry[0])]


def _stands_in(place: int, spans: Sequence[range], ends: Sequence[int]) -> bool:
    """Tell whether a place stands in one of the spans, which are in order and end at `ends`."""
    nearest = bisect_right(ends, place)
    return nearest < len(spans) and place in spans[nearest]


def _runs(letters: Sequence[Letter], size: float) -> list[list[Letter]]:
    """Return runs of letters along which the pen goes right, as shaped text is written in either direction.

    Letters along which it goes left, as nothing that shapes text writes them, are runs of their own: their pens decide.
    """
    runs: list[list[Letter]] = []
    farthest = 0.0
    for letter in letters:
        if (
            runs
            and abs(_lowest(letter) - _lowest(runs[-1][-1])) <= _DOWN * size
            and letter.pen >= farthest - _BACK * size
        ):
            runs[-1].append(letter)
            farthest = max(farthest, letter.pen)
        else:
            runs.append([letter])
            farthest = letter.pen
    found: list[list[Letter]] = []
    for run in runs:
        found += [run] if run[-1].pen >= run[0].pen else [[letter] for letter in run]
    return found


def _lowest(letter: Letter) -> float:
    return max(glyph.baseline for glyph in letter.glyphs)


def _baseline(run: Sequence[Letter]) -> float:
    """Return the height at which most letters of a run stand: in Nastaliq words end on it."""
    heights = Counter(round(_lowest(letter)) for letter in run)
    return float(max(heights, key=lambda height: (heights[height], height)))


def _replaced(members: Sequence[_Piece], place: int) -> Letter:
    inked = [piece.box for piece in members if piece.box[2] > piece.box[0] and piece.box[3] > piece.box[1]]
    boxes = inked or [piece.box for piece in members]
    x0, y0 = min(box[0] for box in boxes), min(box[1] for box in boxes)
    x1, y1 = max(box[2] for box in boxes), max(box[3] for box in boxes)
    baseline = max(piece.y for piece in members)
    text = members[0].replacement
    glyphs = tuple(Glyph(char, x0, y0, x1, y1, baseline, place) for char in clean(text))
    return Letter(glyphs, min(piece.x for piece in members))


def _printed(characters: Sequence[Glyph]) -> list[Letter]:
    """Return the letters of an object without replacement, from left to right; those of one glyph stay together."""
    letters: list[list[Glyph]] = []
    for glyph in sorted(
        (glyph for glyph in characters if glyph.char != " "), key=lambda glyph: (glyph.x0, glyph.place)
    ):
        if letters and abs(letters[-1][0].x0 - glyph.x0) < _SAME:
            letters[-1].append(glyph)
        else:
            letters.append([glyph])
    middles = [(group[0].x0 + group[0].x1) / 2 for group in letters]
    spaces: dict[int, list[Glyph]] = {}
    # a letter may reach under the space after it, but hardly with more than half its width
    for space in sorted((glyph for glyph in reversed(characters) if glyph.char == " "), key=lambda glyph: glyph.x0):
        spaces.setdefault(bisect_left(middles, space.x0), []).append(space)
    row: list[list[Glyph]] = []
    for place, group in enumerate([*letters, []]):
        row += [[space] for space in spaces.get(place, ())]
        row += [group] if group else []
    return [
        Letter(tuple(sorted(group, key=lambda glyph: (_follows(glyph.char), glyph.place))), group[0].x0)
        for group in row
    ]


def _follows(char: str) -> int:
    """Signs follow the letter that carries them, and alef its lam."""
    return 2 if unicodedata.category(char) == "Mn" else int(char in _ALEFS)


def _moves_on(piece: _Piece, following: Sequence[_Piece], size: float) -> bool:
    """Tell whether an object without ink and without text is a space: the pen moved, as far as a space may be wide."""
    has_ink = piece.box[2] > piece.box[0] and piece.box[3] > piece.box[1]
    return not has_ink and any(_SPACE * size < abs(after.x - piece.x) for after in following)


def _space(piece: _Piece, place: int) -> Letter:
    return Letter((Glyph(" ", piece.x, piece.y, piece.x, piece.y, piece.y, place),), piece.x)


def _pieces(page: OpenPage) -> list[_Piece]:
    """Return the text objects of a page in the order of the file; those inside forms say nothing here."""
    handle = page.page_handle
    count = pdfium.FPDFPage_CountObjects(handle)
    if count > MAX_OBJECTS:
        return []
    items = [pdfium.FPDFPage_GetObject(handle, index) for index in range(count)]
    texts = [item for item in items if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_TEXT]
    marks = [pdfium.FPDFPageObj_CountMarks(item) for item in texts]
    if sum(min(marked, INNERMOST) for marked in marks) > MAX_MARKS:
        return []
    characters = page.glyphs_by_object()
    found = []
    for item, marked in zip(texts, marks, strict=True):
        group, replacement = _replacement(item, marked)
        matrix = pdfium.FS_MATRIX()
        corners = tuple(ctypes.c_float() for _ in range(4))
        pdfium.FPDFPageObj_GetMatrix(item, matrix)
        pdfium.FPDFPageObj_GetBounds(item, *corners)
        left, bottom, right, top = (corner.value for corner in corners)
        x, y = page.place(matrix.e, matrix.f, matrix.e, matrix.f)[:2]
        box = page.place(left, top, right, bottom)
        found.append(_Piece(group, replacement, x, y, box, tuple(characters.get(address_of(item), ()))))
    return found


def _replacement(item: Any, marked: int) -> tuple[int, str]:
    """Return the group of an object with so many marks and the text that the file gives for it, 0 and "" where it gives
    none.
    """
    for index in range(marked - 1, max(marked - INNERMOST, 0) - 1, -1):
        mark = pdfium.FPDFPageObj_GetMark(item, index)
        length = ctypes.c_ulong()
        buffer = (ctypes.c_ubyte * (2 * LONGEST + 4))()
        if pdfium.FPDFPageObjMark_GetParamBlobValue(mark, b"ActualText", buffer, len(buffer), length):
            text = _decoded(bytes(buffer[: length.value])) if length.value <= len(buffer) else ""
            return (address_of(mark), text) if text and len(text) <= LONGEST else (0, "")
    return 0, ""


def _decoded(raw: bytes) -> str:
    if raw.startswith(b"\xfe\xff"):
        return raw[2:].decode("utf-16-be", "replace")
    if raw.startswith(b"\xef\xbb\xbf"):
        return raw[3:].decode("utf-8", "replace")
    return raw.decode("latin-1") if raw.isascii() else ""
