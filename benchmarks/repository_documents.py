"""What the repository readers make of real documents beside the project (`../shared`): counts by country.

Run: `.venv/bin/python benchmarks/repository_documents.py`. Prints Markdown for docs/figures/repositories.md.
"""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from extractors.reader import ReaderPool
from extractors.repositories.collection import Collected, collect
from extractors.repositories.pages import Page
from sources.country_names import country_of_file
from sources.repository import load_repository
from store.archive import ArchivedResponse, read_responses
from store.readings import Reading

SHARED = Path(__file__).resolve().parents[2] / "shared"
NOW = datetime.now(UTC)


def main() -> None:
    """Print one part a repository."""
    with ReaderPool() as pool:

        def read(page: Page) -> Reading:
            return pool.read(page.payload, name=page.url.rsplit("/", 1)[-1])

        strategies = [
            Page(url=found.url, captured_at=found.captured_at, origin="imported", payload=found.payload)
            for found in read_responses(SHARED / "realweb/strategies.warc.gz")
            if isinstance(found, ArchivedResponse)
        ]
        by_name = [country_of_file(page.url) for page in strategies]
        print(f"Files of the folder: {len(strategies)}; country by file name: {sum(map(bool, by_name))}\n")
        show("itu-strategies", collect(load_repository("itu-strategies"), strategies, read))
        for name, file in (
            ("un-replies", "UN-A-79-81-replies-of-states.zh.txt"),
            ("un-capacity-programmes", "UN-A-AC.292-2024-2-capacity-mapping.zh.txt"),
        ):
            payload = (SHARED / "data/documents" / file).read_bytes()
            page = Page(url=f"https://undocs.org/{file}", captured_at=NOW, origin="imported", payload=payload)
            began = time.perf_counter()
            show(name, collect(load_repository(name), [page], read))
            print(f"\n{time.perf_counter() - began:.2f} s\n")


def show(name: str, collected: Collected) -> None:
    """Print counts by country and stance, what was not attributed, and the checks."""
    countries = Counter(row.country for row in collected.rows)
    stances = Counter(row.stance for row in collected.rows)
    questions = Counter(question for row in collected.rows for question in row.questions)
    print(f"## {name}\n")
    print(f"Facts {len(collected.rows)} about {len(countries)} countries")
    print(f"Stances {dict(stances)}; questions {dict(questions)}\n")
    print("By country: " + ", ".join(f"{country} {count}" for country, count in sorted(countries.items())) + "\n")
    print(f"Not attributed: {list(collected.unattributed) or 'none'}\n")
    for issue in collected.issues:
        print(f"- {issue.code}: {issue.subject.rsplit('/', 1)[-1]}: {issue.message}")
    for check in collected.checks:
        print(f"- check {check.name}: {'passed' if check.passed else 'failed'}: {check.message}")


if __name__ == "__main__":
    main()
