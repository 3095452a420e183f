"""A question: evidence beside its source, and deciding.

Belongs here: the page of one question and the answers to its forms. Does not belong here: the rules of a decision
(`review.services.decisions`), adjudication (`adjudication`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from markupsafe import Markup

from questionnaire.instrument import UnknownQuestionError
from review.desk import desk_instrument
from review.lake_view import lake_view
from review.models import Comment, Decision, DecisionHealth
from review.services import decisions, evidence_requests, queue_state
from review.services.anchors import AnchorFinding
from review.services.auditing import write_audit
from review.services.country_page import (
    LinesMark,
    QuestionFilter,
    QuestionLine,
    filter_of,
    lines_at,
    lines_mark,
    question_lines,
)
from review.services.decisions import DecisionError, Verdict
from review.services.keeping import sign_author, take_kept
from review.services.marks import talk_at
from review.services.visibility import Sight, colleagues, see_comments, see_question, see_quotes, see_requests
from review.services.word_diff import Change, compare_words
from review.site.middleware import assigned_countries
from review.site.rights import COORDINATE, DECIDE, WRITE, may
from review.views.pages import country_of, show, signed_in, tell
from store.errors import GcideskError
from store.tables import EvidenceRow

LONGEST_COMMENT = 20_000
_REJECT = re.compile(r"^reject-([0-9a-f]{64})$")


def question(request: HttpRequest, iso3: str, code: str) -> HttpResponse:
    """Show a question with its draft, evidence, source, and the forms that the person may use."""
    kept = take_kept(request, signed_in(request).id, reverse("question", kwargs={"iso3": iso3, "code": code}))
    return _page(request, iso3, code, entered=kept)


def _page(
    request: HttpRequest,
    iso3: str,
    code: str,
    *,
    status: int = 200,
    fault: str = "",
    entered: dict[str, Any] | None = None,
) -> HttpResponse:
    land, person, view = country_of(iso3), signed_in(request), lake_view()
    mark_now = lines_mark(person, view, iso3)
    lines = lines_at(mark_now)
    sight = next((line.sight for line in lines if line.question.code == code), None)
    if sight is None:
        raise Http404(f"There is no question {code}.")
    talk = talk_at(iso3, code)
    handed_in = see_quotes(person, iso3, {code: sight}).get(code, []) if talk.quotes else []
    sheet = _sheet(iso3, code, handed_in)
    mine = assigned_countries(request)
    may_write = may(person, WRITE, iso3, mine)
    documents = view.documents(iso3)
    entered = entered or {}
    uploads = {row.document_id for row in handed_in}
    shown = {row.document_id for row in sheet.evidence if row.document_id in documents or row.document_id in uploads}
    first = next((row for row in sheet.evidence if row.document_id in shown), None)
    rejected = _rejected(request, sight, entered)
    may_decide = may(person, DECIDE, iso3, mine) and not sight.is_complete and sheet.draft is not None
    plain = not uploads and not rejected
    return show(
        request,
        "question",
        status=status,
        country=land,
        sheet=sheet,
        question=sheet.question,
        draft=sheet.draft,
        head=_head(mark_now, code, sight.stand, sight.accepted),
        sight=sight,
        first=first,
        cards=_plain_cards(mark_now, code, may_decide)
        if plain
        else _cards(iso3, sheet.evidence, shown, uploads, rejected=rejected, may_decide=may_decide),
        comments=see_comments(person, iso3, code, sight) if talk.comments else [],
        requests=see_requests(person, iso3, code, sight) if talk.requests else [],
        colleagues=colleagues(person, iso3, sight) if may_write else [],
        changes=_changes(mark_now, code),
        fault=fault,
        entered=entered,
        author=sign_author(person.id),
        may_decide=may_decide,
        may_write=may_write,
        may_coordinate=may(person, COORDINATE, iso3, mine),
        neighbours=_neighbours(request, lines, code),
        filter=_filter(request),
    )


@lru_cache(maxsize=1024)
def _head(mark: LinesMark, code: str, stand: str, accepted: str) -> Markup:
    """Return the head of the page: question, draft, search log; made once a draft and standing."""
    iso3, instrument = mark.mark.record.country, desk_instrument()
    asked = instrument.question(code)
    drafts = mark.view.drafts(iso3)
    context = {
        "country": country_of(iso3),
        "sheet": _sheet(iso3, code),
        "question": asked,
        "draft": drafts.get(code),
        "pillar": instrument.pillar_of(code),
        "parent": instrument.question(asked.requires) if asked.requires else None,
        "parent_draft": drafts.get(asked.requires) if asked.requires else None,
        "log": mark.view.search_log(iso3).get(code),
        "stand": stand,
        "accepted": accepted,
    }
    return Markup(render_to_string("review/question_head.html", context))  # noqa: S704 - escaped in our template


@lru_cache(maxsize=1024)
def _plain_cards(mark: LinesMark, code: str, may_decide: bool) -> Markup:
    """Return the cards of a question of which nothing was rejected and for which nothing was handed in."""
    iso3 = mark.mark.record.country
    known = mark.view.documents(iso3)
    rows = _sheet(iso3, code).evidence
    shown = {row.document_id for row in rows if row.document_id in known}
    return _cards(iso3, rows, shown, rejected={}, may_decide=may_decide)


def _cards(
    iso3: str,
    rows: Sequence[EvidenceRow],
    shown: Set[str],
    uploads: Set[str] = frozenset(),
    *,
    rejected: Mapping[str, str],
    may_decide: bool,
) -> Markup:
    context = {
        "country": country_of(iso3),
        "rows": rows,
        "documents": shown,
        "uploads": uploads,
        "rejected": rejected,
        "may_decide": may_decide,
    }
    return Markup(render_to_string("review/question_cards.html", context))  # noqa: S704 - escaped in our template


def _sheet(iso3: str, code: str, handed_in: Sequence[EvidenceRow] = ()) -> decisions.Sheet:
    try:
        return decisions.sheet_of(lake_view(), iso3, code, handed_in)
    except UnknownQuestionError as error:
        raise Http404(str(error)) from error


def _filter(request: HttpRequest) -> QuestionFilter:
    """Return the filter by which the person works through the questions; forms carry it under names of its own."""
    return filter_of(request.POST, "f-") if request.method == "POST" else filter_of(request.GET)


def _neighbours(request: HttpRequest, lines: Sequence[QuestionLine], code: str) -> tuple[str, str, str]:
    """Return the questions before and after this one within the filter, and the next one still to decide."""
    wanted = _filter(request)
    codes = [line.question.code for line in lines if wanted.keeps(line) or line.question.code == code]
    place = codes.index(code)
    todo = [line.question.code for line in lines if line.mine_to_do and wanted.keeps(line)]
    order = {line.question.code: number for number, line in enumerate(lines)}
    later = [c for c in todo if order[c] > order[code]]
    earlier = [c for c in todo if order[c] < order[code]]
    next_todo = (later or earlier or [""])[0]
    return (
        codes[place - 1] if place else "",
        codes[place + 1] if place + 1 < len(codes) else "",
        next_todo,
    )


@lru_cache(maxsize=1024)
def _changes(mark: LinesMark, code: str) -> tuple[tuple[AnchorFinding, tuple[Change, ...]], ...]:
    """Return what became of the settled answer's proof, with the difference by words."""
    sight = next(line.sight for line in lines_at(mark) if line.question.code == code)
    health = DecisionHealth.objects.filter(decision=sight.settled_by).first() if sight.settled_by else None
    if health is None:
        return ()
    findings = [AnchorFinding(**entry) for entry in health.detail if entry["state"] != "ok"]
    return tuple((f, tuple(compare_words(f.old_quote, f.new_quote)) if f.new_quote else ()) for f in findings)


