"""The model that tells main text from navigation: its trees, its borders."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from extractors import html_main
from extractors.html_blocks import collect_blocks
from extractors.html_features import feature_names, page_features
from extractors.html_main import Trees, find_main, predict
from extractors.html_source import parse_tree


def page(source: str):  # type: ignore[no-untyped-def]
    tree = parse_tree(source)
    assert tree is not None
    return collect_blocks(tree.root, 10_000)


def test_a_tree_is_walked_to_its_leaf() -> None:
    trees = Trees(
        feature=np.array([[1, 0, 0]], np.int32), threshold=np.array([[0.5, 0, 0]], np.float32),
        left=np.array([[1, 1, 2]], np.int32), right=np.array([[2, 1, 2]], np.int32),
        value=np.array([[0, -2.0, 2.0]], np.float32), baseline=0.0, depth=3, cut=0.5,
    )  # fmt: skip
    found = predict(trees, np.array([[9, 0.2], [9, 0.8]], np.float32))
    assert found.round(3).tolist() == pytest.approx([0.119, 0.881], abs=1e-3)


def test_features_have_names_and_are_numbers() -> None:
    rows = page_features(page("<h1>T</h1><p>Text of a page.</p><nav><a href=x>Menu</a></nav>"))
    assert rows.shape == (3, len(feature_names()))
    assert np.isfinite(rows).all()


def test_weights_for_other_features_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = json.loads(html_main.WEIGHTS.read_text(encoding="utf-8"))
    weights["features"] = ["another"]
    (tmp_path / "w.json").write_text(json.dumps(weights))
    monkeypatch.setattr(html_main, "WEIGHTS", tmp_path / "w.json")
    html_main.load_trees.cache_clear()
    with pytest.raises(ValueError, match="other features"):
        html_main.load_trees()
    html_main.load_trees.cache_clear()


def test_titles_of_articles_between_main_blocks_are_main() -> None:
    body = "".join(
        f"<p>Article {n} – Duty</p><p>The operator shall report each incident to the authority without delay, and the "
        f"authority shall keep a register of all reports that it receives in the year.</p>"
        for n in range(1, 9)
    )
    blocks = page(f"<html><body><div>{body}</div></body></html>")
    assert all(find_main(blocks))


def test_a_page_of_very_many_blocks_is_judged_by_landmarks() -> None:
    source = "<nav><p>menu</p></nav>" + "<p>a row of words</p>" * (html_main.MODEL_BLOCKS + 1)
    tree = parse_tree(source)
    assert tree is not None
    found = find_main(collect_blocks(tree.root, 10**6))
    assert not found[0] and all(found[1:])
