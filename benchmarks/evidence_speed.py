"""Evidence: megabytes of text a second over all questions, against one naive `re` pass a question, in one run.

Run: `.venv/bin/python benchmarks/evidence_speed.py [FOLDER]` (default: the labelled documents beside the project, else
the project's own unseen documents). Reading is not timed. CPU time of one core. First every document and nearly every
word is met for the first time (only the languages are loaded before, from the unseen documents), then the same again
with words known and texts forgotten, which is how most of a crawl goes.
"""

from __future__ import annotations

import os
import re
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from evidence import folding, whose
from evidence.find import find_evidence
from evidence.matcher import Matcher, load_matcher
from extractors.documents import local_document
from extractors.reader import ReaderPool
from questionnaire.instrument import Instrument, load_instrument
from sources.country_files import load_countries
from store.readings import Reading

ROOT = Path(__file__).resolve().parents[1]
UNSEEN = ROOT / "tests" / "evidence" / "unseen" / "docs"
Named = list[tuple[str, Reading]]


def read_folder(folder: Path) -> Named:
    """Return the readings of a folder's files by name."""
    with ReaderPool() as pool:
        readings = [(file.name, pool.read(file.read_bytes(), name=file.name)) for file in sorted(folder.iterdir())]
    return [(name, reading) for name, reading in readings if reading.is_read]


def country_of(name: str) -> str:
    """Return the country whose code a file's name begins with, such as `EST-2014-strategy.en.txt`; else ZZZ."""
    code = name.split("-", maxsplit=1)[0].upper()
    return next((iso3 for iso3, country in load_countries().items() if code in (iso3, country.iso2)), "ZZZ")


def find_all(matcher: Matcher, readings: Named) -> tuple[int, float]:
    """Return how many quotes are found, and the seconds of process time that it took."""
    opened = datetime(2026, 11, 20, tzinfo=UTC)
    documents = [
        (local_document(country_of(name), name, reading, opened_at=opened), reading) for name, reading in readings
    ]
    began = time.process_time()
    rows = [
        row for document, reading in documents for row in find_evidence(matcher, document, reading, today=opened.date())
    ]
    return len(rows), time.process_time() - began


def forget_texts(matcher: Matcher) -> None:
    """Forget every text that was read; only words stay known, as they are after some documents of a crawl."""
    for kept in (folding.kept_texts, matcher.marker.marks, matcher.marker.names, whose.speaks_of_others):
        kept.cache_clear()


def search_all(instrument: Instrument, readings: Named) -> tuple[int, float]:
    """Return how often one expression a question over its terms matches, and the seconds that it took."""
    patterns = {
        language: [
            re.compile("|".join(re.escape(term) for term in question.terms.get(language, ())) or "(?!)", re.IGNORECASE)
            for question in instrument.questions
        ]
        for language in instrument.languages
    }
    began = time.process_time()
    hits = sum(
        1
        for _, reading in readings
        for pattern in patterns.get(reading.language, patterns["en"])
        for _ in pattern.finditer(reading.text)
    )
    return hits, time.process_time() - began


def main() -> None:
    """Print the figures."""
    shared = ROOT.parent / "shared" / "gold" / "docs"
    readings = read_folder(Path(sys.argv[1]) if len(sys.argv) > 1 else shared if shared.is_dir() else UNSEEN)
    instrument = load_instrument()
    matcher = load_matcher(instrument)
    find_all(matcher, read_folder(UNSEEN))
    size = sum(len(reading.text.encode()) for _, reading in readings) / 1e6

    rows, engine = find_all(matcher, readings)
    forget_texts(matcher)
    _, known = find_all(matcher, readings)
    hits, naive = search_all(instrument, readings)
    began = time.process_time()
    views = [matcher.observer.observe(reading) for _, reading in readings]
    looked = time.process_time() - began
    active = sum(len(view.units) for view in views) / max(1, sum(view.all_units for view in views))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{len(readings)} documents, {size:.2f} MB of text, {active:.0%} of units pass the prefilter; load {load}")
    print(f"engine, all words new{engine:6.2f} s  {size / engine:5.2f} MB/s  {rows} quotes")
    print(f"engine, words known  {known:6.2f} s  {size / known:5.2f} MB/s")
    print(f"views alone, again   {looked:6.2f} s  {size / looked:5.2f} MB/s")
    print(f"one re pass each     {naive:6.2f} s  {size / naive:5.2f} MB/s  {hits} hits")
    print(f"ratio engine : re    {naive / engine:6.2f} x as fast, {naive / known:.2f} x with words known")


if __name__ == "__main__":
    main()
