"""Forests: boosted trees and linear models as arrays, evaluated with numpy alone.

Belongs here: the form of the weights in a file and their evaluation. Does not belong here: what the columns mean
(`features`), or how the weights are learned (`training/`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

ROWS_AT_ONCE = 512
"""So few that the nodes of all trees stay in a core's cache."""


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
        """Return rows x outputs; trees are added in their order, so that sums are the same for any number of rows."""
        result = np.empty((len(rows), len(self.baseline)), dtype=np.float32)
        for first in range(0, len(rows), ROWS_AT_ONCE):
            result[first : first + ROWS_AT_ONCE] = self._logits(rows[first : first + ROWS_AT_ONCE])
        return result

    def _logits(self, rows: Floats) -> Floats:
        """All trees at once: arrays are trees x rows."""
        flat, line = rows.ravel(), np.arange(len(rows)) * rows.shape[1]
        column, threshold, children, value = self._flat
        node = np.repeat(self._roots, len(rows), axis=1)
        for _ in range(self.depth):
            goes_left = flat.take(column.take(node) + line) <= threshold.take(node)
            node = children.take(2 * node + goes_left)
        outputs = len(self.baseline)
        sums = np.repeat(self.baseline.astype(np.float32)[:, None], len(rows), axis=1)
        for leaves in value.take(node).reshape(-1, outputs, len(rows)):
            sums += leaves
        return sums.T

    @cached_property
    def _roots(self) -> NDArray[np.intp]:
        """The place of each tree's root among all nodes, trees x 1."""
        return np.arange(0, self.column.size, self.column.shape[1], dtype=np.intp)[:, None]

    @cached_property
    def _flat(self) -> tuple[NDArray[np.intp], Floats, NDArray[np.intp], Floats]:
        """All nodes of all trees in a row: column, threshold, the right and left child of each, value."""
        children = np.stack([self.right, self.left], axis=-1).astype(np.intp) + self._roots[:, :, None]
        return self.column.astype(np.intp).ravel(), self.threshold.ravel(), children.ravel(), self.value.ravel()


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
