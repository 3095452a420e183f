"""From a country's documents and facts to its evidence.

Belongs here: which documents are matched, and taking findings of unchanged documents from the last run. Does not belong
here: judging a passage (`find`), or how evidence becomes an answer (`questionnaire.drafting`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from evidence.facts import evidence_of_fact
from evidence.find import find_in_view
from evidence.matcher import Matcher
from evidence.matching_key import findings_key
from evidence.near_misses import keep_nearest, near_misses, struck_misses
from evidence.parts import evidence_in_parts
from evidence.version import MATCHER_VERSION
from evidence.whose import foreign_document, of_another
from store.findings import Findings, load_findings, save_findings
from store.readings import load_reading
from store.settings import Settings
from store.tables import READ, DocumentRow, EvidenceRow, FactRow, IssueRow, NearMissRow, now

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class FoundInCountry:
    """The evidence of one country, best first within a question, what came near, and what went wrong."""

    evidence: tuple[EvidenceRow, ...]
    issues: tuple[IssueRow, ...]
    misses: tuple[NearMissRow, ...] = ()


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
        found = _find_in_document(settings, matcher, document, today)
        evidence += found.evidence
        misses += found.near_misses
        if found.foreign:
            issues.append(_foreign_issue(document, found.foreign))
        progress(done, len(readable), document.name)
    evidence += [evidence_of_fact(fact, question) for fact in facts for question in fact.questions]
    evidence += evidence_in_parts(settings, matcher, facts, today=today)
    evidence.sort(key=lambda row: (row.question, -row.score, row.url, row.start))
    return FoundInCountry(tuple(evidence), tuple(issues), tuple(keep_nearest(misses)))


def _find_in_document(settings: Settings, matcher: Matcher, document: DocumentRow, today: date) -> Findings:
    key = findings_key(document, matcher.instrument.id, settings.sentence_model, today)
    known = load_findings(settings, MATCHER_VERSION, key)
    if known is not None:
        return known
    reading = load_reading(settings, document.reader_version, document.document_id)
    looked = matcher.look(reading, document.country)
    judged = matcher.scorer.judge(looked.view)
    found = find_in_view(matcher, document, looked.view, judged, today=today) if reading.is_read else []
    foreign = foreign_document(document, reading) or ""
    misses = [*near_misses(matcher, document, looked.view, judged), *struck_misses(matcher, document, looked, judged)]
    findings = Findings(tuple(of_another(found) if foreign else found), tuple(misses), foreign)
    save_findings(settings, MATCHER_VERSION, key, findings)
    return findings


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
