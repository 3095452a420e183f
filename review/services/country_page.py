"""What the page of a country shows: its questions as a person may see them, and what changed.

Belongs here: bringing drafts and sights together, and filters over questions. Does not belong here: how it looks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from questionnaire.instrument import Question
from review.desk import desk_instrument, desk_settings
from review.lake_view import LakeView
from review.models import DecisionHealth, Person
from review.models.decisions import DecisionKind, Health
from review.services.anchors import AnchorFinding
from review.services.marks import CountryMark, country_mark
from review.services.standing import Stand
from review.services.visibility import Sight, Viewer, see_country, sights_at
from review.services.word_diff import Change, compare_words
from store.tables import DraftRow


@dataclass(frozen=True)
class QuestionLine:
    """One question of a country."""

    question: Question
    draft: DraftRow | None
    sight: Sight
    pillar: str
    indicator: str
    look_again: bool

    @property
    def mine_to_do(self) -> bool:
        """Whether the person who looks has not decided it and it still needs a decision."""
        return self.sight.own is None and not self.sight.is_complete


@dataclass(frozen=True, kw_only=True)
class QuestionFilter:
    """Which questions of a country a person works through."""

    pillar: str = ""
    answer: str = ""
    stand: str = ""
    confident: int = 0
    """Lowest confidence in percent."""

    def keeps(self, line: QuestionLine) -> bool:
        """Tell whether a question stays."""
        if self.pillar and line.pillar != self.pillar:
            return False
        if self.answer and (line.draft is None or line.draft.answer != self.answer):
            return False
        if self.confident and (line.draft is None or line.draft.confidence * 100 < self.confident):
            return False
        if self.stand == "todo":
            return line.mine_to_do
        if self.stand == "look":
            return line.look_again or bool(line.draft and (line.draft.needs_look or line.draft.contradiction))
        return not self.stand or line.sight.stand == self.stand


def filter_of(wanted: Mapping[str, Any], prefix: str = "") -> QuestionFilter:
    """Return the filter that an address or, with prefix, a form names; what is unknown filters nothing."""
    confident = str(wanted.get(f"{prefix}confident", ""))
    return QuestionFilter(
        pillar=str(wanted.get(f"{prefix}pillar", ""))[:20],
        answer=str(wanted.get(f"{prefix}answer", ""))[:20],
        stand=str(wanted.get(f"{prefix}stand", ""))[:20],
        confident=int(confident) if confident.isascii() and confident.isdigit() and len(confident) < 4 else 0,
    )


class LinesMark(NamedTuple):
    """What the questions of a country, as one person sees them, are made from."""

    view: LakeView
    version: str
    viewer: Viewer
    mark: CountryMark
    percent: int


def lines_mark(person: Person, view: LakeView, country: str) -> LinesMark:
    """Return the mark of a country's questions for a person; one query."""
    viewer = Viewer(person.id, person.role)
    return LinesMark(view, view.version(country), viewer, country_mark(country), desk_settings().double_review_percent)


def question_lines(person: Person, view: LakeView, country: str) -> tuple[QuestionLine, ...]:
    """Return all questions in the bank's order; one query while neither record nor draft changed."""
    return lines_at(lines_mark(person, view, country))


@lru_cache(maxsize=512)
def lines_at(mark: LinesMark) -> tuple[QuestionLine, ...]:
    """Return the questions as they stood at this mark."""
    country, view = mark.mark.record.country, mark.view
    drafts = view.drafts(country)
    sights = sights_at(mark.viewer, mark.mark.record)
    orphaned = orphaned_decisions(country)
    lines = []
    for pillar in desk_instrument().pillars:
        for indicator in pillar.indicators:
            for question in indicator.questions:
                sight = sights[question.code]
                look = needs_look(sight, orphaned)
                lines.append(
                    QuestionLine(question, drafts.get(question.code), sight, pillar.code, indicator.code, look)
                )
    return tuple(lines)


def orphaned_decisions(country: str) -> set[UUID]:
    """Return the decisions whose proof a refresh orphaned."""
    rows = DecisionHealth.objects.filter(country=country, state=Health.ORPHANED)
    return set(rows.values_list("decision_id", flat=True))


def needs_look(sight: Sight, orphaned: set[UUID]) -> bool:
    """Tell whether a settled question, as a person sees it, needs another look."""
    if sight.stand != Stand.SETTLED or sight.settled_by is None:
        return False
    counted = [sight.settled_by, *(sight.reviews if sight.settled_by.kind == DecisionKind.REVIEW else ())]
    return any(decision.id in orphaned for decision in counted)


@dataclass(frozen=True)
class ChangedProof:
    """One settled question whose proof moved or was orphaned."""

    code: str
    text: str
    accepted: str
    sequence: int
    state: str
    findings: tuple[tuple[AnchorFinding, tuple[Change, ...]], ...]


def changed_proofs(person: Person, country: str) -> list[ChangedProof]:
    """Return settled questions whose proof is not what it was, orphaned ones first; two queries."""
    rows = {row.decision_id: row for row in DecisionHealth.objects.filter(country=country).exclude(state=Health.OK)}
    found = []
    for code, sight in see_country(person, country).items():
        health = rows.get(sight.settled_by.id) if sight.settled_by else None
        if health is None:
            continue
        findings = [AnchorFinding(**entry) for entry in health.detail if entry["state"] != Health.OK]
        compared = tuple(
            (finding, tuple(compare_words(finding.old_quote, finding.new_quote)) if finding.new_quote else ())
            for finding in findings
        )
        text = desk_instrument().question(code).text
        found.append(ChangedProof(code, text, sight.accepted, sight.sequence, health.state, compared))
    return sorted(found, key=lambda entry: entry.state != Health.ORPHANED)
