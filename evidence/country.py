"""From a country's documents and facts to its evidence.

Belongs here: which documents are matched, and taking findings of unchanged documents from the last run. Does not belong
here: judging a passage (`find`), or how evidence becomes an answer (`questionnaire.drafting`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from evidence.facts import evidence_of_fact
from evidence.find import find_in_view
from evidence.matcher import Matcher
from evidence.near_misses import keep_nearest, near_misses
from evidence.parts import evidence_in_parts
from evidence.version import MATCHER_VERSION
from evidence.whose import foreign_document
from store.digests import identify
from store.findings import load_findings, save_findings
from store.readings import Reading, load_reading
from store.settings import Settings
from store.tables import READ, DocumentRow, EvidenceRow, FactRow, IssueRow, NearMissRow, now

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class FoundInCountry:
    """The evidence of one country, best first within a question, what came near, and what went wrong."""

    evidence: tuple[EvidenceRow, ...]
    issues: tuple[IssueRow, ...]
    misses: tuple[NearMissRow, ...] = ()


def matching_key(
    settings: Settings, instrument: str, documents: Iterable[DocumentRow], facts: Iterable[FactRow], today: date
) -> str:
    """Return what the evidence of a country is made from.

    The day counts by month: periods of strategies and the recency rule move slowly, and a nightly run that changes
    nothing must cost nothing.
    """
    parts = sorted(f"{d.text_layer_id} {d.url} {d.official}" for d in documents if d.status == READ)
    return identify(
        MATCHER_VERSION,
        settings.sentence_model,
        settings.second_reader,
        settings.second_reader_model,
        instrument,
        today.strftime("%Y-%m"),
        *parts,
        "facts",
        *sorted(f.fact_id for f in facts),
    )


def find_in_country(
    settings: Settings,
    matcher: Matcher,
    documents: Sequence[DocumentRow],
    facts: Sequence[FactRow],
    *,
    today: date,
    progress: Progress,
) -> FoundInCountry:
    """Match every readable document of a country and add the repositories' facts about it."""
    readable = [document for document in documents if document.status == READ]
    evidence: list[EvidenceRow] = []
    misses: list[NearMissRow] = []
    issues: list[IssueRow] = []
    for done, document in enumerate(readable, start=1):
        rows, near, foreign = _find_in_document(settings, matcher, document, today)
        evidence += rows
        misses += near
        if foreign:
            issues.append(_foreign_issue(document, foreign))
        progress(done, len(readable), document.name)
    evidence += [evidence_of_fact(fact, question) for fact in facts for question in fact.questions]
    evidence += evidence_in_parts(settings, matcher, facts, today=today)
    evidence.sort(key=lambda row: (row.question, -row.score, row.url, row.start))
    return FoundInCountry(tuple(evidence), tuple(issues), tuple(keep_nearest(misses)))


def _find_in_document(
    settings: Settings, matcher: Matcher, document: DocumentRow, today: date
) -> tuple[list[EvidenceRow], list[NearMissRow], str | None]:
    key = identify(
        document.country, document.text_layer_id, document.url, matcher.instrument.id, settings.sentence_model,
        today.strftime("%Y-%m"),
    )  # fmt: skip
    near_key = identify(key, "near misses")
    known = load_findings(settings, MATCHER_VERSION, key, EvidenceRow)
    near = load_findings(settings, MATCHER_VERSION, near_key, NearMissRow)
    if known is not None and near is not None:
        return known, near, None
    reading: Reading = load_reading(settings, document.reader_version, document.document_id)
    view, judged = matcher.judge(reading)
    found = find_in_view(matcher, document, view, judged, today=today) if reading.is_read else []
    rows = [replace(row, reader_version=document.reader_version) for row in found]
    near = near_misses(matcher, document, view, judged)
    save_findings(settings, MATCHER_VERSION, near_key, near, NearMissRow)
    save_findings(settings, MATCHER_VERSION, key, rows)
    return rows, near, foreign_document(document, reading)


def _foreign_issue(document: DocumentRow, reason: str) -> IssueRow:
    return IssueRow(
        country=document.country,
        stage="evidence",
        subject=document.url or document.name,
        code="foreign_document",
        message=reason,
        lasting=True,
        offset=None,
        occurred_at=now(),
    )
