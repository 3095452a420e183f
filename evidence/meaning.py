"""Meaning: how near a sentence is to each question of a bank, and which stance its wording suggests.

Belongs here: the one interface the matcher uses, and the blend of its channels. Does not belong here: judging (grammar
and scorer do that: meaning finds, grammar judges), the channels themselves (`meaning_table`, `meaning_ngrams`,
`meaning_neighbours`, `meaning_model`), or learning (`training/`).

Four channels, each brought to the same scale by what sentences about *other* questions get: letter sequences learned
from exemplars and specimens (all languages); static vectors against the question's words, its terms, and labelled
quotes (where the table knows the language). The scorer weighs letter sequences, and the sentence model when one is set;
static vectors are asked only about passages that a person looks at (0100). Figures: `docs/figures/meaning.md`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import yaml
from numpy.typing import NDArray

from evidence.meaning_model import SentenceModel, load_model
from evidence.meaning_neighbours import Neighbours, load_all_neighbours
from evidence.meaning_ngrams import NgramWeights, load_ngrams
from evidence.meaning_table import VECTORS, StaticTable, Vectors, load_table
from questionnaire.instrument import Instrument
from store.settings import Settings
from store.tables import STANCE_ORDER

EXEMPLARS = Path(__file__).parent / "exemplars"
BLEND_FILE = VECTORS / "blend.yml"
FALLBACK: Final = "en"
"""Language whose weights stand in for a language without its own."""


@dataclass(frozen=True)
class Exemplars:
    """The project's own sentences of one language, without distractors."""

    texts: tuple[str, ...]
    questions: tuple[str, ...]
    stances: tuple[str, ...]


@lru_cache(maxsize=16)
def shipped_sequences(language: str) -> NgramWeights:
    """Return the shipped weights of a language, or of the fallback language when it has none."""
    own = (EXEMPLARS / f"{language}.jsonl").exists()
    return load_ngrams(language if own else FALLBACK)


