"""Train the model that tells main text from navigation, and measure it.

    python -m extractors.training.main_text ../shared [--write]

Belongs here: labels, folds, training, the weights file. Does not belong here: the features (`html_features`), the
use of the model (`html_main`).

Two kinds of pages: the article extraction benchmark with its labelled bodies, and official pages of the replay
archives, which nobody labelled. On those a block counts as main text when it stands outside landmarks of navigation
and is mostly no link, or when trafilatura in favour of recall keeps it: news taught alone, the model dropped tables
and lists of official pages. Figures are by cross-validation: no page is judged by a model that saw it.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from extractors.html_blocks import PageBlocks, RawBlock, ancestors, collect_blocks
from extractors.html_features import Matrix, feature_names, page_features
from extractors.html_main import NEVER, WEIGHTS
from extractors.html_source import parse_tree
from extractors.text_encoding import decode
from extractors.training.article_measure import WORD, Figures, compare, figures, labelled_pages, runs

FOLDS = 6
TREES = 200
SETTINGS = {
    "max_iter": TREES,
    "learning_rate": 0.07,
    "max_leaf_nodes": 13,
    "min_samples_leaf": 30,
    "l2_regularization": 1.0,
}
CUTS = (0.4, 0.45, 0.5, 0.55, 0.6)
ARCHIVES = {"govpages.warc.gz": 100, "emirates.warc.gz": 10, "rwanda.warc.gz": 10}
"""Archives of official pages and how many pages of each are used, so that no site outweighs the others."""
_ASIDE = re.compile(
    r"comment|disqus|respond|reply|related|recommend|recirc|popular|trending|promo|advert|sponsor|newsletter|subscri|cookie|"
    r"consent|modal|popup|author|sidebar|widget|teaser|footer|share|social"
)


@dataclass(frozen=True)
class Example:
    """A page with its features and labels; `body` is empty for pages that nobody labelled."""

    page: PageBlocks
    rows: Matrix
    labels: npt.NDArray[np.bool_]
    weights: npt.NDArray[np.float64]
    body: str


def example(payload: bytes, body: str, kept_by_other: str = "") -> Example | None:
    """Return a page as an example; labels come from `body`, or by rule and `kept_by_other` where there is none."""
    tree = parse_tree(decode(payload, is_markup=True).text)
    page = collect_blocks(tree.root, 2_000_000) if tree is not None else None
    if page is None or not page.blocks:
        return None
    wanted, flat = runs(body), f" {' '.join(WORD.findall(body))} "
    labels = [
        _stands_in(block.text, wanted, flat) if body else _looks_main(block, kept_by_other) for block in page.blocks
    ]
    weights = np.log1p([len(block.text) for block in page.blocks])
    return Example(page, page_features(page), np.array(labels), weights, body)


def _stands_in(text: str, wanted: Any, flat: str) -> bool:
    words = WORD.findall(text)
    if len(words) < 4:
        return bool(words) and f" {' '.join(words)} " in flat
    found = runs(text)
    return sum(run in wanted for run in found) >= 0.5 * len(found)


def _looks_main(block: RawBlock, kept_by_other: str) -> bool:
    words = WORD.findall(block.text)
    if not words or block.kind in NEVER:
        return False
    plain = len(block.text) - block.link_chars
    inside = block.container.landmark in {"main", "article"}
    aside = any(_ASIDE.search(found.names) for found in ancestors(block.container) if found.parent and found.names)
    if (
        (inside or block.container.landmark == "")
        and not aside
        and plain > 0.6 * len(block.text)
        and (inside or plain >= 40)
    ):
        return True
    return len(words) > 3 and f" {' '.join(words)} " in kept_by_other


def official_pages(folder: Path) -> list[Example]:
    """Return examples from the archives of official pages."""
    import trafilatura

    from store.archive import ArchivedResponse, read_responses

    found: list[Example] = []
    for name, limit in ARCHIVES.items():
        count = 0
        for response in read_responses(folder / name):
            if not isinstance(response, ArchivedResponse) or b"<html" not in response.payload[:4000].lower():
                continue
            kept = trafilatura.extract(response.payload, include_comments=False, favor_recall=True) or ""
            made = example(response.payload, "", f" {' '.join(WORD.findall(kept))} ")
            if made is not None:
                found.append(made)
                count += 1
            if count >= limit:
                break
    return found


def fit(examples: Sequence[Example]) -> Any:
    """Train on examples; longer blocks weigh more."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(random_state=0, **SETTINGS)
    rows = np.vstack([found.rows for found in examples])
    labels = np.concatenate([found.labels for found in examples])
    return model.fit(rows, labels, sample_weight=np.concatenate([found.weights for found in examples]))


