"""Learning: from labelled views to weights.

Belongs here: fitting the three models with their priors, calibration and thresholds on given documents. Does not belong
here: reading documents (`corpus`), measuring (`leave_one_out`). Needs scikit-learn (the `dev` extra).

Every number that one stage gives to the next is made without the country it is about: documents are divided into a few
groups of countries, and what a group's documents get comes from models that did not see the group.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.linear_model import LogisticRegression

from evidence.forest import Floats, Forest, Linear, probabilities
from evidence.scorer import Scorer, pair_log_odds
from evidence.training.corpus import Labelled
from evidence.training.excerpts import cut_excerpts
from evidence.training.fitting import fit_forest, fit_linear
from evidence.training.learning_stance import learn_stances
from evidence.training.priors import count_priors
from evidence.view import Flags
from evidence.weights_file import Priors, Weights

GROUPS = 4
RECALL_WEIGHT = 1.25
"""What a missed claim weighs beside a wrong one, in a document that surely bears on something (0103).

A reviewer reads each claim with its quote, and sees no other.
"""
NEGATIVES = 0.3
"""Share of candidates without a label that the passage model sees; its odds are brought back to the true share."""


@dataclass(frozen=True, eq=False)
class Fold:
    """What the inner groups gave: passage probabilities made without the own group; `whole` documents come first."""

    documents: tuple[Labelled, ...]
    passage: tuple[Floats, ...]
    group: tuple[int, ...]
    whole: int


def learn(labelled: Sequence[Labelled], more: Sequence[Labelled], scorer: Scorer, corpus: str) -> Weights:
    """Return weights learned from these documents alone; `scorer` lends marks and blank weights.

    Calibration and borders are those of `labelled`: specimens hold more evidence than real texts.
    """
    documents = (*labelled, *more)
    fold = _passages_without_own_group(documents, cut_excerpts(documents))
    blank = replace(
        scorer.weights, passage=fit_passage(documents), priors=count_priors(documents), corpus=corpus,
        questions=scorer.observer.questions, slope=1.0, offset=0.0,
    )  # fmt: skip
    columns = _pair_columns(fold, scorer, blank)
    labels = np.concatenate([d.found for d in fold.documents])
    groups = np.repeat(fold.group, len(scorer.observer.questions))
    known = ~np.isnan(labels)
    pair, linear = fit_pair(columns[known], labels[known])
    odds = np.zeros(len(labels), dtype=np.float32)
    for group in sorted(set(fold.group)):
        inside, others = groups == group, (groups != group) & known
        odds[inside] = pair_log_odds(*fit_pair(columns[others], labels[others]), columns[inside])
    end = len(labelled) * len(scorer.observer.questions)
    slope, offset = calibrate(odds[:end], labels[:end])
    sure = probabilities((slope * odds + offset)[:, None].astype(np.float32))[:, 0]
    weights = replace(
        blank, pair=pair, pair_linear=linear, slope=slope, offset=offset,
        threshold=best_threshold(sure[:end], labels[:end], 1.0),
        threshold_beside=best_threshold(sure[:end], labels[:end], RECALL_WEIGHT),
    )  # fmt: skip
    return learn_stances(
        weights, fold.documents[: fold.whole], fold.passage[: fold.whole], fold.group[: fold.whole],
        sure.reshape(len(fold.documents), -1)[: fold.whole], scorer,
        priors_without_own_group(documents, fold.group[: fold.whole]),
    )  # fmt: skip


def fit_passage(documents: Sequence[Labelled]) -> Forest:
    """Return the passage model."""
    rows = np.concatenate([d.candidates.columns for d in documents])
    labels = np.concatenate([d.quoted for d in documents])
    kept = (labels > 0) | np.concatenate([draw_candidates(d) for d in documents])
    model = fit_forest(rows[kept], labels[kept], rounds=40, leaves=8, rate=0.15, leaf_size=20)
    return replace(model, baseline=np.asarray(model.baseline + np.log(NEGATIVES), dtype=np.float32))


def draw_candidates(document: Labelled) -> Flags:
    """Return which candidates are drawn; each document draws for itself, so that one row more shifts no other's."""
    seed = int.from_bytes(hashlib.sha256(document.name.encode()).digest()[:4])
    return np.asarray(np.random.default_rng(seed).random(len(document.quoted)) < NEGATIVES)


