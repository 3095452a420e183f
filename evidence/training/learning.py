"""Learning: from labelled views to weights.

Belongs here: fitting the three models with their priors, calibration and thresholds on given documents. Does not belong
here: reading documents (`corpus`), measuring (`leave_one_out`). Needs scikit-learn (the `dev` extra).

Every number that one stage gives to the next is made without the country it is about: documents are divided into a few
groups of countries, and what a group's documents get comes from models that did not see the group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

from evidence.forest import Floats, Forest, Linear, probabilities
from evidence.scorer import (
    KIND_GROUPS,
    Priors,
    Scorer,
    Weights,
    best_units,
    pair_log_odds,
    stance_probabilities,
)
from evidence.training.corpus import Labelled

SEED = 20261120
GROUPS = 4
NEGATIVES = 0.3
"""Share of candidates without a label that the passage model sees; they weigh as much more."""
STANCES = 3
"""in_place, partial, planned; absent has too few labels to be learned."""


@dataclass(frozen=True, eq=False)
class Fold:
    """What the inner groups gave: passage probabilities and pair columns made without the own group."""

    documents: tuple[Labelled, ...]
    passage: tuple[Floats, ...]
    group: tuple[int, ...]


def learn(documents: Sequence[Labelled], scorer: Scorer, corpus: str) -> Weights:
    """Return weights learned from `documents` alone; `scorer` lends columns and marks, its weights are not used."""
    fold = _passages_without_own_group(documents)
    passage = fit_passage(documents)
    priors = count_priors(documents)
    blank = replace(
        scorer.weights, passage=passage, priors=priors, corpus=corpus, questions=scorer.observer.questions,
        slope=1.0, offset=0.0,
    )  # fmt: skip
    columns = _pair_columns(fold, scorer, blank)
    labels = np.concatenate([d.found for d in fold.documents])
    groups = np.repeat(fold.group, len(scorer.observer.questions))
    pair, linear = fit_pair(columns, labels)
    odds = np.zeros(len(labels), dtype=np.float32)
    for group in sorted(set(fold.group)):
        inside = groups == group
        odds[inside] = pair_log_odds(*fit_pair(columns[~inside], labels[~inside]), columns[inside])
    slope, offset = calibrate(odds, labels)
    sure = probabilities((slope * odds + offset)[:, None].astype(np.float32))[:, 0]
    weights = replace(
        blank, pair=pair, pair_linear=linear, slope=slope, offset=offset, threshold=best_threshold(sure, labels)
    )
    return _with_stances(weights, fold, scorer, sure.reshape(len(fold.documents), -1))


def fit_passage(documents: Sequence[Labelled]) -> Forest:
    """Return the passage model."""
    rows = np.concatenate([d.candidates.columns for d in documents])
    labels = np.concatenate([d.quoted for d in documents])
    kept = (labels > 0) | (np.random.default_rng(SEED).random(len(labels)) < NEGATIVES)
    weight = np.where(labels > 0, 1.0, 1.0 / NEGATIVES)[kept]
    model = HistGradientBoostingClassifier(
        max_iter=40, max_leaf_nodes=8, learning_rate=0.15, l2_regularization=5.0, min_samples_leaf=40,
        early_stopping=False, random_state=SEED,
    )  # fmt: skip
    return as_forest(model.fit(rows[kept], labels[kept], sample_weight=weight))


def fit_pair(rows: Floats, labels: Floats) -> tuple[Forest, Linear]:
    """Return the pair models."""
    model = HistGradientBoostingClassifier(
        max_iter=60, max_leaf_nodes=8, learning_rate=0.08, l2_regularization=5.0, min_samples_leaf=20,
        early_stopping=False, random_state=SEED,
    )  # fmt: skip
    return as_forest(model.fit(rows, labels)), fit_linear(rows, labels, 0.3)


def fit_stance(rows: Floats, labels: np.ndarray) -> tuple[Forest, Linear]:  # type: ignore[type-arg]
    """Return the stance models; labels are places in STANCE_ORDER, below STANCES."""
    model = HistGradientBoostingClassifier(
        max_iter=50, max_leaf_nodes=6, learning_rate=0.08, l2_regularization=5.0, min_samples_leaf=12,
        early_stopping=False, random_state=SEED,
    )  # fmt: skip
    return as_forest(model.fit(rows, labels)), fit_linear(rows, labels, 0.05)


def fit_linear(rows: Floats, labels: Floats, strength: float) -> Linear:
    """Return a logistic regression over standardised columns."""
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    scaled = np.clip((rows - mean) / deviation, -6.0, 6.0)
    model = LogisticRegression(C=strength, max_iter=3000, random_state=SEED).fit(scaled, labels)
    return Linear(
        mean.astype(np.float32), deviation.astype(np.float32), model.coef_.T.astype(np.float32),
        model.intercept_.astype(np.float32),
    )  # fmt: skip


def as_forest(model: HistGradientBoostingClassifier) -> Forest:
    """Return a fitted boosting model as arrays."""
    trees = [predictor.nodes for round_ in model._predictors for predictor in round_]
    width = max(len(nodes) for nodes in trees)
    shape = (len(trees), width)
    column, left, right = (np.zeros(shape, dtype=np.int16) for _ in range(3))
    threshold, value = (np.zeros(shape, dtype=np.float32) for _ in range(2))
    for i, nodes in enumerate(trees):
        size = len(nodes)
        leaf = nodes["is_leaf"].astype(bool)
        own = np.arange(size)
        column[i, :size] = np.where(leaf, 0, nodes["feature_idx"])
        threshold[i, :size] = np.where(leaf, 0.0, nodes["num_threshold"])
        left[i, :size] = np.where(leaf, own, nodes["left"])
        right[i, :size] = np.where(leaf, own, nodes["right"])
        value[i, :size] = nodes["value"]
    depth = max(int(nodes["depth"].max()) for nodes in trees)
    baseline = np.asarray(model._baseline_prediction, dtype=np.float32).ravel()
    return Forest(column, threshold, left, right, value, baseline, depth)


def count_priors(documents: Sequence[Labelled]) -> Priors:
    """Return log-odds of evidence and shares of stances by question, smoothed towards the mean."""
    count = len(documents[0].found)
    groups = np.array([KIND_GROUPS[d.view.nature.kind] for d in documents])
    told = np.array([d.found.sum() > 0 for d in documents])
    found = np.array([d.found for d in documents])
    stance = np.array([[d.stance == s for s in range(4)] for d in documents], dtype=np.float32).transpose(0, 2, 1)
    by_kind = np.zeros((3, count), dtype=np.float32)
    stance_by_kind = np.zeros((3, count, 4), dtype=np.float32)
    overall = _log_odds(found[told])
    everywhere = _shares(stance, np.full((count, 4), 0.25, dtype=np.float32))
    for group in range(3):
        inside = told & (groups == group)
        by_kind[group] = _log_odds(found[inside]) if inside.any() else overall
        mean = stance[groups == group].sum(axis=(0, 1)) + 1.0
        stance_by_kind[group] = _shares(stance[groups == group], np.tile(mean / mean.sum(), (count, 1)))
    return Priors(overall, by_kind, everywhere, stance_by_kind)


def _log_odds(found: Floats) -> Floats:
    rate = (found.sum(axis=0) + 2.0 * found.mean()) / (len(found) + 2.0)
    rate = np.clip(rate, 0.01, 0.95)
    return np.asarray(np.log(rate / (1 - rate)), dtype=np.float32)


def _shares(stance: Floats, towards: Floats) -> Floats:
    counted = stance.sum(axis=0) + 2.0 * towards
    return np.asarray(counted / counted.sum(axis=1, keepdims=True), dtype=np.float32)


def calibrate(odds: Floats, labels: Floats) -> tuple[float, float]:
    """Return slope and offset that make the log-odds calibrated (Platt)."""
    model = LogisticRegression(C=1e3).fit(odds[:, None], labels)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def best_threshold(sure: Floats, labels: Floats) -> float:
    """Return the probability from which claiming gives the best F1, taken between the two pairs that it divides."""
    order = np.argsort(-sure, kind="stable")
    right = np.cumsum(labels[order])
    f1 = 2 * right / (np.arange(1, len(order) + 1) + labels.sum())
    smooth = np.convolve(f1, np.ones(25) / 25, mode="same")
    return float(np.clip(sure[order[int(np.argmax(smooth))]], 0.15, 0.7))


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


def _passages_without_own_group(documents: Sequence[Labelled]) -> Fold:
    groups = groups_of(documents, GROUPS)
    passage: dict[int, Floats] = {}
    for group in sorted(set(groups)):
        model = fit_passage([d for d, g in zip(documents, groups, strict=True) if g != group])
        for i, (d, g) in enumerate(zip(documents, groups, strict=True)):
            if g == group:
                passage[i] = passage_of(model, d)
    return Fold(tuple(documents), tuple(passage[i] for i in range(len(documents))), tuple(groups))


def passage_of(model: Forest, document: Labelled) -> Floats:
    """Return units x questions of a document under a passage model."""
    result = np.zeros((len(document.view.units), len(document.found)), dtype=np.float32)
    if len(document.candidates.unit):
        result[document.candidates.unit, document.candidates.question] = probabilities(
            model.logits(document.candidates.columns)
        )[:, 0]
    return result


def _pair_columns(fold: Fold, scorer: Scorer, weights: Weights) -> Floats:
    rows = []
    for document, passage in zip(fold.documents, fold.passage, strict=True):
        own = replace(weights, priors=count_priors([d for d in fold.documents if d.country != document.country]))
        judge = Scorer(own, scorer.observer, scorer.marker)
        rows.append(judge.pair_columns(document.view, document.topic, passage))
    return np.concatenate(rows)


def _with_stances(weights: Weights, fold: Fold, scorer: Scorer, sure: Floats) -> Weights:
    """Return weights with stance models learned on labelled pairs that have a unit to read."""
    rows, labels, groups = [], [], []
    for i, (document, passage) in enumerate(zip(fold.documents, fold.passage, strict=True)):
        own = replace(weights, priors=count_priors([d for d in fold.documents if d.country != document.country]))
        judge = Scorer(own, scorer.observer, scorer.marker)
        told = [q for q in np.flatnonzero((document.stance >= 0) & (document.stance < STANCES))]
        best = {int(q): best_units(passage[:, q]) for q in told}
        told = [int(q) for q in told if best[int(q)]]
        wording = judge.read_wording(document.view, sorted({u for q in told for u in best[q][:3]}))
        for q in told:
            rows.append(judge.stance_row(wording, document.topic, q, best[q], passage[:, q], float(sure[i, q])))
            labels.append(int(document.stance[q]))
            groups.append(fold.group[i])
    table, truth, group = np.array(rows, dtype=np.float32), np.array(labels), np.array(groups)
    stance, linear = fit_stance(table, truth)
    likely = np.zeros((len(truth), 4), dtype=np.float32)
    for number in sorted(set(groups)):
        inside = group == number
        likely[inside] = stance_probabilities(*fit_stance(table[~inside], truth[~inside]), table[inside])
    return replace(weights, stance=stance, stance_linear=linear, in_place_from=best_in_place(likely, truth))


def best_in_place(likely: Floats, truth: np.ndarray) -> float:  # type: ignore[type-arg]
    """Return the probability of in_place from which saying so costs least; a wrong yes weighs twice a missed one."""
    steps = np.arange(0.3, 0.8, 0.025)
    costs = []
    for step in steps:
        said = likely[:, 0] >= step
        costs.append(2.0 * (said & (truth != 0)).sum() + (~said & (truth == 0)).sum())
    return float(steps[int(np.argmin(costs))])
