"""Archived sources: the page around a source, the archived document itself, and its bytes.

Belongs here: sending archived content under its own policy, so that it is as harmless opened alone as in our frame.
Does not belong here: rebuilding it (`review.services.archived_pages`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse

from review.lake_view import lake_view
from review.services.archived_pages import POLICY, payload_of, show_document
from review.services.visibility import see_upload
from review.views.pages import country_of, show, signed_in
from review.views.problems import show_problem
from store.errors import GcideskError
from store.tables import DocumentRow, EvidenceRow

ARCHIVED = "archived"
"""Attribute of an answer that must set no cookie; see `review.site.middleware`."""


@dataclass(frozen=True)
class Found:
    """A document that the person may see, and the quote on it that the address names."""

    document: DocumentRow
    row: EvidenceRow | None


def _find(request: HttpRequest, iso3: str, digest: str) -> Found:
    """Return an archived document, or one that was handed in; raises Http404 when there is none for this person."""
    country_of(iso3)
    view, evidence_id = lake_view(), request.GET.get("evidence", "")
    document = view.documents(iso3).get(digest)
    if document is not None:
        rows = (row for rows in view.evidence(iso3).values() for row in rows)
        return Found(document, _named(rows, digest, evidence_id))
    upload = see_upload(signed_in(request), iso3, digest)
    if upload is None:
        raise Http404("This document is not in the newest draft any more.")
    return Found(upload.document, _named(upload.rows, digest, evidence_id))


def _named(rows: Iterable[EvidenceRow], digest: str, evidence_id: str) -> EvidenceRow | None:
    return next((row for row in rows if row.evidence_id == evidence_id and row.document_id == digest), None)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def source(request: HttpRequest, iso3: str, digest: str) -> HttpResponse:
    """Show a document's facts around its archived page."""
    found = _find(request, iso3, digest)
    document, row = found.document, found.row
    page = _number(request.GET.get("page", "")) or (row.page if row else None) or 1
    return show(request, "source", country=country_of(iso3), document=document, row=row, page=page)


def archived_page(request: HttpRequest, iso3: str, digest: str) -> HttpResponse:
    """Send an archived document for the frame, the quote marked."""
    found = _find(request, iso3, digest)
    shown = show_document(lake_view(), found.document, found.row, _number(request.GET.get("page", "")))
    return _harmless(HttpResponse(shown.html, content_type="text/html; charset=utf-8"), framed=True)


def archived_original(request: HttpRequest, iso3: str, digest: str) -> HttpResponse:
    """Send the archived bytes as a download that no browser opens by itself."""
    document = _find(request, iso3, digest).document
    try:
        payload, _ = payload_of(lake_view(), document)
    except GcideskError as error:
        return show_problem(request, 404, "The archived bytes are not there", str(error))
    answer = HttpResponse(payload, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{digest[:16]}.{_ending(document.format)}"'
    return _harmless(answer, framed=False)


def _ending(form: str) -> str:
    return form if form.isascii() and form.isalnum() else "bin"


def _harmless(answer: HttpResponse, *, framed: bool) -> HttpResponse:
    answer["Content-Security-Policy"] = POLICY if framed else POLICY.replace("'self'", "'none'")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["X-Frame-Options"] = "SAMEORIGIN" if framed else "DENY"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    answer["Referrer-Policy"] = "no-referrer"
    answer["Cache-Control"] = "private, no-store"
    setattr(answer, ARCHIVED, True)
    return answer
