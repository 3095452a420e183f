"""Learning stance: which unit of a pair is the quote, what it states, what the document states.

Belongs here: fitting the models that read wording. Does not belong here: finding pairs (`learning`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from evidence.forest import Floats, Forest, Linear, probabilities
from evidence.scorer import KIND_GROUPS, Scorer, best_units, blend_stances, quote_probabilities, surely_in_place
from evidence.stance import STATED, Asked, pair_stance_columns, unit_columns
from evidence.training.corpus import Labelled
from evidence.training.fitting import Labels, fit_forest, fit_linear
from evidence.weights_file import Priors, Weights

WRONG_YES = 1.2
"""What a wrong yes costs, in missed ones, where the border for in_place is chosen."""


@dataclass(frozen=True, eq=False)
class Pair:
    """One pair with its units' columns and labels."""

    asked: Asked
    rows: Floats
    quoted: Labels
    stance: int
    """Place in STATED; -1 where the pair is claimed but has no label."""
    group: int


Count = Callable[[Sequence[Labelled]], Priors]


def learn_stances(
    weights: Weights, documents: Sequence[Labelled], passage: Sequence[Floats], group: Sequence[int], sure: Floats,
    scorer: Scorer, count: Count,
) -> Weights:  # fmt: skip
    """Return weights with all models of wording; `passage` and `sure` were made without the own group of countries."""
    pairs: list[Pair] = []
    for i, document in enumerate(documents):
        priors = count([d for d in documents if d.country != document.country])
        judge = Scorer(replace(weights, priors=priors), scorer.observer, scorer.marker)
        pairs += _pairs_of(judge, document, passage[i], sure[i], group[i], weights.threshold)
    groups = np.array([p.group for p in pairs])
    rows: list[Floats] = [p.rows[0] for p in pairs]
    for own in range(max(group) + 1):
        quote, unit = fit_units([p for p in pairs if p.group != own])
        for place, pair in enumerate(pairs):
            if pair.group == own:
                rows[place] = pair_row(pair, quote, unit)
    table, truth = np.array(rows, dtype=np.float32), np.array([p.stance for p in pairs])
    natures = np.array([KIND_GROUPS[p.asked.wording.view.nature.kind] for p in pairs])
    likely = np.zeros((len(pairs), len(STATED)), dtype=np.float32)
    for own in range(max(group) + 1):
        told = (groups != own) & (truth >= 0)
        inside = groups == own
        likely[inside] = blend_stances(fit_stance(table[told], truth[told]), table[inside], natures[inside])
    found = np.array([p.asked.found for p in pairs])
    claimed = found >= weights.threshold
    quote, unit = fit_units(pairs)
    return replace(
        weights, quote=quote, unit_stance=unit, stance=fit_stance(table[truth >= 0], truth[truth >= 0]),
        in_place_from=best_in_place(surely_in_place(found, likely[:, 0])[claimed], truth[claimed]),
    )  # fmt: skip


def _pairs_of(
    judge: Scorer, document: Labelled, passage: Floats, sure: Floats, group: int, threshold: float
) -> list[Pair]:
    learned = [
        q for q in range(len(document.stance))
        if 0 <= document.stance[q] < len(STATED) or (document.stance[q] < 0 and sure[q] >= threshold)
    ]  # fmt: skip
    best = {q: best_units(passage[:, q]) for q in learned}
    learned = [q for q in learned if best[q]]
    wording = judge.read_wording(document.view, sorted({u for q in learned for u in best[q]}))
    quoted = {
        (int(u), int(q))
        for u, q, hit in zip(document.candidates.unit, document.candidates.question, document.quoted, strict=True)
        if hit
    }
    pairs = []
    for q in learned:
        asked = judge.ask(wording, document.topic, q, best[q], passage[:, q], float(sure[q]))
        hits = np.array([(u, q) in quoted for u in best[q]])
        pairs.append(Pair(asked, unit_columns(asked), hits, int(document.stance[q]), group))
    return pairs


def pair_row(pair: Pair, quote: Forest, unit: Linear) -> Floats:
    """Return the stance columns of a pair under given unit models."""
    quotable = quote_probabilities(quote, pair.rows)
    return pair_stance_columns(pair.asked, quotable, probabilities(unit.logits(pair.rows)))


def fit_units(pairs: Sequence[Pair]) -> tuple[Forest, Linear]:
    """Return the quote model and the unit stance model."""
    told = [p for p in pairs if p.stance >= 0]
    rows = np.concatenate([p.rows for p in told])
    hits = np.concatenate([p.quoted for p in told])
    stances = np.concatenate([np.full(len(p.rows), p.stance) for p in told])
    quote = fit_forest(rows, hits, rounds=50, leaves=8, rate=0.08, leaf_size=25)
    return quote, fit_linear(rows[hits], stances[hits], 0.005)


def fit_stance(rows: Floats, labels: Labels) -> Linear:
    """Return the stance model; labels are places in STATED. Forests did worse on left-out countries."""
    return fit_linear(rows, labels, 0.01)


def best_in_place(likely: Floats, truth: Labels) -> float:
    """Return the border of P(evidence and in place) at which wrong yes and missed ones cost least."""
    steps = np.arange(0.2, 0.8, 0.02)
    costs = [
        WRONG_YES * ((likely >= step) & (truth != 0)).sum() + ((likely < step) & (truth == 0)).sum() for step in steps
    ]
    smooth = np.convolve(np.pad(np.array(costs, dtype=float), 2, mode="edge"), np.ones(5) / 5, mode="valid")
    return float(steps[int(np.argmin(smooth))])
