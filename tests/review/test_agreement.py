"""Agreement against published values.

The table of two abstractors (100 charts, three categories) and its coefficients are published with Gwet's Handbook of
Inter-Rater Reliability and the documentation of the R package irrCAC: percent 0.89, Cohen's kappa 0.7964094,
Gwet's AC1 0.8493305; with quadratic weights irrCAC (its Python port 0.4.4)
gives kappa 0.8921569 and AC2 0.9402369. Cohen 1968 publishes the
weighted kappa 0.348 for weights of his own.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.services.agreement import (
    ORDER,
    agreement_of,
    cohen_kappa,
    count_table,
    gwet_ac,
    identity_weights,
    observed_agreement,
    quadratic_weights,
)

ABSTRACTORS = [[13, 0, 0], [0, 20, 7], [0, 4, 56]]


def test_published_values_without_weights():
    assert observed_agreement(ABSTRACTORS, identity_weights(3)) == pytest.approx(0.89)
    assert cohen_kappa(ABSTRACTORS) == pytest.approx(0.7964094, abs=5e-8)
    assert gwet_ac(ABSTRACTORS) == pytest.approx(0.8493305, abs=5e-8)


def test_published_weights():
    assert quadratic_weights(3) == [[1.0, 0.75, 0.0], [0.75, 1.0, 0.75], [0.0, 0.75, 1.0]]


def test_values_with_quadratic_weights():
    weights = quadratic_weights(3)
    assert cohen_kappa(ABSTRACTORS, weights) == pytest.approx(0.8921569, abs=5e-8)
    assert gwet_ac(ABSTRACTORS, weights) == pytest.approx(0.9402369, abs=5e-8)


def test_cohens_own_weighted_example():
    table = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    disagreement = [[0, 1, 3], [1, 0, 6], [3, 6, 0]]
    weights = [[1 - value / 6 for value in row] for row in disagreement]
    assert cohen_kappa(table, weights) == pytest.approx(0.348, abs=5e-4)


def test_the_kappa_paradox():
    """With one category nearly always chosen kappa falls below zero and AC1 stays near the percentage (Gwet 2008)."""
    table = [[118, 5], [2, 0]]
    assert observed_agreement(table, identity_weights(2)) == pytest.approx(0.944)
    assert cohen_kappa(table) == pytest.approx(-0.0234, abs=5e-4)
    assert gwet_ac(table) == pytest.approx(0.9408, abs=5e-4)


def test_nothing_compared_gives_no_figure():
    assert agreement_of([]).percent is None
    assert cohen_kappa([[5, 0], [0, 0]]) is None


answers = st.sampled_from(ORDER)


@given(st.lists(st.tuples(answers, answers), min_size=1, max_size=40))
def test_figures_lie_in_their_range_and_know_no_order_of_people(pairs):
    found, turned = agreement_of(pairs), agreement_of([(b, a) for a, b in pairs])
    assert found.percent == pytest.approx(turned.percent)
    assert found.ac2 == pytest.approx(turned.ac2)
    assert -1.0 <= found.ac1 <= 1.0
    assert found.ac2 <= 1.0 + 1e-9
    if all(a == b for a, b in pairs):
        assert found.ac1 == found.ac2 == pytest.approx(1.0)


@given(st.lists(st.tuples(answers, answers), min_size=1, max_size=40))
def test_weights_of_identity_are_no_weights(pairs):
    table = count_table(pairs)
    assert gwet_ac(table) == gwet_ac(table, identity_weights(4))
