"""Rows that fail a blocking check are never published."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.lake import Lake
from store.publication import check_counts, check_schema
from store.tables import DRAFTS

from .test_lake import draft


def test_a_repeated_key_and_a_wrong_type_fail_the_schema() -> None:
    assert check_schema(DRAFTS, [draft("L.1.1"), draft("L.1.2")]).passed
    assert "repeat the key" in check_schema(DRAFTS, [draft("L.1.1"), draft("L.1.1")]).message
    assert not check_schema(DRAFTS, [draft(confidence="high")]).passed


@pytest.mark.parametrize(
    ("before", "after", "accepted", "passes"),
    [(20, 12, "", True), (20, 11, "", False), (20, 11, "site was closed", True), (9, 0, "", True), (0, 5, "", True)],
)
def test_a_large_fall_blocks_until_a_person_accepts_it(
    tmp_path: Path, before: int, after: int, accepted: str, passes: bool
) -> None:
    lake = Lake(str(tmp_path))
    lake.write(DRAFTS, "XDM", [draft(f"L.1.{number}") for number in range(before)])
    outcome = check_counts(lake, DRAFTS, "XDM", after, accepted)
    assert outcome.passed is passes
    if not passes:
        assert "--accept XDM" in outcome.message
