"""The reader on real documents: no labelled quote is lost, main text is found."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from extractors.formats import parse
from extractors.request import ReadRequest
from extractors.training.article_measure import compare, figures, labelled_pages
from store.readings import Reading

pytestmark = pytest.mark.realdata


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    from tests.conftest import SHARED

    docs = SHARED / "gold" / "docs"
    return {path.name: parse(path.read_bytes(), ReadRequest(name=path.name)) for path in sorted(docs.iterdir())}


@pytest.fixture(scope="module")
def quotes() -> dict[str, list[str]]:
    from tests.conftest import SHARED

    found: dict[str, list[str]] = defaultdict(list)
    for line in (SHARED / "gold" / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        found[label["document"]] += label.get("quotes") or []
    return found


def scorer(shared: Path):  # type: ignore[no-untyped-def]
    sys.path.insert(0, str(shared / "tools"))
    try:
        import score_evidence
    finally:
        sys.path.pop(0)
    return score_evidence


def test_no_labelled_quote_is_lost(shared: Path, readings: dict[str, Reading], quotes: dict[str, list[str]]) -> None:
    squeeze = scorer(shared).squeeze
    layers = {name: squeeze(reading.text) for name, reading in readings.items()}
    lost = [
        (name, quote[:80]) for name, wanted in quotes.items() for quote in wanted if squeeze(quote) not in layers[name]
    ]
    assert sum(map(len, quotes.values())) > 1000
    assert not lost


def test_no_labelled_quote_is_navigation(
    shared: Path, readings: dict[str, Reading], quotes: dict[str, list[str]]
) -> None:
    squeeze = scorer(shared).squeeze
    whole = hidden = 0
    for name, wanted in quotes.items():
        passages = [(squeeze(found.text), found.role) for found in readings[name].passages]
        for quote in map(squeeze, wanted):
            roles = {role for text, role in passages if quote in text}
            whole += bool(roles)
            hidden += roles == {"navigation"}
    assert hidden == 0
    assert whole >= 0.93 * sum(map(len, quotes.values()))


def test_every_passage_stands_in_the_file_as_the_scorer_sees_it(shared: Path, readings: dict[str, Reading]) -> None:
    tools = scorer(shared)
    for name, reading in readings.items():
        raw = tools.document_text(shared / "gold" / "docs" / name)
        assert reading.status == "read"
        for found in reading.passages:
            assert reading.text[found.start : found.end] == found.text
            assert tools.squeeze(found.text) in raw


def test_main_text_is_found_no_worse_than_by_trafilatura(shared: Path) -> None:
    import trafilatura

    ours, theirs = [], []
    for _, payload, body in labelled_pages(shared / "data" / "extraction"):
        reading = parse(payload, ReadRequest(name="page.html", declared_type="text/html"))
        ours.append(compare(body, "\n".join(found.text for found in reading.passages if found.role == "main")))
        theirs.append(compare(body, trafilatura.extract(payload, include_comments=False) or ""))
    mine, other = figures(ours), figures(theirs)
    assert mine.f1 >= other.f1
    assert mine.recall >= other.recall


def test_weights_were_accepted_by_cross_validation() -> None:
    from extractors.html_main import WEIGHTS

    measured = json.loads(WEIGHTS.read_text(encoding="utf-8"))["measured"]
    assert measured["f1"] >= 0.95
    assert measured["official_recall"] >= 0.88
