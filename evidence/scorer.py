"""The scorer: from a view to judged (document, question) pairs, with calibrated probabilities.

Belongs here: the order of the models, priors, thresholds. Does not belong here: columns (`features`, `stance`), the
weights' form and file (`weights`), learning (`training/`), quotes and rows (`find`).

1. The passage model says of each candidate unit how likely it is a quote for a question.
2. The pair model says from the best units and the whole document whether the document bears on the question.
3. Of the best units of such a pair, two models that read the wording say which is the quote and what it states.
4. The stance model says from these what the document states of the question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evidence.features import PILLARS, Topic, find_candidates, pair_columns, topic_of
from evidence.forest import Forest, Linear, probabilities
from evidence.stance import (
    PAIR_STANCE_COLUMNS,
    READ,
    STATED,
    Asked,
    Marker,
    Wording,
    pair_stance_columns,
    unit_columns,
)
from evidence.subject import Subjects, is_itself_the_proof
from evidence.view import Floats, Observer, View
from evidence.weights_file import Weights
from store.tables import STANCE_ORDER

KIND_GROUPS = {"act": 0, "bill": 0, "strategy": 1, "plan": 1, "page": 2, "list": 2, "other": 2}
"""Natures that share priors: acts, strategies, the rest."""
SHOWN = 0.02
"""Pairs below this probability are not kept even as misses."""


@dataclass(frozen=True, eq=False)
class Judged:
    """One pair as judged; `units` are positions in the view, best first."""

    question: int
    found: float
    needed: float
    """Probability from which a pair of this document is claimed."""
    stance: int
    """Position in STANCE_ORDER."""
    stances: Floats
    """Probability of each of STATED."""
    in_place: float
    """Probability that the pair is evidence and in place."""
    units: tuple[int, ...]
    quotable: Floats
    """How well each of `units` serves as the quote, falling."""
    columns: Floats
    itself: bool = False
    """Whether it is in place because the document is itself what the question asks for."""

    @property
    def claimed(self) -> bool:
        """Whether the document is said to bear on the question."""
        return self.found >= self.needed


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
        self._subjects = Subjects(observer.grammars, observer.claim_codes)

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
        needed = self.weights.needed(found, view.all_units)
        worded = [q for q in likely if found[q] >= needed and best[q]]
        wording = self.read_wording(view, sorted({u for q in worded for u in best[q]}))
        asked = [self.ask(wording, topic, q, best[q], passage[:, q], float(found[q])) for q in worded]
        judged = self._judge_worded(asked, needed, columns)
        judged += [
            _not_worded(q, float(found[q]), needed, best[q], passage[best[q], q], columns[q])
            for q in likely
            if best[q] and q not in worded
        ]
        return sorted(judged, key=lambda pair: -pair.found)

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
        return Wording(view, self.marker, likeness, wanted, self.weights.grammar)

    def ask(
        self, wording: Wording, topic: Topic, question: int, units: list[int], passage: Floats, found: float
    ) -> Asked:
        """Return what the stance models need to know of a pair; `passage` is over all units."""
        priors, learned = self.weights.priors, int(self._learned[question])
        group = KIND_GROUPS[wording.view.nature.kind]
        flat = np.full(len(STANCE_ORDER), 1.0 / 3, dtype=np.float32)
        view = wording.view
        subject = self._subjects.of(view.concept_share)[question]
        proof = self.observer.own_proofs[question]
        return Asked(
            wording, topic, question, int(self.pillars[question]), self.kinds[question], found,
            priors.stance[learned] if learned >= 0 else flat,
            priors.stance_by_kind[group, learned] if learned >= 0 else flat, units, passage[units],
            subject, is_itself_the_proof(proof, view, subject),
        )  # fmt: skip

    def _judge_worded(self, asked: Sequence[Asked], needed: float, columns: Floats) -> list[Judged]:
        """Judge the stance of all claimed pairs of a document at once."""
        if not asked:
            return []
        rows = [unit_columns(each) for each in asked]
        ends = np.cumsum([len(each) for each in rows])[:-1]
        together = np.concatenate(rows)
        quotable = np.split(quote_probabilities(self.weights.quote, together), ends)
        said = np.split(probabilities(self.weights.unit_stance.logits(together)), ends)
        table = np.array([pair_stance_columns(*each) for each in zip(asked, quotable, said, strict=True)])
        stances = blend_stances(self.weights.stance, self.weights.stance_forest, table)
        in_place = surely_in_place(self.weights.in_place, table, [each.found for each in asked], stances)
        return [
            self._judged(asked[i], needed, quotable[i], said[i], table[i], stances[i], in_place[i], columns)
            for i in range(len(asked))
        ]

    def _judged(
        self, asked: Asked, needed: float, quotable: Floats, said: Floats, row: Floats, stances: Floats,
        in_place: float, columns: Floats,
    ) -> Judged:  # fmt: skip
        stance = decide(stances, row, asked)
        if stance is None:
            stance = by_border(stances, in_place, self.weights.in_place_from)
        order = quote_order(quotable, said, stance)
        return Judged(
            question=asked.question, found=asked.found, needed=needed, stance=stance, stances=stances,
            in_place=float(in_place), units=tuple(asked.units[i] for i in order),
            quotable=_fit(quotable, said, stance)[order], columns=columns[asked.question],
            itself=asked.itself and STANCE_ORDER[stance] == "in_place",
        )  # fmt: skip

    def _of_learned(self, values: Floats, otherwise: float) -> Floats:
        return np.where(self._learned >= 0, values[self._learned], otherwise).astype(np.float32)


TRUST = 0.8
"""How far the learned stance is trusted beside the grammar."""
LINEAR_SHARE = 0.4
"""Say of the linear model of stance beside the forest."""
_SAID = [PAIR_STANCE_COLUMNS.index(f"said_{stance}") for stance in STATED]
SURELY_ABSENT = 0.75
"""Likeness to statements of absence from which, with no plan or state beside it, a pair is called absent."""
NOT_DENIED = 0.4
"""P(in place, given evidence) below which a document named for a matter does not show it by its name."""
SURELY_STATED = 0.5
"""P(in place, given evidence) from which a pair that is too doubtful for in place is partial, whatever is next."""
_LIKE_ABSENT = PAIR_STANCE_COLUMNS.index("like_absent")
_LACKS = PAIR_STANCE_COLUMNS.index("own_lack")
_PLANNED = [PAIR_STANCE_COLUMNS.index(f"own_{mark}") for mark in ("will", "todo", "ongoing", "duty", "aim")]


def decide(stances: Floats, row: Floats, asked: Asked) -> int | None:
    """Return the place in STANCE_ORDER that document and wording settle whatever is learned; None where they do not.

    A bill is never in place, nor is the strategy itself while it calls itself a draft; lack alone is absence. An act or
    strategy that is itself what the question asks for is in place.
    """
    if row[_LIKE_ABSENT] > SURELY_ABSENT and row[_LACKS] > 0.5 and row[_PLANNED].max() < 0.1:
        return STANCE_ORDER.index("absent")
    nature = asked.wording.view.nature
    of_the_strategy = asked.pillar == PILLARS.index("O") and asked.kind in ("document", "content")
    if nature.kind == "bill" or (nature.is_draft and nature.kind != "act" and of_the_strategy):
        return 1 if stances[:2].sum() >= stances[2] else 2
    return STANCE_ORDER.index("in_place") if asked.itself and stances[0] >= NOT_DENIED else None


def by_border(stances: Floats, in_place: float, border: float) -> int:
    """Return the place in STANCE_ORDER that is learned; what is in place must be surely so."""
    if in_place >= border:
        return STANCE_ORDER.index("in_place")
    return 1 if stances[0] > SURELY_STATED else 1 + int(np.argmax(stances[1:]))


def surely_in_place(model: Linear, rows: Floats, found: Sequence[float], stances: Floats) -> Floats:
    """Return what is compared with the border for in_place: the probability of evidence that states it in place.

    Two voices: probability of evidence times that of in place given evidence, and a model that was asked just this.
    """
    voices = np.array(found, dtype=np.float32) * stances[:, 0], probabilities(model.logits(rows))[:, 0]
    return np.asarray((voices[0] + voices[1]) / 2, dtype=np.float32)


def blend_stances(linear: Linear, forest: Forest, rows: Floats) -> Floats:
    """Return rows x STATED: both learned models and the grammar."""
    learned = LINEAR_SHARE * probabilities(linear.logits(rows)) + (1.0 - LINEAR_SHARE) * probabilities(
        forest.logits(rows)
    )
    said = rows[:, _SAID]
    alone = said / np.maximum(said.sum(axis=1, keepdims=True), 1e-6)
    return np.asarray(TRUST * learned + (1.0 - TRUST) * alone, dtype=np.float32)


def quote_order(quotable: Floats, said: Floats, stance: int) -> list[int]:
    """Return the units' positions, best quote for a stance first."""
    return [int(i) for i in np.argsort(-_fit(quotable, said, stance), kind="stable")]


