"""The scorer: from a view to judged (document, question) pairs, with calibrated probabilities.

Belongs here: the order of the three models (passage, pair, stance), priors, thresholds and the weights' file. Does not
belong here: columns (`features`, `stance`), learning (`training/`), quotes and rows (`find`).

1. The passage model says of each candidate unit how likely it is a quote for a question.
2. The pair model says from the best units and the whole document whether the document bears on the question.
3. The stance model says what the document states of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence.features import PAIR_COLUMNS, PASSAGE_COLUMNS, Topic, find_candidates, pair_columns, topic_of
from evidence.forest import Forest, Linear, pack, probabilities, unpack_forest, unpack_linear
from evidence.stance import BEST, STANCE_COLUMNS, Marker, Wording, stance_columns
from evidence.view import Floats, Observer, View
from store.errors import BadInputError
from store.tables import STANCE_ORDER

WEIGHTS_FILE = Path(__file__).parent / "weights" / "scorer.npz"
KIND_GROUPS = {"act": 0, "bill": 0, "strategy": 1, "plan": 1, "page": 2, "list": 2, "other": 2}
"""Natures that share priors: acts, strategies, the rest."""
SHOWN = 0.02
"""Pairs below this probability are not kept even as misses."""
WORDED = 0.1
"""Pairs below this probability get no stance."""


class WeightsError(BadInputError):
    """The scorer's weights are missing or were made for other columns."""


@dataclass(frozen=True, eq=False)
class Priors:
    """How often each question had evidence in training, and with which stance; overall and by group of natures."""

    found: Floats
    """Questions."""
    found_by_kind: Floats
    """Groups x questions."""
    stance: Floats
    """Questions x stances."""
    stance_by_kind: Floats
    """Groups x questions x stances."""


@dataclass(frozen=True, eq=False)
class Weights:
    """Everything that is learned."""

    passage: Forest
    pair: Forest
    pair_linear: Linear
    stance: Forest
    stance_linear: Linear
    priors: Priors
    slope: float
    offset: float
    """Calibration of the pair's log-odds: slope x + offset."""
    threshold: float
    """Probability from which a pair is claimed."""
    in_place_from: float
    """Probability of in_place, among stances, from which a pair is called in place."""
    questions: tuple[str, ...]
    corpus: str
    """Digest of the labelled corpus the weights were learned from."""


@dataclass(frozen=True, eq=False)
class Judged:
    """One pair as judged; `units` are positions in the view, best first."""

    question: int
    found: float
    claimed: bool
    stance: int
    """Position in STANCE_ORDER."""
    stances: Floats
    units: tuple[int, ...]
    passage: Floats
    """Probability of each of `units`."""
    columns: Floats
    marks: tuple[str, ...] = field(default=())


