"""Two blind reviewers: whoever tries to peek through any route sees nothing of the other's review."""

from __future__ import annotations

import pytest
from django.urls import get_resolver, reverse

from review.lake_view import lake_view
from review.models import Comment
from review.services.decisions import reopen, sheet_of
from review.services.evidence_requests import request_evidence
from review.services.visibility import see_audit, see_comments, see_question, see_requests

pytestmark = pytest.mark.django_db

SECRETS = ("ZEBRA-WHY", "ZEBRA-REASON", "ZEBRA-COMMENT", "zebra-address", "ZEBRA-NOTE")


@pytest.fixture
def reviewed(fiji, person, accept):
    """Rita has decided, commented, rejected and asked for evidence; Ravi has not decided yet."""
    rita, ravi = person("rita"), person("ravi")
    row = sheet_of(lake_view(), "FJI", "L.1.1").evidence[0]
    accept(rita, "L.1.1", "partial", why="ZEBRA-WHY is my reason", rejected={row.evidence_id: "ZEBRA-REASON"})
    Comment(country="FJI", question="L.1.1", person=rita, text="ZEBRA-COMMENT").save()
    request_evidence(rita, "FJI", "L.1.1", 1, address="https://zebra-address.example/", note="ZEBRA-NOTE")
    return rita, ravi


def routes():
    """Every address of the site, filled with the reviewed question."""
    values = {"iso3": "FJI", "code": "L.1.1", "form": "json", "token": "x" * 30, "path": "runs"}
    for pattern in get_resolver().url_patterns:
        names = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
        yield pattern.name, names, values


def answers_of(client, person):
    """Every answer that a person can get by GET and by an empty POST."""
    row = lake_view().evidence("FJI")["L.1.1"][0]
    for name, names, values in routes():
        filled = {**values, "digest": row.document_id, "person_id": str(person.id)}
        address = reverse(name, kwargs={key: filled[key] for key in names})
        for query in ("", "?evidence=" + row.evidence_id, "?q=zebra", "?text=zebra&everything=1", "?stand=half"):
            yield f"GET {address}{query}", client.get(address + query)
        if name != "sign_out":
            yield f"POST {address}", client.post(address, {"seen": "1"})


def test_the_other_reviewer_finds_nothing_through_any_route(reviewed, browse):
    _, ravi = reviewed
    seen = 0
    for what, answer in answers_of(browse(ravi), ravi):
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        text = content.decode("utf-8", "replace") + str(answer.headers)
        for secret in SECRETS:
            assert secret.casefold() not in text.casefold(), f"{what} shows {secret}"
        seen += answer.status_code == 200
    assert seen > 30


def test_the_same_walk_does_find_what_is_ones_own(reviewed, browse):
    rita, _ = reviewed
    found = set()
    for _, answer in answers_of(browse(rita), rita):
        text = answer.content.decode("utf-8", "replace")
        found |= {secret for secret in SECRETS if secret.casefold() in text.casefold()}
    assert found == set(SECRETS)


def test_whether_the_other_has_decided_does_not_show_either(reviewed, browse, fiji):
    import re

    _, ravi = reviewed
    client = browse(ravi)
    shown = [client.get(f"/countries/FJI/questions/{code}/").content.decode() for code in ("L.1.1", "L.1.3")]
    assert all('st-open">open' in page for page in shown)
    country = client.get("/countries/FJI/").content.decode()
    assert not re.search(r'st-half">one decision', country)


@pytest.mark.parametrize("role", ["observer", "coordinator"])
def test_other_roles_see_no_answer_before_both_are_in(reviewed, person, browse, role):
    them = person("other", role)
    for what, answer in answers_of(browse(them), them):
        text = answer.content.decode("utf-8", "replace")
        for secret in ("ZEBRA-WHY", "ZEBRA-REASON"):
            assert secret not in text, f"{what} shows {secret} to a {role}"


