"""Words and their pieces, as the static table and sentence models spell them.

Belongs here: cutting a text into words and a word into known pieces, taking marks off letters, and the rows of words
that were met before, with their sums. Does not belong here: what the rows hold (`meaning_table`, `meaning_ngrams`),
files of tokenizers (`meaning_tokenizer`).
"""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_]+|[^\w\s]|_")
"""A Han sign, a run of letters and digits, or a sign of punctuation."""
_ASCII_WORD = re.compile(r"[a-zA-Z0-9]+|[^\sa-zA-Z0-9]")
"""The same for text without other letters."""
_BEYOND = re.compile("[\U00010000-\U0010ffff]")

SENTENCES_AT_ONCE = 32
"""So few that the gathered rows stay in a core's cache; a thousand at once took four to ten times as long."""


class KnownWords(dict[str, int]):
    """The row of each word met; a new word's row is made when it is asked for."""

    def __init__(self, make: Callable[[str], int]) -> None:
        """Take what returns the row of a new word."""
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> int:
        row = self[word] = self._make(word)
        return row


def sum_rows(table: NDArray[np.float32], rows: NDArray[np.intp], starts: NDArray[np.intp]) -> NDArray[np.float32]:
    """Return the sums of `table[rows]` from each start to the next, one row a start; no two starts are the same."""
    result = np.empty((len(starts), table.shape[1]), dtype=np.float32)
    for first, last in pairwise([*range(0, len(starts), SENTENCES_AT_ONCE), len(starts)]):
        end = starts[last] if last < len(starts) else len(rows)
        taken = table[rows[starts[first] : end]]
        np.add.reduceat(taken, starts[first:last] - starts[first], axis=0, out=result[first:last])
    return result


def find_words(text: str) -> list[str]:
    """Return the words of a text: Han signs, runs of letters and digits, signs of punctuation."""
    return _ASCII_WORD.findall(text) if text.isascii() else WORD.findall(text)


def longest_pieces(vocabulary: Iterable[str], prefix: str = "##") -> dict[str, int]:
    """Return the length of the longest piece that begins with each letter, for `cut_wordpiece`."""
    longest: dict[str, int] = {}
    for piece in vocabulary:
        bare = piece.removeprefix(prefix)
        for held in {piece, bare} - {""}:
            longest[held[0]] = max(longest.get(held[0], 0), len(held))
    return longest


def cut_wordpiece(
    word: str, vocabulary: Mapping[str, int], prefix: str = "##", longest: Mapping[str, int] | None = None
) -> tuple[int, ...]:
    """Return the ids of a word's longest known pieces from the left; nothing when a part is not known.

    `longest` of the same vocabulary spares looking for pieces that cannot be there.
    """
    pieces: list[int] = []
    start = 0
    while start < len(word):
        before = prefix if start else ""
        most = len(word) if longest is None else min(len(word), start + longest.get(word[start], 0))
        for end in range(most, start, -1):
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
    marks, marks_beyond = _marks()
    plain = marks.sub("", text)
    return marks_beyond.sub("", plain) if _BEYOND.search(plain) else plain


@lru_cache(maxsize=1)
def _marks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """All combining marks of Unicode as classes of ranges, those of the first plane and those beyond.

    Asking for each letter's category is ten times slower; one class for both, which Python tries range by range, six.
    """
    codes = [code for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Mn"]
    return _class([code for code in codes if code < 0x10000]), _class([code for code in codes if code >= 0x10000])


def _class(codes: list[int]) -> re.Pattern[str]:
    known = set(codes)
    starts = [code for code in codes if code - 1 not in known]
    ends = [code for code in codes if code + 1 not in known]
    return re.compile("[" + "".join(f"\\U{a:08x}-\\U{b:08x}" for a, b in zip(starts, ends, strict=True)) + "]+")