class Scorer:
    """Judges views with given weights."""

    def __init__(self, weights: Weights, observer: Observer, marker: Marker) -> None:
        self.weights = weights
        self.observer = observer
        self.marker = marker
        codes = [(q, *observer.meaning.instrument.by_code[q].gci_codes) for q in observer.questions]
        learned = {code: i for i, code in enumerate(weights.questions)}
        self._learned = np.array([next((learned[c] for c in alike if c in learned), -1) for alike in codes])
        instrument = observer.meaning.instrument
        self.pillars = pillar_numbers(
            [next((c for c in alike if c in learned), instrument.pillar_of(alike[0]).code) for alike in codes]
        )
        self.kinds = observer.claim_kinds

    def judge(self, view: View) -> list[Judged]:
        """Return the pairs of a document that are claimed or near, most probable first."""
        if not view.units:
            return []
        topic = topic_of(view, self.observer.grammars.concepts)
        passage = self.passage_probabilities(view, topic)
        columns = self.pair_columns(view, topic, passage)
        found = self.pair_probabilities(columns)
        likely = [int(q) for q in np.argsort(-found, kind="stable") if found[q] >= SHOWN]
        best = {q: best_units(passage[:, q]) for q in likely}
        worded = [q for q in likely if found[q] >= min(WORDED, self.weights.threshold) and best[q]]
        wording = self.read_wording(view, sorted({u for q in worded for u in best[q][:BEST]}))
        judged = []
        for q in likely:
            if not best[q]:
                continue
            stances = np.zeros(len(STANCE_ORDER), dtype=np.float32)
            stance = len(STANCE_ORDER) - 2
            if q in worded:
                row = self.stance_row(wording, topic, q, best[q], passage[:, q], float(found[q]))
                stances = self.stance_probabilities(row[None])[0]
                stance = self.decide(stances, row)
            judged.append(
                Judged(
                    question=q,
                    found=float(found[q]),
                    claimed=bool(found[q] >= self.weights.threshold),
                    stance=stance,
                    stances=stances,
                    units=tuple(best[q]),
                    passage=passage[best[q], q],
                    columns=columns[q],
                )  # fmt: skip
            )
        return judged

    def passage_probabilities(self, view: View, topic: Topic) -> Floats:
        """Return units x questions; 0 where a pair was not worth judging."""
        candidates = find_candidates(view, topic, self.observer.grammars.concepts, self.pillars)
        result = np.zeros((len(view.units), len(self.observer.questions)), dtype=np.float32)
        if len(candidates.unit):
            logits = self.weights.passage.logits(candidates.columns)
            result[candidates.unit, candidates.question] = probabilities(logits)[:, 0]
        return result

    def pair_columns(self, view: View, topic: Topic, passage: Floats) -> Floats:
        """Return questions x PAIR_COLUMNS."""
        group = KIND_GROUPS[view.nature.kind]
        priors = self.weights.priors
        prior = self._of_learned(priors.found, float(np.median(priors.found)))
        prior_kind = self._of_learned(priors.found_by_kind[group], float(np.median(priors.found_by_kind[group])))
        return pair_columns(view, topic, passage, self.pillars, self.kinds, prior, prior_kind)

    def pair_probabilities(self, columns: Floats) -> Floats:
        """Return the calibrated probability of each pair."""
        raw = pair_log_odds(self.weights.pair, self.weights.pair_linear, columns)
        calibrated = self.weights.slope * raw + self.weights.offset
        return np.asarray(probabilities(calibrated[:, None])[:, 0], dtype=np.float32)

    def read_wording(self, view: View, wanted: list[int]) -> Wording:
        """Read marks and stance likeness of some units."""
        likeness = np.zeros((len(view.units), len(STANCE_ORDER)), dtype=np.float32)
        for language in sorted({view.units[u].language for u in wanted}):
            rows = [u for u in wanted if view.units[u].language == language]
            likeness[rows] = self.observer.meaning.stance([view.units[u].text for u in rows], language)
        return Wording(view, self.marker, likeness, wanted)

    def stance_row(
        self, wording: Wording, topic: Topic, question: int, best: list[int], passage: Floats, found: float
    ) -> Floats:
        """Return the stance columns of a pair."""
        priors, learned = self.weights.priors, int(self._learned[question])
        group = KIND_GROUPS[wording.view.nature.kind]
        flat = np.full(len(STANCE_ORDER), 1.0 / 3, dtype=np.float32)
        prior = priors.stance[learned] if learned >= 0 else flat
        prior_kind = priors.stance_by_kind[group, learned] if learned >= 0 else flat
        units = best[:BEST]
        return stance_columns(
            wording, topic, question, units, passage[units], found, int(self.pillars[question]), self.kinds[question],
            prior, prior_kind,
        )  # fmt: skip

    def stance_probabilities(self, rows: Floats) -> Floats:
        """Return rows x STANCE_ORDER."""
        return stance_probabilities(self.weights.stance, self.weights.stance_linear, rows)

    def decide(self, stances: Floats, row: Floats) -> int:
        """Return the stance: in_place only when sure enough; absent by the grammar of lack."""
        if row[_LIKE_ABSENT] > SURELY_ABSENT and row[_LACKS] > 0 and row[_DONE_OR_PLANNED].sum() == 0:
            return STANCE_ORDER.index("absent")
        if stances[0] >= self.weights.in_place_from:
            return 0
        return 1 + int(np.argmax(stances[1:3]))

    def _of_learned(self, values: Floats, otherwise: float) -> Floats:
        return np.where(self._learned >= 0, values[self._learned], otherwise).astype(np.float32)


