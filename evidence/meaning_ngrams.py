"""Word and letter-sequence weights learned from exemplars: which question and stance a sentence's wording suggests.

Belongs here: how a sentence becomes units and letter sequences, the file format of the weights, and their sum. Does not
belong here: what the sums are used for (`meaning`), or how the weights are learned (`training/learn_ngrams.py`).

A sentence is the set of its words; a word is the set of its letter sequences of two to five, borders included;
Chinese is the set of its runs of one to four signs. The sums are divided by the length of the sentence's feature
vector, so that a long sentence says no more than a short one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from operator import add
from pathlib import Path
from typing import Any

import ahocorasick
import numpy as np

from evidence.meaning_table import VECTORS, Vectors, VectorsError
from evidence.meaning_words import SENTENCES_AT_ONCE, strip_marks, sum_rows

_WORD = re.compile(r"[^\W_]+")
_ASCII_WORD = re.compile("[a-z0-9]+")
"""The same for text of ASCII in lower case, which takes a third less."""
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_ARABIC = (("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ى", "ي"), ("ة", "ه"), ("ـ", ""), ("ؤ", "و"), ("ئ", "ي"))
SHORTEST, LONGEST = 2, 5
LONGEST_HAN = 4
LONGEST_WORD = 40
MOST_UNITS = 400
"""Distinct units of a sentence that count."""
MOST_CACHED = 200_000
BATCH = 2048


@dataclass(eq=False)
class NgramWeights:
    """Weights of one language: features x outputs; outputs are the bank's questions, then `none`, then four stances."""

    language: str
    features: dict[str, int]
    idf: Vectors
    weights: Vectors
    intercept: Vectors
    questions: tuple[str, ...]
    _sequences: list[ahocorasick.Automaton] = field(init=False, repr=False)
    """Each finds all known letter sequences of one length in a word, from the shortest."""
    _rows: dict[str, int] = field(init=False, repr=False)
    _sums: Vectors = field(init=False, repr=False)
    _squares: Vectors = field(init=False, repr=False)
    _used: int = field(init=False, repr=False)
    """Rows that are taken; the first is no unit's."""

    def __post_init__(self) -> None:
        self._sequences = _automata(self.features)
        self._forget()

    def logits(self, sentences: Sequence[str]) -> Vectors:
        """Return float32 (sentences x outputs); a sentence without a known feature gets the intercepts."""
        result = np.empty((len(sentences), self.weights.shape[1]), dtype=np.float32)
        for first in range(0, len(sentences), BATCH):
            result[first : first + BATCH] = self._logits(sentences[first : first + BATCH])
        return result

    def _logits(self, sentences: Sequence[str]) -> Vectors:
        if len(self._rows) > MOST_CACHED:
            self._forget()
        read = [self._words(sentence) for sentence in sentences]
        self._learn([word for word in dict.fromkeys(chain.from_iterable(read)) if word not in self._rows])
        rows: list[int] = []
        lengths: list[int] = []
        for words in read:
            before = len(rows)
            if isinstance(words, list):  # cut off
                rows += [self._rows.get(word, 0) for word in words]
            else:
                rows += filter(None, map(self._rows.get, words))
            lengths.append(len(rows) - before)
        counts = np.asarray(lengths)
        filled = np.flatnonzero(counts)
        result = np.zeros((len(sentences), self.weights.shape[1]), dtype=np.float32)
        if len(filled):
            ids = np.asarray(rows)
            starts = np.concatenate(([0], np.cumsum(counts)))[:-1][filled]
            length = np.sqrt(np.add.reduceat(self._squares[ids], starts))
            result[filled] = sum_rows(self._sums, ids, starts) / np.maximum(length, 1e-6)[:, None]
        return np.asarray(result + self.intercept, dtype=np.float32)

    def _words(self, sentence: str) -> Iterable[str]:
        """Return the distinct words of a sentence that may count; some are no units, and have no row."""
        words = _distinct(sentence, self.language)
        return words if len(words) <= MOST_UNITS else units(sentence, self.language)

    def _learn(self, words: Iterable[str]) -> None:
        """Give words that were not met before their rows, 0 to one that is no unit or has no known sequence.

        Their features are gathered together: word by word that took half as long again.
        """
        if self.language == "zh":
            return  # every known run of signs has its row from the beginning
        features: list[list[int]] = []
        for word in words:
            known = self._known(word) if _is_unit(word, self.language) else []
            self._rows[word] = self._used + len(features) if known else 0
            if known:
                features.append(known)
        for first in range(0, len(features), SENTENCES_AT_ONCE):
            self._add_rows(features[first : first + SENTENCES_AT_ONCE])

    def _known(self, word: str) -> list[int]:
        """Return the numbers of a word's known letter sequences, those that `grams` returns and in its order."""
        padded = f" {word} "
        found = [number for of_one_length in self._sequences for _, number in of_one_length.iter(padded)]
        if len(padded) > LONGEST and (whole := self.features.get(padded)) is not None:
            found.append(whole)
        return list(dict.fromkeys(found))

    def _add_rows(self, features: list[list[int]]) -> None:
        """Add a row for each list of features."""
        while self._used + len(features) > len(self._sums):
            self._sums = np.concatenate([self._sums, np.zeros_like(self._sums)])
            self._squares = np.concatenate([self._squares, np.zeros_like(self._squares)])
        numbers = np.array(list(chain.from_iterable(features)))
        idf, weights = self.idf.take(numbers), self.weights.take(numbers, axis=0)
        start = 0
        for row, own in enumerate(features, start=self._used):
            end = start + len(own)
            self._sums[row] = idf[start:end] @ weights[start:end]
            self._squares[row] = idf[start:end] @ idf[start:end]
            start = end
        self._used += len(features)

    def _forget(self) -> None:
        """Begin without any word; in Chinese, whose units are the features themselves, with all of them."""
        if self.language == "zh":
            self._rows = {gram: number + 1 for gram, number in self.features.items()}
            self._sums = np.vstack([np.zeros_like(self.weights[:1]), self.weights * self.idf[:, None]])
            self._squares = np.concatenate([np.zeros(1, dtype=np.float32), self.idf**2])
        else:
            self._rows = {}
            self._sums = np.zeros((4096, self.weights.shape[1]), dtype=np.float32)
            self._squares = np.zeros(4096, dtype=np.float32)
        self._used = 1


