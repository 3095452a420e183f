"""Priors: how often each question had evidence in the documents learned from, and with which stance.

Belongs here: counting labels. Does not belong here: what the scorer makes of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evidence.forest import Floats
from evidence.scorer import KIND_GROUPS
from evidence.training.corpus import Labelled
from evidence.weights_file import Priors


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