@dataclass(eq=False)
class Meaning:
    """Similarity and stance for one instrument; languages are loaded when first asked for."""

    instrument: Instrument
    table: StaticTable
    neighbours: Neighbours
    blend: Mapping[str, Mapping[str, float]]
    model: SentenceModel | None = None
    sequences: Callable[[str], NgramWeights] = shipped_sequences
    """The weights of letter sequences of a language; learning lends its own."""
    _spread: dict[tuple[str, str], tuple[Vectors, Vectors]] = field(default_factory=dict, repr=False)
    _anchors: dict[str, Vectors] = field(default_factory=dict, repr=False)
    _sources: dict[str, tuple[NDArray[np.intp], NDArray[np.intp]]] = field(default_factory=dict, repr=False)
    _said: dict[tuple[str, str], Vectors] = field(default_factory=dict, repr=False)
    """What the letter sequences of the sentences that were last looked at say of stance: they are asked for next."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The questions, in the order of the columns."""
        return tuple(question.code for question in self.instrument.questions)

    def similarity(self, sentences: Sequence[str], language: str) -> Vectors:
        """Return float32 (sentences x questions), 0 to 1: the blend of all channels; above 0.5 is near.

        Deterministic, linear in the sentences' length, without network or torch (unless a sentence model is set).
        """
        return self.blended(self.channels(sentences, language), language)

    def blended(self, channels: Mapping[str, Vectors], language: str) -> Vectors:
        """Return the blend of channels that `channels` computed, float32 (sentences x questions), 0 to 1."""
        weights = self.blend.get(language, self.blend["other"])
        total = sum((weights.get(name, 0.0) * values for name, values in channels.items()), start=np.float32(0.0))
        bound = np.clip(np.asarray(total) - weights["middle"], -30, 30)
        return np.asarray(1.0 / (1.0 + np.exp(-bound)), dtype=np.float32)

    def channels(self, sentences: Sequence[str], language: str) -> dict[str, Vectors]:
        """Return every channel by name, float32 (sentences x questions), in standard deviations above other questions.

        `ngrams` letter sequences; `question`, `terms`, `quotes` static vectors; `model` the sentence model when set:
        it then also strengthens `ngrams`.
        """
        raw = self._by_vectors(sentences, language) | self._by_model(sentences, language)
        told = {name: self._standard(name, values, language) for name, values in raw.items()}
        return {"ngrams": self.weighed(sentences, language), **told}

    def weighed(self, sentences: Sequence[str], language: str) -> Vectors:
        """Return the channel that the scorer weighs: letter sequences, joined by the sentence model when one is set."""
        near = self._standard("ngrams", self._by_ngrams(sentences, language), language)
        for values in self._by_model(sentences, language).values():
            near = np.asarray((near + self._standard("model", values, language)) * np.sqrt(0.5), np.float32)
        return near

    def stance(self, sentences: Sequence[str], language: str) -> Vectors:
        """Return float32 (sentences x 4), rows sum to 1, columns in_place, partial, planned, absent.

        Wording alone: about half of sentences come out right, so this is a hint for the grammar, never a verdict.
        """
        known = self._said
        asked = [(language, sentence.strip()) for sentence in sentences]
        lacking = [i for i, key in enumerate(asked) if key not in known]
        if lacking:
            made = self.sequences(language).logits([sentences[i] for i in lacking])[:, -len(STANCE_ORDER) :]
            known = known | {asked[i]: row for i, row in zip(lacking, made, strict=True)}
        return _softmax(np.array([known[key] for key in asked], dtype=np.float32).reshape(-1, len(STANCE_ORDER)))

    def _by_vectors(self, sentences: Sequence[str], language: str) -> dict[str, Vectors]:
        weights = self.blend.get(language, self.blend["other"])
        if not any(weights.get(name) for name in ("question", "terms", "quotes")):
            return {}
        vectors = self.table.encode(sentences)
        return {
            "question": np.asarray(vectors @ self._anchor("question", language).T, dtype=np.float32),
            "terms": self._by_terms(vectors, language),
            "quotes": self.neighbours.nearest_by_question(vectors, self.codes),
        }

    def _by_model(self, sentences: Sequence[str], language: str) -> dict[str, Vectors]:
        if self.model is None:
            return {}
        near = self.model.encode(sentences) @ self._anchor("model", language).T
        return {"model": np.asarray(near, dtype=np.float32)}

    def _by_ngrams(self, sentences: Sequence[str], language: str) -> Vectors:
        weights = self.sequences(language)
        logits = weights.logits(sentences)
        stances = np.array(logits[:, -len(STANCE_ORDER) :])
        self._said = {(language, sentence): row for sentence, row in zip(sentences, stances, strict=True)}
        result = np.full((len(sentences), len(self.codes)), np.float32(logits.min(initial=0.0)), dtype=np.float32)
        targets, sources = self._sources_of(language)
        result[:, targets] = logits[:, sources].max(axis=2)
        return result

    def _sources_of(self, language: str) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the questions that weights were learned for, and for each its outputs, the first repeated."""
        if language not in self._sources:
            column = {code: i for i, code in enumerate(self.sequences(language).questions)}
            held = {
                target: [column[code] for code in (question.code, *question.gci_codes) if code in column]
                for target, question in enumerate(self.instrument.questions)
            }
            held = {target: own for target, own in held.items() if own}
            most = max(map(len, held.values()), default=1)
            padded = [own + own[:1] * (most - len(own)) for own in held.values()]
            self._sources[language] = (
                np.array(list(held), dtype=np.intp), np.array(padded, dtype=np.intp).reshape(-1, most)
            )  # fmt: skip
        return self._sources[language]

    def _by_terms(self, vectors: Vectors, language: str) -> Vectors:
        anchors = self._anchor("terms", language)
        starts = np.cumsum([0, *(len(self._terms(code, language)) for code in self.codes[:-1])])
        return np.asarray(np.maximum.reduceat(vectors @ anchors.T, starts, axis=1), dtype=np.float32)

    def _terms(self, code: str, language: str) -> tuple[str, ...]:
        question = self.instrument.by_code[code]
        return question.terms.get(language) or question.terms.get(FALLBACK) or (question.text,)

    def _anchor(self, name: str, language: str) -> Vectors:
        key = f"{name} {language}"
        if key not in self._anchors:
            if name == "terms":
                made = self.table.encode([term for code in self.codes for term in self._terms(code, language)])
            elif name == "question":
                made = self.table.encode([question.text for question in self.instrument.questions])
            else:
                made = self._model_anchors(language)
            self._anchors[key] = made
        return self._anchors[key]

    def _model_anchors(self, language: str) -> Vectors:
        """One vector a question: its text, its terms and its exemplars in the model's space."""
        assert self.model is not None
        examples = read_exemplars(language)
        texts = [
            [question.text, *self._terms(question.code, language)]
            + [t for t, code in zip(examples.texts, examples.questions, strict=True) if code == question.code]
            for question in self.instrument.questions
        ]
        vectors = self.model.encode([text for group in texts for text in group])
        ends = np.cumsum([len(group) for group in texts])
        means = np.stack([part.mean(axis=0) for part in np.split(vectors, ends[:-1])])
        return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-9), dtype=np.float32)

    def _standard(self, name: str, values: Vectors, language: str) -> Vectors:
        """Return a channel in standard deviations of what exemplars of other questions get."""
        if (name, language) not in self._spread:
            examples = read_exemplars(language)
            codes = np.array(examples.questions)
            others = np.stack([~np.isin(codes, (q.code, *q.gci_codes)) for q in self.instrument.questions], axis=1)
            self._spread[name, language] = _moments(
                self._of_exemplars(name, examples.texts, language), others, pooled=name == "ngrams"
            )
        mean, deviation = self._spread[name, language]
        return np.asarray((values - mean) / deviation, np.float32)

    def _of_exemplars(self, name: str, texts: Sequence[str], language: str) -> Vectors:
        if name == "ngrams":
            return self._by_ngrams(texts, language)
        return (self._by_model if name == "model" else self._by_vectors)(texts, language)[name]


