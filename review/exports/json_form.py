"""The drafted questionnaire as JSON: what `gcidesk drafts --format json` and `gcidesk export --format json` write.

Belongs here: the shape of that JSON, a contract. Does not belong here: printing or writing it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from review.exports.drafted_country import DraftedCountry
from store.tables import DraftRow, EvidenceRow, SearchLogRow


def drafts_as_json(found: DraftedCountry) -> list[dict[str, Any]]:
    """Return one object a question, in the instrument's order, of values that `json.dumps` takes.

    Keys: question, answer, confidence, rationale, evidence (best first: quote, stance, document, url, page, start, end,
    captured_at, sha256, language, origin, act, article, fact, ocr_confidence, unreliable_digits), search_log (null when
    none was kept), contradiction, needs_look. Offsets are code points into the document's text layer, half open; times
    are UTC in ISO 8601.
    """
    order = {question.code: place for place, question in enumerate(found.instrument.questions)}
    drafts = sorted(found.drafts, key=lambda draft: (order.get(draft.question, len(order)), draft.question))
    return [_draft(found, draft) for draft in drafts]


def _draft(found: DraftedCountry, draft: DraftRow) -> dict[str, Any]:
    log = found.log_by_question.get(draft.question)
    return {
        "question": draft.question,
        "answer": draft.answer,
        "confidence": round(draft.confidence, 4),
        "rationale": draft.rationale,
        "evidence": [_evidence(row) for row in found.evidence_of(draft)],
        "search_log": _search_log(log) if log else None,
        "contradiction": draft.contradiction,
        "needs_look": draft.needs_look,
    }


def _evidence(row: EvidenceRow) -> dict[str, Any]:
    return {
        "quote": row.quote,
        "stance": row.stance,
        "document": row.document_name,
        "url": row.url,
        "page": row.page,
        "start": row.start,
        "end": row.end,
        "captured_at": _moment(row.captured_at),
        "sha256": row.document_id,
        "language": row.language,
        "origin": row.origin,
        "act": row.act,
        "article": row.article,
        "fact": row.fact,
        "ocr_confidence": row.ocr_confidence,
        "unreliable_digits": list(row.unreliable_digits),
    }


def _search_log(row: SearchLogRow) -> dict[str, Any]:
    return {
        "sources_tried": list(row.sources_tried),
        "documents_read": row.documents_read,
        "documents_unreadable": list(row.documents_unreadable),
        "languages": list(row.languages),
        "terms": list(row.terms),
        "first_capture": _moment(row.first_capture),
        "last_capture": _moment(row.last_capture),
        "nearest_misses": list(row.nearest_misses),
        "not_yet_searched": list(row.not_yet_searched),
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
