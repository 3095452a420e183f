"""Learning stance: which unit of a pair is the quote, what it states, what the document states.

Belongs here: fitting the models that read wording. Does not belong here: finding pairs (`learning`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evidence.forest import Floats, Forest, Linear, probabilities
from evidence.scorer import Scorer, best_units, quote_probabilities
from evidence.stance import STATED, Asked, pair_stance_columns, unit_columns
from evidence.training.corpus import Labelled, states_by_unit
from evidence.training.fitting import Labels, fit_forest, fit_linear
from evidence.weights_file import Priors, Weights

IN_PLACE_FROM = 0.63
"""Probability of evidence in place from which it is called so: a wrong yes weighs as much as 1.7 missed ones.

Borders chosen anew in each training set wandered from 0.50 to 0.68 and did worse on the countries left out (0099).
"""


@dataclass(frozen=True, eq=False)
class Pair:
    """One pair with its units' columns and labels."""

    asked: Asked
    rows: Floats
    stated: Labels
    """Units: place in STANCE_ORDER of what a quoted one states, else -1."""
    stance: int
    """Place in STATED; -1 where the pair is claimed but has no label."""
    group: int


def learn_stances(
    weights: Weights, documents: Sequence[Labelled], passage: Sequence[Floats], group: Sequence[int], sure: Floats,
    scorer: Scorer, priors: Mapping[int, Priors],
) -> Weights:  # fmt: skip
    """Return weights with all models of wording; `passage` and `sure` were made without the own group of countries."""
    pairs: list[Pair] = []
    for i, document in enumerate(documents):
        judge = Scorer(replace(weights, priors=priors[group[i]]), document.observer, scorer.marker)
        pairs += _pairs_of(judge, document, passage[i], sure[i], group[i])
    rows: list[Floats] = [p.rows[0] for p in pairs]
    for own in range(max(group) + 1):
        quote, unit = fit_units([p for p in pairs if p.group != own])
        for place, pair in enumerate(pairs):
            if pair.group == own:
                rows[place] = pair_row(pair, quote, unit)
    table, truth = np.array(rows, dtype=np.float32), np.array([p.stance for p in pairs])
    quote, unit = fit_units(pairs)
    told = truth >= 0
    linear, forest = fit_stance(table[told], truth[told])
    return replace(
        weights, quote=quote, unit_stance=unit, stance=linear, stance_forest=forest,
        in_place=fit_linear(table, truth == STATED.index("in_place"), 0.01), in_place_from=IN_PLACE_FROM,
    )  # fmt: skip


def _pairs_of(judge: Scorer, document: Labelled, passage: Floats, sure: Floats, group: int) -> list[Pair]:
    needed = judge.weights.needed(sure, document.view.all_units)
    learned = [
        q for q in range(len(document.stance))
        if 0 <= document.stance[q] < len(STATED) or (document.stance[q] < 0 and sure[q] >= needed)
    ]  # fmt: skip
    best = {q: best_units(passage[:, q]) for q in learned}
    learned = [q for q in learned if best[q]]
    wording = judge.read_wording(document.view, sorted({u for q in learned for u in best[q]}))
    states = states_by_unit(document)
    pairs = []
    for q in learned:
        asked = judge.ask(wording, document.topic, q, best[q], passage[:, q], float(sure[q]))
        stated = np.array([states.get((u, q), -1) for u in best[q]], dtype=np.int8)
        pairs.append(Pair(asked, unit_columns(asked), stated, int(document.stance[q]), group))
    return pairs


def pair_row(pair: Pair, quote: Forest, unit: Linear) -> Floats:
    """Return the stance columns of a pair under given unit models."""
    quotable = quote_probabilities(quote, pair.rows)
    return pair_stance_columns(pair.asked, quotable, probabilities(unit.logits(pair.rows)))


def fit_units(pairs: Sequence[Pair]) -> tuple[Forest, Linear]:
    """Return the quote model and the unit stance model."""
    told = [p for p in pairs if p.stance >= 0]
    rows = np.concatenate([p.rows for p in told])
    stated = np.concatenate([p.stated for p in told])
    quote = fit_forest(rows, stated >= 0, rounds=50, leaves=8, rate=0.08, leaf_size=25)
    learned = (stated >= 0) & (stated < len(STATED))
    return quote, fit_linear(rows[learned], stated[learned], 0.005)


def fit_stance(rows: Floats, labels: Labels) -> tuple[Linear, Forest]:
    """Return the stance models; labels are places in STATED."""
    forest = fit_forest(rows, labels, rounds=150, leaves=6, rate=0.06, leaf_size=30, share=0.1)
    return fit_linear(rows, labels, 0.01), forest
