"""What each channel of meaning finds on labelled documents, the document's own country left out of the neighbours.

Belongs here: found_f1 of each channel and of the blend, by language, without grammar or scorer. Does not belong here:
the figures of the whole engine (`leave_one_out`). Run: `python -m evidence.training.measure_meaning` (two to four
minutes; needs `../shared`). A document's score for a question is that of its best unit.
`- ngrams` is the blend without that channel.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

from evidence.meaning import Meaning, load_meaning
from evidence.meaning_table import Vectors
from evidence.training.corpus import read_documents
from evidence.units import cut_units
from questionnaire.instrument import load_instrument
from store.readings import Reading

SHARED = Path("..") / "shared" / "gold"
LANGUAGES = ("en", "fr", "es", "zh", "ar", "ru", "pt")
CHANNELS = ("ngrams", "question", "terms", "quotes")

Scores = dict[str, dict[str, Vectors]]
"""Channel to document to one score a question."""


def score_documents(readings: Mapping[str, Reading], country_of: Mapping[str, str], meaning: Meaning) -> Scores:
    """Return the best unit's score of each channel, document and question."""
    scores: Scores = {name: {} for name in (*CHANNELS, "blend", *(f"- {c}" for c in CHANNELS))}
    for name, reading in readings.items():
        held = load_meaning(meaning.instrument, without_country=country_of[name])
        best: dict[str, Vectors] = {}
        units = cut_units(reading)
        for language in sorted({unit.language for unit in units}):
            texts = [f"{unit.head} {unit.text}".strip() for unit in units if unit.language == language]
            channels = held.channels(texts, language)
            made = {
                f"- {left_out}": held.blended({k: v for k, v in channels.items() if k != left_out}, language)
                for left_out in CHANNELS
            }
            channels |= {"blend": held.blended(channels, language), **made}
            for channel, values in channels.items():
                top = values.max(axis=0)
                best[channel] = np.maximum(best[channel], top) if channel in best else top
        for channel in scores:
            scores[channel][name] = best.get(channel, np.full(len(meaning.codes), -9.0, dtype=np.float32))
    return scores


def best_f1(scored: Iterable[tuple[float, bool]], positives: int) -> tuple[float, float]:
    """Return the best F1 over all thresholds, and the threshold."""
    best, right = (0.0, 0.0), 0
    for number, (score, is_right) in enumerate(sorted(scored, reverse=True), start=1):
        right += is_right
        best = max(best, (2 * right / (number + positives), score))
    return best


def main() -> None:
    """Print the table of channels by language: best threshold of the set, then the threshold of other countries."""
    instrument = load_instrument()
    labels = [json.loads(line) for line in (SHARED / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    country_of = {row["document"]: row["country"] for row in labels}
    gold = {(row["document"], row["question"]) for row in labels if row["question"]}
    readings = read_documents(SHARED / "labels.jsonl", SHARED / "docs")
    meaning = load_meaning(instrument)
    scores = score_documents(readings, country_of, meaning)
    language_of = {name: reading.language for name, reading in readings.items()}
    print("channel   " + "".join(f"{name:>12}" for name in ("all", *LANGUAGES)))
    for channel, found in scores.items():
        cells = []
        for language in ("all", *LANGUAGES):
            names = [n for n in found if language in ("all", language_of[n])]
            best, _ = best_f1(_pairs(found, names, meaning, gold), _count(gold, names))
            cells.append(f"{best:.2f}/{_left_out(found, names, country_of, meaning, gold):.2f}")
        print(f"{channel:10}" + "".join(f"{cell:>12}" for cell in cells))


def _left_out(
    found: Mapping[str, Vectors],
    names: list[str],
    country_of: Mapping[str, str],
    meaning: Meaning,
    gold: set[tuple[str, str]],
) -> float:
    """F1 with each country's threshold taken from all other countries."""
    claimed = right = 0
    for country in sorted({country_of[n] for n in names}):
        others = [n for n in found if country_of[n] != country]
        _, threshold = best_f1(_pairs(found, others, meaning, gold), _count(gold, others))
        inside = _pairs(found, [n for n in names if country_of[n] == country], meaning, gold)
        own = [is_right for score, is_right in inside if score >= threshold]
        claimed += len(own)
        right += sum(own)
    return 2 * right / max(1, claimed + _count(gold, names))


def _pairs(
    found: Mapping[str, Vectors], names: Iterable[str], meaning: Meaning, gold: set[tuple[str, str]]
) -> list[tuple[float, bool]]:
    return [(float(found[name][i]), (name, code) in gold) for name in names for i, code in enumerate(meaning.codes)]


def _count(gold: set[tuple[str, str]], names: Iterable[str]) -> int:
    held = set(names)
    return sum(document in held for document, _ in gold)


if __name__ == "__main__":
    main()