def fold(text: str, language: str) -> str:
    """Return the text as features spell it: lower case, no vowel signs, one form of each letter."""
    plain = text.lower()
    if language == "ar":
        plain = strip_marks(plain)
        for letter, folded in _ARABIC:
            plain = plain.replace(letter, folded)
    return plain.replace("ё", "е") if language == "ru" else plain


def units(sentence: str, language: str) -> list[str]:
    """Return the distinct units of a sentence in their order: words, or runs of one to four signs in Chinese."""
    return [word for word in _distinct(sentence, language) if _is_unit(word, language)][:MOST_UNITS]


def _distinct(sentence: str, language: str) -> dict[str, None]:
    """Return the distinct runs of signs or words of a sentence, units or not, in their order."""
    plain = fold(sentence, language)
    if language != "zh":
        return dict.fromkeys((_ASCII_WORD if plain.isascii() else _WORD).findall(plain))
    distinct: dict[str, None] = {}
    for run in _HAN_RUN.findall(plain):
        pieces = list(run)
        for size in range(1, LONGEST_HAN + 1):
            distinct |= dict.fromkeys(pieces)
            pieces = list(map(add, pieces, run[size:]))
    return distinct


def _is_unit(word: str, language: str) -> bool:
    """Tell whether a word says anything: no number, and no longer than words are."""
    return language == "zh" or (len(word) <= LONGEST_WORD and not word.isdigit())


def grams(unit: str, language: str) -> tuple[str, ...]:
    """Return the distinct letter sequences of a unit, in one order, so that sums are the same in every process."""
    if language == "zh":
        return (unit,)
    padded = f" {unit} "
    cut = [padded[i : i + size] for size in range(SHORTEST, LONGEST + 1) for i in range(len(padded) - size + 1)]
    return tuple(dict.fromkeys([*cut, padded]))


def _automata(features: Mapping[str, int]) -> list[ahocorasick.Automaton]:
    """Return an automaton for the features of each length, from the shortest; whole words are looked up as they are."""
    found = []
    for size in range(SHORTEST, LONGEST + 1):
        automaton = ahocorasick.Automaton()
        for gram, number in features.items():
            if len(gram) == size:
                automaton.add_word(gram, number)
        if len(automaton):
            automaton.make_automaton()
            found.append(automaton)
    return found


def ngrams_file(language: str) -> Path:
    """Return where the weights of a language lie."""
    return VECTORS / f"ngrams_{language}.npz"


def load_ngrams(language: str, path: Path | None = None) -> NgramWeights:
    """Return the weights of a language; raises VectorsError naming the fault."""
    file = path or ngrams_file(language)
    try:
        with np.load(file, allow_pickle=False) as held:
            weights = unpack_ngrams(language, held)
    except (OSError, KeyError, ValueError, UnicodeDecodeError) as error:
        raise VectorsError(
            f"The weights in {file} cannot be read ({error}). Install the project again, "
            "or make the file with evidence/training/learn_ngrams.py."
        ) from error
    if len(weights.features) != len(weights.weights) or weights.weights.shape[1] != len(weights.questions) + 5:
        raise VectorsError(
            f"The weights in {file} do not fit: {len(weights.features)} features, weights {weights.weights.shape}."
        )
    return weights


def unpack_ngrams(language: str, held: Mapping[str, Any]) -> NgramWeights:
    """Return the weights that a file's arrays hold."""
    features = bytes(held["features"]).decode("utf-8").split("\n")
    questions = tuple(bytes(held["questions"]).decode("utf-8").split("\n"))
    weights: Vectors = held["weights"].astype(np.float32) * held["scale"].astype(np.float32)[:, None]
    return NgramWeights(
        language, {gram: i for i, gram in enumerate(features)}, held["idf"].astype(np.float32), weights,
        held["intercept"].astype(np.float32), questions,
    )  # fmt: skip
