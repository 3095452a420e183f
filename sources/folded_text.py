"""Text folded for comparing names, with the way back to the original offsets.

Belongs here: folding letters (case, accents, Arabic variants) and white space. Does not belong here: any name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

_ARABIC_VARIANTS = str.maketrans({"ى": "ي", "ة": "ه", "ـ": "", "ک": "ك", "ی": "ي"})
_HAN_BRACKETS = "（）()《》〈〉“”\"'"


_WORD = re.compile(r"[^\W_]+")


_HAN = re.compile("[\u4e00-\u9fff\u3400-\u4dbf]")
_ODD = "\0"
_WIDE_GAP = re.compile(r"[\W_]{2,}")
MOST_WORDS_KEPT, LONGEST_KEPT = 50_000, 40
"""Folded words that are kept, and the length up to which they are."""


@dataclass(frozen=True)
class FoldedText:
    """Folded text; `offsets[i]` is where `text[i]` comes from in the original.

    Most texts name nothing that is looked for, so offsets are counted when they are first asked for.
    """

    text: str
    original: str

    @cached_property
    def offsets(self) -> tuple[int, ...]:
        """Where each character of `text` comes from."""
        if _is_plain(self.original):
            return tuple(_plain_offsets(self.original))
        counted: list[int] = []
        for letters, start, end in _pieces(self.original):
            if letters == " ":
                counted.append(start)
            elif len(letters) == end - start and _is_even(self.original[start:end]):
                counted.extend(range(start, end))
            else:
                counted.extend(at for at in range(start, end) for _ in _letters(self.original[at]))
        return tuple(counted)


def is_han(char: str) -> bool:
    """Whether a character is a Chinese one."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf"


def is_arabic(char: str) -> bool:
    """Whether a character is an Arabic letter."""
    return "\u0600" <= char <= "\u06ff"


def fold(text: str) -> FoldedText:
    """Return text without case, accents and punctuation; words are parted by one space.

    White space and brackets between two Chinese characters vanish, because printed lines break inside names.
    """
    plain = text.translate(_LETTERS)
    if _ODD not in plain and (text.isascii() or not _is_mark(text[0])):
        while "  " in plain:
            plain = plain.replace("  ", " ")
        return FoldedText(plain, text)
    return FoldedText("".join([letters for letters, _, _ in _pieces(text)]), text)


def has_han(text: str) -> bool:
    """Whether a Chinese character stands in a text: then a name in it need not be a word."""
    return not text.isascii() and _HAN.search(text) is not None


class _Letters(dict[int, str]):
    """What a character becomes on its own; `_ODD` where that depends on its neighbours."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if is_han(char) or char == _ODD:
            made = _ODD
        elif char.isalnum():
            made = _letters(char) or _ODD
        else:
            made = "" if _is_mark(char) else " "
        self[code] = made
        return made


_LETTERS = _Letters()


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield words as folded letters with start and end in the text, and a space for each gap that parts them."""
    last = 0
    before = ""
    for word in _WORD.finditer(text):
        start, end = word.span()
        letters = (_folded_word if end - start <= LONGEST_KEPT else _folded)(word.group())
        if not letters:
            continue
        if last < start and not _joins(text[last:start], before, letters):
            yield " ", last, start
        yield letters, start, end
        last, before = end, letters[-1]
    if last < len(text) and not all(map(_is_mark, text[last:])):
        yield " ", last, len(text)


def _folded(word: str) -> str:
    return word.lower() if word.isascii() else "".join(map(_letters, word))


_folded_word = lru_cache(maxsize=MOST_WORDS_KEPT)(_folded)


def _is_even(word: str) -> bool:
    """Whether each letter of a word becomes one letter."""
    return word.isascii() or all(len(_letters(char)) == 1 for char in word)


def _is_plain(text: str) -> bool:
    """Whether each character of a text becomes one, whatever stands beside it."""
    return text.isascii() or all(len(made := _LETTERS[ord(char)]) == 1 and made != _ODD for char in set(text))


def _plain_offsets(text: str) -> Iterator[int]:
    """Yield where each folded character comes from: only the second and later characters of a gap are passed over."""
    last = 0
    for gap in _WIDE_GAP.finditer(text):
        yield from range(last, gap.start() + 1)
        last = gap.end()
    yield from range(last, len(text))


def _joins(gap: str, before: str, letters: str) -> bool:
    """Whether what stands between two runs of letters parts them not: marks, or a break inside a Chinese name."""
    if gap == " " and not (before and is_han(before)):
        return False
    if before and is_han(before) and is_han(letters[0]) and all(map(_is_soft, gap)):
        return True
    return bool(before) and all(map(_is_mark, gap))


def _is_soft(char: str) -> bool:
    return char.isspace() or char in _HAN_BRACKETS or _is_mark(char)


def _is_mark(char: str) -> bool:
    """Whether a character belongs to the letter before it."""
    return unicodedata.combining(char) != 0


@cache
def _letters(char: str) -> str:
    base = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return "".join(c for c in base.casefold().translate(_ARABIC_VARIANTS) if c.isalnum())
