"""Tell the main text of a page from navigation.

Belongs here: the judgement on each block by a model whose weights are data. Does not belong here: its features
(`html_features`), its training (`training.main_text`).

The model is a sum of small decision trees over features of a block; see `html_main.json` for the figures it was
accepted with. It leans to keeping text: what it calls navigation stays in the text layer, but feeds no evidence.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extractors.html_blocks import PageBlocks, RawBlock
from extractors.html_features import Matrix, feature_names, page_features, titled_block
from extractors.line_patterns import ARTICLE, DIVISION

WEIGHTS = Path(__file__).parent / "html_main.json"
NEVER = frozenset({"menu", "title"})
GAP_BLOCKS, GAP_LENGTH = 8, 300
"""A gap of at most so many blocks of at most so many characters may hold titles of articles."""
HEADLINE_LEVEL, HEADLINE_BLOCKS = 2, 12
"""A headline is a heading of the first levels, with at most so many blocks between it and the main text."""
MODEL_BLOCKS = 20_000
"""A page with more blocks than this is judged by its landmarks alone, so that memory stays small."""
ASIDE = frozenset({"nav", "header", "footer", "aside", "form", "button", "select", "noscript"})


@dataclass(frozen=True)
class Trees:
    """Decision trees side by side: node arrays of shape (trees, nodes); a leaf points to itself."""

    feature: npt.NDArray[np.intp]
    threshold: npt.NDArray[np.float32]
    left: npt.NDArray[np.intp]
    right: npt.NDArray[np.intp]
    value: npt.NDArray[np.float32]
    baseline: float
    depth: int
    cut: float
    """Probability from which a block is main text."""


def find_main(page: PageBlocks) -> list[bool]:
    """Return for each block whether it belongs to the main text."""
    if len(page.blocks) > MODEL_BLOCKS:
        return [block.kind not in NEVER and block.container.landmark not in ASIDE for block in page.blocks]
    trees = load_trees()
    probabilities = predict(trees, page_features(page)).tolist()
    chosen = [p >= trees.cut and b.kind not in NEVER for b, p in zip(page.blocks, probabilities, strict=True)]
    return _close_gaps(page.blocks, chosen)


def find_headline(blocks: list[RawBlock], main: list[bool]) -> range:
    """Return the positions of the page's headline and of what stands between it and the main text (its date, its
    author); empty where there is no main text, or where the headline stands far from it.
    """
    position = titled_block(blocks)
    if position < 0 or blocks[position].level > HEADLINE_LEVEL:
        return range(0)
    first = next((place for place in range(position, len(blocks)) if main[place]), -1)
    if first < 0 or any(main[:position]) or first - position > HEADLINE_BLOCKS:
        return range(0)
    return range(position, max(first, position + 1))


def _close_gaps(blocks: list[RawBlock], chosen: list[bool]) -> list[bool]:
    """Take in short plain blocks between main blocks: titles of articles, which the model takes for menus."""
    closed = list(chosen)
    last = -1
    for position, is_main in enumerate(chosen):
        if not is_main:
            continue
        between = range(last + 1, position)
        if last >= 0 and 0 < len(between) <= GAP_BLOCKS and all(_may_join(blocks[p]) for p in between):
            units = sum(bool(ARTICLE.match(blocks[p].text) or DIVISION.match(blocks[p].text)) for p in between)
            if units:
                for inside in between:
                    closed[inside] = True
        last = position
    return closed


def _may_join(block: RawBlock) -> bool:
    plain = block.link_chars < 0.3 * len(block.text)
    return plain and block.kind not in NEVER and block.container.landmark not in ASIDE and len(block.text) <= GAP_LENGTH


def predict(trees: Trees, rows: Matrix) -> npt.NDArray[np.float32]:
    """Return for each row the probability that it is main text."""
    count, width = trees.feature.shape
    offset = (np.arange(count, dtype=np.intp) * width)[None, :]
    feature, threshold = trees.feature.ravel(), trees.threshold.ravel()
    left, right = trees.left.ravel(), trees.right.ravel()
    flat = np.ascontiguousarray(rows).ravel()
    line = (np.arange(len(rows), dtype=np.intp) * rows.shape[1])[:, None]
    node = np.broadcast_to(offset, (len(rows), count))
    for _ in range(trees.depth):
        goes_left = flat.take(line + feature.take(node)) <= threshold.take(node)
        node = np.where(goes_left, left.take(node), right.take(node)) + offset
    total = trees.value.ravel().take(node).sum(axis=1) + trees.baseline
    probabilities: npt.NDArray[np.float32] = (1.0 / (1.0 + np.exp(-total))).astype(np.float32)
    return probabilities


@cache
def load_trees() -> Trees:
    """Return the shipped model; raises ValueError when it was trained for other features."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    if data["features"] != feature_names():
        raise ValueError(f"{WEIGHTS.name} was trained for other features; run python -m extractors.training.main_text")
    nodes = data["trees"]
    width = max(len(tree["feature"]) for tree in nodes)

    def padded(name: str) -> npt.NDArray[np.float64]:
        return np.array([tree[name] + [0] * (width - len(tree[name])) for tree in nodes], dtype=np.float64)

    return Trees(
        feature=padded("feature").astype(np.intp), threshold=padded("threshold").astype(np.float32),
        left=padded("left").astype(np.intp), right=padded("right").astype(np.intp),
        value=padded("value").astype(np.float32), baseline=data["baseline"], depth=data["depth"], cut=data["cut"],
    )  # fmt: skip
