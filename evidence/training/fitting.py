"""Fitting: one boosted forest or one linear model from rows and labels.

Belongs here: scikit-learn's models turned into arrays. Does not belong here: which rows and labels (`learning`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from evidence.forest import Floats, Forest, Linear

SEED = 20261120
EXACT = 1e-7
"""Gradient at which learning stops, so that machines that sum in another order stop at the same weights."""
Labels = NDArray[Any]


def fit_forest(
    rows: Floats, labels: Labels, *, rounds: int, leaves: int, rate: float, leaf_size: int, share: float = 1.0
) -> Forest:  # fmt: skip
    """Return a boosted forest; each split looks at a `share` of the columns.

    Rows are read to three digits: a last digit that machines sum differently would decide between splits that are as
    good, and every later tree would follow (0100).
    """
    model = HistGradientBoostingClassifier(
        max_iter=rounds, max_leaf_nodes=leaves, learning_rate=rate, l2_regularization=5.0, min_samples_leaf=leaf_size,
        max_bins=64, early_stopping=False, random_state=SEED, max_features=share,
    )  # fmt: skip
    with threadpool_limits(1):  # threads that wait for a busy core by spinning take ten times as long
        return _as_forest(model.fit(rows.astype(np.float16).astype(np.float32), labels))


def fit_linear(rows: Floats, labels: Labels, strength: float) -> Linear:
    """Return a logistic regression over standardised columns."""
    rows = rows.astype(np.float64)
    mean, deviation = rows.mean(axis=0), rows.std(axis=0) + 1e-3
    scaled = np.clip((rows - mean) / deviation, -6.0, 6.0)
    with threadpool_limits(1):
        model = LogisticRegression(C=strength, tol=EXACT, max_iter=3000, random_state=SEED).fit(scaled, labels)
    return Linear(
        mean.astype(np.float32), deviation.astype(np.float32), model.coef_.T.astype(np.float32),
        model.intercept_.astype(np.float32),
    )  # fmt: skip


def _as_forest(model: HistGradientBoostingClassifier) -> Forest:
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
