"""The gate: what is reached on left-out countries does not fall unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.training.floors import AT_LEAST, AT_MOST, FloorError, falls, load_floors, measure, pin
from evidence.training.material import material_digest
from evidence.weights_file import load_weights

FIGURES = {
    "found_f1": 0.7, "found_precision": 0.7, "found_recall": 0.7, "in_place_precision": 0.8, "in_place_recall": 0.4,
    "stance_accuracy": 0.7, "quote_top3": 0.7, "verbatim": 1.0, "empty_documents_claimed": 1, "calibration_error": 0.02,
    "found_f1_english": 0.7, "found_f1_lowest_language": 0.5,
}  # fmt: skip


@pytest.mark.realdata
@pytest.mark.timeout(900)
def test_figures_on_left_out_countries_hold(shared: Path) -> None:
    labels, docs = shared / "gold" / "labels.jsonl", shared / "gold" / "docs"
    floors = load_floors()
    assert floors["corpus"] == material_digest(labels, docs), "the material changed: pin the floors anew"
    assert falls(floors, measure(labels, docs)) == []


@pytest.mark.realdata
def test_shipped_weights_were_learned_from_the_pinned_material() -> None:
    assert load_weights().corpus == load_floors()["corpus"]


def test_every_figure_of_the_gate_is_pinned() -> None:
    assert {*AT_LEAST, *AT_MOST} <= set(load_floors())


def test_floor_falls_only_with_the_flag(tmp_path: Path) -> None:
    path = tmp_path / "floors.yml"
    pin(FIGURES, "a", lower=False, path=path)
    worse = {**FIGURES, "found_f1": 0.6}
    with pytest.raises(FloorError, match="found_f1"):
        pin(worse, "a", lower=False, path=path)
    assert load_floors(path)["found_f1"] == 0.7
    pin(worse, "a", lower=True, path=path)
    assert load_floors(path)["found_f1"] == 0.6


def test_more_empty_documents_claimed_is_a_fall() -> None:
    assert falls(FIGURES, {**FIGURES, "empty_documents_claimed": 2}) == [
        "empty_documents_claimed is 2, at most 1 is allowed"
    ]