def _rejected(request: HttpRequest, sight: Sight, entered: dict[str, Any]) -> dict[str, str]:
    """Return reasons by evidence id: as just entered, or as in the person's own decision."""
    if entered:
        return entered.get("rejected") or {}
    return {entry["evidence_id"]: entry["reason"] for entry in sight.own.rejected} if sight.own else {}


def decide(request: HttpRequest, iso3: str, code: str) -> HttpResponse:
    """Put the person's decision on record, or show the page again with what was entered and why it was not."""
    country_of(iso3)
    _sheet(iso3, code)
    person, sent = signed_in(request), request.POST
    rejected = {match[1]: sent.get(f"reason-{match[1]}", "")[:1000] for name in sent if (match := _REJECT.match(name))}
    verdict = Verdict(
        answer=sent.get("answer", ""),
        why=sent.get("why", "")[:LONGEST_COMMENT],
        rejected=rejected,
        seen_mark=sent.get("seen_mark", ""),
        seen_own=sent.get("seen_own", ""),
    )
    try:
        decisions.decide(person, iso3, code, verdict)
    except decisions.ChangedMeanwhileError as error:
        return _page(request, iso3, code, status=409, fault=str(error), entered=_entered(verdict))
    except DecisionError as error:
        return _page(request, iso3, code, status=422, fault=str(error), entered=_entered(verdict))
    queue_state(iso3)
    goal = code
    if sent.get("go") == "next":
        goal = _neighbours(request, question_lines(person, lake_view(), iso3), code)[2]
        if not goal:
            tell(request, "Every question of this filter has your decision.")
            return redirect("country", iso3=iso3)
    else:
        tell(request, f"{code}: your decision is on record.")
    return redirect(_with_filter(request, reverse("question", kwargs={"iso3": iso3, "code": goal})))