def cross_validate(
    news: Sequence[Example], official: Sequence[Example]
) -> tuple[dict[float, Figures], dict[float, float]]:
    """Return, for each cut, figures on the benchmark and recall on official pages, each page judged unseen."""
    order = np.random.default_rng(0)
    news_fold, official_fold = (order.permutation(len(pages)) % FOLDS for pages in (news, official))
    shares: dict[float, list[tuple[float, float, float]]] = {cut: [] for cut in CUTS}
    kept: dict[float, list[float]] = {cut: [] for cut in CUTS}
    for fold in range(FOLDS):
        taught = [page for page, mine in zip(news, news_fold, strict=True) if mine != fold]
        taught += [page for page, mine in zip(official, official_fold, strict=True) if mine != fold]
        model = fit(taught)
        for page in (page for page, mine in zip(news, news_fold, strict=True) if mine == fold):
            for cut in CUTS:
                shares[cut].append(compare(page.body, chosen_text(page, model.predict_proba(page.rows)[:, 1], cut)))
        for page in (page for page, mine in zip(official, official_fold, strict=True) if mine == fold):
            for cut in CUTS:
                kept[cut].append(_recall(page, model.predict_proba(page.rows)[:, 1] >= cut))
    return {cut: figures(found) for cut, found in shares.items()}, {
        cut: float(np.mean(found)) for cut, found in kept.items()
    }


def chosen_text(page: Example, probabilities: npt.NDArray[np.float64], cut: float) -> str:
    """Return the main text that a model chooses."""
    blocks = zip(page.page.blocks, probabilities, strict=True)
    return "\n".join(block.text for block, share in blocks if share >= cut and block.kind not in NEVER)


def _recall(page: Example, chosen: npt.NDArray[np.bool_]) -> float:
    lengths = np.array([len(block.text) for block in page.page.blocks], dtype=float)
    wanted = float(lengths[page.labels].sum())
    return float(lengths[page.labels & chosen].sum()) / wanted if wanted else 1.0


def export(model: Any, cut: float, measured: dict[str, Any]) -> dict[str, Any]:
    """Return a trained model as plain data; a leaf points to itself so that all trees can be walked equally deep."""
    trees, depth = [], 0
    for (predictor,) in model._predictors:
        nodes = predictor.nodes
        leaf = nodes["is_leaf"].astype(bool)
        own = np.arange(len(nodes))
        depth = max(depth, int(nodes["depth"].max()))
        trees.append(
            {
                "feature": np.where(leaf, 0, nodes["feature_idx"]).tolist(),
                "threshold": [float(f"{value:.6g}") for value in np.where(leaf, 0.0, nodes["num_threshold"])],
                "left": np.where(leaf, own, nodes["left"]).tolist(),
                "right": np.where(leaf, own, nodes["right"]).tolist(),
                "value": [float(f"{value:.5g}") for value in np.where(leaf, nodes["value"], 0.0)],
            }
        )
    baseline = float(np.ravel(model._baseline_prediction)[0])
    return {
        "measured": measured,
        "cut": cut,
        "depth": depth,
        "baseline": baseline,
        "features": feature_names(),
        "trees": trees,
    }


def main() -> None:
    """Measure by cross-validation and, with --write, train on everything and write the weights."""
    parser = argparse.ArgumentParser(description="Train the model that tells main text from navigation.")
    parser.add_argument("shared", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    pages = labelled_pages(arguments.shared / "data" / "extraction")
    news = [made for _, payload, body in pages if (made := example(payload, body)) is not None]
    official = official_pages(arguments.shared / "realweb")
    on_news, on_official = cross_validate(news, official)
    for cut in CUTS:
        found = on_news[cut]
        print(f"cut {cut}: F1 {found.f1:.4f} precision {found.precision:.4f} recall {found.recall:.4f}; "
              f"official pages recall {on_official[cut]:.4f}")  # fmt: skip
    if arguments.write:
        best = max(CUTS, key=lambda cut: on_news[cut].f1 + 0.1 * on_official[cut])
        measured = {"f1": round(on_news[best].f1, 4), "official_recall": round(on_official[best], 4), "folds": FOLDS,
                    "pages": len(news), "official_pages": len(official)}  # fmt: skip
        weights = export(fit([*news, *official]), best, measured)
        WEIGHTS.write_text(json.dumps(weights, separators=(",", ":")) + "\n", encoding="utf-8")
        print(f"wrote {WEIGHTS} ({WEIGHTS.stat().st_size} bytes)")


if __name__ == "__main__":
    main()
