"""Default deny: every route, every method, every role."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from review.lake_view import lake_view
from review.models.people import Role
from review.site.rights import RIGHTS

pytestmark = pytest.mark.django_db

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
NAMES = sorted(pattern.name for pattern in get_resolver().url_patterns)

ALLOWED = {
    "observer": {
        "desk", "country", "search", "documents", "question", "changes", "research_progress", "source", "archived_page",
        "archived_original", "audit", "personal_data", "account",
    },
}  # fmt: skip
ALLOWED["reviewer"] = ALLOWED["observer"] | {"bulk"}
ALLOWED["coordinator"] = ALLOWED["observer"] | {"adjudicate", "audit_lines", "agreement", "export", "dagster"}
ALLOWED["administrator"] = ALLOWED["observer"] | {"audit_lines", "agreement", "export", "dagster", "people", "person"}
HALF_OPEN = {"second_factor", "enrol"}
PUBLIC = {"health", "sign_in", "local_link"}
POSTED = {
    "observer": {"account"},
    "reviewer": {
        "account", "decide", "comment", "request_evidence", "bulk", "research", "research_cancel"
    },
    "coordinator": {
        "account", "comment", "request_evidence", "changes", "adjudicate", "reopen", "move_file", "research",
        "research_cancel", "dagster",
    },
    "administrator": {"account", "research", "research_cancel", "people", "person", "dagster"},
}  # fmt: skip


@pytest.fixture
def address(fiji, person):
    """Fill a route's address with things that exist."""
    somebody = person("somebody", "observer")
    values = {
        "iso3": "FJI", "code": "L.1.1", "form": "json", "token": "x" * 30, "path": "runs", "person_id": somebody.id,
        "digest": next(iter(lake_view().documents("FJI"))),
    }  # fmt: skip

    def fill(name: str) -> str:
        pattern = next(p for p in get_resolver().url_patterns if p.name == name)
        names = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
        return reverse(name, kwargs={key: values[key] for key in names})

    return fill


def is_refused(answer) -> bool:
    return answer.status_code in {403, 405} or (
        answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in/")
    )


def test_every_route_has_a_rule_and_every_rule_a_route():
    assert set(NAMES) == set(RIGHTS)


@pytest.mark.parametrize("role", list(Role.values))
def test_every_route_and_method_for_a_role(role, address, person, browse):
    client = browse(person("walker", role))
    for name in NAMES:
        for method in METHODS:
            if name == "sign_out" and method == "POST":
                continue
            answer = client.generic(method, address(name))
            reads = method in {"GET", "HEAD"} and name in ALLOWED[role] | PUBLIC | HALF_OPEN
            writes = method == "POST" and name in POSTED[role] | {"sign_in"} | HALF_OPEN
            if not (reads or writes):
                assert is_refused(answer), f"{role} may {method} {name}: {answer.status_code}"
            elif name not in PUBLIC | HALF_OPEN:
                assert not is_refused(answer), f"{role} may not {method} {name}: {answer.status_code}"
    assert client.post(address("sign_out")).headers["Location"] == "/sign-in/"
    assert is_refused(client.get("/"))


def test_nobody_comes_in_without_signing_in(address):
    client = Client()
    for name in NAMES:
        for method in METHODS:
            answer = client.generic(method, address(name))
            if name not in PUBLIC or method not in {"GET", "HEAD", "POST"}:
                assert is_refused(answer), f"anybody may {method} {name}: {answer.status_code}"


def test_a_password_alone_opens_nothing_when_a_code_is_due(address, person, browse, settings):
    from dataclasses import replace

    settings.DESK = replace(settings.DESK, require_totp=True)
    client = browse(person("walker", "administrator"))
    for name in NAMES:
        if name in PUBLIC | HALF_OPEN | {"sign_out"}:
            continue
        for method in ("GET", "POST"):
            answer = client.generic(method, address(name))
            assert is_refused(answer), f"half signed in may {method} {name}"


def test_reviewers_act_only_where_they_are_assigned(address, person, browse):
    for role in ("reviewer", "coordinator"):
        client = browse(person(f"far-{role}", role, countries=("TON",)))
        for name in POSTED[role] - {"account", "dagster"}:
            assert client.post(address(name)).status_code == 403, f"{role} {name}"
        assert client.get(address("question")).status_code == 200


def test_somebody_kept_out_is_out_at_once(address, person, browse):
    from review.services.people import set_active

    walker = person("walker", "coordinator")
    client = browse(walker)
    assert client.get("/").status_code == 200
    set_active(walker, False, person("ada", "administrator"))
    assert is_refused(client.get("/"))


def test_forms_need_their_token(fiji, person, browse):
    client = browse(person("rita"), csrf=True)
    for path in ("decide", "comment", "evidence"):
        answer = client.post(f"/countries/FJI/questions/L.1.1/{path}/", {"text": "hm", "answer": "yes"})
        assert answer.status_code == 403
        assert "out of date" in answer.content.decode()


def test_every_page_forbids_framing_and_inline_script(address, person, browse):
    client = browse(person("ada", "administrator"))
    for name in sorted(ALLOWED["administrator"] - {"archived_page", "archived_original", "dagster", "export"}):
        answer = client.get(address(name))
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "script-src 'self'" in policy, name
        assert "unsafe" not in policy and "frame-ancestors 'none'" in policy, name
        assert answer.headers["X-Frame-Options"] == "DENY", name
        assert answer.headers["X-Content-Type-Options"] == "nosniff", name
        text = answer.content.decode("utf-8", "replace")
        assert "<script>" not in text and " onclick=" not in text and " style=" not in text, name
