"""The gate of documents nobody trained on: what is reached there does not fall unnoticed."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.training.unseen import CHECKS, UnseenFloorError, falls, load_floors, measure, pin
from store.settings import Settings

FIGURES = {
    "found_f1": 0.7, "in_place_precision": 0.8, "in_place_recall": 0.3, "stance_accuracy": 0.5, "quote_top3": 0.9,
    "verbatim": 1.0, "empty_documents_claimed": 2,
}  # fmt: skip


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", CHECKS)
def test_figures_on_documents_nobody_trained_on_hold(tmp_path: Path, name: str) -> None:
    assert falls(load_floors()[name], measure(Settings(data_dir=tmp_path), CHECKS[name])) == []


def test_a_fall_needs_a_flag(tmp_path: Path) -> None:
    path = tmp_path / "floors.yml"
    pin("a", FIGURES, "corpus", lower=False, path=path)
    worse = {**FIGURES, "in_place_precision": 0.7, "empty_documents_claimed": 3}
    with pytest.raises(UnseenFloorError, match=r"in_place_precision is 0\.7.*empty_documents_claimed is 3"):
        pin("a", worse, "corpus", lower=False, path=path)
    assert load_floors(path)["a"]["in_place_precision"] == 0.8
    pin("a", worse, "corpus", lower=True, path=path)
    assert load_floors(path)["a"]["in_place_precision"] == 0.7


def test_noise_between_machines_is_no_fall() -> None:
    assert falls({"found_f1": 0.7}, {"found_f1": 0.697}) == []
    assert falls({"found_f1": 0.7}, {"found_f1": 0.69}) == ["found_f1 is 0.69, its floor 0.7"]
