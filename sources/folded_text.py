"""Text folded for comparing names, with the way back to the original offsets.

Belongs here: folding letters (case, accents, Arabic variants) and white space. Does not belong here: any name.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_ARABIC_VARIANTS = str.maketrans({"ى": "ي", "ة": "ه", "ـ": "", "ک": "ك", "ی": "ي"})
_HAN_BRACKETS = "（）()《》〈〉“”\"'"


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
    chars: list[str] = []
    offsets: list[int] = []
    pending: int | None = None
    only_soft = True
    for position, char in enumerate(text):
        letters = _letters(char)
        if not letters:
            if unicodedata.combining(char) or char == "ـ":
                continue
            if pending is None:
                pending, only_soft = position, True
            only_soft = only_soft and (char.isspace() or char in _HAN_BRACKETS)
            continue
        if pending is not None:
            joined = only_soft and chars and is_han(chars[-1]) and is_han(letters[0])
            if not joined:
                chars.append(" ")
                offsets.append(pending)
            pending = None
        for letter in letters:
            chars.append(letter)
            offsets.append(position)
    if pending is not None:
        chars.append(" ")
        offsets.append(pending)
    return FoldedText("".join(chars), tuple(offsets))


def _letters(char: str) -> str:
    if char.isascii():
        return char.lower() if char.isalnum() else ""
    base = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return "".join(c for c in base.casefold().translate(_ARABIC_VARIANTS) if c.isalnum())
