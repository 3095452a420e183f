"""Where a question stands: who decided, do they agree, what is the accepted answer.

Belongs here: pure rules over the decisions of one question. Does not belong here: who may see the result
(`visibility`), or the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from review.models import Decision
from review.models.decisions import DecisionKind, Health
from store.digests import identify

PROVEN = frozenset({"yes", "partial"})
"""Answers that need a quote."""


class Stand(StrEnum):
    """How far the review of a question is."""

    OPEN = "open"
    HALF = "half"
    DISPUTED = "disputed"
    SETTLED = "settled"


@dataclass(frozen=True)
class Standing:
    """The review of one question in its present cycle."""

    stand: Stand
    needed: int
    cycle: int
    reviews: tuple[Decision, ...]
    """Latest review of each person in this cycle, in the order of their first."""
    settled_by: Decision | None
    """The decision whose answer counts; with two agreeing reviews the first of them."""
    accepted: str
    """The accepted answer; while a question is open again, the one that was accepted before. Empty when none was."""
    evidence: tuple[dict[str, object], ...]
    """Anchors that the accepted answer rests on."""
    sequence: int
    """Number of the newest decision, 0 when there is none."""

    @property
    def is_complete(self) -> bool:
        """Whether no further review is taken in this cycle."""
        return self.stand in {Stand.DISPUTED, Stand.SETTLED}

    def review_of(self, person_id: UUID) -> Decision | None:
        """Return a person's own review in this cycle."""
        return next((review for review in self.reviews if review.person_id == person_id), None)


def decisions_needed(country: str, question: str, double_review_percent: int) -> int:
    """Return 2 for the configured share of questions and 1 for the rest; the same question always gets the same."""
    place = int(identify("double review", country, question)[:8], 16) % 100
    return 2 if place < double_review_percent else 1


def stand_of(decisions: Sequence[Decision], needed: int) -> Standing:
    """Return the standing by all decisions of one question, ordered by sequence."""
    cycle = max((decision.cycle for decision in decisions), default=1)
    present = [decision for decision in decisions if decision.cycle == cycle]
    latest: dict[UUID, Decision] = {}
    for decision in present:
        if decision.kind == DecisionKind.REVIEW:
            latest[decision.person_id] = decision
    reviews = tuple(latest.values())
    last_word = next((d for d in reversed(present) if d.kind in {DecisionKind.ADJUDICATION, DecisionKind.KEEP}), None)
    sequence = decisions[-1].sequence if decisions else 0
    before = next((d.answer for d in reversed(decisions) if d.kind == DecisionKind.REOPEN and d.cycle == cycle), "")
    if last_word is not None:
        return Standing(
            Stand.SETTLED, needed, cycle, reviews, last_word, last_word.answer, tuple(last_word.evidence), sequence
        )
    if len(reviews) < needed:
        stand = Stand.HALF if reviews else Stand.OPEN
        return Standing(stand, needed, cycle, reviews, None, before, (), sequence)
    shared = shared_evidence(reviews)
    answer = reviews[0].answer
    agree = all(review.answer == answer for review in reviews) and (bool(shared) or answer not in PROVEN)
    if not agree:
        return Standing(Stand.DISPUTED, needed, cycle, reviews, None, before, (), sequence)
    return Standing(Stand.SETTLED, needed, cycle, reviews, reviews[0], answer, tuple(shared), sequence)


def shared_evidence(reviews: Sequence[Decision]) -> list[dict[str, object]]:
    """Return the anchors that every review keeps, by evidence id, as the first review saw them."""
    kept = [{entry["evidence_id"] for entry in review.evidence} for review in reviews]
    common = set.intersection(*kept) if kept else set()
    return [entry for entry in reviews[0].evidence if entry["evidence_id"] in common]


def needs_another_look(standing: Standing, health: dict[UUID, str]) -> bool:
    """Tell whether a settled answer's proof was orphaned by a refresh and nobody has looked since."""
    if standing.stand != Stand.SETTLED or standing.settled_by is None:
        return False
    counted = [standing.settled_by]
    if standing.settled_by.kind == DecisionKind.REVIEW:
        counted = list(standing.reviews)
    return any(health.get(decision.id) == Health.ORPHANED for decision in counted)
