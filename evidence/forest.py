"""Forests: boosted trees and linear models as arrays, evaluated with numpy alone.

Belongs here: the form of the weights in a file and their evaluation. Does not belong here: what the columns mean
(`features`), or how the weights are learned (`training/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Forest:
    """Sum of trees; leaves point to themselves. `outputs` trees a round, one for each class (one for a yes or no)."""

    column: NDArray[np.int16]
    threshold: Floats
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: Floats
    """trees x nodes, all five."""
    baseline: Floats
    depth: int

    def logits(self, rows: Floats) -> Floats:
        """Return rows x outputs."""
        outputs = len(self.baseline)
        result = np.tile(self.baseline, (len(rows), 1)).astype(np.float32)
        line = np.arange(len(rows))
        for tree in range(len(self.column)):
            column, threshold = self.column[tree], self.threshold[tree]
            left, right = self.left[tree], self.right[tree]
            node = np.zeros(len(rows), dtype=np.intp)
            for _ in range(self.depth):
                node = np.where(rows[line, column[node]] <= threshold[node], left[node], right[node]).astype(np.intp)
            result[:, tree % outputs] += self.value[tree][node]
        return result


@dataclass(frozen=True, eq=False)
class Linear:
    """A linear model over columns brought to mean 0 and deviation 1."""

    mean: Floats
    deviation: Floats
    weights: Floats
    """columns x outputs."""
    intercept: Floats

    def logits(self, rows: Floats) -> Floats:
        """Return rows x outputs; values beyond six deviations count as six."""
        scaled = np.clip((rows - self.mean) / self.deviation, -6.0, 6.0)
        return np.asarray(scaled @ self.weights + self.intercept, dtype=np.float32)


def probabilities(logits: Floats) -> Floats:
    """Return the logistic of one output, or the softmax over several."""
    if logits.shape[1] == 1:
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)


def pack(prefix: str, model: Forest | Linear) -> dict[str, NDArray[Any]]:
    """Return the arrays of a model under names for one archive file."""
    return {f"{prefix}.{name}": np.asarray(getattr(model, name)) for name in model.__dataclass_fields__}


def unpack_forest(prefix: str, held: Any) -> Forest:
    """Return the forest that `pack` wrote; raises KeyError when it is not there."""
    return Forest(
        held[f"{prefix}.column"], held[f"{prefix}.threshold"], held[f"{prefix}.left"], held[f"{prefix}.right"],
        held[f"{prefix}.value"], held[f"{prefix}.baseline"], int(held[f"{prefix}.depth"]),
    )  # fmt: skip


def unpack_linear(prefix: str, held: Any) -> Linear:
    """Return the linear model that `pack` wrote; raises KeyError when it is not there."""
    return Linear(*(held[f"{prefix}.{name}"] for name in ("mean", "deviation", "weights", "intercept")))
