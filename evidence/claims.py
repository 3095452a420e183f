"""Claims at work: which questions' rules the concepts of a text fulfil, all at once.

Belongs here: the rules of `claims.yml` as two small matrices. Does not belong here: the rules themselves, or what a
fulfilled rule is worth beside other signs (`features`).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evidence.grammar import Claim

Floats = NDArray[np.float32]

STEPS = (1.0, 0.8, 0.6)
"""What a fulfilled rule is worth, from the strongest of a claim down."""


class ClaimMatcher:
    """Rules over concepts: a group is met when one of its concepts is named, a rule when all its groups are met."""

    def __init__(self, claims: Sequence[Claim | None], concepts: Sequence[str]) -> None:
        """Take a claim for each question, None where it has none."""
        position = {name: i for i, name in enumerate(concepts)}
        groups: dict[str, int] = {}
        rules: list[tuple[int, int, list[int]]] = []
        for question, claim in enumerate(claims):
            for step, rule in enumerate(claim.rules if claim else ()):
                rules.append((question, step, [groups.setdefault(group, len(groups)) for group in rule]))
        self._questions = len(claims)
        self._groups = np.zeros((len(concepts), len(groups)), dtype=np.float32)
        for group, column in groups.items():
            self._groups[[position[name] for name in group.split("|")], column] = 1.0
        self._rules = np.zeros((len(groups), len(rules)), dtype=np.float32)
        for column, (_, _, members) in enumerate(rules):
            self._rules[members, column] = 1.0
        self._size = self._rules.sum(axis=0)
        self._worth = np.array([STEPS[min(step, len(STEPS) - 1)] for _, step, _ in rules], dtype=np.float32)
        self._question = np.array([question for question, _, _ in rules], dtype=np.intp)
        self._first = np.flatnonzero(np.array([step == 0 for _, step, _ in rules], dtype=np.bool_))
        lasts = np.append(self._first[1:], len(rules)) - 1
        most = int((lasts - self._first).max(initial=-1)) + 1
        self._by_step = [np.minimum(self._first + step, lasts) for step in range(most)]
        """The first rule of each claim, the second and so on; the last again where a claim has fewer."""

    def fulfilled(self, named: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Return texts x questions twice: the value of the best rule, and the share of the first rule's groups met."""
        met = self._met(named)
        share = np.zeros((len(named), self._questions), dtype=np.float32)
        if met.size:
            share[:, self._question[self._first]] = met[:, self._first] / self._size[self._first]
        return self._value(met), share

    def value(self, named: NDArray[np.bool_]) -> Floats:
        """Return texts x questions: the value of the best rule; most texts name nothing and fulfil none."""
        some = np.flatnonzero(named.any(axis=1))
        result = np.zeros((len(named), self._questions), dtype=np.float32)
        result[some] = self._value(self._met(named[some]))
        return result

    def _met(self, named: NDArray[np.bool_]) -> Floats:
        """Return texts x rules: how many groups of each rule are met."""
        return np.asarray((named.astype(np.float32) @ self._groups > 0).astype(np.float32) @ self._rules)

    def _value(self, met: Floats) -> Floats:
        value = np.zeros((len(met), self._questions), dtype=np.float32)
        if met.size:
            worth = np.where(met >= self._size, self._worth, np.float32(0.0))
            best = worth.take(self._by_step[0], axis=1)
            for rules in self._by_step[1:]:
                np.maximum(best, worth.take(rules, axis=1), out=best)
            value[:, self._question[self._first]] = best
        return value