def _entered(verdict: Verdict) -> dict[str, Any]:
    return {"answer": verdict.answer, "why": verdict.why, "rejected": dict(verdict.rejected), "page": "decide"}


def _with_filter(request: HttpRequest, address: str) -> str:
    from urllib.parse import urlencode

    wanted = _filter(request)
    fields = {"pillar": wanted.pillar, "answer": wanted.answer, "stand": wanted.stand, "confident": wanted.confident}
    query = urlencode({name: value for name, value in fields.items() if value})
    return f"{address}?{query}" if query else address


def comment(request: HttpRequest, iso3: str, code: str) -> HttpResponse:
    """Add a comment, to a colleague where one is named."""
    country_of(iso3)
    _sheet(iso3, code)
    person = signed_in(request)
    text = request.POST.get("text", "").strip()
    sight = see_question(person, iso3, code)
    allowed = (c.id for c in colleagues(person, iso3, sight) if str(c.id) == request.POST.get("asked"))
    asked = next(allowed, None)
    fault = ""
    if not text:
        fault = "Write something first."
    elif len(text) > LONGEST_COMMENT:
        fault = f"The comment is longer than {LONGEST_COMMENT:,} characters."
    elif request.POST.get("asked") and asked is None:
        fault = "This colleague cannot be asked while the question is open to both reviewers."
    if fault:
        return _page(request, iso3, code, status=422, fault=fault, entered={"text": text, "page": "comment"})
    with transaction.atomic():
        made = Comment(country=iso3, question=code, cycle=sight.cycle, person=person, asked_id=asked, text=text)
        made.save()
        write_audit(
            "asked" if asked else "commented",
            by=person,
            country=iso3,
            question=code,
            cycle=sight.cycle,
            subject=made.id,
        )
    tell(request, "Your comment is on record.")
    return redirect("question", iso3=iso3, code=code)


def request_evidence(request: HttpRequest, iso3: str, code: str) -> HttpResponse:
    """Take an address, a file or a text that a job will fetch, archive and read."""
    country_of(iso3)
    _sheet(iso3, code)
    person, sent = signed_in(request), request.POST
    upload = request.FILES.get("file")
    given = None
    if upload is not None:
        given = (upload.name or "", upload.read(evidence_requests.UPLOAD_BYTES + 1))
    try:
        evidence_requests.request_evidence(
            person,
            iso3,
            code,
            see_question(person, iso3, code).cycle,
            address=sent.get("address", ""),
            upload=given,
            text=sent.get("text", ""),
            note=sent.get("note", ""),
            words=sent.get("words", ""),
            stance=sent.get("stance", ""),
        )
    except evidence_requests.EvidenceRequestError as error:
        entered = {name: sent.get(name, "") for name in ("address", "text", "note", "words", "stance")}
        return _page(request, iso3, code, status=422, fault=str(error), entered={**entered, "page": "request_evidence"})
    told = "the next research fetches, archives and reads it" if sent.get("address") else "a job reads it in a minute"
    tell(request, f"The request is kept; {told}.")
    return redirect("question", iso3=iso3, code=code)


def reopen(request: HttpRequest, iso3: str, code: str) -> HttpResponse:
    """Open a question for a new cycle of reviews."""
    country_of(iso3)
    _sheet(iso3, code)
    seen = request.POST.get("seen", "")
    try:
        decisions.reopen(
            signed_in(request),
            iso3,
            code,
            why=request.POST.get("why", "")[:2000],
            seen=int(seen) if seen.isascii() and seen.isdigit() else -1,
        )
        queue_state(iso3)
    except GcideskError as error:
        return _page(request, iso3, code, status=422, fault=str(error))
    return redirect("question", iso3=iso3, code=code)


def name_of(decision: Decision, show_names: bool, place: int) -> str:
    """Return how a review is named beside another: the person, or first and second."""
    return decision.person.shown_name if show_names else ("First reviewer", "Second reviewer")[place % 2]
