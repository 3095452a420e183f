"""Adjudication side by side, and agreement.

Belongs here: what a coordinator sees once both reviews are in. Does not belong here: the arithmetic
(`review.services.agreement`).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from review.desk import desk_instrument, desk_settings
from review.lake_view import lake_view
from review.services import decisions, queue_state
from review.services.comparing import compare
from review.services.country_page import question_lines
from review.services.keeping import sign_author, take_kept
from review.services.standing import Stand
from review.services.visibility import see_question
from review.views.pages import country_of, show, signed_in, tell
from review.views.questions import _sheet, name_of
from sources.country_files import load_country
from store.errors import GcideskError


def adjudicate(request: HttpRequest, iso3: str, code: str) -> HttpResponse:
    """Show both reviews beside each other and take the last word."""
    land, person = country_of(iso3), signed_in(request)
    sheet = _sheet(iso3, code)
    fault, sent = "", request.POST
    kept = take_kept(request, person.id, request.path) if request.method == "GET" else {}
    if request.method == "POST":
        seen = sent.get("seen", "")
        try:
            decisions.adjudicate(
                person,
                iso3,
                code,
                answer=sent.get("answer", ""),
                why=sent.get("why", "")[:20_000],
                evidence=set(sent.getlist("evidence")),
                seen=int(seen) if seen.isascii() and seen.isdigit() else -1,
            )
            queue_state(iso3)
            tell(request, f"{code} is settled.")
            return _next_dispute(request, iso3, code)
        except GcideskError as error:
            fault = str(error)
    sight = see_question(person, iso3, code)
    names = desk_settings().show_reviewer_names
    standing = decisions.standing_of(iso3, code)
    ready = sight.is_complete
    return show(
        request,
        "adjudicate",
        status=409 if fault else 200,
        country=land,
        question=sheet.question,
        draft=sheet.draft,
        sight=sight,
        ready=ready,
        reviews=[(name_of(r, names, place), r) for place, r in enumerate(sight.reviews)],
        anchors=decisions.anchors_to_choose(standing) if ready else [],
        fault=fault,
        why=sent.get("why", kept.get("why", "")),
        answer=sent.get("answer", kept.get("answer", "")),
        author=sign_author(person.id),
        chosen=set(sent.getlist("evidence")),
    )


def _next_dispute(request: HttpRequest, iso3: str, code: str) -> HttpResponse:
    lines = question_lines(signed_in(request), lake_view(), iso3)
    disputed = [line.question.code for line in lines if line.sight.stand == Stand.DISPUTED]
    if disputed:
        return redirect("adjudicate", iso3=iso3, code=disputed[0])
    return redirect("question", iso3=iso3, code=code)


def agreement(request: HttpRequest) -> HttpResponse:
    """Show agreement by country, pillar and question."""
    names = {pillar.code: pillar.name for pillar in desk_instrument().pillars}
    found = compare()
    countries = [(load_country(code).name(), code, figures) for code, figures in found.by_country.items()]
    return show(request, "agreement", found=found, countries=countries, pillars=names, bank=desk_instrument().by_code)
