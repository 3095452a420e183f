"""Agreement of two reviewers: percent, Cohen's kappa, Gwet's AC1 and AC2.

Belongs here: pure arithmetic over pairs of answers. Does not belong here: which pairs (`comparing`).

Sources: Cohen, Educational and Psychological Measurement 20 (1960) and Psychological Bulletin 70 (1968); Gwet, British
Journal of Mathematical and Statistical Psychology 61 (2008), and Handbook of Inter-Rater Reliability, 4th ed. (2014).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ORDER = ("no", "not_found", "partial", "yes")
"""Answers from the weakest to the strongest claim: between no and yes lies what was not found, then what is partial."""

Weights = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Agreement:
    """Figures over some pairs; None where a figure is not defined."""

    pairs: int
    percent: float | None
    kappa: float | None
    ac1: float | None
    ac2: float | None


def identity_weights(size: int) -> list[list[float]]:
    """Return weights that know only agreement and disagreement."""
    return [[1.0 if row == column else 0.0 for column in range(size)] for row in range(size)]


def quadratic_weights(size: int) -> list[list[float]]:
    """Return weights by which near answers disagree less."""
    span = (size - 1) ** 2 or 1
    return [[1.0 - (row - column) ** 2 / span for column in range(size)] for row in range(size)]


def count_table(pairs: Sequence[tuple[str, str]], order: Sequence[str] = ORDER) -> list[list[int]]:
    """Return how often each pair of answers occurs; rows are the first reviewer."""
    place = {answer: index for index, answer in enumerate(order)}
    table = [[0] * len(order) for _ in order]
    for first, second in pairs:
        table[place[first]][place[second]] += 1
    return table


def observed_agreement(table: Sequence[Sequence[int]], weights: Weights) -> float:
    """Return the weighted share of agreement; the table must not be empty."""
    total = sum(map(sum, table))
    return sum(weights[i][j] * count for i, row in enumerate(table) for j, count in enumerate(row)) / total


def cohen_kappa(table: Sequence[Sequence[int]], weights: Weights | None = None) -> float | None:
    """Return Cohen's kappa, weighted when weights are given; None when chance alone would always agree."""
    size = len(table)
    weights = weights or identity_weights(size)
    total = sum(map(sum, table))
    if not total:
        return None
    rows = [sum(row) / total for row in table]
    columns = [sum(row[j] for row in table) / total for j in range(size)]
    chance = sum(weights[i][j] * rows[i] * columns[j] for i in range(size) for j in range(size))
    if abs(1.0 - chance) < 1e-12:
        return None
    return (observed_agreement(table, weights) - chance) / (1.0 - chance)


def gwet_ac(table: Sequence[Sequence[int]], weights: Weights | None = None) -> float | None:
    """Return Gwet's AC1, or AC2 when weights are given; None for an empty table or a single category."""
    size = len(table)
    weights = weights or identity_weights(size)
    total = sum(map(sum, table))
    if not total or size < 2:
        return None
    shares = [(sum(table[k]) + sum(row[k] for row in table)) / (2 * total) for k in range(size)]
    spread = sum(share * (1.0 - share) for share in shares)
    chance = sum(map(sum, weights)) / (size * (size - 1)) * spread
    if abs(1.0 - chance) < 1e-12:
        return None
    return (observed_agreement(table, weights) - chance) / (1.0 - chance)


def agreement_of(pairs: Sequence[tuple[str, str]]) -> Agreement:
    """Return all figures over pairs of answers; AC2 with quadratic weights over `ORDER`."""
    if not pairs:
        return Agreement(0, None, None, None, None)
    table = count_table(pairs)
    size = len(ORDER)
    return Agreement(
        pairs=len(pairs),
        percent=observed_agreement(table, identity_weights(size)),
        kappa=cohen_kappa(table),
        ac1=gwet_ac(table),
        ac2=gwet_ac(table, quadratic_weights(size)),
    )
