"""Weights evaluated by numpy say what scikit-learn says."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from evidence.forest import pack, probabilities, unpack_forest, unpack_linear
from evidence.training.fitting import _as_forest, fit_linear


@pytest.mark.parametrize("classes", [2, 3])
def test_forest_equals_scikit_learn(classes: int) -> None:
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(300, 6)).astype(np.float32)
    labels = (rows[:, 0] + rows[:, 1] * rows[:, 2] > 0).astype(int) + (rows[:, 3] > 1) * (classes - 2)
    model = HistGradientBoostingClassifier(max_iter=8, max_leaf_nodes=6, early_stopping=False).fit(rows, labels)
    forest = _as_forest(model)
    again = unpack_forest("x", pack("x", forest))
    expected = model.predict_proba(rows)
    found = probabilities(again.logits(rows))
    np.testing.assert_allclose(
        found if classes > 2 else found[:, 0], expected if classes > 2 else expected[:, 1], atol=1e-5
    )


def test_linear_survives_packing_and_clips_outliers() -> None:
    rng = np.random.default_rng(2)
    rows = rng.normal(size=(80, 3)).astype(np.float32)
    linear = fit_linear(rows, (rows[:, 0] > 0).astype(int), 1.0)
    again = unpack_linear("x", pack("x", linear))
    np.testing.assert_allclose(again.logits(rows), linear.logits(rows))
    assert np.isfinite(again.logits(rows * 1e6)).all()


def test_a_row_is_judged_the_same_alone_and_among_many() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(1300, 4)).astype(np.float32)
    model = HistGradientBoostingClassifier(max_iter=30, max_leaf_nodes=6, early_stopping=False)
    forest = _as_forest(model.fit(rows, (rows[:, 0] > rows[:, 1]).astype(int)))
    together = forest.logits(rows)
    assert together.shape == (1300, 1)
    for number in (0, 511, 512, 1299):
        assert np.array_equal(forest.logits(rows[number : number + 1])[0], together[number])
    assert forest.logits(rows[:0]).shape == (0, 1)
