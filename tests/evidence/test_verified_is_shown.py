"""A fact of a repository that nobody verified says so in the draft, its table, explain and every export's form."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from evidence.explain import explain_lines
from evidence.facts import evidence_of_fact
from questionnaire.draft_table import as_markdown
from questionnaire.drafting import draft_country
from questionnaire.instrument import load_instrument
from questionnaire.search_log import SearchedCountry
from review.exports.drafted_country import DraftedCountry
from review.exports.json_form import drafts_as_json
from sources.country_files import load_country
from sources.repository import load_repositories
from store.tables import FactRow

SEEN = datetime(2026, 11, 1, tzinfo=UTC)
NEVER = sorted(name for name, contract in load_repositories().items() if contract.verified == "never")


@pytest.mark.parametrize("name", NEVER)
def test_a_fact_that_was_never_verified_says_so_wherever_it_is_used(name: str) -> None:
    contract = load_repositories()[name]
    question = contract.questions[0]
    fact = FactRow(
        repository=name, fact_id="f" * 64, country="EST", questions=(question,), stance="in_place",
        text="Estonia\t12 May 2003", link="", url="https://list.example/", captured_at=SEEN, origin="fetched by us",
        payload_digest="a" * 64, text_layer_id="b" * 64, reader_version="r", start=0, end=19, language="en",
        official=contract.official, verified=str(contract.verified), dated_on=None,
    )  # fmt: skip
    row = evidence_of_fact(fact, question)
    said = f"{name} (verified: never)"
    assert row.fact == said
    bank = load_instrument()
    searched = SearchedCountry("EST", ("en",), (), seeds=())
    drafts = draft_country(bank, "EST", [row], searched, today=date(2026, 11, 20), matcher_version="test")
    draft = next(draft for draft in drafts if draft.question == question)
    assert row.evidence_id in draft.evidence_ids
    assert said in draft.rationale
    assert any(said in line for line in explain_lines((), [row], draft))
    assert "verified: never" in as_markdown(bank, [draft], [row])
    found = DraftedCountry(load_country("EST"), bank, (draft,), (row,), (), (), ())
    assert f'"fact": "{said}"' in json.dumps(drafts_as_json(found))
    checked = evidence_of_fact(replace(fact, verified="2026-11-20"), question)
    assert checked.score > row.score, "and it weighs less"
