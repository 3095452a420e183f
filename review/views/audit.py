"""The audit of a country as a page and as JSON Lines.

Belongs here: these two forms. Does not belong here: who may see which entry (`review.services.visibility`).
"""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse

from review.models import Person
from review.models.people import Role
from review.services.auditing import audit_lines
from review.services.visibility import see_audit
from review.views.pages import country_of, show, signed_in


def audit(request: HttpRequest, iso3: str) -> HttpResponse:
    """Show who did what, newest first; names are looked up beside the record, so a removed name leaves it whole."""
    land, person = country_of(iso3), signed_in(request)
    page = Paginator(see_audit(person, iso3), 100).get_page(request.GET.get("page"))
    actors = {entry.actor for entry in page.object_list if len(entry.actor) == 36}
    names = {str(p.id): p.shown_name for p in Person.objects.filter(id__in=actors)}
    if person.role == Role.OBSERVER:
        names = {}
    return show(request, "audit", country=land, page=page, names=names)


def audit_lines_file(request: HttpRequest, iso3: str) -> HttpResponse:
    """Send the audit as JSON Lines, oldest first; people appear by id only."""
    country_of(iso3)
    entries = reversed(see_audit(signed_in(request), iso3))
    answer = HttpResponse("".join(audit_lines(entries)), content_type="application/x-ndjson; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audit-{iso3}.jsonl"'
    return answer