def fit_pair(rows: Floats, labels: Floats) -> tuple[Forest, Linear]:
    """Return the pair models."""
    return fit_forest(rows, labels, rounds=120, leaves=12, rate=0.07, leaf_size=20), fit_linear(rows, labels, 0.3)


def calibrate(odds: Floats, labels: Floats) -> tuple[float, float]:
    """Return slope and offset that make the log-odds calibrated (Platt)."""
    model = LogisticRegression(C=1e3).fit(odds[:, None], labels)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def best_threshold(sure: Floats, labels: Floats, recall_weight: float) -> float:
    """Return the probability from which claiming gives the best F measure, recall weighing so much more than precision.

    For calibrated probabilities that is the best value of the measure divided by one plus the weight's square (Lipton,
    Elkan and Naryanaswamy 2014, there for F1); the measure seen at each threshold is flat near its top, and where it
    peaks is chance.
    """
    weight = recall_weight**2
    order = np.argsort(-sure, kind="stable")
    measure = (1 + weight) * np.cumsum(labels[order]) / (np.arange(1, len(order) + 1) + weight * labels.sum())
    return float(np.clip(measure.max() / (1 + weight), 0.15, 0.5))


def groups_of(documents: Sequence[Labelled], groups: int) -> list[int]:
    """Return a group for each document; a country is never divided, groups hold about as many labels."""
    labels: dict[str, float] = {}
    for d in documents:
        labels[d.country] = labels.get(d.country, 0.0) + float(d.found.sum()) + 1.0
    loads = [0.0] * groups
    group_of: dict[str, int] = {}
    for country in sorted(labels, key=lambda c: (-labels[c], c)):
        group_of[country] = int(np.argmin(loads))
        loads[group_of[country]] += labels[country]
    return [group_of[d.country] for d in documents]


def _passages_without_own_group(documents: Sequence[Labelled], excerpts: Sequence[Labelled]) -> Fold:
    group_of = {d.country: g for d, g in zip(documents, groups_of(documents, GROUPS), strict=True)}
    models = {
        group: fit_passage([d for d in documents if group_of[d.country] != group])
        for group in sorted(set(group_of.values()))
    }
    everything = (*documents, *excerpts)
    groups = tuple(group_of[d.country] for d in everything)
    passage = tuple(passage_of(models[g], d) for d, g in zip(everything, groups, strict=True))
    return Fold(everything, passage, groups, len(documents))


def passage_of(model: Forest, document: Labelled) -> Floats:
    """Return units x questions of a document under a passage model."""
    result = np.zeros((len(document.view.units), len(document.found)), dtype=np.float32)
    if len(document.candidates.unit):
        result[document.candidates.unit, document.candidates.question] = probabilities(
            model.logits(document.candidates.columns)
        )[:, 0]
    return result


def priors_without_own_group(documents: Sequence[Labelled], group: Sequence[int]) -> dict[int, Priors]:
    """Return for each group the priors of all others.

    Left out one country at a time, a document's own label shows in its absence from the count.
    """
    return {
        own: count_priors([d for d, g in zip(documents, group, strict=True) if g != own]) for own in sorted(set(group))
    }


def _pair_columns(fold: Fold, scorer: Scorer, weights: Weights) -> Floats:
    priors = priors_without_own_group(fold.documents[: fold.whole], fold.group[: fold.whole])
    rows = []
    for document, passage, group in zip(fold.documents, fold.passage, fold.group, strict=True):
        judge = Scorer(replace(weights, priors=priors[group]), document.observer, scorer.marker)
        rows.append(judge.pair_columns(document.view, document.topic, passage))
    return np.concatenate(rows)
