"""Evidence: megabytes of text a second over all questions, against one naive `re` pass a question, in one run.

Run: `.venv/bin/python benchmarks/evidence_speed.py [FOLDER]` (default: the labelled documents beside
the project, else the project's own unseen documents). Reading is not timed. One core.
"""

from __future__ import annotations

import os
import re
import sys
import time
from datetime import UTC, date, datetime
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

from evidence.find import find_evidence
from evidence.matcher import load_matcher
from extractors.documents import local_document
from extractors.reader import ReaderPool
from questionnaire.instrument import load_instrument
from store.readings import Reading

ROOT = Path(__file__).resolve().parents[1]


def read_folder(folder: Path) -> list[Reading]:
    """Return the readings of a folder's files."""
    with ReaderPool() as pool:
        readings = [pool.read(file.read_bytes(), name=file.name) for file in sorted(folder.iterdir())]
    return [reading for reading in readings if reading.is_read]


def main() -> None:
    """Print the figures."""
    shared = ROOT.parent / "shared" / "gold" / "docs"
    default = shared if shared.is_dir() else ROOT / "tests" / "evidence" / "unseen" / "docs"
    readings = read_folder(Path(sys.argv[1]) if len(sys.argv) > 1 else default)
    instrument = load_instrument()
    matcher = load_matcher(instrument)
    opened = datetime(2026, 11, 20, tzinfo=UTC)
    documents = [local_document("ZZZ", "x", reading, opened_at=opened) for reading in readings]
    for reading, document in list(zip(readings, documents, strict=True))[:3]:
        find_evidence(matcher, document, reading, today=date(2026, 11, 20))  # languages are loaded when first met
    size = sum(len(reading.text.encode()) for reading in readings) / 1e6

    began = time.process_time()
    views = [matcher.observer.observe(reading) for reading in readings]
    looked = time.process_time() - began
    began = time.process_time()
    rows = sum(
        len(find_evidence(matcher, document, reading, today=date(2026, 11, 20)))
        for reading, document in zip(readings, documents, strict=True)
    )
    engine = time.process_time() - began

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
        for reading in readings
        for pattern in patterns.get(reading.language, patterns["en"])
        for _ in pattern.finditer(reading.text)
    )
    naive = time.process_time() - began
    active = sum(len(view.units) for view in views) / max(1, sum(view.all_units for view in views))
    print(f"{len(readings)} documents, {size:.2f} MB of text, {active:.0%} of units pass the prefilter")
    print(f"views alone          {looked:6.2f} s  {size / looked:5.2f} MB/s")
    print(f"all of the engine    {engine:6.2f} s  {size / engine:5.2f} MB/s  {rows} quotes")
    print(f"one re pass each     {naive:6.2f} s  {size / naive:5.2f} MB/s  {hits} hits")
    print(f"ratio engine : re    {naive / engine:6.2f} x as fast")


if __name__ == "__main__":
    main()
