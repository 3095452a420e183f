"""Deciding: what goes on record, and what does not."""

from __future__ import annotations

import pytest

from review import services
from review.lake_view import lake_view
from review.models import AuditEntry, Decision
from review.services.decisions import (
    AlreadyDecidedError,
    ChangedMeanwhileError,
    DecisionError,
    Verdict,
    adjudicate,
    decide,
    reopen,
    sheet_of,
    standing_of,
)
from review.services.standing import Stand

pytestmark = pytest.mark.django_db
NOT_FOUND = "L.1.4"
"""Drafted not found; L.1.1 and L.1.3 are drafted yes."""


def test_two_agreeing_reviews_settle(fiji, person, accept):
    first = accept(person("rita"), "L.1.1")
    assert standing_of("FJI", "L.1.1").stand == Stand.HALF
    accept(person("ravi"), "L.1.1")
    standing = standing_of("FJI", "L.1.1")
    assert (standing.stand, standing.accepted) == (Stand.SETTLED, "yes")
    assert {entry["quote"] for entry in standing.evidence} == {entry["quote"] for entry in first.evidence}
    assert services.file_state("FJI") == "in_review"
    assert AuditEntry.objects.filter(action="decision_review", question="L.1.1").count() == 2


def test_different_answers_are_disputed_and_adjudicated(fiji, person, accept):
    rita, ravi, cleo = person("rita"), person("ravi"), person("cleo", "coordinator")
    kept = accept(rita, "L.1.1").evidence[0]["evidence_id"]
    accept(ravi, "L.1.1", "no")
    standing = standing_of("FJI", "L.1.1")
    assert standing.stand == Stand.DISPUTED
    with pytest.raises(ChangedMeanwhileError):
        adjudicate(cleo, "FJI", "L.1.1", answer="yes", why="the act is in force", evidence={kept}, seen=1)
    with pytest.raises(DecisionError, match="at least one quote"):
        adjudicate(cleo, "FJI", "L.1.1", answer="yes", why="the act is in force", evidence=set(), seen=2)
    adjudicate(cleo, "FJI", "L.1.1", answer="yes", why="the act is in force", evidence={kept}, seen=2)
    settled = standing_of("FJI", "L.1.1")
    assert (settled.stand, settled.accepted, len(settled.evidence)) == (Stand.SETTLED, "yes", 1)


def test_same_answer_on_different_proof_is_disputed(fiji, person, accept):
    rows = sheet_of(lake_view(), "FJI", "L.1.1").evidence
    accept(person("rita"), "L.1.1", rejected={rows[0].evidence_id: "a bill"})
    accept(person("ravi"), "L.1.1", rejected={rows[1].evidence_id: "another country"})
    assert standing_of("FJI", "L.1.1").stand == Stand.DISPUTED


@pytest.mark.parametrize(
    ("answer", "why", "message"),
    [
        ("perhaps", "for a reason", "Choose one"),
        ("no", "", "Say in a sentence"),
        ("not_found", "short", "Say in a sentence"),
    ],
)
def test_incomplete_decisions_are_refused(fiji, person, accept, answer, why, message):
    with pytest.raises(DecisionError, match=message):
        accept(person("rita"), "L.1.1", answer, why=why)
    assert not Decision.objects.exists()


def test_a_yes_needs_a_quote(fiji, person, accept):
    rita = person("rita")
    with pytest.raises(DecisionError, match="at least one quote"):
        accept(rita, NOT_FOUND, "yes")
    rejected = {row.evidence_id: "no law" for row in sheet_of(lake_view(), "FJI", "L.1.1").evidence}
    with pytest.raises(DecisionError, match="at least one quote"):
        accept(rita, "L.1.1", rejected=rejected)
    with pytest.raises(DecisionError, match="reason"):
        accept(rita, "L.1.1", rejected={next(iter(rejected)): " "})


def test_partial_only_where_the_question_allows(fiji, person, accept):
    from review.desk import desk_instrument

    code = next(q.code for q in desk_instrument().questions if not q.partial_allowed)
    with pytest.raises(DecisionError, match="knows no partial"):
        accept(person("rita"), code, "partial")


def test_a_reviewer_decides_anew_until_the_question_is_complete(fiji, person, accept):
    rita, ravi = person("rita"), person("ravi")
    accept(rita, "L.1.1")
    accept(rita, "L.1.1", "not_found")
    assert Decision.objects.count() == 2
    accept(ravi, "L.1.1", "not_found")
    assert standing_of("FJI", "L.1.1").accepted == "not_found"
    with pytest.raises(AlreadyDecidedError):
        accept(rita, "L.1.1")


def test_a_second_window_is_noticed(fiji, person, accept):
    rita = person("rita")
    sheet = sheet_of(lake_view(), "FJI", "L.1.1")
    accept(rita, "L.1.1")
    with pytest.raises(ChangedMeanwhileError, match="another window"):
        decide(rita, "FJI", "L.1.1", Verdict(answer="yes", seen_mark=sheet.mark))


def test_a_draft_replaced_while_the_page_is_open_is_noticed(fiji, person, synthetic):
    old = sheet_of(lake_view(), "FJI", "L.1.1").mark
    synthetic.build_country(fiji, synthetic.Plan(iso3="FJI", seed=2))
    with pytest.raises(ChangedMeanwhileError, match="replaced"):
        decide(person("rita"), "FJI", "L.1.1", Verdict(answer="yes", seen_mark=old))


def test_the_second_of_two_people_sees_that_it_is_settled(fiji, person, accept, settings):
    from dataclasses import replace

    settings.DESK = replace(settings.DESK, double_review_percent=0)
    accept(person("rita"), "L.1.1")
    with pytest.raises(AlreadyDecidedError):
        accept(person("ravi"), "L.1.1", "no")
    assert standing_of("FJI", "L.1.1").accepted == "yes"


def test_a_third_reviewer_is_refused(fiji, person, accept):
    accept(person("rita"), "L.1.1")
    accept(person("ravi"), "L.1.1")
    with pytest.raises(AlreadyDecidedError):
        accept(person("rosa"), "L.1.1")


def test_opening_again_starts_a_new_cycle_and_keeps_the_accepted_answer_in_sight(fiji, person, accept):
    rita, ravi, cleo = person("rita"), person("ravi"), person("cleo", "coordinator")
    accept(rita, "L.1.1")
    accept(ravi, "L.1.1")
    reopen(cleo, "FJI", "L.1.1", why="the act was repealed", seen=2)
    standing = standing_of("FJI", "L.1.1")
    assert (standing.stand, standing.cycle, standing.accepted) == (Stand.OPEN, 2, "yes")
    accept(rita, "L.1.1", "no")
    assert standing_of("FJI", "L.1.1").stand == Stand.HALF


def test_after_sending_nothing_changes(fiji, person, accept):
    from review.models import CountryFile

    CountryFile.objects.filter(country="FJI").update(state="sent")
    with pytest.raises(DecisionError, match="sent"):
        accept(person("rita"), "L.1.1")


def test_the_share_of_double_reviews_follows_the_setting():
    from review.desk import desk_instrument
    from review.services.standing import decisions_needed

    codes = [question.code for question in desk_instrument().questions]
    assert {decisions_needed("FJI", code, 100) for code in codes} == {2}
    assert {decisions_needed("FJI", code, 0) for code in codes} == {1}
    half = sum(decisions_needed(c, code, 50) == 2 for code in codes for c in ("FJI", "TON", "WSM", "KIR"))
    assert 0.4 < half / (4 * len(codes)) < 0.6
