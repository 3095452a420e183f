"""Text folded for comparing names, with the way back to the original offsets.

Belongs here: folding letters (case, accents, Arabic variants) and white space. Does not belong here: any name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

_ARABIC_VARIANTS = str.maketrans({"ى": "ي", "ة": "ه", "ـ": "", "ک": "ك", "ی": "ي"})
_HAN_BRACKETS = "（）()《》〈〉“”\"'"


_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class FoldedText:
    """Folded text; `offsets[i]` is where `text[i]` comes from in the original."""

    text: str
    offsets: tuple[int, ...]


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
    parts: list[str] = []
    offsets: list[int] = []
    last = 0
    before = ""
    for word in _WORD.finditer(text):
        start = word.start()
        folded = list(word.group().lower()) if word.group().isascii() else [_letters(char) for char in word.group()]
        letters = "".join(folded)
        if not letters:
            continue
        gap = text[last:start]
        if gap and not _joins(gap, before, letters):
            parts.append(" ")
            offsets.append(last)
        parts.append(letters)
        if len(letters) == len(folded) and "" not in folded:
            offsets.extend(range(start, word.end()))
        else:
            offsets.extend(at for at, one in enumerate(folded, start) for _ in one)
        last, before = word.end(), letters[-1]
    if last < len(text) and not all(map(_is_mark, text[last:])):
        parts.append(" ")
        offsets.append(last)
    return FoldedText("".join(parts), tuple(offsets))


def _joins(gap: str, before: str, letters: str) -> bool:
    """Whether what stands between two runs of letters parts them not: marks, or a break inside a Chinese name."""
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
