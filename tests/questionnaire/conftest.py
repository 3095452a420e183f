"""Rows for drafting tests, built with few words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from questionnaire.instrument import Instrument, load_instrument
from questionnaire.search_log import SearchedCountry
from sources.schema import Seed
from store.digests import identify
from store.tables import DocumentRow, EvidenceRow

TODAY = date(2026, 11, 20)
SEEN = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(scope="session")
def gci() -> Instrument:
    return load_instrument()


@pytest.fixture
def row() -> Callable[..., EvidenceRow]:
    """Return a maker of evidence rows: `row("L.1.1", "in_place", act="Law 5/2019", …)`."""
    return make_row


def make_row(question: str, stance: str, **changed: Any) -> EvidenceRow:
    plain = EvidenceRow(
        country="XDM",
        evidence_id=identify(question, stance, *(f"{k}={v}" for k, v in sorted(changed.items()))),
        question=question,
        stance=stance,
        score=0.9,
        quote=f"A sentence that speaks of {question} and says {stance}.",
        prefix="",
        suffix="",
        page=None,
        start=len(str(changed)),
        end=100,
        language="en",
        document_id="d1",
        text_layer_id=identify(*(f"{k}={v}" for k, v in sorted(changed.items()))),
        passage_id="p1",
        url="https://ministry.gov.maravelle.example/page",
        document_name="page",
        document_title="Cybersecurity in Maravelle",
        captured_at=SEEN,
        origin="fetched by us",
        source_strength="official",
        dated_on=None,
        document_kind="page",
        act="",
        act_status="",
        article="",
        rules=(),
        features="{}",
        ocr_confidence=None,
        fact="",
        matcher_version="test",
    )
    return replace(plain, **changed)


def make_document(name: str, **changed: Any) -> DocumentRow:
    plain = DocumentRow(
        country="XDM",
        document_id=identify(name),
        name=name,
        url=f"https://ministry.gov.maravelle.example/{name}",
        other_urls=(),
        captured_at=SEEN,
        origin="fetched by us",
        source_kind="ict_ministry",
        official=True,
        format="html",
        status="read",
        reason="",
        title=name,
        language="en",
        languages=("en",),
        published_on=None,
        pages=0,
        characters=1000,
        reader_version="r1",
        text_layer_id=identify(name, "layer"),
    )
    return replace(plain, **changed)


@pytest.fixture
def document() -> Callable[..., DocumentRow]:
    """Return a maker of document rows."""
    return make_document


@pytest.fixture
def searched() -> SearchedCountry:
    """A country with a ministry and a gazette of which only the ministry was read."""
    seeds = (
        Seed(kind="ict_ministry", url="https://ministry.gov.maravelle.example/", provenance="test", confidence="high"),
        Seed(
            kind="legislation_portal_or_gazette",
            url="https://gazette.gov.maravelle.example/",
            provenance="test",
            confidence="high",
        ),
    )
    documents = (
        make_document("a.html"),
        make_document("b.html", languages=("fr",), language="fr"),
        make_document("c.pdf", status="encrypted", reason="The file asks for a password."),
    )
    return SearchedCountry("XDM", ("en", "fr"), documents, seeds=seeds)