def load_meaning(instrument: Instrument, settings: Settings | None = None, *, without_country: str = "") -> Meaning:
    """Return the meaning of an instrument; `without_country` leaves out every labelled quote of that country.

    Raises VectorsError when a shipped file is damaged, ModelError when `settings.sentence_model` cannot be used.
    """
    neighbours = load_all_neighbours()
    if without_country:
        neighbours = neighbours.without(without_country)
    model = load_model(Path(settings.sentence_model)) if settings is not None and settings.sentence_model else None
    blend = yaml.load(BLEND_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return Meaning(instrument, _table(), neighbours, blend, model)


@lru_cache(maxsize=16)
def read_exemplars(language: str) -> Exemplars:
    """Return the exemplars of a language, or of the fallback language when there are none."""
    path = EXEMPLARS / f"{language}.jsonl"
    path = path if path.exists() else EXEMPLARS / f"{FALLBACK}.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    told = [row for row in rows if row["stance"] != "none"]
    return Exemplars(
        tuple(row["text"] for row in told),
        tuple(row["question"] for row in told),
        tuple(row["stance"] for row in told),
    )


@lru_cache(maxsize=1)
def _table() -> StaticTable:
    return load_table()


def _softmax(logits: Vectors) -> Vectors:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-1e30))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)


def _moments(values: Vectors, counted: NDArray[np.bool_], *, pooled: bool) -> tuple[Vectors, Vectors]:
    """Mean and deviation a question, or of all questions together when learning has already made them comparable."""
    axis = None if pooled else 0
    total = np.maximum(counted.sum(axis=axis), 1)
    mean = (values * counted).sum(axis=axis) / total
    variance = (((values - mean) ** 2) * counted).sum(axis=axis) / total
    return np.asarray(mean, np.float32), np.asarray(np.sqrt(variance) + 1e-3, np.float32)
