"""The static table: words to vectors, sentences to the weighted mean of their words' vectors.

Belongs here: the table's file format, its tokenizer (WordPiece, greedy longest match) and the mean. Does not belong
here: what a vector means for a question (`meaning`), or how the table is made (`training/distil_vectors.py`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evidence.meaning_words import KnownWords, cut_wordpiece, find_words, longest_pieces, strip_marks, sum_rows
from store.errors import BadInputError

Vectors = NDArray[np.float32]

VECTORS = Path(__file__).parent / "vectors"
TABLE_FILE = VECTORS / "static_table.npz"

LONGEST_WORD = 64
"""Letters; a longer run of letters is OCR noise or an address and becomes no token."""
MOST_WORDS = 512
"""Words of a sentence that count; the rest of a sentence without a full stop says nothing new."""
MOST_CACHED = 40_000
"""Words whose sums are kept, 40 MB."""
BATCH = 1024
"""Sentences a step, so that memory stays below 100 MB whatever the document."""


class VectorsError(BadInputError):
    """A file of vectors is missing or does not have the stated form; the message names it."""


@dataclass(eq=False)
class StaticTable:
    """A vocabulary with one vector a token, weights included; unit-length sentence vectors come out."""

    vocabulary: dict[str, int]
    vectors: NDArray[np.int8]
    scale: Vectors
    mean: Vectors
    _rows: KnownWords = field(init=False, repr=False)
    _sums: Vectors = field(init=False, repr=False)
    """The sum of each known word's pieces, so that a word is cut once."""

    _longest: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._longest = longest_pieces(self.vocabulary)
        self._forget()

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return int(self.vectors.shape[1])

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Return unit vectors, float32 (sentences x dimensions); a sentence without a known token is all zero."""
        result = np.zeros((len(sentences), self.dimensions), dtype=np.float32)
        for first in range(0, len(sentences), BATCH):
            result[first : first + BATCH] = self._encode(sentences[first : first + BATCH])
        return result

    def _encode(self, sentences: Sequence[str]) -> Vectors:
        if len(self._rows) > MOST_CACHED:
            self._forget()
        rows: list[int] = []
        lengths: list[int] = []
        row = self._rows.__getitem__
        for sentence in sentences:
            before = len(rows)
            rows += filter(None, map(row, _all_words(sentence)))
            lengths.append(len(rows) - before)
        counts = np.asarray(lengths)
        sums = np.zeros((len(sentences), self.dimensions), dtype=np.float32)
        filled = np.flatnonzero(counts)
        if len(filled):
            starts = np.concatenate(([0], np.cumsum(counts)))[:-1][filled]
            sums[filled] = sum_rows(self._sums, np.asarray(rows), starts)
            sums[filled] -= self.mean
        return unit(sums)

    def _make(self, word: str) -> int:
        """Return the row of the sum of a word that was not met before; 0 for one without known pieces or too long."""
        if len(word) > LONGEST_WORD:
            return 0
        pieces = list(cut_wordpiece(word, self.vocabulary, longest=self._longest))
        if not pieces:
            return 0
        row = self._used
        if row == len(self._sums):
            self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)])
        self._sums[row] = (self.vectors[pieces] * self.scale[pieces, None]).sum(axis=0)
        self._used += 1
        return row

    def _forget(self) -> None:
        self._rows = KnownWords(self._make)
        self._sums = np.zeros((4096, self.dimensions), dtype=np.float32)
        self._used = 1


def words(sentence: str) -> list[str]:
    """Return the words of a sentence as the table spells them: lower case, without accents, one a Han sign."""
    return [word for word in _all_words(sentence) if len(word) <= LONGEST_WORD]


def _all_words(sentence: str) -> list[str]:
    """As `words`, with those that are too long."""
    plain = sentence.lower()
    if not plain.isascii():
        plain = strip_marks(unicodedata.normalize("NFD", plain))
    return find_words(plain)[:MOST_WORDS]


def unit(vectors: Vectors) -> Vectors:
    """Return the rows at length one; rows of zeros stay."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(length, 1e-9), dtype=np.float32)


def load_table(path: Path = TABLE_FILE) -> StaticTable:
    """Return the table of a file that `training/distil_vectors.py` wrote; raises VectorsError naming the fault."""
    try:
        with np.load(path, allow_pickle=False) as held:
            names = bytes(held["vocabulary"]).decode("utf-8").split("\n")
            vectors = np.ascontiguousarray(held["vectors"])
            scale = held["scale"].astype(np.float32)
            mean = held["mean"].astype(np.float32)
    except (OSError, KeyError, ValueError, UnicodeDecodeError) as error:
        raise VectorsError(
            f"The vectors in {path} cannot be read ({error}). Install the project again, "
            "or make the file with evidence/training/distil_vectors.py."
        ) from error
    if vectors.dtype != np.int8 or len(names) != len(vectors) or len(scale) != len(vectors):
        raise VectorsError(f"The vectors in {path} do not fit: {len(names)} words, {len(vectors)} rows.")
    return StaticTable({name: row for row, name in enumerate(names)}, vectors, scale, mean)
