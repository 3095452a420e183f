"""Leave one country out: the figures on documents of countries that nothing was learned from.

Belongs here: the loop over countries and the figures. Run: `python -m evidence.training.leave_one_out`
(about five minutes; needs the `dev` extra and `../shared`).
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from evidence import score_evidence
from evidence.find import find_in_view
from evidence.matcher import Matcher
from evidence.scorer import Scorer
from evidence.training.corpus import Labelled
from evidence.training.learning import learn
from evidence.training.material import Material, gather, material_digest
from store.readings import Reading
from store.tables import DocumentRow, now

SHARED = Path("..") / "shared"
FEWEST_PAIRS = 20
"""Labelled pairs from which a language has a figure of its own."""


@dataclass(frozen=True, eq=False)
class Outcome:
    """Predicted rows, figures, and each pair's probability with its truth."""

    rows: list[dict[str, Any]]
    figures: dict[str, Any]
    by_document: dict[str, Any]
    languages: dict[str, float]
    """F1 of found pairs in each language with at least FEWEST_PAIRS labelled ones."""
    probabilities: np.ndarray[Any, Any]
    truth: np.ndarray[Any, Any]

    @property
    def pinned(self) -> dict[str, Any]:
        """Return the figures that are pinned; a language without enough labels counts as 0."""
        return {
            **self.figures,
            "found_f1_english": round(self.languages.get("en", 0.0), 4),
            "found_f1_lowest_language": round(min(self.languages.values(), default=0.0), 4),
            "calibration_error": round(calibration_error(self.probabilities, self.truth), 4),
        }


def leave_one_out(labels: Path, docs: Path, readings: Mapping[str, Reading] | None = None) -> Outcome:
    """Judge each country's documents with weights learned from the others; one fold a country."""
    material = gather(labels, docs, readings)
    rows: list[dict[str, Any]] = []
    sure: list[float] = []
    truth: list[float] = []
    for country in sorted({d.country for d in material.labelled}):
        fold = matcher_without(material, country)
        for document in (d for d in material.labelled if d.country == country):
            rows += _judge(fold, document, sure, truth)
    figures, by_document = score_rows(labels, rows, docs)
    return Outcome(rows, figures, by_document, f1_by_language(material, rows), np.array(sure), np.array(truth))


def f1_by_language(material: Material, rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the F1 of found pairs by language of the documents, for languages with enough labelled pairs."""
    questions = material.matcher.observer.questions
    claimed = {(row["document"], row["question"]) for row in rows}
    counts: dict[str, list[int]] = {}
    for document in material.labelled:
        told = {questions[q] for q in np.flatnonzero(document.found)}
        said = {question for name, question in claimed if name == document.name}
        count = counts.setdefault(document.language, [0, 0, 0])
        for place, number in enumerate((len(told & said), len(told), len(said))):
            count[place] += number
    return {code: 2 * both / (told + said) for code, (both, told, said) in counts.items() if told >= FEWEST_PAIRS}


def matcher_without(material: Material, country: str) -> Matcher:
    """Return a matcher that learned from the material of all countries but one."""
    blank = material.matcher
    weights = learn(*material.without(country), blank.scorer, "")
    return replace(blank, scorer=Scorer(weights, blank.observer, blank.marker))


def _judge(matcher: Matcher, document: Labelled, sure: list[float], truth: list[float]) -> list[dict[str, Any]]:
    judged = matcher.scorer.judge(document.view)
    for pair in judged:
        sure.append(pair.found)
        truth.append(float(document.found[pair.question]))
    found = find_in_view(matcher, _row_of(document), document.view, judged, today=date(2026, 11, 20))
    return [
        {"document": document.name, "country": document.country, "language": document.language,
         "question": e.question, "stance": e.stance, "quote": e.quote, "score": e.score}
        for e in found
    ]  # fmt: skip


def _row_of(document: Labelled) -> DocumentRow:
    reading = document.view.reading
    return DocumentRow(
        country=document.country, document_id=reading.payload_digest, name=document.name, url="", other_urls=(),
        captured_at=now(), origin="", source_kind="", official=True, format=reading.format, status=reading.status,
        reason="", title=reading.title, language=reading.language, languages=reading.languages,
        published_on=reading.published_on, pages=len(reading.pages), characters=len(reading.text),
        reader_version=reading.reader_version, text_layer_id=reading.text_layer_id,
    )  # fmt: skip


def score_rows(labels: Path, rows: Sequence[Mapping[str, Any]], docs: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the figures of `score_evidence.py` over rows."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as predicted:
        predicted.writelines(json.dumps(row) + "\n" for row in rows)
        predicted.flush()
        figures, by_document = score_evidence.main(labels, predicted.name, docs)
    return figures, by_document


def calibration_error(sure: np.ndarray[Any, Any], truth: np.ndarray[Any, Any], bins: int = 10) -> float:
    """Return the expected calibration error over bins of equal width."""
    place = np.minimum((sure * bins).astype(int), bins - 1)
    return float(sum(abs(sure[place == b].sum() - truth[place == b].sum()) for b in range(bins)) / max(1, len(sure)))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=Path, default=SHARED / "gold" / "labels.jsonl")
    parser.add_argument("--docs", type=Path, default=SHARED / "gold" / "docs")
    parser.add_argument("--rows", type=Path, help="write the predicted rows here")
    parser.add_argument("--json", action="store_true", help="print the figures alone, as JSON")
    options = parser.parse_args()
    outcome = leave_one_out(options.labels, options.docs)
    figures = outcome.pinned
    if options.rows:
        options.rows.write_text("".join(json.dumps(r) + "\n" for r in outcome.rows), encoding="utf-8")
    if options.json:
        print(json.dumps(figures))
        return
    print(f"material {material_digest(options.labels, options.docs)}")
    for name, value in figures.items():
        print(f"{name:24} {value}")


if __name__ == "__main__":
    main()