def test_the_data_layer_itself_is_blind(reviewed):
    _, ravi = reviewed
    sight = see_question(ravi, "FJI", "L.1.1")
    assert (sight.stand, sight.reviews, sight.own, sight.settled_by, sight.sequence) == ("open", (), None, None, 0)
    assert see_comments(ravi, "FJI", "L.1.1", sight) == []
    assert see_requests(ravi, "FJI", "L.1.1", sight) == []
    assert all(entry.question != "L.1.1" for entry in see_audit(ravi, "FJI"))


def test_after_settling_both_see_both(reviewed, accept, browse):
    rita, ravi = reviewed
    other = sheet_of(lake_view(), "FJI", "L.1.1").evidence[0]
    accept(ravi, "L.1.1", "partial", rejected={other.evidence_id: "a bill"})
    page = browse(ravi).get("/countries/FJI/questions/L.1.1/").content.decode()
    assert "ZEBRA-WHY" in page and "ZEBRA-COMMENT" in page
    assert len(see_question(rita, "FJI", "L.1.1").reviews) == 2


def test_while_disputed_reviewers_stay_blind_and_the_coordinator_sees_both(reviewed, accept, person, browse):
    rita, ravi = reviewed
    accept(ravi, "L.1.1", "no", why="GIRAFFE says it is repealed")
    assert see_question(rita, "FJI", "L.1.1").reviews == (see_question(rita, "FJI", "L.1.1").own,)
    assert "GIRAFFE" not in browse(rita).get("/countries/FJI/questions/L.1.1/").content.decode()
    cleo = person("cleo", "coordinator")
    page = browse(cleo).get("/countries/FJI/questions/L.1.1/adjudicate/").content.decode()
    assert "GIRAFFE" in page and "ZEBRA-WHY" in page
    assert "Rita" not in page and "First reviewer" in page


def test_names_show_in_adjudication_only_by_the_setting(reviewed, accept, person, browse, settings):
    from dataclasses import replace

    _, ravi = reviewed
    accept(ravi, "L.1.1", "no")
    settings.DESK = replace(settings.DESK, show_reviewer_names=True)
    page = browse(person("cleo", "coordinator")).get("/countries/FJI/questions/L.1.1/adjudicate/").content.decode()
    assert "<h2>Rita</h2>" in page


def test_a_new_cycle_is_blind_again_but_remembers_the_old(reviewed, accept, person, browse):
    rita, ravi = reviewed
    other = sheet_of(lake_view(), "FJI", "L.1.1").evidence[0]
    accept(ravi, "L.1.1", "partial", rejected={other.evidence_id: "a bill"})
    reopen(person("cleo", "coordinator"), "FJI", "L.1.1", why="the act was repealed", seen=2)
    accept(rita, "L.1.1", "no", why="GIRAFFE says it is repealed")
    page = browse(ravi).get("/countries/FJI/questions/L.1.1/").content.decode()
    assert "GIRAFFE" not in page and "ZEBRA-COMMENT" in page
    audit = browse(ravi).get("/countries/FJI/audit/").content.decode()
    assert "GIRAFFE" not in audit and "ZEBRA-WHY" in audit


def test_the_other_reviewer_cannot_be_asked_while_open(reviewed, browse, person):
    rita, ravi = reviewed
    cleo = person("cleo", "coordinator")
    client = browse(rita)
    page = client.get("/countries/FJI/questions/L.1.1/").content.decode()
    assert str(ravi.id) not in page and str(cleo.id) in page
    answer = client.post("/countries/FJI/questions/L.1.1/comment/", {"text": "psst", "asked": str(ravi.id)})
    assert answer.status_code == 422
    client.post("/countries/FJI/questions/L.1.1/comment/", {"text": "what now?", "asked": str(cleo.id)})
    assert Comment.objects.get(text="what now?").asked == cleo
    coordinator = browse(cleo)
    assert "what now?" in coordinator.get("/account/").content.decode()
    coordinator.post(
        "/countries/FJI/questions/L.1.1/comment/", {"text": "LION: look at section 5", "asked": str(rita.id)}
    )
    assert "LION" in client.get("/countries/FJI/questions/L.1.1/").content.decode()
    assert "LION" in client.get("/account/").content.decode()
    assert "LION" not in browse(ravi).get("/countries/FJI/questions/L.1.1/").content.decode()
