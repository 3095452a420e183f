"""The static table: words to vectors, sentences to the weighted mean of their words' vectors.

Belongs here: the table's file format, its tokenizer (WordPiece, greedy longest match) and the mean. Does not belong
here: what a vector means for a question (`meaning`), or how the table is made (`training/distil_vectors.py`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.errors import BadInputError

Vectors = NDArray[np.float32]

VECTORS = Path(__file__).parent / "vectors"
TABLE_FILE = VECTORS / "static_table.npz"

_WORD = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W_]+|[^\w\s]|_")
LONGEST_WORD = 64
"""Letters; a longer run of letters is OCR noise or an address and becomes no token."""
MOST_WORDS = 512
"""Words of a sentence that count; the rest of a sentence without a full stop says nothing new."""
BATCH = 2048
"""Sentences a step, so that memory stays below 100 MB whatever the document."""


class VectorsError(BadInputError):
    """A file of vectors is missing or does not have the stated form; the message names it."""


@dataclass(frozen=True, eq=False)
class StaticTable:
    """A vocabulary with one vector a token, weights included; unit-length sentence vectors come out."""

    vocabulary: dict[str, int]
    vectors: NDArray[np.int8]
    scale: Vectors
    mean: Vectors
    _cache: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)

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
        tokens: list[int] = []
        lengths: list[int] = []
        for sentence in sentences:
            before = len(tokens)
            for word in words(sentence):
                tokens.extend(self._pieces(word))
            lengths.append(len(tokens) - before)
        counts = np.asarray(lengths)
        sums = np.zeros((len(sentences), self.dimensions), dtype=np.float32)
        filled = np.flatnonzero(counts)
        if len(filled):
            ids = np.asarray(tokens)
            rows = self.vectors[ids].astype(np.float32) * self.scale[ids, None]
            starts = np.concatenate(([0], np.cumsum(counts)))[:-1][filled]
            sums[filled] = np.add.reduceat(rows, starts, axis=0)
            sums[filled] -= self.mean
        return unit(sums)

    def _pieces(self, word: str) -> tuple[int, ...]:
        found = self._cache.get(word)
        if found is None:
            found = self._split(word)
            if len(self._cache) < 500_000:
                self._cache[word] = found
        return found

    def _split(self, word: str) -> tuple[int, ...]:
        whole = self.vocabulary.get(word)
        if whole is not None:
            return (whole,)
        pieces: list[int] = []
        start = 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(len(word), start, -1):
                piece = self.vocabulary.get(prefix + word[start:end])
                if piece is not None:
                    break
            else:
                return ()
            pieces.append(piece)
            start = end
        return tuple(pieces)


def words(sentence: str) -> list[str]:
    """Return the words of a sentence as the table spells them: lower case, without accents, one a Han sign."""
    plain = sentence.lower()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if unicodedata.category(c) != "Mn")
    return [word for word in _WORD.findall(plain)[:MOST_WORDS] if len(word) <= LONGEST_WORD]


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
