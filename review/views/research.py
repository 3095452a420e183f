"""Research of a country from its page: start, watch, cancel, try again.

Belongs here: the answers to these buttons. Does not belong here: starting a process (`review.services.research`).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from review.models import ResearchRun
from review.services import research as runs
from review.site.middleware import assigned_countries
from review.site.rights import RESEARCH, may
from review.views.pages import country_of, show, signed_in, tell
from store.errors import GcideskError


def research(request: HttpRequest, iso3: str) -> HttpResponse:
    """Start research, also for a new try."""
    country_of(iso3)
    try:
        runs.start(signed_in(request), iso3)
    except GcideskError as error:
        tell(request, str(error), fault=True)
    return redirect("country", iso3=iso3)


def research_cancel(request: HttpRequest, iso3: str) -> HttpResponse:
    """End a running research."""
    country_of(iso3)
    try:
        runs.cancel(signed_in(request), iso3)
        tell(request, "The research was cancelled. What it captured stays in the archive.")
    except GcideskError as error:
        tell(request, str(error), fault=True)
    return redirect("country", iso3=iso3)


def research_progress(request: HttpRequest, iso3: str) -> HttpResponse:
    """Show how far the newest run is; HTMX asks for this every two seconds while it runs."""
    country = country_of(iso3)
    run = runs.newest_run(iso3)
    answer = show(
        request,
        "research_progress",
        country=country,
        progress=runs.progress_of(run) if run else None,
        may_research=may(signed_in(request), RESEARCH, iso3, assigned_countries(request)),
    )
    if run and run.status == ResearchRun.Status.DONE and request.headers.get("HX-Request") == "true":
        answer["HX-Refresh"] = "true"
    return answer
