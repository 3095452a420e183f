"""Bars: what is struck before anything is judged, end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest

from evidence.explain import explain_document, explain_lines
from evidence.find import find_evidence
from evidence.matcher import Matcher, load_matcher
from evidence.near_misses import struck_misses
from extractors.documents import local_document
from extractors.reader import ReaderPool
from questionnaire.instrument import load_instrument
from store.readings import Reading
from store.tables import EvidenceRow, now

TODAY = date(2026, 11, 20)
Read = Callable[[str, str], Reading]

NEWS = """<html><head><title>Visit to the north</title></head><body><h1>Visit to the north</h1>
<p>The Norwegian team is a full member of FIRST and publishes advisories every week.</p>
<p>Norway's Computer Crime Act punishes anyone who without authority gains access to a computer system.</p>
<h2>How the Norwegian parliament works</h2>
<p>The national cybersecurity strategy was adopted in 2019 and is in force.</p>
<p>In 127 countries a national computer incident response team operates.</p></body></html>"""
GLOSSARY = """<html><head><title>Glossary</title></head><body><h1>Glossary</h1>
<p>Illegal access to a computer system: an offence under national law.</p>
<p>The national computer incident response team is a body that handles incidents.</p></body></html>"""
STRATEGY = """NATIONAL CYBERSECURITY STRATEGY
2025 - 2030
Approved by Cabinet on 8 March 2025

4. ACTION PLAN

| Action | Responsible institution | Deadline |
| --- | --- | --- |
| Train judges in electronic evidence | Ministry of Justice | 2027 |
| Run a national cyber exercise | National CIRT | 2028 |
"""


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return load_matcher(load_instrument())


@pytest.fixture(scope="module")
def read() -> Iterator[Read]:
    with ReaderPool() as pool:
        yield lambda text, name: pool.read(text.encode(), name=name)


def evidence(matcher: Matcher, reading: Reading, country: str = "GHA") -> list[EvidenceRow]:
    document = local_document(country, "file", reading, opened_at=now())
    return find_evidence(matcher, document, reading, today=TODAY)


def test_a_page_about_another_country_proves_nothing_of_this_one(matcher: Matcher, read: Read) -> None:
    reading = read(NEWS, "news.html")
    assert [row.quote for row in evidence(matcher, reading) if not row.question.startswith("C")] == []
    assert evidence(matcher, reading, "NOR"), "of its own country it is evidence"


def test_explain_says_whose_it_is(matcher: Matcher, read: Read) -> None:
    reading = read(NEWS, "news.html")
    document = local_document("GHA", "news.html", reading, opened_at=now())
    explained = explain_document(matcher, document, reading, "L.1.1", today=TODAY)
    assert not explained.kept
    assert any("Computer Crime Act" in quote and reason == "names NOR only" for quote, reason in explained.struck)
    assert any("no evidence, names NOR only" in line for line in explain_lines([explained]))


def test_the_search_log_gets_what_was_struck(matcher: Matcher, read: Read) -> None:
    reading = read(NEWS, "news.html")
    document = local_document("GHA", "news.html", reading, opened_at=now())
    looked = matcher.look(reading, "GHA")
    misses = struck_misses(matcher, document, looked, matcher.scorer.judge(looked.view))
    assert {"names NOR only", "speaks of the world's countries"} <= {miss.reason for miss in misses}
    assert any(miss.reason.startswith("stands under a heading that names NOR") for miss in misses)
    for miss in misses:
        assert reading.text[miss.start : miss.end] == miss.quote


def test_a_glossary_proves_nothing(matcher: Matcher, read: Read) -> None:
    assert evidence(matcher, read(GLOSSARY, "glossary.html")) == []


def test_no_heading_is_a_quote_but_a_title_proves_its_document(matcher: Matcher, read: Read) -> None:
    reading = read(STRATEGY, "strategy.md")
    rows = evidence(matcher, reading)
    assert {row.question for row in rows if row.quote.strip("# ").isupper()} <= {"O.1.1", "O.1.6"}
    plan = next(row for row in rows if row.question == "O.1.6")
    assert plan.stance == "in_place"
    assert "Responsible institution" in plan.quote
    assert reading.text[plan.start : plan.end] == plan.quote


def test_owner_and_date_of_a_row_are_told(matcher: Matcher, read: Read) -> None:
    rows = evidence(matcher, read(STRATEGY, "strategy.md"))
    told = {rule for row in rows for rule in row.rules if rule.startswith("row of an action table")}
    assert told <= {
        "row of an action table: owner Ministry of Justice, by 2027",
        "row of an action table: owner National CIRT, by 2028",
    }
    assert told


def test_without_a_country_nothing_is_foreign(matcher: Matcher, read: Read) -> None:
    assert not [held for held in matcher.look(read(NEWS, "news.html")).struck if held.about_others]


def test_a_title_on_a_page_of_links_proves_no_document(matcher: Matcher, read: Read) -> None:
    page = """<html><head><title>Strategies | Repository</title></head><body><h1>Strategies</h1>
    <h2>Neverland</h2><p>National Strategy for Child Online Protection 2025-2029</p>
    <h2>National Cybersecurity Strategy 2018-2023</h2></body></html>"""
    assert evidence(matcher, read(page, "strategies.html")) == []
