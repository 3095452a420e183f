"""A drafted country to export: the demonstration as a careful reader would draft it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml

from questionnaire.instrument import load_instrument
from review.exports.drafted_country import DraftedCountry
from sources.country_files import load_country
from sources.demonstration import EXPECTED
from store.digests import identify
from store.tables import DocumentRow, DraftRow, EvidenceRow, IssueRow, SearchLogRow

MOMENT = datetime(2026, 11, 2, 9, 0, 7, 250_000, tzinfo=UTC)
ORIGIN = "imported from demonstration.warc.gz (SHA-256 " + "ab" * 32 + "), not fetched by us"


def evidence(question: str, **values: Any) -> EvidenceRow:
    """A row of evidence; everything that a test does not name is filled in."""
    filled: dict[str, Any] = {
        "country": "XDM", "question": question, "stance": "in_place", "score": 0.91, "quote": "A quote that convinces.",
        "prefix": "", "suffix": "", "page": None, "start": 120, "end": 143, "language": "en", "document_id": "d" * 64,
        "text_layer_id": "t" * 64, "passage_id": "p" * 64, "url": "https://cirt.maravelle.example/",
        "document_name": "index.html", "document_title": "MaraCIRT", "captured_at": MOMENT, "origin": ORIGIN,
        "source_strength": "official", "dated_on": None, "document_kind": "page", "act": "", "act_status": "",
        "article": "", "rules": (), "features": "{}", "ocr_confidence": None, "fact": "", "matcher_version": "test",
    }  # fmt: skip
    filled |= values
    return EvidenceRow(evidence_id=identify(question, filled["quote"], str(filled["start"])), **filled)


def document(**values: Any) -> DocumentRow:
    """A document that was read, unless a test says otherwise."""
    filled: dict[str, Any] = {
        "country": "XDM", "document_id": "d" * 64, "name": "index.html", "url": "https://cirt.maravelle.example/",
        "other_urls": (), "captured_at": MOMENT, "origin": ORIGIN, "source_kind": "national_cirt", "official": True,
        "format": "html", "status": "read", "reason": "", "title": "MaraCIRT", "language": "en", "languages": ("en",),
        "published_on": None, "pages": 0, "characters": 900, "reader_version": "test", "text_layer_id": "t" * 64,
    }  # fmt: skip
    return DocumentRow(**(filled | values))


def draft(question: str, answer: str, shown: list[EvidenceRow], **values: Any) -> DraftRow:
    """A draft that shows these rows."""
    filled: dict[str, Any] = {
        "country": "XDM", "instrument": "gci-bank 0.1-draft", "question": question, "answer": answer,
        "confidence": 0.87, "rationale": "The quote states it.", "evidence_ids": tuple(r.evidence_id for r in shown),
        "independent_sources": len({row.url for row in shown}), "contradiction": "", "needs_look": "",
        "drafted_at": MOMENT, "matcher_version": "test",
    }  # fmt: skip
    return DraftRow(**(filled | values))


def search_log(question: str, **values: Any) -> SearchLogRow:
    """What was searched for a question."""
    filled: dict[str, Any] = {
        "country": "XDM", "question": question, "sources_tried": ("cirt.maravelle.example (6)", "courier.example (7)"),
        "documents_read": 32, "documents_unreadable": ("decree-2021-44.pdf: a picture without text; no OCR.",),
        "languages": ("en", "fr"), "terms": ("FIRST member", "membre de FIRST"), "first_capture": MOMENT,
        "last_capture": MOMENT, "nearest_misses": ("“It intends to apply” https://cirt.maravelle.example/rfc2350",),
        "not_yet_searched": (),
    }  # fmt: skip
    return SearchLogRow(**(filled | values))


@pytest.fixture(scope="session")
def demonstration() -> DraftedCountry:
    """The demonstration country as its expected answers say."""
    expected = yaml.safe_load(EXPECTED.read_text(encoding="utf-8"))
    stances = {"yes": "in_place", "partial": "partial", "no": "absent", "not_found": "planned"}
    drafts, rows, logs = [], [], []
    for question in load_instrument().questions:
        entry = expected["answers"].get(question.code)
        answer = entry["answer"] if entry else "not_found"
        answer = answer[0] if isinstance(answer, list) else answer
        shown = []
        if entry:
            french = "/fr/" in entry["address"] or "decret" in entry["address"] or "loi" in entry["address"]
            shown = [
                evidence(question.code, quote=entry["quote"], url=entry["address"], page=entry.get("page"),
                         stance=stances[answer], language="fr" if french else "en"),
            ]  # fmt: skip
        rows += shown
        drafts.append(draft(question.code, answer, shown))
        logs.append(search_log(question.code))
    documents = (
        document(),
        document(document_id="e" * 64, language="fr", reason="Page 2 of 3 is a picture."),
        document(
            document_id="f" * 64, name="decree-2021-44.pdf", title="", status="no_text", format="pdf", pages=1,
            url="https://digital.gov.maravelle.example/documents/decree-2021-44.pdf",
            reason="All 1 pages are pictures without a text layer, and no OCR program is installed.",
        ),
    )  # fmt: skip
    issue = IssueRow(
        country="XDM", stage="replay", subject="https://cirt.maravelle.example/feed.xml", code="not_in_archive",
        message="The address is not in the archive and nothing was fetched.", lasting=True, offset=None,
        occurred_at=MOMENT,
    )  # fmt: skip
    return DraftedCountry(
        load_country("XDM"), load_instrument(), tuple(drafts), tuple(rows), tuple(logs), documents, (issue,)
    )


@pytest.fixture
def with_quote(demonstration: DraftedCountry) -> Callable[..., DraftedCountry]:
    """The demonstration with L.1.1 resting on another quote, and other values of that row."""

    def changed(quote: str, **values: Any) -> DraftedCountry:
        row = evidence("L.1.1", quote=quote, **values)
        drafts = tuple(
            replace(item, evidence_ids=(row.evidence_id,)) if item.question == "L.1.1" else item
            for item in demonstration.drafts
        )
        return replace(demonstration, drafts=drafts, evidence=(*demonstration.evidence, row))

    return changed
