"""Many decisions at once over a filter, always with a preview first.

Belongs here: accepting drafts as they are. Rejecting or changing is done question by question. Does not belong here:
the rules of a decision (`review.services.decisions`).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from review.lake_view import lake_view
from review.services import decisions, queue_state
from review.services.country_page import filter_of, question_lines
from review.services.decisions import DecisionError, Verdict
from review.services.visibility import see_quotes
from review.views.pages import country_of, show, signed_in, tell

MOST = 200


def bulk(request: HttpRequest, iso3: str) -> HttpResponse:
    """Show which drafts a filter would accept; on POST accept those that were ticked, each as it was shown."""
    land, person, view = country_of(iso3), signed_in(request), lake_view()
    if request.method == "POST":
        return _accept(request, iso3)
    wanted = filter_of(request.GET)
    found = question_lines(person, view, iso3)
    handed_in = see_quotes(person, iso3, {line.question.code: line.sight for line in found})
    lines = [
        (line, decisions.sheet_of(view, iso3, line.question.code, handed_in.get(line.question.code, ())))
        for line in found
        if line.mine_to_do and line.draft is not None and line.draft.answer != "no" and wanted.keeps(line)
    ]
    return show(request, "bulk", country=land, lines=lines, filter=wanted)


def _accept(request: HttpRequest, iso3: str) -> HttpResponse:
    person, view = signed_in(request), lake_view()
    done, faults = 0, []
    for chosen in request.POST.getlist("accept")[:MOST]:
        code, _, mark = chosen.rpartition("@")
        draft = view.drafts(iso3).get(code)
        if draft is None:
            faults.append(f"{code}: there is no draft any more.")
            continue
        verdict = Verdict(answer=draft.answer, why=request.POST.get("why", "")[:2000], seen_mark=mark)
        try:
            decisions.decide(person, iso3, code, verdict)
            done += 1
        except DecisionError as error:
            faults.append(f"{code}: {error}")
    queue_state(iso3)
    tell(request, f"{done} draft{'s' if done != 1 else ''} accepted.")
    for fault in faults[:5]:
        tell(request, fault, fault=True)
    return redirect("country", iso3=iso3)
