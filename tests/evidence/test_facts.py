"""A repository's row as evidence: its own text is the quote, and it says when the repository was verified."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from evidence.facts import evidence_of_fact
from store.tables import FactRow

FACT = FactRow(
    repository="treaty-chart",
    fact_id="f" * 64,
    country="EST",
    questions=("C.2.1",),
    stance="in_place",
    text="Estonia\t23/11/2001\t12/05/2003",
    link="",
    url="https://chart.example/list?treaty=185",
    captured_at=datetime(2026, 11, 1, tzinfo=UTC),
    origin="fetched by us",
    payload_digest="a" * 64,
    text_layer_id="b" * 64,
    reader_version="repository-1",
    start=10,
    end=40,
    language="en",
    official=True,
    verified="2026-10-02",
    dated_on=None,
)


def test_the_quote_is_the_row_and_the_repository_says_when_it_was_verified() -> None:
    row = evidence_of_fact(FACT, "C.2.1")
    assert (row.quote, row.start, row.end) == (FACT.text, FACT.start, FACT.end)
    assert (row.text_layer_id, row.reader_version, row.document_id) == ("b" * 64, "repository-1", "a" * 64)
    assert row.fact == "treaty-chart (verified 2026-10-02)"
    never = evidence_of_fact(replace(FACT, verified="never"), "C.2.1")
    assert never.fact == "treaty-chart (verified: never)"
    assert never.score < row.score


def test_a_lead_is_weaker_than_any_publisher_of_record() -> None:
    lead = evidence_of_fact(replace(FACT, official=False), "C.2.1")
    assert lead.source_strength == "third_party"
    assert "lead_to_verify" in lead.rules
    assert lead.score < evidence_of_fact(replace(FACT, verified="never"), "C.2.1").score


def test_one_row_is_one_piece_of_evidence_a_question() -> None:
    assert evidence_of_fact(FACT, "C.2.1").evidence_id != evidence_of_fact(FACT, "L.1.1").evidence_id
    assert evidence_of_fact(FACT, "C.2.1") == evidence_of_fact(FACT, "C.2.1")
