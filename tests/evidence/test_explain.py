"""Explain tells what was done: candidates with features and rules, and why each was kept or dropped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from evidence.explain import ExplainedDocument, explain_document, explain_lines
from evidence.find import find_evidence
from evidence.matcher import Matcher, load_matcher
from evidence.near_misses import keep_nearest, near_misses
from extractors.reader import ReaderPool
from questionnaire.instrument import UnknownQuestionError, load_instrument
from store.readings import Reading
from store.tables import DocumentRow, DraftRow, NearMissRow

TODAY = date(2026, 11, 20)
LAW = """<html><head><title>Law No. 12/2019 on cybercrime</title></head><body>
<h1>Law No. 12/2019 of 3 May 2019 on the prevention of cybercrime</h1>
<p>The Parliament of Maravelle has adopted and the President promulgates the following law.</p>
<h2>Article 1 Purpose</h2><p>This Law prevents and punishes offences committed by means of a computer system.</p>
<h2>Article 4 Unauthorised access</h2>
<p>Any person who intentionally and without authority gains access to a computer system or to computer data commits an
offence and is liable to imprisonment for a term not exceeding three years.</p>
<h2>Article 5 Data interference</h2>
<p>Any person who intentionally and without authority damages, deletes, alters or blocks computer data commits an
offence and is liable to imprisonment for a term not exceeding five years.</p>
<h2>Article 6 Unlawful interception</h2>
<p>Any person who intercepts without right non-public transmissions of computer data commits an offence.</p>
<h2>Article 30 Entry into force</h2><p>This Law comes into force on the date of its publication in the Gazette.</p>
</body></html>"""
RECIPE = "<html><body><h1>Bread</h1><p>Take flour, water and salt, and bake the bread for an hour.</p></body></html>"


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return load_matcher(load_instrument())


@pytest.fixture(scope="module")
def readings() -> Iterator[tuple[Reading, Reading]]:
    with ReaderPool() as pool:
        yield pool.read(LAW.encode(), name="law.html"), pool.read(RECIPE.encode(), name="recipe.html")


def document_of(reading: Reading, name: str) -> DocumentRow:
    return DocumentRow(
        country="XDM", document_id=reading.payload_digest, name=name, url=f"https://gov.maravelle.example/{name}",
        other_urls=(), captured_at=datetime(2026, 11, 1, tzinfo=UTC), origin="fetched by us", source_kind="",
        official=True, format=reading.format, status=reading.status, reason=reading.reason, title=reading.title,
        language=reading.language, languages=reading.languages, published_on=None, pages=0,
        characters=len(reading.text), reader_version=reading.reader_version, text_layer_id=reading.text_layer_id,
    )  # fmt: skip


def explained(matcher: Matcher, reading: Reading, name: str, question: str) -> ExplainedDocument:
    return explain_document(matcher, document_of(reading, name), reading, question, today=TODAY)


def test_what_is_told_is_what_was_done(matcher: Matcher, readings: tuple[Reading, Reading]) -> None:
    law = readings[0]
    found = find_evidence(matcher, document_of(law, "law.html"), law, today=TODAY)
    rows = {row.question: row for row in reversed(found)}
    assert "L.1.1" in rows
    for question in ("L.1.1", "L.1.2", "T.1.1", "D.3.1"):
        told = explained(matcher, law, "law.html", question)
        assert told.kept == (question in rows)
        if told.kept:
            assert told.probability == rows[question].score
            assert told.stance == rows[question].stance
            assert told.passages[0].quote.strip() == rows[question].quote
        for passage in told.passages:
            assert law.text[passage.start : passage.end] == passage.quote


def test_a_kept_candidate_has_features_and_rules(matcher: Matcher, readings: tuple[Reading, Reading]) -> None:
    told = explained(matcher, readings[0], "law.html", "L.1.1")
    assert "at least" in told.why
    assert told.features["rules"] > 0
    assert any("offence" in rule for rule in told.passages[0].rules)
    assert "without authority" in told.passages[0].quote
    assert told.passages[0].features["nearness"] > 0.5


def test_a_dropped_document_says_why(matcher: Matcher, readings: tuple[Reading, Reading]) -> None:
    told = explained(matcher, readings[1], "recipe.html", "L.1.1")
    assert not told.kept
    assert told.why == "no passage names the matter"
    unread = replace(readings[1], status="encrypted", reason="The file asks for a password.", text="", passages=())
    assert explained(matcher, unread, "x.pdf", "L.1.1").why == "The file asks for a password."
    with pytest.raises(UnknownQuestionError, match=r"Z\.9"):
        explained(matcher, readings[0], "law.html", "Z.9")


def test_lines_for_a_terminal(matcher: Matcher, readings: tuple[Reading, Reading]) -> None:
    draft = DraftRow(
        country="XDM", instrument="gci", question="L.1.1", answer="yes", confidence=0.9, rationale="Because.",
        evidence_ids=(), independent_sources=1, contradiction="one side — against — the other", needs_look="a doubt",
        drafted_at=datetime(2026, 11, 20, tzinfo=UTC), matcher_version="t",
    )  # fmt: skip
    documents = [
        explained(matcher, readings[1], "recipe.html", "L.1.1"),
        explained(matcher, readings[0], "law.html", "L.1.1"),
    ]
    lines = list(explain_lines(documents, (), draft))
    assert lines[0] == "L.1.1: yes (confidence 0.90)"
    assert "  look first: a doubt" in lines
    assert any(line.startswith("kept: law.html") for line in lines)
    assert any("features: first" in line for line in lines)
    assert lines[-1] == "1 more document names nothing of the matter or could not be read"


def test_a_question_without_an_answer_is_said_in_words(matcher: Matcher) -> None:
    draft = DraftRow(
        country="XDM", instrument="gci", question="T.4.1", answer="not_found", confidence=0.25, rationale="Because.",
        evidence_ids=(), independent_sources=0, contradiction="", needs_look="",
        drafted_at=datetime(2026, 11, 20, tzinfo=UTC), matcher_version="t",
    )  # fmt: skip
    assert next(explain_lines([], (), draft)) == "T.4.1: not found (confidence 0.25)"


def test_evidence_too_doubtful_for_in_place_says_so(
    matcher: Matcher, readings: tuple[Reading, Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = explained(matcher, readings[0], "law.html", "L.1.1")
    assert plain.stance == "in_place" and not plain.limit
    weights = replace(matcher.scorer.weights, in_place_from=0.999)
    monkeypatch.setattr(matcher.scorer, "weights", weights)
    doubted = explained(matcher, readings[0], "law.html", "L.1.1")
    assert doubted.stance == "partial"
    told = next(line for line in explain_lines([doubted]) if "no stronger than partial" in line)
    assert "that it states the matter in place, 1.00 needed" in told


def test_near_misses_are_pairs_that_were_not_claimed(matcher: Matcher, readings: tuple[Reading, Reading]) -> None:
    law = readings[0]
    view, judged = matcher.judge(law)
    row = document_of(law, "law.html")
    misses = near_misses(matcher, row, view, judged)
    claimed = {matcher.observer.questions[pair.question] for pair in judged if pair.claimed}
    assert not claimed & {miss.question for miss in misses}
    for miss in misses:
        assert law.text[miss.start : miss.end] == miss.quote
        assert "needed" in miss.reason


def test_only_the_nearest_misses_of_a_country_are_kept() -> None:
    misses = [
        NearMissRow(
            country="XDM", question=question, quote="A passage on teams.", url="https://a.example/", score=n / 100,
            reason="near", document_id="d", text_layer_id="t", start=n, end=n + 5,
        )
        for question in ("T.1.1", "T.1.2")
        for n in range(20)
    ]  # fmt: skip
    kept = keep_nearest(misses)
    assert len(kept) == 10
    assert kept[0].score == 0.19
