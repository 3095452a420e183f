"""Report: the tables and the reliability picture of the figures on left-out countries.

Belongs here: counting by language, stance and pillar, the worst errors by name, the picture. Does not belong here:
measuring (`leave_one_out`), pinning (`floors`). Run: `python -m evidence.training.report`; it prints Markdown
and writes `docs/figures/evidence-calibration.svg`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from evidence.training.corpus import read_documents, read_labels
from evidence.training.leave_one_out import SHARED, Outcome, leave_one_out

PICTURE = Path("docs") / "figures" / "evidence-calibration.svg"
BINS = 10
Pairs = Mapping[tuple[str, str], str]


def best_stances(outcome: Outcome) -> dict[tuple[str, str], tuple[str, float]]:
    """Return stance and score of each predicted pair."""
    best: dict[tuple[str, str], tuple[str, float]] = {}
    for row in sorted(outcome.rows, key=lambda r: -float(r["score"])):
        best.setdefault((row["document"], row["question"]), (row["stance"], float(row["score"])))
    return best


def table_row(name: str, gold: Pairs, said: Pairs, keep: Callable[[tuple[str, str]], bool]) -> str:
    """Return one Markdown row of figures over the pairs that `keep` keeps."""
    told, claimed = {k for k in gold if keep(k)}, {k for k in said if keep(k)}
    both = told & claimed
    yes, said_yes = {k for k in told if gold[k] == "in_place"}, {k for k in claimed if said[k] == "in_place"}
    figures = (
        len(both) / max(1, len(claimed)), len(both) / max(1, len(told)),
        2 * len(both) / max(1, len(told) + len(claimed)), len(yes & said_yes) / max(1, len(said_yes)),
        len(yes & said_yes) / max(1, len(yes)), sum(gold[k] == said[k] for k in both) / max(1, len(both)),
    )  # fmt: skip
    return f"| {name} | {len(told)} | " + " | ".join(f"{figure:.2f}" for figure in figures) + " |"


def reliability_svg(sure: np.ndarray[Any, Any], truth: np.ndarray[Any, Any]) -> str:
    """Return the picture: share of pairs that hold evidence against the probability stated; circles by number."""
    size, left = 320, 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size + 2 * left} {size + 2 * left}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect x="{left}" y="{left}" width="{size}" height="{size}" fill="none" stroke="#999"/>',
        f'<line x1="{left}" y1="{left + size}" x2="{left + size}" y2="{left}" stroke="#bbb" stroke-dasharray="4"/>',
        f'<text x="{left}" y="{left + size + 28}">probability stated (0 to 1)</text>',
        f'<text x="{left}" y="{left - 12}">share of pairs with evidence, countries left out</text>',
    ]
    place = np.minimum((sure * BINS).astype(int), BINS - 1)
    for b in range(BINS):
        inside = place == b
        if inside.any():
            x, y = left + size * float(sure[inside].mean()), left + size * (1 - float(truth[inside].mean()))
            radius = 2 + 1.5 * float(np.log1p(inside.sum()))
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#2266aa" fill-opacity="0.7">'
                f"<title>{int(inside.sum())} pairs</title></circle>"
            )
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    """Print the tables, write the picture, pin on request."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.parse_args()
    labels, docs = SHARED / "gold" / "labels.jsonl", SHARED / "gold" / "docs"
    readings = read_documents(labels, docs)
    outcome = leave_one_out(labels, docs, readings)
    figures = outcome.pinned
    gold = {
        (name, str(row["question"])): str(row["stance"])
        for name, rows in read_labels(labels).items()
        for row in rows
        if row["question"]
    }
    best = best_stances(outcome)
    said = {pair: stance for pair, (stance, _) in best.items()}
    print("\n".join(f"| {name} | {value} |" for name, value in figures.items()))
    head = "| pairs | precision | recall | f1 | in_place precision | in_place recall | stance |"
    print(f"\n| language {head}")
    language = {name: reading.language for name, reading in readings.items()}
    for code in ("en", "zh", "fr", "es", "ru", "pt", "ar"):
        print(table_row(code, gold, said, lambda pair, code=code: language[pair[0]] == code))  # type: ignore[misc]
    print(f"\n| pillar {head}")
    for letter in "LTODC":
        print(table_row(letter, gold, said, lambda pair, letter=letter: pair[1].startswith(letter)))  # type: ignore[misc]
    _print_stances(gold, said)
    _print_worst(gold, best)
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_text(reliability_svg(outcome.probabilities, outcome.truth), encoding="utf-8")


def _print_stances(gold: Pairs, said: Pairs) -> None:
    order = ("in_place", "partial", "planned", "absent", "not claimed")
    print("\n| labelled | " + " | ".join(order) + " |")
    for true in (*order[:4], "no label"):
        pairs = [k for k in gold if gold[k] == true] if true != "no label" else [k for k in said if k not in gold]
        counts = [sum(said.get(k, "not claimed") == name for k in pairs) for name in order]
        print(f"| {true} | " + " | ".join(map(str, counts)) + " |")


def _print_worst(gold: Pairs, best: Mapping[tuple[str, str], tuple[str, float]]) -> None:
    wrong = [
        (score + (stance == "in_place") * 0.2, pair, stance)
        for pair, (stance, score) in best.items()
        if pair not in gold or (stance == "in_place") != (gold[pair] == "in_place")
    ]
    print("\nworst errors (document, question, said, labelled):")
    for score, pair, stance in sorted(wrong, reverse=True)[:14]:
        print(f"- {pair[0]} {pair[1]} said {stance} ({score:.2f}), labelled {gold.get(pair, 'no evidence')}")


if __name__ == "__main__":
    main()
