"""Words and their pieces, as the static table and sentence models spell them.

Belongs here: cutting a text into words and a word into known pieces, and taking marks off letters. Does not belong
here: vectors (`meaning_table`), files of tokenizers (`meaning_tokenizer`).
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_]+|[^\w\s]|_")
"""A Han sign, a run of letters and digits, or a sign of punctuation."""


def cut_wordpiece(word: str, vocabulary: Mapping[str, int], prefix: str = "##") -> tuple[int, ...]:
    """Return the ids of a word's longest known pieces from the left; nothing when a part is not known."""
    pieces: list[int] = []
    start = 0
    while start < len(word):
        before = prefix if start else ""
        for end in range(len(word), start, -1):
            piece = vocabulary.get(before + word[start:end])
            if piece is not None:
                break
        else:
            return ()
        pieces.append(piece)
        start = end
    return tuple(pieces)


def strip_marks(text: str) -> str:
    """Return the text without combining marks: accents of a decomposed text, vowel signs, points."""
    return _marks().sub("", text)


@lru_cache(maxsize=1)
def _marks() -> re.Pattern[str]:
    """All combining marks of Unicode as one class of ranges; asking for each letter's category is ten times slower."""
    codes = [code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Mn"]
    known = set(codes)
    starts = [code for code in codes if code - 1 not in known]
    ends = [code for code in codes if code + 1 not in known]
    return re.compile("[" + "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in zip(starts, ends, strict=True)) + "]+")
