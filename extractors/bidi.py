"""Right-to-left text: logical order from where the letters are printed, and one spelling for search.

Belongs here: Arabic, Farsi, Urdu, Hebrew order and folding. Does not belong here: calls of PDFium (`pdf_text`), lines
and columns, languages.

PDF files store glyphs in any order: logical, visual, word by word. Where a glyph is printed is the only fact, so
lines with right-to-left letters are put together anew from the places of their glyphs: from right to left, with Latin
words and numbers inside from left to right (the inverse of the Unicode bidirectional algorithm for one level of
embedding).
"""

from __future__ import annotations

import math
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_STRONG_RIGHT = frozenset({"R", "AL"})
_SPACE_GAP = 0.2
"""A gap wider than this share of the line's height parts words where the file stores no spaces with a width."""
_SURE_GAP = 0.35
"""The same where it does: vowel signs may tear letters apart a little."""
_CASCADE_GAP = 0.1
"""The same in Nastaliq, where words stand close and letters overlap."""
_SIGN_GAP = 0.15
"""The same between a letter and a sign, which no vowel sign tears apart; other fonts often print signs."""
_NEAR = 200
"""Letters to either side of a vowel sign among which the one that carries it is sought: more than a row has."""
_NUMBER_JOINTS = frozenset(".,/:\u066b\u066c")
_HEBREW_JOINTS = frozenset("+-%$€₪#‑–")
_OPEN, _CLOSE = "([{<«‹", ")]}>»›"
_MIRROR = dict(zip(_OPEN + _CLOSE, _CLOSE + _OPEN, strict=True))
_QUOTES = dict(zip("“”‘’", "”“’‘", strict=True))


class Glyph(NamedTuple):
    """A printed character: points from the page's top left corner; `baseline` is its origin's height."""

    char: str
    x0: float
    y0: float
    x1: float
    y1: float
    baseline: float
    place: int
    """Its place on PDFium's page."""


class Row(NamedTuple):
    """A printed row in logical order."""

    text: str
    glyphs: tuple[Glyph, ...]


def has_right_to_left(text: str) -> bool:
    """Tell whether a text has a letter of a script that is written from right to left."""
    return not text.isascii() and _RIGHT.search(text) is not None


def split_rows(glyphs: Sequence[Glyph], height: float) -> list[list[Glyph]]:
    """Return glyphs by printed row, top row first; `height` is the usual line height.

    Rows are told apart by gaps between baselines, because in Nastaliq and under vowel signs letters of one row stand at
    several heights.
    """
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda glyph: glyph.baseline):
        if rows and glyph.baseline - rows[-1][-1].baseline <= 0.33 * height:
            rows[-1].append(glyph)
        else:
            rows.append([glyph])
    return rows


def read_row(glyphs: Sequence[Glyph], *, leftwards: bool = False) -> Row:
    """Return a row in logical order, from the places of its glyphs; a row without right-to-left letters runs on.

    `leftwards` says that the page runs from right to left, so that a row does with a single word that does.
    """
    if not glyphs:
        return Row("", ())
    return _finished(_spaced(_clusters(_settle_spaces(glyphs))), leftwards)


def read_letters(letters: Sequence[Sequence[Glyph]], *, leftwards: bool = False) -> Row:
    """Return a row in logical order from its letters in the order of print, left to right, where that is known: each
    is the glyphs of one letter in logical order, and spaces are where the file has them.
    """
    return _finished(_spaced([list(letter) for letter in letters], known=True), leftwards)


def _finished(groups: list[list[Glyph]], leftwards: bool) -> Row:
    text = "".join(glyph.char for group in groups for glyph in group)
    if not has_right_to_left(text):
        return Row(text, tuple(glyph for group in groups for glyph in group))
    leftwards = leftwards or _runs_leftwards(text)
    ordered = _logical(groups) if leftwards else _with_words_turned(groups)
    flat = [glyph for group in ordered for glyph in group]
    text = _turn_quotes("".join(glyph.char for glyph in flat))
    return Row(_mend_brackets(text) if leftwards else text, tuple(flat))


