"""The measure of main-text extraction: overlap of runs of four words, as in the article extraction benchmark.

Belongs here: the measure and its data. Does not belong here: training (`main_text`), reading.

A page counts once whatever its length; precision and recall are means over pages, F1 is made of these means.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

WORD = re.compile(r"\w+")
RUN = 4


@dataclass(frozen=True)
class Figures:
    """Means over pages, from 0 to 1."""

    f1: float
    precision: float
    recall: float


def labelled_pages(folder: Path) -> Iterator[tuple[str, bytes, str]]:
    """Return (key, page as received, body of the article) of each page of the benchmark in `folder`."""
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    for key, values in truth.items():
        yield key, gzip.decompress((folder / "html" / f"{key}.html.gz").read_bytes()), values.get("articleBody") or ""


def runs(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of four words of a text; a shorter text is one run."""
    words = WORD.findall(text)
    found = (tuple(words[start : start + RUN]) for start in range(max(1, len(words) - RUN + 1)))
    return Counter(run for run in found if run)


def compare(true: str, found: str) -> tuple[float, float, float]:
    """Return the shares of true positive, false positive and false negative runs; they sum to 1."""
    wanted, got = runs(true), runs(found)
    counts = ((wanted & got).total(), (got - wanted).total(), (wanted - got).total())
    total = sum(counts) or 1
    return counts[0] / total, counts[1] / total, counts[2] / total


def figures(shares: Sequence[tuple[float, float, float]]) -> Figures:
    """Return means over pages; a page without any text in it or in the answer is left out of the one or the other."""
    precision = mean(_ratio(right, wrong) for right, wrong, _ in shares if right + wrong > 0)
    recall = mean(_ratio(right, missed) for right, _, missed in shares if right + missed > 0)
    return Figures(2 * precision * recall / (precision + recall), precision, recall)


def _ratio(right: float, wrong: float) -> float:
    return right / (right + wrong) if right else 0.0
