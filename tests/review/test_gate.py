"""The gate: ready only when nothing is missing."""

from __future__ import annotations

import pytest

from review import services
from review.desk import desk_instrument
from review.models import CountryFile, Decision
from store.readings import reading_path

pytestmark = pytest.mark.django_db


@pytest.fixture
def complete(fiji, person, accept):
    """Every question of Fiji settled by two people."""
    rita, ravi = person("rita"), person("ravi")
    for question in desk_instrument().questions:
        accept(rita, question.code)
        accept(ravi, question.code)
    return fiji


def test_nothing_becomes_ready_without_decisions(fiji):
    status, missing = services.queue_state("FJI")
    assert status == "awaiting_review"
    assert missing == ("84 questions have no decision: " + missing[0].split(": ", 1)[1],)
    assert services.decided_questions("FJI") == 0


def test_ready_when_everything_is_decided_and_proven(complete):
    assert services.queue_state("FJI") == ("ready", ())
    assert services.file_state("FJI") == "ready_to_send"
    assert services.decided_questions("FJI") == 84


def test_one_decision_short(fiji, person, accept):
    rita, ravi = person("rita"), person("ravi")
    for question in desk_instrument().questions[:-1]:
        accept(rita, question.code)
        accept(ravi, question.code)
    accept(rita, desk_instrument().questions[-1].code)
    status, missing = services.queue_state("FJI")
    assert status == "awaiting_review"
    assert missing == (f"1 question has one of two decisions: {desk_instrument().questions[-1].code}.",)


def test_an_accepted_answer_without_an_intact_quote_shuts_the_gate(complete):
    anchor = Decision.objects.filter(question="L.1.1").first().evidence[0]
    for entry in Decision.objects.filter(question="L.1.1").first().evidence:
        reading_path(complete, entry["reader_version"], entry["document_id"]).unlink(missing_ok=True)
    status, missing = services.queue_state("FJI")
    assert anchor["quote"]
    assert status == "awaiting_review"
    assert "without an intact quote" in missing[0] and "L.1.1" in missing[0]


def test_the_gate_shuts_again_when_a_refresh_orphans_a_quote(complete, synthetic):
    assert services.queue_state("FJI").status == "ready"
    synthetic.build_country(complete, synthetic.Plan(iso3="FJI", seed=9))
    services.record_draft("FJI")
    status, missing = services.queue_state("FJI")
    assert status == "awaiting_review"
    assert "another look" in missing[0]
    assert services.file_state("FJI") == "in_review"


def test_a_sent_file_is_sent_whatever_comes(complete):
    CountryFile.objects.filter(country="FJI").update(state="sent")
    assert services.queue_state("FJI") == ("sent", ())


def test_sending_asks_the_gate_again(complete, person, browse, synthetic):
    services.queue_state("FJI")
    synthetic.build_country(complete, synthetic.Plan(iso3="FJI", seed=9))
    services.record_draft("FJI")
    client = browse(person("cleo", "coordinator"))
    answer = client.post("/countries/FJI/file/", {"state": "sent"}, follow=True)
    assert "not ready any more" in answer.content.decode()
    assert services.file_state("FJI") == "in_review"
