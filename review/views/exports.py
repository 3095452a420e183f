"""Exports of a country from its page; no export names a reviewer.

Belongs here: sending the workbook and the JSON form. Does not belong here: making them (`review.exports`).
"""

from __future__ import annotations

import io
import json

from django.http import Http404, HttpRequest, HttpResponse

from review.desk import desk_instrument
from review.exports.drafted_country import DraftedCountry
from review.exports.json_form import drafts_as_json
from review.exports.workbook import build_workbook
from review.lake_view import lake_view
from review.views.pages import country_of

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def export(request: HttpRequest, iso3: str, form: str) -> HttpResponse:
    """Send the drafted questionnaire as xlsx or json."""
    land, view = country_of(iso3), lake_view()
    language = request.GET.get("language", "en")
    if not view.has_draft(iso3) or language not in LANGUAGES:
        raise Http404("There is no draft to export in that language.")
    found = DraftedCountry(
        country=land,
        instrument=desk_instrument(),
        drafts=tuple(view.drafts(iso3).values()),
        evidence=tuple(row for rows in view.evidence(iso3).values() for row in rows),
        search_log=tuple(view.search_log(iso3).values()),
        documents=tuple(view.documents(iso3).values()),
        issues=tuple(view.issues(iso3)),
    )
    if form == "xlsx":
        sink = io.BytesIO()
        build_workbook(found, language=language).save(sink)
        answer = HttpResponse(sink.getvalue(), content_type=XLSX)
    else:
        text = json.dumps(drafts_as_json(found), ensure_ascii=False, indent=1)
        answer = HttpResponse(text + "\n", content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{iso3}.{form}"'
    return answer
