"""Pages for what went wrong: refused, not found, locked out, failed.

Belongs here: what a person reads then. Nothing here shows anything of the request but its path.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def show_problem(request: HttpRequest, status: int, title: str, text: str, command: str = "") -> HttpResponse:
    """Return a page with a title, a sentence and, where one mends it, a command."""
    context = {"title": title, "text": text, "command": command}
    return render(request, "review/problem.html", context, status=status)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from our own page."""
    return show_problem(
        request, 403, "This form is out of date", "Go back, load the page again, and send the form once more."
    )


def locked_out(request: HttpRequest, credentials: Any = None, *args: Any, **kwargs: Any) -> HttpResponse:
    """Answer too many failed attempts to sign in."""
    return show_problem(request, 429, "Too many attempts", "Signing in is locked for 15 minutes after five failures.")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return show_problem(request, 404, "Nothing here", "This address leads nowhere. Start again from the desk.")


def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a person who may not do this."""
    return show_problem(request, 403, "Not allowed", str(exception or "") or "Your role does not allow this.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that makes no sense."""
    return show_problem(request, 400, "This request cannot be read", "Go back and send the form once more.")


def failed(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours."""
    return show_problem(
        request, 500, "Something failed", "The fault is in the server's log. Your last decision stands."
    )