def _settle_spaces(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Move spaces without a width, whose place means nothing, between the words that they part in the file."""
    ordered = sorted(glyphs, key=lambda glyph: glyph.place)
    words: list[list[Glyph]] = [[]]
    spaces: list[tuple[int, Glyph]] = []
    for glyph in ordered:
        if glyph.char.isspace():
            if glyph.x1 - glyph.x0 < 0.05:
                spaces.append((len(words), glyph))
            words.append([])
        else:
            words[-1].append(glyph)
    settled = [glyph for glyph in ordered if not glyph.char.isspace() or glyph.x1 - glyph.x0 >= 0.05]
    if any(glyph.char.isspace() for glyph in settled):
        return settled  # the file gives its spaces a width; those without one are accidents
    for place, glyph in spaces:
        before, after = words[place - 1], words[place]
        if not before or not after:
            continue
        one, other = _centres(before), _centres(after)
        if one[0] >= other[1] - 1:
            middle = (one[0] + other[1]) / 2
        elif other[0] >= one[1] - 1:
            middle = (other[0] + one[1]) / 2
        else:
            continue
        settled.append(glyph._replace(x0=middle, x1=middle))
    return settled


def _centres(word: Sequence[Glyph]) -> tuple[float, float]:
    middles = [(glyph.x0 + glyph.x1) / 2 for glyph in word]
    return min(middles), max(middles)


def _runs_leftwards(text: str) -> bool:
    right = len(_RIGHT.findall(text))
    left = sum("A" <= char <= "z" for char in text)
    return right > 0 and right * 2 >= left


def _clusters(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Return letters from left to right, each with the vowel signs that stand on it and the letters of its ligature."""
    letters: list[list[Glyph]] = []
    marks: list[Glyph] = []
    for glyph in glyphs:
        if unicodedata.category(glyph.char) == "Mn":
            marks.append(glyph)
            continue
        letters.append([glyph])
    if _cascades([group[0] for group in letters]):
        letters.sort(key=lambda group: (group[0].x0, group[0].place))
    else:
        letters.sort(key=lambda group: (group[0].x0 + group[0].x1, group[0].place))
    letters = _join_ligatures(letters)
    middles = [(group[0].x0 + group[0].x1) / 2 for group in letters]
    for mark in sorted(marks, key=lambda glyph: glyph.place):
        middle = (mark.x0 + mark.x1) / 2
        here = bisect_left(middles, middle)
        near = letters[max(0, here - _NEAR) : here + _NEAR]
        base = min(near, key=lambda group: _away(group[0], mark, middle), default=None)
        if base is not None:
            base.append(mark)
    return letters


def _cascades(letters: Sequence[Glyph]) -> bool:
    """Tell whether letters stand at several heights, as in Nastaliq.

    There a word falls to its last letter on the line, and letters reach under their neighbours; only where the pen
    stood after each letter (its left edge) keeps the order of writing.
    """
    heights = Counter(round(glyph.baseline) for glyph in letters if has_right_to_left(glyph.char))
    total = heights.total()
    return total >= 6 and heights.most_common(1)[0][1] < 0.7 * total


def _away(letter: Glyph, mark: Glyph, middle: float) -> tuple[float, float]:
    """How far a vowel sign stands from a letter; the letter before it in the file is the likelier one."""
    outside = max(0.0, letter.x0 - middle, middle - letter.x1)
    if letter.place == mark.place - 1:
        outside = max(0.0, outside - 0.3 * (letter.y1 - letter.y0 + 4))
    return outside + (1000.0 if letter.char.isspace() else 0.0), abs((letter.x0 + letter.x1) / 2 - middle)


def _join_ligatures(letters: list[list[Glyph]]) -> list[list[Glyph]]:
    """Put letters of one glyph (lam and alef) together: they have one box; alef never comes before its lam."""
    joined: list[list[Glyph]] = []
    for group in letters:
        glyph = group[0]
        if joined and not glyph.char.isspace() and _same_box(joined[-1][0], glyph) and has_right_to_left(glyph.char):
            joined[-1].append(glyph)
            joined[-1].sort(key=lambda member: (member.char in "اأإآٱ", member.place))
        else:
            joined.append(group)
    return joined


def _same_box(one: Glyph, other: Glyph) -> bool:
    return abs(one.x0 - other.x0) < 0.05 and abs(one.x1 - other.x1) < 0.05 and one.x1 > one.x0


def _spaced(groups: list[list[Glyph]], known: bool = False) -> list[list[Glyph]]:
    """Put a space where letters stand apart and none is, and keep one of several; spaces that are `known` all count."""
    height = max((glyph.y1 - glyph.y0 for group in groups for glyph in group), default=0.0) or 1.0
    stored = any(group[0].char.isspace() and group[0].x1 - group[0].x0 >= 0.05 for group in groups)
    cascades = _cascades([group[0] for group in groups])
    near = _SIGN_GAP * height if stored and not cascades else math.inf
    wide = (_SURE_GAP if known else _CASCADE_GAP if cascades else _SURE_GAP if stored else _SPACE_GAP) * height
    groups = [group for place, group in enumerate(groups) if known or _is_supported(groups, place)]
    spaced: list[list[Glyph]] = []
    reach: float | None = None
    for group in groups:
        glyph = group[0]
        before = spaced[-1][0] if spaced else None
        if glyph.char.isspace():
            if before is not None and not before.char.isspace():
                spaced.append([glyph._replace(char=" ")])
            continue
        gap = glyph.x0 - reach if reach is not None else 0.0
        if before is not None and reach is not None and not before.char.isspace() and (
            gap > wide
            or (gap > near and _part_by_kind(before.char, glyph.char))
            or ((known or stored) and _parts_latin(before, glyph, gap))
        ):  # fmt: skip
            spaced.append([Glyph(" ", reach, glyph.y0, glyph.x0, glyph.y1, glyph.baseline, glyph.place)])
        spaced.append(group)
        reach = max(member.x1 for member in group) if reach is None else max(reach, *(member.x1 for member in group))
    return spaced


def _parts_latin(one: Glyph, other: Glyph, gap: float) -> bool:
    """Tell whether a gap between Latin letters or digits is a space that PDFium did not see."""
    if not (one.char + other.char).isascii():
        return False
    if not (one.char.isalnum() or one.char in ").,;:") or not (other.char.isalnum() or other.char == "("):
        return False
    return gap > 0.15 * max(one.x1 - one.x0, other.x1 - other.x0)


def _part_by_kind(one: str, other: str) -> bool:
    """Tell whether a right-to-left letter stands beside a bracket, a quotation mark, a Latin letter or a digit."""
    kinds = {"sign" if char in _MIRROR or char in _QUOTES or char.isdecimal() or (char.isascii() and char.isalpha())
             else "letter" if has_right_to_left(char) and char.isalpha() else "" for char in (one, other)}  # fmt: skip
    return kinds == {"sign", "letter"}


def _is_supported(groups: list[list[Glyph]], place: int) -> bool:
    """A space without a width counts between right-to-left letters, elsewhere only where there is a gap."""
    glyph = groups[place][0]
    if not glyph.char.isspace() or glyph.x1 - glyph.x0 >= 0.05:
        return True
    if place in (0, len(groups) - 1):
        return False
    before, after = groups[place - 1][0], groups[place + 1][0]
    if has_right_to_left(before.char) and has_right_to_left(after.char):
        return True
    return after.x0 - before.x1 > 0.15 * (before.y1 - before.y0 + after.y1 - after.y0) / 2


def _logical(groups: list[list[Glyph]]) -> list[list[Glyph]]:
    """Return visual order (from left to right) in logical order for a row that runs from right to left."""
    ordered: list[list[Glyph]] = []
    run: list[list[Glyph]] = []
    for group in reversed(groups):
        if _goes_rightwards(group[0].char) or (run and _is_inside(group[0].char)):
            run.append(group)
            continue
        ordered += _turned(run)
        run = []
        ordered.append(group)
    return ordered + _turned(run)


def _with_words_turned(groups: list[list[Glyph]]) -> list[list[Glyph]]:
    """Return visual order in logical order for a row that runs from left to right: its right-to-left words turned."""
    ordered: list[list[Glyph]] = []
    position = 0
    while position < len(groups):
        if not has_right_to_left(groups[position][0].char):
            ordered.append(groups[position])
            position += 1
            continue
        end = position
        for ahead in range(position, len(groups)):
            char = groups[ahead][0].char
            if has_right_to_left(char):
                end = ahead + 1
            elif unicodedata.bidirectional(char) == "L":
                break
        ordered += _logical(groups[position:end])
        position = end
    return ordered


def _goes_rightwards(char: str) -> bool:
    return unicodedata.bidirectional(char) in {"L", "EN", "AN"}


def _is_inside(char: str) -> bool:
    """Whether a sign may stand inside a run of Latin words or a number; `_turned` drops it where it ends the run."""
    return unicodedata.bidirectional(char) not in _STRONG_RIGHT


def _turned(run: list[list[Glyph]]) -> list[list[Glyph]]:
    """Turn runs that go rightwards; signs and spaces between numbers, or at an end, keep the direction of the row."""
    if not run:
        return []
    pieces: list[list[list[Glyph]]] = [[run[0]]]
    kinds = [_kind(run[0])]
    position = 1
    while position < len(run):
        ahead = position
        while ahead < len(run) and not _goes_rightwards(run[ahead][0].char):
            ahead += 1
        between = run[position:ahead]
        if ahead == len(run):
            pieces.extend([sign] for sign in between)
            break
        kind = _kind(run[ahead])
        if _joins(kinds[-1], kind, between):
            pieces[-1].extend([*between, run[ahead]])
            kinds[-1] = "L" if "L" in (kinds[-1], kind) else "N"
        else:
            pieces.extend([sign] for sign in between)
            pieces.append([run[ahead]])
            kinds.append(kind)
        position = ahead + 1
    return [group for piece in pieces for group in reversed(piece)]


def _kind(group: list[Glyph]) -> str:
    """L for a letter that runs rightwards, N for a digit."""
    return "L" if unicodedata.bidirectional(group[0].char) == "L" else "N"


def _joins(before: str, after: str, between: list[list[Glyph]]) -> bool:
    signs = "".join(group[0].char for group in between)
    if not signs or before == after == "L":
        return True
    if before == after == "N":
        return len(signs) == 1 and signs in _NUMBER_JOINTS
    return " " not in signs and len(signs) == 1 and signs not in _OPEN + _CLOSE


def _turn_quotes(text: str) -> str:
    """Turn quotation marks beside right-to-left words back: PDFium mirrors them like brackets, Unicode does not."""
    if not any(char in _QUOTES for char in text):
        return text
    before = _beside_leftwards(text)
    after = _beside_leftwards(text[::-1])[::-1]
    return "".join(
        _QUOTES[char] if char in _QUOTES and (before[index] or after[index]) else char
        for index, char in enumerate(text)
    )


def _beside_leftwards(text: str) -> list[bool]:
    """Tell of each place in a text whether the last letter before it runs leftwards."""
    found = []
    leftwards = False
    for char in text:
        found.append(leftwards)
        if char.isalpha():
            leftwards = has_right_to_left(char)
    return found


def _mend_brackets(text: str) -> str:
    """Give brackets of a right-to-left row the sign that their place asks for: an open one before a word, a closed
    after.

    Files store some brackets as they look and some as they mean, even in one line.
    """
    if not any(char in _MIRROR for char in text):
        return text
    letters = list(text)
    for index, char in enumerate(letters):
        if char not in _MIRROR:
            continue
        before = text[index - 1] if index else " "
        after = text[index + 1] if index + 1 < len(text) else " "
        opens = (before.isspace() or before in _MIRROR) and (after.isalnum() or after in _MIRROR or after in _QUOTES)
        closes = not before.isspace() and (after.isspace() or not after.isalnum())
        if (opens and not closes and char in _CLOSE) or (closes and not opens and char in _OPEN):
            letters[index] = _MIRROR[char]
    return "".join(letters)


_SEARCHED = re.compile(
    "[\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061c\u0640\u064b-\u0652\u0656-\u0669\u0670"
    "\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u06f0-\u06f9\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ufb1d-\ufdff\ufe70-\ufeff]"
)


def fold_for_search(text: str) -> str:
    """Return right-to-left text as it is searched: presentation forms as letters, kashida, vowel signs and marks of
    direction gone, Arabic-Indic digits as ASCII digits. Other text comes back as it is; quotes are never folded.
    """
    if text.isascii():
        return text
    return _SEARCHED.sub(_fold_sign, text)


def _fold_sign(match: re.Match[str]) -> str:
    char = match.group()
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    plain = unicodedata.normalize("NFKC", char)
    return "".join(
        letter for letter in plain if letter not in " \u0640" and unicodedata.category(letter) not in {"Mn", "Cf"}
    )