SURELY_ABSENT = 0.75
_LIKE_ABSENT = STANCE_COLUMNS.index("best_like_absent")
_LACKS = STANCE_COLUMNS.index("first_lack")
_DONE_OR_PLANNED = [STANCE_COLUMNS.index(f"best_{m}") for m in ("will", "todo", "ongoing", "duty", "aim")]


def pillar_numbers(codes: list[str]) -> NDArray[np.intp]:
    """Return the place of each code's first letter among the pillars; codes of no pillar count as organizational."""
    return np.array(["LTODC".find(code[0]) if code[0] in "LTODC" else 2 for code in codes], dtype=np.intp)


def best_units(passage: Floats, most: int = 6) -> list[int]:
    """Return the positions of the most probable units, best first; none of probability 0."""
    order = np.argsort(-passage, kind="stable")[:most]
    return [int(u) for u in order if passage[u] > 0.0]


def pair_log_odds(forest: Forest, linear: Linear, columns: Floats) -> Floats:
    """Return the mean log-odds of both pair models, before calibration."""
    return np.asarray((forest.logits(columns)[:, 0] + linear.logits(columns)[:, 0]) / 2, dtype=np.float32)


def stance_probabilities(forest: Forest, linear: Linear, rows: Floats) -> Floats:
    """Return rows x STANCE_ORDER, the mean of both stance models; absent, which has no labels, gets 0."""
    mean = (probabilities(forest.logits(rows)) + probabilities(linear.logits(rows))) / 2
    return np.hstack([mean, np.zeros((len(rows), 1), dtype=np.float32)]).astype(np.float32)


def pack_weights(weights: Weights) -> dict[str, NDArray[Any]]:
    """Return the arrays of a weights file."""
    arrays: dict[str, NDArray[Any]] = {}
    for name in ("passage", "pair", "pair_linear", "stance", "stance_linear"):
        arrays |= pack(name, getattr(weights, name))
    for name in ("found", "found_by_kind", "stance", "stance_by_kind"):
        arrays[f"priors.{name}"] = getattr(weights.priors, name)
    arrays["numbers"] = np.array([weights.slope, weights.offset, weights.threshold, weights.in_place_from])
    for name, words in _worded(weights.questions, weights.corpus).items():
        arrays[name] = np.frombuffer("\n".join(words).encode(), dtype=np.uint8)
    return arrays


def _worded(questions: tuple[str, ...], corpus: str) -> dict[str, tuple[str, ...]]:
    return {
        "questions": questions, "corpus": (corpus,), "passage_columns": PASSAGE_COLUMNS,
        "pair_columns": PAIR_COLUMNS, "stance_columns": STANCE_COLUMNS,
    }  # fmt: skip


def load_weights(path: Path = WEIGHTS_FILE) -> Weights:
    """Return the weights of a file; raises WeightsError when it is missing, damaged or made for other columns."""
    try:
        with np.load(path, allow_pickle=False) as held:
            words = {
                name: tuple(bytes(held[name]).decode().split("\n"))
                for name in ("questions", "corpus", "passage_columns", "pair_columns", "stance_columns")
            }
            expected = _worded((), "")
            for name in ("passage_columns", "pair_columns", "stance_columns"):
                if words[name] != expected[name]:
                    raise WeightsError(
                        f"{path} was made for other {name}. Run python -m evidence.training.learn_scorer."
                    )
            slope, offset, threshold, in_place_from = (float(x) for x in held["numbers"])
            return Weights(
                unpack_forest("passage", held), unpack_forest("pair", held), unpack_linear("pair_linear", held),
                unpack_forest("stance", held), unpack_linear("stance_linear", held),
                Priors(*(held[f"priors.{n}"] for n in ("found", "found_by_kind", "stance", "stance_by_kind"))),
                slope, offset, threshold, in_place_from, words["questions"], words["corpus"][0],
            )  # fmt: skip
    except (OSError, KeyError, ValueError) as error:
        raise WeightsError(
            f"The scorer's weights in {path} cannot be read ({error}). Install the project again, "
            "or make them with python -m evidence.training.learn_scorer."
        ) from error
