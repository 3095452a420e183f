"""What people decide, as Django models.

Belongs here: tables, their constraints, and nothing that thinks. Rules stand in `review.services`.
"""

from __future__ import annotations

from review.models.audit import AuditEntry
from review.models.decisions import Decision, DecisionHealth
from review.models.discussion import Comment, EvidenceRequest
from review.models.files import CountryFile, FileStateChange
from review.models.handed_in import HandedInQuote, HandedInReading
from review.models.people import Assignment, LocalLink, Person
from review.models.research import ResearchRun
from review.models.roster import CountryAnswer, Nomination, RosterVersion

__all__ = [
    "Assignment",
    "AuditEntry",
    "Comment",
    "CountryAnswer",
    "CountryFile",
    "Decision",
    "DecisionHealth",
    "EvidenceRequest",
    "FileStateChange",
    "HandedInQuote",
    "HandedInReading",
    "LocalLink",
    "Nomination",
    "Person",
    "ResearchRun",
    "RosterVersion",
]
