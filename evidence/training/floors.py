"""Floors: the figures that were reached on left-out countries, pinned with the corpus they were reached on.

Belongs here: the floors' file and its rule: a floor rises by itself, it falls only with an explicit flag. Does not
belong here: measuring (`leave_one_out`). Run: `python -m evidence.training.floors [--lower]`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from evidence.training.leave_one_out import SHARED
from evidence.training.material import material_digest
from store.errors import ExitCode, GcideskError

FLOORS_FILE = Path(__file__).parent.parent / "weights" / "floors.yml"
AT_LEAST = (
    "found_f1", "found_precision", "found_recall", "in_place_precision", "in_place_recall", "stance_accuracy",
    "quote_top3", "verbatim", "found_f1_english", "found_f1_lowest_language",
)  # fmt: skip
AT_MOST = ("empty_documents_claimed", "calibration_error")
SLACK = 0.004
"""Difference between machines (sums of floats in another order) that is no fall."""
ARITHMETIC = {
    "OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
    "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR",
}  # fmt: skip
"""One instruction set that processors of the last ten years have, one thread: sums come in the same order (0100)."""


class FloorError(GcideskError):
    """A pinned figure would fall."""

    exit_code = ExitCode.CHECK_FAILED


def load_floors(path: Path = FLOORS_FILE) -> dict[str, Any]:
    """Return the pinned figures and the digest of their corpus."""
    held: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return held


def falls(floors: Mapping[str, Any], figures: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each figure that is worse than its floor."""
    worse = [
        f"{name} is {figures[name]}, its floor {floors[name]}"
        for name in AT_LEAST
        if name in floors and figures[name] < floors[name] - SLACK
    ]
    return worse + [
        f"{name} is {figures[name]}, at most {floors[name]} is allowed"
        for name in AT_MOST
        if name in floors and figures[name] > floors[name] + SLACK
    ]


def pin(figures: Mapping[str, Any], corpus: str, *, lower: bool, path: Path = FLOORS_FILE) -> None:
    """Write figures as floors; raises FloorError when one would fall on the same corpus and `lower` is not given."""
    if path.exists() and not lower:
        old = load_floors(path)
        worse = falls(old, figures)
        if worse and old.get("corpus") == corpus:
            raise FloorError("Floors would fall: " + "; ".join(worse) + ". Give --lower to lower them on purpose.")
    kept = {name: figures[name] for name in (*AT_LEAST, *AT_MOST)}
    path.write_text(
        "# Reached with each country left out in turn; python -m evidence.training.floors writes this file.\n"
        + yaml.safe_dump({"corpus": corpus, **kept}, sort_keys=False),
        encoding="utf-8",
    )


def measure(labels: Path, docs: Path) -> dict[str, Any]:
    """Return the figures that are pinned, learned in a process of its own with the same arithmetic on every machine."""
    program = [sys.executable, "-m", "evidence.training.leave_one_out"]
    command = [*program, "--labels", str(labels), "--docs", str(docs), "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **ARITHMETIC})
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def main() -> None:
    """Measure and pin."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lower", action="store_true", help="let a floor fall")
    options = parser.parse_args()
    labels, docs = SHARED / "gold" / "labels.jsonl", SHARED / "gold" / "docs"
    figures = measure(labels, docs)
    pin(figures, material_digest(labels, docs), lower=options.lower)
    print(FLOORS_FILE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
