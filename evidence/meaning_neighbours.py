"""Neighbours: vectors of quotes that people labelled, each with question, stance, language and country.

Belongs here: the file format and the nearest neighbour a question and a stance. Does not belong here: the sentences
themselves (they never enter the project), or how vectors are made (`meaning_table`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evidence.meaning_table import VECTORS, Vectors, VectorsError, unit

QUOTES_FILE = VECTORS / "quotes.npz"


@dataclass(frozen=True, eq=False)
class Order:
    """Neighbours group by group: their rows, where each group that has any starts, and how many groups there are."""

    members: NDArray[np.intp]
    starts: NDArray[np.intp]
    filled: list[int]
    groups: int


def _order(groups: list[list[bool]]) -> Order:
    members = [np.flatnonzero(group) for group in groups]
    filled = [number for number, rows in enumerate(members) if len(rows)]
    starts = np.cumsum([0, *(len(members[number]) for number in filled)])[:-1]
    together = np.concatenate([members[number] for number in filled]) if filled else np.zeros(0, dtype=np.intp)
    return Order(together, starts, filled, len(groups))


@dataclass(frozen=True, eq=False)
class Neighbours:
    """Unit vectors sorted by question, with what is known of each."""

    vectors: Vectors
    questions: tuple[str, ...]
    stances: NDArray[np.int8]
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    _orders: dict[tuple[str, ...], Order] = field(default_factory=dict, init=False, repr=False)

    def without(self, country: str) -> Neighbours:
        """Return the neighbours that are not of a country."""
        return self._where(np.array([held != country for held in self.countries], dtype=bool))

    def nearest_by_question(self, vectors: Vectors, codes: tuple[str, ...]) -> Vectors:
        """Return the best cosine to a neighbour of each question, float32 (vectors x codes); 0 without neighbours."""
        if codes not in self._orders:
            self._orders[codes] = _order([[held == code for held in self.questions] for code in codes])
        return self._nearest(vectors, self._orders[codes])

    def joined(self, other: Neighbours) -> Neighbours:
        """Return these neighbours and others together."""
        return Neighbours(
            np.concatenate([self.vectors, other.vectors]),
            self.questions + other.questions,
            np.concatenate([self.stances, other.stances]),
            self.countries + other.countries,
            self.languages + other.languages,
        )

    def _nearest(self, vectors: Vectors, order: Order) -> Vectors:
        result = np.zeros((len(vectors), order.groups), dtype=np.float32)
        if len(order.filled) and len(vectors):
            cosines = vectors @ self.vectors[order.members].T
            result[:, order.filled] = np.maximum.reduceat(cosines, order.starts, axis=1)
        return result

    def _where(self, kept: NDArray[np.bool_]) -> Neighbours:
        return Neighbours(
            self.vectors[kept],
            tuple(q for q, keep in zip(self.questions, kept, strict=True) if keep),
            self.stances[kept],
            tuple(c for c, keep in zip(self.countries, kept, strict=True) if keep),
            tuple(c for c, keep in zip(self.languages, kept, strict=True) if keep),
        )


def load_all_neighbours(folder: Path = VECTORS) -> Neighbours:
    """Return the shipped neighbours and every file of reviewed quotes that a person put beside them."""
    found = load_neighbours(folder / QUOTES_FILE.name)
    for path in sorted(folder.glob("reviewed-*.npz")):
        found = found.joined(load_neighbours(path))
    return found


def load_neighbours(path: Path = QUOTES_FILE) -> Neighbours:
    """Return the neighbours of a file; raises VectorsError naming the fault."""
    try:
        with np.load(path, allow_pickle=False) as held:
            codes, countries, languages = (
                bytes(held[name]).decode("utf-8").split("\n") for name in ("codes", "countries", "languages")
            )
            return Neighbours(
                unit(held["vectors"].astype(np.float32)),
                tuple(codes[i] for i in held["question"]),
                held["stance"].astype(np.int8),
                tuple(countries[i] for i in held["country"]),
                tuple(languages[i] for i in held["language"]),
            )
    except (OSError, KeyError, ValueError, IndexError, UnicodeDecodeError) as error:
        raise VectorsError(
            f"The neighbours in {path} cannot be read ({error}). Install the project again, "
            "or make the file with evidence/training/learn_quotes.py."
        ) from error
