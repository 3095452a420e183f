"""Local files through reader and matcher, for `read` and `evaluate`.

Belongs here: joining the two rooms for files that no crawl captured. Does not belong here: printing (`cli`).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence import score_evidence
from evidence.find import find_evidence
from evidence.matcher import Matcher, load_matcher
from evidence.whose import foreign_document, of_another
from extractors.documents import local_document
from extractors.reader import ReaderPool
from questionnaire.instrument import load_instrument
from sources.country_files import load_country
from sources.schema import Country
from store.errors import BadInputError
from store.readings import Reading
from store.settings import Settings
from store.tables import EvidenceRow, now


@dataclass(frozen=True)
class FoundRow:
    """One row of `gcidesk read`."""

    document: str
    evidence: EvidenceRow

    def as_json(self) -> dict[str, Any]:
        """Return the row in the form that the command line promises."""
        row = self.evidence
        return {
            "document": self.document,
            "question": row.question,
            "stance": row.stance,
            "quote": row.quote,
            "score": round(row.score, 4),
            "page": row.page,
            "start": row.start,
            "end": row.end,
            "language": row.language,
            "prefix": row.prefix,
            "suffix": row.suffix,
        }


@dataclass(frozen=True)
class FileOutcome:
    """What became of one file: its rows, and a sentence for stderr."""

    file: Path
    reading: Reading
    rows: tuple[FoundRow, ...]
    sentence: str


def find_in_files(settings: Settings, country: Country, files: Sequence[Path]) -> Iterator[FileOutcome]:
    """Yield the evidence of each file in turn; a file that cannot be read has no rows and a reason."""
    matcher = load_matcher(load_instrument(), settings)
    with ReaderPool() as pool:
        for file in files:
            yield _find_in_file(settings, matcher, pool, country, file)


def read_files(settings: Settings, country: Country, files: Sequence[Path]) -> Iterator[tuple[str, Reading, str]]:
    """Yield name, reading and outcome of each file in turn, without seeking evidence."""
    with ReaderPool() as pool:
        for file in files:
            reading = _read_file(settings, pool, country, file)
            sentence = _outcome(file, reading, f"{len(reading.passages):,} passages")
            yield file.name, reading, sentence


def _read_file(settings: Settings, pool: ReaderPool, country: Country, file: Path) -> Reading:
    try:
        payload = file.read_bytes()
    except OSError as error:
        raise BadInputError(f"{file} cannot be opened: {error.strerror}.") from error
    return pool.read(payload, name=file.name, language_hints=country.languages, ocr_pages=settings.ocr_pages_per_run)


def _find_in_file(settings: Settings, matcher: Matcher, pool: ReaderPool, country: Country, file: Path) -> FileOutcome:
    reading = _read_file(settings, pool, country, file)
    document = local_document(country.iso3, file.name, reading, opened_at=now())
    found = find_evidence(matcher, document, reading, today=now().date()) if reading.is_read else []
    foreign = foreign_document(document, reading) or ""
    rows = of_another(found) if foreign else found
    sentence = f"{_sentence(file, reading, found)} {foreign}".rstrip()
    return FileOutcome(file, reading, tuple(FoundRow(file.name, row) for row in rows), sentence)


def _sentence(file: Path, reading: Reading, found: Sequence[EvidenceRow]) -> str:
    quotes, questions = len(found), len({row.question for row in found})
    nouns = "quote" if quotes == 1 else "quotes", "question" if questions == 1 else "questions"
    return _outcome(file, reading, f"{quotes} {nouns[0]} for {questions} {nouns[1]}")


def _outcome(file: Path, reading: Reading, found: str) -> str:
    if not reading.is_read:
        return f"{file.name}: not read ({reading.status}): {reading.reason}"
    facts = f"{reading.format}, {reading.language}, {len(reading.text):,} characters"
    ending = f" {reading.reason}" if reading.reason else ""
    return f"{file.name}: read ({facts}); {found}.{ending}"


def evaluate_labels(settings: Settings, labels: Path, docs: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read every document that `labels` names and score the evidence found in it.

    Returns the figures of `score_evidence.py` and the counts by document. Raises BadInputError when a label file or
    document is missing or not in the form that `score_evidence.py` describes.
    """
    countries = _labelled_documents(labels, docs)
    matcher = load_matcher(load_instrument(), settings)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as predicted, ReaderPool() as pool:
        for name, iso3 in countries.items():
            outcome = _find_in_file(settings, matcher, pool, load_country(iso3), docs / name)
            for row in outcome.rows:
                predicted.write(json.dumps(row.as_json()) + "\n")
        predicted.flush()
        figures, by_document = score_evidence.main(labels, predicted.name, docs)
    return figures, by_document


def _labelled_documents(labels: Path, docs: Path) -> dict[str, str]:
    try:
        rows = score_evidence.rows(labels)
        countries = {str(row["document"]): str(row["country"]) for row in rows}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadInputError(
            f"{labels} is no label file ({error}); a line needs document, country, question."
        ) from error
    lacking = [name for name in countries if not (docs / name).is_file()]
    if lacking:
        raise BadInputError(f"{docs} lacks {len(lacking)} labelled documents, such as {lacking[0]}.")
    return countries
