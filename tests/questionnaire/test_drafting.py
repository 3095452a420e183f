"""The table "From stance to answer" and everything that makes an answer more or less than its best row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaire.drafting import draft_country
from questionnaire.instrument import Instrument, load_instrument
from questionnaire.search_log import SearchedCountry
from store.tables import DraftRow, EvidenceRow
from tests.questionnaire.conftest import TODAY, make_row

GCI = load_instrument()
Row = Callable[..., EvidenceRow]


def draft(
    instrument: Instrument, rows: list[EvidenceRow], searched: SearchedCountry | None = None
) -> dict[str, DraftRow]:
    searched = searched or SearchedCountry("XDM", ("en",), ())
    drafts = draft_country(instrument, "XDM", rows, searched, today=TODAY, matcher_version="test")
    return {item.question: item for item in drafts}


@pytest.mark.parametrize(
    ("question", "stance", "strength", "answer"),
    [
        ("L.1.1", "in_place", "official", "yes"),
        ("L.1.1", "partial", "official", "partial"),
        ("T.1.6", "partial", "official", "not_found"),
        ("L.1.1", "planned", "official", "not_found"),
        ("L.1.1", "absent", "official", "no"),
        ("L.1.1", "absent", "gazette", "no"),
        ("L.1.1", "absent", "intergovernmental", "not_found"),
        ("L.1.1", "absent", "third_party", "not_found"),
    ],
)
def test_each_line_of_the_table(gci: Instrument, question: str, stance: str, strength: str, answer: str) -> None:
    rows = [make_row(question, stance, source_strength=strength)]
    found = draft(gci, rows)[question]
    assert found.answer == answer
    assert found.evidence_ids == (rows[0].evidence_id,), "what was found is always shown"


def test_without_evidence_nothing_is_found_and_every_question_is_drafted(gci: Instrument) -> None:
    drafts = draft(gci, [])
    assert list(drafts) == [q.code for q in gci.questions]
    assert {item.answer for item in drafts.values()} == {"not_found"}
    assert {item.evidence_ids for item in drafts.values()} == {()}


def test_the_strongest_true_state_wins(gci: Instrument, row: Row) -> None:
    scores = {"planned": 0.99, "partial": 0.95, "in_place": 0.6}
    rows = [row("L.1.1", stance, score=score) for stance, score in scores.items()]
    assert draft(gci, rows)["L.1.1"].answer == "yes"


def test_a_plan_is_listed_with_its_quote_and_is_not_an_answer(gci: Instrument, row: Row) -> None:
    found = draft(gci, [row("O.1.1", "planned", quote="The Ministry will draw up a strategy in 2027.")])["O.1.1"]
    assert found.answer == "not_found"
    assert "The Ministry will draw up a strategy in 2027." in found.rationale
    assert "plan" in found.rationale


def test_a_repealed_act_carries_no_answer_and_is_shown(gci: Instrument, row: Row) -> None:
    found = draft(gci, [row("L.1.1", "in_place", act="Law 1/1990", act_status="repealed")])["L.1.1"]
    assert found.answer == "not_found"
    assert "repealed" in found.needs_look
    assert len(found.evidence_ids) == 1


def test_a_bill_is_at_most_partial(gci: Instrument, row: Row) -> None:
    found = draft(gci, [row("L.1.1", "in_place", act="Cybercrime Bill 2026", act_status="bill")])["L.1.1"]
    assert found.answer == "partial"
    assert "bill" in found.rationale


def test_an_act_that_comes_into_force_later_is_partial(gci: Instrument, row: Row) -> None:
    later = row("L.1.1", "in_place", act="Law 9/2026", act_status="adopted", in_force_from=date(2027, 1, 1))
    assert draft(gci, [later])["L.1.1"].answer == "partial"


def test_recency_drops_old_activity_but_not_a_law_in_force(gci: Instrument, row: Row) -> None:
    old = row("D.1.1", "in_place", dated_on=date(2014, 5, 1))
    assert draft(gci, [old])["D.1.1"].answer == "not_found"
    assert "older than the 3 years" in draft(gci, [old])["D.1.1"].needs_look
    assert draft(gci, [replace(old, dated_on=date(2025, 5, 1))])["D.1.1"].answer == "yes"
    mandate = replace(old, act="Law 2/2014", act_status="in_force")
    assert draft(gci, [mandate])["D.1.1"].answer == "yes"
    undated = replace(old, dated_on=None)
    assert draft(gci, [undated])["D.1.1"].answer == "yes"
    assert "no date" in draft(gci, [undated])["D.1.1"].needs_look


def test_two_hosts_are_two_sources_but_a_copied_text_is_one(gci: Instrument, row: Row) -> None:
    one = row("T.1.1", "in_place", score=0.6)
    same_host = row("T.1.1", "in_place", score=0.6, quote="The team was set up in 2019.", document_id="d2")
    other_host = replace(same_host, url="https://cirt.example/about", evidence_id="other")
    copied = replace(other_host, quote=one.quote)
    assert draft(gci, [one, same_host])["T.1.1"].independent_sources == 1
    assert draft(gci, [one, other_host])["T.1.1"].independent_sources == 2
    assert draft(gci, [one, copied])["T.1.1"].independent_sources == 1
    assert draft(gci, [one, other_host])["T.1.1"].confidence > draft(gci, [one])["T.1.1"].confidence


def test_one_third_party_alone_is_listed_and_two_are_marked(gci: Instrument, row: Row) -> None:
    blog = row("T.1.1", "in_place", source_strength="third_party", url="https://blog.example/a")
    paper = row(
        "T.1.1",
        "in_place",
        source_strength="third_party",
        url="https://paper.example/b",
        quote="The team works by day.",
    )
    alone = draft(gci, [blog])["T.1.1"]
    assert alone.answer == "not_found"
    assert alone.evidence_ids == (blog.evidence_id,)
    assert "third parties only" in alone.needs_look
    assert "third parties only" in alone.rationale
    both = draft(gci, [blog, paper])["T.1.1"]
    assert both.answer == "yes"
    assert "only third parties say so" in both.needs_look
    assert draft(gci, [row("T.1.1", "in_place")])["T.1.1"].confidence > both.confidence


def test_an_official_source_comes_before_a_newspaper_that_says_more(gci: Instrument, row: Row) -> None:
    paper = row(
        "T.1.1", "in_place", source_strength="third_party", url="https://paper.example/b", quote="It works.", score=0.99
    )
    site = row("T.1.1", "in_place", score=0.5)
    assert draft(gci, [paper, site])["T.1.1"].evidence_ids == (site.evidence_id, paper.evidence_id)


def test_a_strategy_whose_period_is_over_is_partial(gci: Instrument, row: Row) -> None:
    over = row("O.1.1", "in_place", rules=("document is of kind strategy", "period ended in 2023"))
    assert draft(gci, [over])["O.1.1"].answer == "partial"
    assert "period ended in 2023" in draft(gci, [over])["O.1.1"].needs_look
    successor = row("O.1.1", "in_place", rules=("document is of kind strategy",), start=9)
    assert draft(gci, [over, successor])["O.1.1"].answer == "yes"
    assert draft(gci, [row("O.1.2", "in_place", rules=over.rules)])["O.1.2"].answer == "yes"


def test_an_old_act_that_was_replaced_speaks_against_nothing(gci: Instrument, row: Row) -> None:
    new = row("L.1.1", "in_place", act="Law 14/2020", act_status="in_force")
    old = row("L.1.1", "in_place", act="Law 3/2009", act_status="repealed")
    assert draft(gci, [new, old])["L.1.1"].contradiction == ""
    assert draft(gci, [row("L.1.1", "in_place"), old])["L.1.1"].contradiction


def test_weak_evidence_for_a_yes_is_listed_and_not_counted(gci: Instrument, row: Row) -> None:
    found = draft(gci, [row("T.1.1", "in_place", score=0.2)])["T.1.1"]
    assert found.answer == "not_found"
    assert "weak evidence" in found.needs_look
    assert len(found.evidence_ids) == 1


def test_contradictions_stand_side_by_side(gci: Instrument, row: Row) -> None:
    yes = row("T.1.1", "in_place", quote="The national CIRT has operated since 2019.")
    no = row("T.1.1", "absent", quote="There is still no national CIRT.", url="https://court.example/report")
    alone = draft(gci, [yes])["T.1.1"]
    both = draft(gci, [yes, no])["T.1.1"]
    assert both.answer == alone.answer == "yes"
    assert "The national CIRT has operated since 2019." in both.contradiction
    assert "There is still no national CIRT." in both.contradiction
    assert both.confidence < alone.confidence
    assert both.needs_look.startswith("sources contradict each other")
    assert alone.contradiction == ""


def test_a_later_plan_speaks_against_an_older_state(gci: Instrument, row: Row) -> None:
    old = row("T.1.1", "in_place", dated_on=date(2012, 1, 1))
    plan = row("T.1.1", "planned", dated_on=date(2025, 1, 1))
    assert draft(gci, [old, plan])["T.1.1"].contradiction
    assert not draft(gci, [replace(old, dated_on=date(2026, 1, 1)), plan])["T.1.1"].contradiction


def test_a_child_is_kept_without_its_parent_and_marks_it(gci: Instrument, row: Row) -> None:
    drafts = draft(gci, [row("T.1.6", "in_place")])
    assert drafts["T.1.6"].answer == "yes"
    assert "T.1.1" in drafts["T.1.6"].needs_look
    assert drafts["T.1.1"].answer == "not_found"
    assert "T.1.6" in drafts["T.1.1"].needs_look


def test_rows_of_another_country_are_not_counted(gci: Instrument, row: Row) -> None:
    assert draft(gci, [row("T.1.1", "in_place", country="XXA")])["T.1.1"].answer == "not_found"


def test_prior_yes_changes_nothing(gci: Instrument, row: Row) -> None:
    rows = [row("L.2.1", "partial"), row("T.1.1", "in_place", score=0.5)]
    changed = gci.model_copy(
        update={
            "pillars": tuple(
                p.model_copy(
                    update={
                        "indicators": tuple(
                            i.model_copy(
                                update={
                                    "questions": tuple(
                                        q.model_copy(update={"prior_yes": (193, 194)}) for q in i.questions
                                    )
                                }
                            )
                            for i in p.indicators
                        )
                    }
                )
                for p in gci.pillars
            )
        }
    )
    assert draft(gci, rows) == draft(changed, rows)


def test_confidence_of_not_found_is_the_share_of_the_search(gci: Instrument, searched: SearchedCountry) -> None:
    drafts = draft(gci, [], searched)
    assert draft(gci, [])["O.2.1"].confidence == 0.0
    assert 0 < drafts["O.2.1"].confidence <= 1
    everything = replace(searched, documents=())
    assert draft(gci, [], everything)["O.2.1"].confidence == 0.0


stances = st.sampled_from(["in_place", "partial", "planned", "absent"])
strengths = st.sampled_from(["gazette", "legal_database", "official", "intergovernmental", "third_party"])
evidence = st.lists(
    st.builds(
        lambda stance, strength, score, number: make_row(
            "L.1.1", stance, source_strength=strength, score=score, document_id=f"d{number}"
        ),
        stances,
        strengths,
        st.floats(0, 1),
        st.integers(0, 5),
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(evidence)
def test_no_answer_without_a_quote_and_no_no_without_an_official_source(rows: list[EvidenceRow]) -> None:
    found = draft(GCI, rows)["L.1.1"]
    shown = [item for item in rows if item.evidence_id in found.evidence_ids]
    if found.answer == "yes":
        assert any(item.stance == "in_place" for item in shown)
    if found.answer == "partial":
        assert any(item.stance == "partial" for item in shown)
    if found.answer == "no":
        assert any(item.stance == "absent" and item.source_strength in {"official", "gazette"} for item in rows)
        assert not any(item.stance == "in_place" and item.score > 0 for item in rows)
    assert bool(found.evidence_ids) == bool(rows)
    assert 0 <= found.confidence <= 1
    assert found == draft(GCI, list(reversed(rows)))["L.1.1"], "the order of rows changes nothing"


def test_a_law_in_a_collection_of_laws_carries_a_yes_and_is_marked(gci: Instrument, row: Row) -> None:
    law = row("L.1.1", "in_place", source_strength="legal_database", url="https://laws.example/2020/14", score=0.7)
    drafted = draft(gci, [law])["L.1.1"]
    assert drafted.answer == "yes"
    assert "compare it with the gazette" in drafted.needs_look


def test_nearly_the_same_text_on_two_hosts_is_one_source(gci: Instrument, row: Row) -> None:
    text = (
        "The national team took part in the regional exercise for the fourth year, with forty staff from nine bodies."
    )
    one = row("T.1.1", "in_place", score=0.6, quote=text)
    release = replace(one, url="https://news.example/a", evidence_id="b", quote=f"PRESS RELEASE - {text[:-1]}!")
    other = replace(one, url="https://else.example/c", evidence_id="c", quote="MaraCIRT answers calls day and night.")
    assert draft(gci, [one, release])["T.1.1"].independent_sources == 1
    assert draft(gci, [one, release, other])["T.1.1"].independent_sources == 2


def test_a_document_of_another_country_carries_no_answer(gci: Instrument, row: Row) -> None:
    found = draft(gci, [row("L.1.1", "in_place", rules=("document may be another country's", "names the matter"))])
    assert found["L.1.1"].answer == "not_found"
    assert "another country's" in found["L.1.1"].needs_look
    assert len(found["L.1.1"].evidence_ids) == 1


def test_an_undated_activity_of_a_document_long_over_is_too_old(gci: Instrument, row: Row) -> None:
    old = row("D.1.1", "in_place", dated_on=None, rules=("period ended in 2017",))
    found = draft(gci, [old])["D.1.1"]
    assert found.answer == "not_found"
    assert "period ended in 2017" in found.needs_look
    assert draft(gci, [replace(old, rules=("period ended in 2025",))])["D.1.1"].answer == "yes"


def test_the_act_that_amended_it_is_told(gci: Instrument, row: Row) -> None:
    amended = row("L.1.1", "in_place", act="Law 1/1990", act_status="in_force", amended_by="Law 5/2021")
    assert "as amended by Law 5/2021" in draft(gci, [amended])["L.1.1"].rationale
