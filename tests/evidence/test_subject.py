"""Subjects: whether a text has a question's matter as its own subject."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.document_kind import COLUMNS, Nature
from evidence.grammar import CLAIM_KINDS, load_grammars
from evidence.subject import REACH_COLUMNS, Subjects, reach_columns
from evidence.view import Floats

GRAMMARS = load_grammars()
ASKED = ("L.1.1", "L.2.1", "T.1.1")
ACT = Nature("act", (0.0,) * len(COLUMNS), "", "adopted", "", None, None)


def shares(**named: float) -> Floats:
    """Return the share of units that name each concept."""
    row = np.zeros(len(GRAMMARS.concepts), dtype=np.float32)
    for name, share in named.items():
        row[GRAMMARS.concepts.index(name)] = share
    return row


def test_a_data_protection_act_is_at_home_in_data_protection_and_away_in_illegal_access() -> None:
    access, data, _ = Subjects(GRAMMARS, ASKED).of(shares(personal_data=0.6, offence=0.06))
    assert data[0] == pytest.approx(1.0)
    assert data[1] == pytest.approx(0.1)
    assert access[0] == pytest.approx(0.1)
    assert access[1] == pytest.approx(1.0)


def test_a_question_without_a_home_of_its_own_is_at_home_in_cybersecurity() -> None:
    assert Subjects(GRAMMARS, ASKED).of(shares(cyber=0.3))[2] == pytest.approx([0.5, 0.0])


@given(st.lists(st.floats(0, 1, width=32), min_size=len(GRAMMARS.concepts), max_size=len(GRAMMARS.concepts)))
def test_both_sides_are_shares(row: list[float]) -> None:
    both = Subjects(GRAMMARS, tuple(GRAMMARS.claims)).of(np.array(row, dtype=np.float32))
    assert both.shape == (84, 2)
    assert both.min() >= 0.0
    assert both.max() <= 1.0


@pytest.mark.parametrize("kind", CLAIM_KINDS)
def test_only_the_columns_of_the_documents_and_the_claims_kind_are_set(kind: str) -> None:
    subject = np.array([0.5, 0.25], dtype=np.float32)
    row = dict(zip(REACH_COLUMNS, reach_columns(ACT, kind, subject), strict=True))
    assert row["act_home"] == 0.5
    assert row["home_less_away"] == 0.25
    assert {name for name, value in row.items() if value and name.endswith(f"_{kind}")} == {
        f"act_{kind}",
        f"act_home_{kind}",
    }
    strategy = dict(zip(REACH_COLUMNS, reach_columns(replace(ACT, kind="strategy"), kind, subject), strict=True))
    assert strategy["act_home"] == 0.0
    assert strategy[f"strategy_home_{kind}"] == 0.5
