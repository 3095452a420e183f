"""What stands before every page: rate limits, session limits, and refusal by default.

Belongs here: checks that no page may forget. Does not belong here: which role may do what (`rights`).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from review.desk import desk_settings
from review.models.people import Person
from review.services.keeping import keep_form
from review.services.marks import fetch_rows, key_of
from review.site.rights import may, rule_for
from review.views.problems import refused, show_problem
from store.errors import ExitCode, GcideskError

Answer = Callable[[HttpRequest], HttpResponse]

SEEN_AT = "seen_at"
STARTED_AT = "started_at"
READERS_AN_ADDRESS = 20
"""Readers behind one address; it also bounds who changes the cookie with every request."""
BY_LINK = "signed_in_by_local_link"


class LimitRequests:
    """Refuse an address that asks more often than `requests_per_minute`; keep cookies off archived content."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self.limit = desk_settings().requests_per_minute
        self.counts: dict[str, tuple[int, int]] = {}
        self.lock = threading.Lock()

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Count the request in its minute."""
        minute = int(time.time() // 60)
        who = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")[:40] + "@" + request.META.get("REMOTE_ADDR", "")
        with self.lock:
            if len(self.counts) > 10_000:
                self.counts = {key: entry for key, entry in self.counts.items() if entry[0] == minute}
            too_many = self._count(who, minute) > self.limit
            too_many |= self._count(request.META.get("REMOTE_ADDR", ""), minute) > self.limit * READERS_AN_ADDRESS
        if too_many:
            answer = HttpResponse("Too many requests. Wait a minute.", status=429, content_type="text/plain")
            answer["Retry-After"] = "60"
            return answer
        answer = self.get_response(request)
        if getattr(answer, "archived", False):
            answer.cookies.clear()
        return answer

    def _count(self, who: str, minute: int) -> int:
        last, count = self.counts.get(who, (minute, 0))
        count = count + 1 if last == minute else 1
        self.counts[who] = (minute, count)
        return count


class LimitSessions:
    """End sessions that are too old or were idle for too long."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the session's two clocks; the idle clock is written once a minute at most."""
        if request.user.is_authenticated:
            now = int(time.time())
            session = request.session
            desk = desk_settings()
            started, seen = session.get(STARTED_AT, now), session.get(SEEN_AT, now)
            if now - started > desk.session_hours * 3600 or now - seen > desk.session_idle_minutes * 60:
                logout(request)
            elif now - seen >= 60 or SEEN_AT not in session:
                session[STARTED_AT], session[SEEN_AT] = started, now
        return self.get_response(request)


class DenyByDefault:
    """Let through only what `rights` names for this address, method and role."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; the decision is taken in `process_view`, where the address is known."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer an error of the product with its own sentence and the command that mends it."""
        if not isinstance(error, GcideskError):
            return None
        status = 503 if error.exit_code in {ExitCode.STORAGE, ExitCode.MISSING} else 500
        return show_problem(request, status, "This cannot be shown now", str(error), getattr(error, "command", ""))

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Return None to let the view run, otherwise the refusal."""
        name = request.resolver_match.view_name if request.resolver_match else None
        if name != "dagster" and holds_zero_letter(request):
            return show_problem(request, 400, "This request cannot be read", "It holds a letter that no text has.")
        rule = rule_for(name, request.method or "")
        if rule is None:
            return show_problem(request, 405, "Not allowed", "This address does not take that kind of request.")
        if rule.public:
            return None
        person = request.user
        if not isinstance(person, Person) or not person.is_active:
            keep_form(request, name or "")
            return redirect(f"{reverse('sign_in')}?{urlencode({'next': _return_address(request)})}")
        if not rule.half and needs_second_factor(request):
            keep_form(request, name or "")
            return redirect("second_factor")
        if not may(person, rule, kwargs.get("iso3"), assigned_countries(request)):
            return refused(request)
        return None


def holds_zero_letter(request: HttpRequest) -> bool:
    """Tell whether an address or a form holds U+0000, which PostgreSQL cannot keep and no person types."""
    if "\x00" in request.path or any("\x00" in value for _, values in request.GET.lists() for value in values):
        return True
    if request.method != "POST":
        return False
    return any("\x00" in value for name, values in request.POST.lists() for value in (name, *values))


def needs_second_factor(request: HttpRequest) -> bool:
    """Tell whether the person still owes a code; a session from a local link owes none."""
    if request.session.get(BY_LINK):
        return False
    return desk_settings().require_totp and not request.user.is_verified()  # type: ignore[union-attr]


def assigned_countries(request: HttpRequest) -> frozenset[str]:
    """Return the countries of the person who asks; asked once a request."""
    found: frozenset[str] | None = getattr(request, "_assigned", None)
    if found is None:
        person = request.user
        assert isinstance(person, Person)
        rows = fetch_rows("SELECT country FROM review_assignment WHERE person_id = %s", key_of(person.id))
        found = frozenset(country for (country,) in rows)
        request._assigned = found  # type: ignore[attr-defined]
    return found


def _return_address(request: HttpRequest) -> str:
    """Return where to go after signing in: the page itself, or for a form the page that held it."""
    if request.method == "GET":
        return request.get_full_path()
    path = request.path
    for act in ("decide/", "comment/", "evidence/"):
        path = path.removesuffix(act)
    return path
