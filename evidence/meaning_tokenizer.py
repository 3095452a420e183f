"""Tokenizers of sentence models, read from `tokenizer.json` without a library.

Belongs here: the three forms that multilingual static models use: Unigram (SentencePiece), WordPiece, WordLevel. Does
not belong here: byte pairs, which no multilingual sentence model of this kind uses; such a file is refused. Nothing in
a file is run, and every limit is stated.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from evidence.meaning_words import WORD, cut_wordpiece, strip_marks
from store.errors import BadInputError

_SPACE: Final = "▁"
LONGEST_WORD: Final = 100
"""Letters of one unbroken run that are tokenized; the rest is cut off."""
MOST_WORDS: Final = 512
MOST_CACHED: Final = 200_000


class ModelError(BadInputError):
    """The folder of `GCIDESK_SENTENCE_MODEL` cannot be used; the message names folder, file and remedy."""


@dataclass(eq=False)
class Tokenizer:
    """Turns a sentence into ids of known pieces; unknown pieces give none."""

    split: Callable[[str], Iterable[str]]
    cut: Callable[[str], tuple[int, ...]]
    _cache: dict[str, tuple[int, ...]] = field(default_factory=dict, repr=False)

    def ids(self, sentence: str) -> list[int]:
        """Return the ids of a sentence's pieces, of its first 512 words."""
        found: list[int] = []
        for number, word in enumerate(self.split(sentence)):
            if number == MOST_WORDS:
                break
            found.extend(self._cut(word[:LONGEST_WORD]))
        return found

    def _cut(self, word: str) -> tuple[int, ...]:
        known = self._cache.get(word)
        if known is None:
            if len(self._cache) >= MOST_CACHED:
                self._cache.clear()
            known = self._cache[word] = self.cut(word)
        return known


def load_tokenizer(path: Path) -> Tokenizer:
    """Return the tokenizer of a `tokenizer.json`; raises ModelError naming what is wrong or not known."""
    try:
        spec = json.loads(path.read_text(encoding="utf-8"))
        model, kind = spec["model"], spec["model"]["type"]
        fold = _folding(spec.get("normalizer"))
        if kind == "Unigram":
            scores = {piece: (i, float(score)) for i, (piece, score) in enumerate(model["vocab"])}
            return Tokenizer(lambda text: _by_spaces(fold(text)), lambda word: _cut_unigram(word, scores))
        if kind == "WordPiece":
            vocabulary, prefix = dict(model["vocab"]), str(model.get("continuing_subword_prefix", "##"))
            return Tokenizer(lambda text: WORD.findall(fold(text)), lambda w: cut_wordpiece(w, vocabulary, prefix))
        if kind == "WordLevel":
            known = dict(model["vocab"])
            return Tokenizer(lambda text: WORD.findall(fold(text)), lambda w: (known[w],) if w in known else ())
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ModelError(f"The sentence model's {path} cannot be read: {error!r}") from error
    raise ModelError(f"The sentence model's {path} is of type {kind}; Unigram, WordPiece and WordLevel are read.")


def _folding(normalizer: Any) -> Callable[[str], str]:
    """Lower case and accents as the file says; everything else of Unicode as NFKC, which its tables amount to."""
    steps = [normalizer, *((normalizer or {}).get("normalizers") or [])]
    kinds = {step["type"]: step for step in steps if step}
    bert = kinds.get("BertNormalizer")
    lower = "Lowercase" in kinds or bool(bert and bert.get("lowercase"))
    plain = "StripAccents" in kinds or bool(bert and lower and bert.get("strip_accents") is not False)

    def fold(text: str) -> str:
        text = unicodedata.normalize("NFKC", text)
        text = text.lower() if lower else text
        if not plain or text.isascii():
            return text
        return strip_marks(unicodedata.normalize("NFD", text))

    return fold


def _by_spaces(text: str) -> list[str]:
    return [f"{_SPACE}{word}" for word in text.split()]


def _cut_unigram(word: str, scores: dict[str, tuple[int, float]]) -> tuple[int, ...]:
    """Return the likeliest cut of a word into pieces (Viterbi); letters of no piece are passed over."""
    unknown = -20.0
    best = [0.0] + [-math.inf] * len(word)
    last: list[tuple[int, int]] = [(0, -1)] * (len(word) + 1)
    for start in range(len(word)):
        for end in range(start + 1, len(word) + 1):
            found = scores.get(word[start:end])
            if found is None and end > start + 1:
                continue
            number, score = found if found is not None else (-1, unknown)
            if best[start] + score > best[end]:
                best[end], last[end] = best[start] + score, (start, number)
    pieces = []
    end = len(word)
    while end:
        end, number = last[end]
        if number >= 0:
            pieces.append(number)
    return tuple(reversed(pieces))
