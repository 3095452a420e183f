"""A country's drafts as every export and the terminal see them.

Belongs here: the joined data and look-ups in it. Does not belong here: loading it (the caller does), or any form.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from questionnaire.instrument import Instrument
from sources.schema import Country
from store.tables import DocumentRow, DraftRow, EvidenceRow, IssueRow, SearchLogRow


@dataclass(frozen=True)
class DraftedCountry:
    """The drafted questionnaire of one country with everything that proves it."""

    country: Country
    instrument: Instrument
    drafts: tuple[DraftRow, ...]
    evidence: tuple[EvidenceRow, ...]
    search_log: tuple[SearchLogRow, ...]
    documents: tuple[DocumentRow, ...]
    issues: tuple[IssueRow, ...]

    @cached_property
    def by_evidence_id(self) -> dict[str, EvidenceRow]:
        """Evidence by id."""
        return {row.evidence_id: row for row in self.evidence}

    @cached_property
    def by_question(self) -> dict[str, DraftRow]:
        """Drafts by question code."""
        return {row.question: row for row in self.drafts}

    @cached_property
    def log_by_question(self) -> dict[str, SearchLogRow]:
        """Search log by question code."""
        return {row.question: row for row in self.search_log}

    def evidence_of(self, draft: DraftRow) -> list[EvidenceRow]:
        """Return the evidence shown with a draft, best first."""
        return [self.by_evidence_id[key] for key in draft.evidence_ids if key in self.by_evidence_id]