def _fit(quotable: Floats, said: Floats, stance: int) -> Floats:
    """A quote that states the pair's stance goes before one that states another."""
    if stance >= len(STATED):
        return quotable
    return np.asarray(quotable * (0.5 + said[:, stance]), dtype=np.float32)


def _not_worded(
    question: int, found: float, needed: float, units: list[int], passage: Floats, columns: Floats
) -> Judged:
    return Judged(
        question=question, found=found, needed=needed, stance=STANCE_ORDER.index("planned"),
        stances=np.zeros(len(STATED), dtype=np.float32), in_place=0.0, units=tuple(units), quotable=passage,
        columns=columns,
    )  # fmt: skip


def pillar_numbers(codes: list[str]) -> NDArray[np.intp]:
    """Return the place of each code's first letter among the pillars; codes of no pillar count as organizational."""
    return np.array(["LTODC".find(code[0]) if code[0] in "LTODC" else 2 for code in codes], dtype=np.intp)


def best_units(passage: Floats, most: int = READ) -> list[int]:
    """Return the positions of the most probable units, best first; none of probability 0."""
    order = np.argsort(-passage, kind="stable")[:most]
    return [int(u) for u in order if passage[u] > 0.0]


def pair_log_odds(forest: Forest, linear: Linear, columns: Floats) -> Floats:
    """Return the mean log-odds of both pair models, before calibration."""
    return np.asarray((forest.logits(columns)[:, 0] + linear.logits(columns)[:, 0]) / 2, dtype=np.float32)


def quote_probabilities(forest: Forest, rows: Floats) -> Floats:
    """Return each unit's probability of being a quote that a careful reader would take."""
    return np.asarray(probabilities(forest.logits(rows))[:, 0], dtype=np.float32)
