"""Floors on documents nobody trained on: texts of other countries, written for this project.

Belongs here: measuring on `tests/evidence/unseen` and `second_check` and the file that pins what is reached. Does not
belong here: floors on left-out countries (`floors`), or anything that learns: nothing may be chosen by looking at these
documents. Run: `python -m evidence.training.unseen [--lower]` writes `weights/unseen_floors.yml`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from evidence import score_evidence
from evidence.find import find_evidence
from evidence.matcher import load_matcher
from evidence.training.corpus import corpus_digest, read_labels
from evidence.training.floors import falls
from extractors.documents import local_document
from extractors.reader import ReaderPool
from questionnaire.instrument import load_instrument
from sources.country_files import load_country
from store.errors import ExitCode, GcideskError
from store.settings import Settings, load_settings
from store.tables import now

CHECKS = {name: Path(__file__).parents[2] / "tests" / "evidence" / name for name in ("unseen", "second_check")}
"""Folders with `labels.jsonl` and `docs`."""
FLOORS_FILE = Path(__file__).parent.parent / "weights" / "unseen_floors.yml"
PINNED = (
    "found_f1", "in_place_precision", "in_place_recall", "stance_accuracy", "quote_top3", "verbatim",
    "empty_documents_claimed",
)  # fmt: skip


class UnseenFloorError(GcideskError):
    """A figure on documents nobody trained on would fall."""

    exit_code = ExitCode.CHECK_FAILED


def measure(settings: Settings, folder: Path) -> dict[str, Any]:
    """Return the figures of `score_evidence.py` over the documents of a folder with `labels.jsonl` and `docs`."""
    labels, docs = folder / "labels.jsonl", folder / "docs"
    matcher = load_matcher(load_instrument(), settings)
    opened, today = now(), now().date()
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as predicted, ReaderPool() as pool:
        for name, rows in read_labels(labels).items():
            country = load_country(str(rows[0]["country"]))
            reading = pool.read((docs / name).read_bytes(), name=name, language_hints=country.languages)
            document = local_document(country.iso3, name, reading, opened_at=opened)
            for row in find_evidence(matcher, document, reading, today=today):
                held = {"document": name, "question": row.question, "stance": row.stance, "quote": row.quote}
                predicted.write(json.dumps({**held, "score": row.score}) + "\n")
        predicted.flush()
        figures, _ = score_evidence.main(labels, predicted.name, docs)
    return dict(figures)


def load_floors(path: Path = FLOORS_FILE) -> dict[str, dict[str, Any]]:
    """Return for each folder the pinned figures and the digest of labels and documents."""
    held: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return held


def pin(folder: str, figures: Mapping[str, Any], corpus: str, *, lower: bool, path: Path = FLOORS_FILE) -> None:
    """Write a folder's figures as floors; raises UnseenFloorError when one would fall and `lower` is not given."""
    held = load_floors(path) if path.exists() else {}
    worse = falls(held.get(folder, {}), figures) if not lower else []
    if worse:
        raise UnseenFloorError("Floors would fall: " + "; ".join(worse) + ". Give --lower to lower them on purpose.")
    held[folder] = {"corpus": corpus, **{name: figures[name] for name in PINNED}}
    path.write_text(
        "# Reached on documents nobody trained on; python -m evidence.training.unseen writes this file.\n"
        + yaml.safe_dump(held, sort_keys=False),
        encoding="utf-8",
    )


def main() -> None:
    """Measure and pin."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lower", action="store_true", help="let a floor fall")
    options = parser.parse_args()
    for name, folder in CHECKS.items():
        figures = measure(load_settings(), folder)
        print(name, *(f"  {figure:24} {value}" for figure, value in figures.items()), sep="\n")
        pin(name, figures, corpus_digest(folder / "labels.jsonl", folder / "docs"), lower=options.lower)


if __name__ == "__main__":
    main()
