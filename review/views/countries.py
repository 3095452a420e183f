"""A country: its questions, its sources, its documents, search, changes, and the steps of its file.

Belongs here: pages about one country as a whole. Does not belong here: one question (`questions`).
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from markupsafe import Markup

from review.desk import desk_instrument, desk_settings
from review.lake_view import lake_view
from review.models import Assignment, CountryFile
from review.models.files import FileState
from review.models.people import Role
from review.services import decisions, file_states, queue_state
from review.services import research as runs
from review.services.country_page import LinesMark, QuestionFilter, changed_proofs, filter_of, lines_at, lines_mark
from review.services.gate import what_is_missing
from review.services.searching import MOST, search_passages
from review.site.middleware import assigned_countries
from review.site.rights import COORDINATE, DECIDE, RESEARCH, may
from review.views.pages import country_of, show, signed_in, tell
from store.errors import GcideskError


def country(request: HttpRequest, iso3: str) -> HttpResponse:
    """Show pillars and indicators with answers by state, and everything that leads on from here."""
    land, person, view = country_of(iso3), signed_in(request), lake_view()
    mark = lines_mark(person, view, iso3)
    lines, wanted = lines_at(mark), filter_of(request.GET)
    file = CountryFile.objects.filter(country=iso3).first()
    state = FileState(file.state) if file else FileState.NOT_STARTED
    run = runs.newest_run(iso3)
    mine = assigned_countries(request)
    leads = person.role in {Role.COORDINATOR, Role.ADMINISTRATOR}
    return show(
        request,
        "country",
        country=land,
        file=file,
        state=state,
        figures=view.figures(iso3) if view.has_draft(iso3) else None,
        instrument=desk_instrument(),
        questions=_questions(mark, wanted),
        filter=wanted,
        stands=Counter(line.sight.stand for line in lines),
        todo=sum(line.mine_to_do for line in lines),
        first_todo=next((line.question.code for line in lines if line.mine_to_do and wanted.keeps(line)), ""),
        look_again=sum(line.look_again for line in lines),
        missing=what_is_missing(iso3, desk_settings()) if leads else (),
        people=[a.person for a in Assignment.objects.filter(country=iso3).select_related("person")],
        progress=runs.progress_of(run) if run else None,
        may_research=may(person, RESEARCH, iso3, mine),
        may_decide=may(person, DECIDE, iso3, mine),
        may_coordinate=may(person, COORDINATE, iso3, mine),
        next_states=file_states.next_states(state, desk_settings().silence_accepts),
        unreadable=len(view.unreadable(iso3)),
        issues=len(view.issues(iso3)),
    )


@lru_cache(maxsize=256)
def _questions(mark: LinesMark, wanted: QuestionFilter) -> Markup:
    """Return the tables of questions, made once a mark and filter."""
    lines = lines_at(mark)
    kept = [line for line in lines if wanted.keeps(line)]
    context = {
        "country": country_of(mark.mark.record.country),
        "instrument": desk_instrument(),
        "lines": {line.question.code: line for line in lines},
        "kept_pillars": {line.pillar for line in kept},
        "kept": {line.question.code for line in kept},
    }
    return Markup(render_to_string("review/country_questions.html", context))  # noqa: S704 - escaped in our template


def documents(request: HttpRequest, iso3: str) -> HttpResponse:
    """Show what was read, what could not be read and why, hosts that were tried, and issues."""
    land, view = country_of(iso3), lake_view()
    rows = sorted(view.documents(iso3).values(), key=lambda row: (not row.official, row.title or row.name))
    page = Paginator(rows, 100).get_page(request.GET.get("page"))
    return show(
        request,
        "documents",
        country=land,
        page=page,
        unreadable=view.unreadable(iso3)[:300],
        hosts=view.hosts_tried(iso3)[:200],
        doubles=view.doubles(iso3)[:300],
        issues=view.issues(iso3)[:300],
        issue_count=len(view.issues(iso3)),
    )


def search(request: HttpRequest, iso3: str) -> HttpResponse:
    """Search all passages of a country."""
    land, view = country_of(iso3), lake_view()
    query = request.GET.get("q", "").strip()[:200]
    hits, total = search_passages(view, iso3, query) if query else ([], 0)
    return show(
        request, "search", country=land, query=query, hits=hits, total=total, most=MOST, documents=view.documents(iso3)
    )


def changes(request: HttpRequest, iso3: str) -> HttpResponse:
    """Show settled answers whose proof moved or was orphaned; a coordinator keeps them one by one or many at once."""
    land, person = country_of(iso3), signed_in(request)
    if request.method == "POST":
        return _keep_chosen(request, iso3)
    found = changed_proofs(person, iso3)
    allowed = may(person, COORDINATE, iso3, assigned_countries(request))
    return show(request, "changes", country=land, changed=found, may_coordinate=allowed)


def _keep_chosen(request: HttpRequest, iso3: str) -> HttpResponse:
    kept, faults = 0, []
    for chosen in request.POST.getlist("keep")[:300]:
        code, _, sequence = chosen.rpartition("@")
        try:
            seen = int(sequence) if sequence.isascii() and sequence.isdigit() else -1
            decisions.keep(signed_in(request), iso3, code, why=request.POST.get("why", "")[:2000], seen=seen)
            kept += 1
        except GcideskError as error:
            faults.append(str(error))
    queue_state(iso3)
    tell(request, f"{kept} answer{'s' if kept != 1 else ''} kept.")
    for fault in faults[:5]:
        tell(request, fault, fault=True)
    return redirect("changes", iso3=iso3)


def move_file(request: HttpRequest, iso3: str) -> HttpResponse:
    """Move the file one step: a coordinator's button."""
    country_of(iso3)
    wanted = request.POST.get("state", "")
    if wanted not in FileState.values:
        raise Http404("unknown state")
    try:
        if wanted == FileState.SENT and queue_state(iso3).status != "ready":
            raise file_states.FileStateError("The file is not ready any more. Look at what is missing.")
        file_states.move_file(
            iso3,
            FileState(wanted),
            by=signed_in(request),
            why=request.POST.get("why", "")[:2000],
            silence_accepts=desk_settings().silence_accepts,
        )
        if wanted == FileState.IN_REVIEW:
            queue_state(iso3)
    except GcideskError as error:
        tell(request, str(error), fault=True)
    return redirect("country", iso3=iso3)
