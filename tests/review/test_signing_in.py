"""Signing in: password, second factor, lockout, session limits, local links, kept text, open redirects."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from review import services
from review.models import AuditEntry, LocalLink, Person
from review.services.people import end_sessions, make_local_link, remove_name, use_local_link

pytestmark = pytest.mark.django_db
PASSWORD = "a long pass phrase"


def sign_in(client, username="rita", password=PASSWORD, next_page="/"):
    return client.post("/sign-in/", {"username": username, "password": password, "next": next_page})


def test_right_and_wrong_password(fiji, person):
    person("rita")
    client = Client()
    assert sign_in(client, password="wrong").status_code == 403
    assert client.get("/").status_code == 302
    assert sign_in(client).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/").status_code == 302


def test_five_failures_lock_even_the_right_password(fiji, person):
    person("rita")
    client = Client()
    codes = [sign_in(client, password=f"wrong {n}").status_code for n in range(6)]
    assert codes[0] == 403 and codes[-1] == 429
    assert sign_in(client).status_code == 429
    person("ravi")
    assert sign_in(Client(), "ravi").status_code == 302


def test_a_code_is_due_and_opens(fiji, person, settings):
    settings.DESK = replace(settings.DESK, require_totp=True)
    person("rita")
    client = Client()
    assert sign_in(client, next_page="/agreement/").headers["Location"] == "/sign-in/code/"
    assert client.get("/sign-in/code/").headers["Location"] == "/sign-in/device/"
    page = client.get("/sign-in/device/").content.decode()
    device = TOTPDevice.objects.get()
    assert "<path d=" in page and not device.confirmed
    assert client.post("/sign-in/device/", {"code": "000000"}).status_code == 403
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    done = client.post("/sign-in/device/", {"code": f"{totp(device.bin_key):06d}"})
    assert done.headers["Location"] == "/agreement/"
    assert client.get("/").status_code == 200
    again = Client()
    sign_in(again)
    assert again.get("/").headers["Location"] == "/sign-in/code/"
    assert again.post("/sign-in/code/", {"code": "12"}).status_code == 403
    replay = again.post("/sign-in/code/", {"code": f"{totp(device.bin_key):06d}"})
    assert replay.status_code == 403, "a code works once"


@pytest.mark.parametrize(
    "target",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "http:evil.example", "\thttps://evil.example"],
)  # fmt: skip
def test_no_open_redirect(fiji, person, target):
    person("rita")
    client = Client()
    assert "evil" not in client.get("/sign-in/", {"next": target}).content.decode()
    assert sign_in(client, next_page=target).headers["Location"] == "/"


def test_sessions_have_limits(fiji, person, settings):
    rita = person("rita")
    clients = [Client() for _ in range(4)]
    for client in clients:
        sign_in(client)
    assert [client.get("/").status_code for client in clients] == [302, 200, 200, 200]
    session = clients[1].session
    session["seen_at"] = int(time.time()) - settings.DESK.session_idle_minutes * 60 - 5
    session.save()
    assert clients[1].get("/").status_code == 302
    session = clients[2].session
    session["started_at"] = int(time.time()) - settings.DESK.session_hours * 3600 - 5
    session.save()
    assert clients[2].get("/").status_code == 302
    assert end_sessions(rita) >= 1
    assert clients[3].get("/").status_code == 302


def test_a_local_link_works_once_from_here_and_not_for_long(fiji):
    path = services.local_sign_in_path(fiji)
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert elsewhere.get(path).status_code == 403
    proxied = Client(HTTP_X_FORWARDED_FOR="192.0.2.7")
    assert proxied.get(path).status_code == 403
    client = Client()
    assert client.get(path).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert Client().get(path).status_code == 403
    late = make_local_link(Person.objects.get())
    LocalLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert use_local_link(late) is None


def test_a_local_link_needs_no_second_factor_and_keeps_no_token(fiji, settings):
    settings.DESK = replace(settings.DESK, require_totp=True)
    path = services.local_sign_in_path(settings.DESK)
    client = Client()
    client.get(path)
    assert client.get("/").status_code == 200
    assert path.split("/")[3] not in str(list(LocalLink.objects.values()))


def test_a_long_comment_survives_the_end_of_the_session(fiji, person, browse):
    rita = person("rita")
    client = browse(rita)
    page = client.get("/countries/FJI/questions/L.1.1/").content.decode()
    author = page.split('name="author" value="')[1].split('"')[0]
    Session.objects.all().delete()
    text = "Eine lange Anmerkung. " * 300
    answer = client.post("/countries/FJI/questions/L.1.1/comment/", {"text": text, "author": author})
    assert answer.headers["Location"].startswith("/sign-in/?next=%2Fcountries%2FFJI%2Fquestions%2FL.1.1%2F")
    assert "It is kept" in client.get(answer.headers["Location"]).content.decode()
    back = sign_in(client, next_page="/countries/FJI/questions/L.1.1/")
    assert text.strip()[:400] in client.get(back.headers["Location"]).content.decode()
    assert text.strip()[:400] not in client.get(back.headers["Location"]).content.decode(), "given back once"


@pytest.mark.parametrize("form", ["decide", "evidence", "adjudicate"])
def test_every_form_with_a_long_text_keeps_it(fiji, person, browse, accept, form):
    """The session ends; the reason, the note or the last word is found again after signing in."""
    rita, ravi = person("rita"), person("ravi")
    who = person("cleo", "coordinator") if form == "adjudicate" else rita
    if form == "adjudicate":
        accept(rita, "L.1.1")
        accept(ravi, "L.1.1", "no")
    base = "/countries/FJI/questions/L.1.1/"
    page = base + ("adjudicate/" if form == "adjudicate" else "")
    client = browse(who)
    author = client.get(page).content.decode().split('name="author" value="')[1].split('"')[0]
    Session.objects.all().delete()
    text = "Ein langer Grund. " * 80
    field = "note" if form == "evidence" else "why"
    answer = client.post(f"{base}{form}/", {field: text, "answer": "no", "author": author, "seen": "2"})
    assert answer.headers["Location"].startswith("/sign-in/?next=")
    client.get(answer.headers["Location"])
    back = sign_in(client, who.username, next_page=page)
    assert back.headers["Location"] == page
    assert text.strip()[:400] in client.get(page).content.decode()


def test_kept_text_is_given_to_nobody_else(fiji, person, browse):
    rita = person("rita")
    person("ravi")
    client = browse(rita)
    page = client.get("/countries/FJI/questions/L.1.1/").content.decode()
    author = page.split('name="author" value="')[1].split('"')[0]
    Session.objects.all().delete()
    client.post("/countries/FJI/questions/L.1.1/comment/", {"text": "ZEBRA " * 50, "author": author})
    sign_in(client, "ravi")
    assert "ZEBRA" not in client.get("/countries/FJI/questions/L.1.1/").content.decode()


def test_a_name_can_be_removed_without_touching_the_record(fiji, person, accept, browse):
    rita, ada = person("rita"), person("ada", "administrator")
    accept(rita, "L.1.1")
    lines = browse(ada).get("/countries/FJI/audit.jsonl").content.decode()
    client = browse(rita)
    remove_name(rita, ada)
    assert client.get("/").status_code == 302
    assert sign_in(Client()).status_code == 403
    after = browse(ada).get("/countries/FJI/audit.jsonl").content.decode()
    assert after.startswith(lines.rstrip("\n")) or lines.strip() in after
    assert str(rita.id) in after and "rita" not in after.lower()
    audit = browse(ada).get("/countries/FJI/audit/").content.decode()
    assert "Rita" not in audit and f"person {str(rita.id)[:8]}" in audit
    assert AuditEntry.objects.filter(action="name_removed").exists()


def test_the_secret_key_is_made_once_with_mode_0600(tmp_path):
    from review.site.secret_key import ensure_secret_key, read_secret_key

    assert not (tmp_path / "review").exists()
    passing = read_secret_key(tmp_path / "review")
    assert not (tmp_path / "review").exists()
    key = ensure_secret_key(tmp_path / "review")
    assert key == read_secret_key(tmp_path / "review") == ensure_secret_key(tmp_path / "review") != passing
    assert (tmp_path / "review" / "secret_key").stat().st_mode & 0o777 == 0o600
    assert len(key) >= 50


def test_too_many_requests_are_refused(fiji, person, settings):
    settings.DESK = replace(settings.DESK, requests_per_minute=20)
    client = Client()
    codes = [client.get("/health/").status_code for _ in range(45)]
    assert codes[0] == 200 and 429 in codes
    codes = []
    for number in range(600):
        client.cookies["gcidesk_session"] = f"another{number}"
        codes.append(client.get("/health/").status_code)
    assert codes[0] == 200 and 429 in codes, "a changing cookie does not help"


def test_the_first_administrator_comes_in_by_a_link_until_there_is_a_password(fiji, person):
    client = Client()
    assert client.get(services.first_administrator_path()).headers["Location"] == "/"
    assert client.get("/people/").status_code == 200
    assert services.first_administrator_path() != "", "the link was used and no password is set"
    client.post("/account/", {"new": "another long pass phrase"})
    assert services.first_administrator_path() == ""


def test_no_first_administrator_where_there_is_one(fiji, person):
    person("ada", "administrator")
    assert services.first_administrator_path() == ""
