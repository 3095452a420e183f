"""Deciding: reviews, bulk reviews, adjudication, keeping, opening again.

Belongs here: the checks before a decision goes on record, and writing it. Does not belong here: showing decisions
(`visibility`), or whether their proof still stands (`refreshes`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.db import IntegrityError, transaction

from questionnaire.instrument import Question
from review.desk import desk_instrument, desk_settings
from review.lake_view import LakeView, lake_view
from review.models import Decision, DecisionHealth, Person
from review.models.decisions import DecisionKind, Health
from review.models.files import FileState
from review.services.anchors import SUPPORTS, Anchor, anchor_of, draft_mark, extraction_mark, load_anchors
from review.services.auditing import write_audit
from review.services.file_states import AFTER_SENDING, file_state, move_file
from review.services.standing import PROVEN, Stand, Standing, decisions_needed, stand_of
from review.services.visibility import see, see_quotes
from store.errors import ExitCode, GcideskError
from store.tables import DraftRow, EvidenceRow


class DecisionError(GcideskError):
    """A decision that cannot go on record as it is; the message says what to do."""

    exit_code = ExitCode.NOT_ALLOWED


class ChangedMeanwhileError(DecisionError):
    """What the person saw is not what stands there now; nothing was recorded."""


class AlreadyDecidedError(ChangedMeanwhileError):
    """The question got its decisions meanwhile."""


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a person decides about one question."""

    answer: str
    why: str = ""
    rejected: Mapping[str, str] = field(default_factory=dict)
    """Reason by evidence id."""
    seen_mark: str = ""
    """Mark of the draft that the person saw: see `anchors.draft_mark`."""
    seen_own: str = ""
    """Id of the person's own last review that the person saw, to notice a second window."""


@dataclass(frozen=True)
class Sheet:
    """What is on the table for one question: the draft, its evidence, its mark."""

    question: Question
    draft: DraftRow | None
    evidence: tuple[EvidenceRow, ...]
    mark: str


def sheet_of(view: LakeView, country: str, code: str, handed_in: Sequence[EvidenceRow] = ()) -> Sheet:
    """Return draft and evidence of a question; raises UnknownQuestionError for a code that the bank does not hold.

    `handed_in` are the quotes out of uploads that the person may see (`visibility.see_quotes`); they come last.
    """
    question = desk_instrument().question(code)
    draft = view.drafts(country).get(code)
    known = view.evidence(country).get(code, [])
    rows = [*known, *(row for row in handed_in if all(row.evidence_id != other.evidence_id for other in known))]
    if draft is not None:
        order = {evidence_id: place for place, evidence_id in enumerate(draft.evidence_ids)}
        rows = sorted(rows, key=lambda row: (order.get(row.evidence_id, len(order)), -row.score))
    return Sheet(question, draft, tuple(rows), draft_mark(draft, rows))


def standing_of(country: str, code: str) -> Standing:
    """Return where one question stands; one query."""
    decisions = list(Decision.objects.filter(country=country, question=code).order_by("sequence"))
    return stand_of(decisions, decisions_needed(country, code, desk_settings().double_review_percent))


def decide(person: Person, country: str, code: str, verdict: Verdict) -> Decision:
    """Put a reviewer's decision on record.

    Raises AlreadyDecidedError when the question has its decisions, ChangedMeanwhileError when the draft was replaced or
    the person decided in another window, DecisionError when the answer lacks its quote or a reason.
    """
    view = lake_view()
    with transaction.atomic():
        standing = standing_of(country, code)
        handed_in = see_quotes(person, country, {code: see(person, standing)}).get(code, ())
        sheet = sheet_of(view, country, code, handed_in)
        _check_open(person, country, standing, sheet, verdict)
        kept, rejected = _split(sheet, verdict)
        _check_answer(sheet, verdict, kept)
        made = _record(
            person,
            country,
            code,
            standing,
            kind=DecisionKind.REVIEW,
            answer=verdict.answer,
            why=verdict.why.strip(),
            draft_answer=sheet.draft.answer if sheet.draft else "",
            draft_mark=sheet.mark,
            evidence=[asdict(anchor_of(row)) for row in _proof(verdict.answer, kept)],
            rejected=rejected,
            shown=[extraction_mark(row.quote, row.stance) for row in sheet.evidence],
        )
        if file_state(country) == FileState.DRAFT:
            move_file(country, FileState.IN_REVIEW, by=person, why="the first decision was made")
    return made


def _check_open(person: Person, country: str, standing: Standing, sheet: Sheet, verdict: Verdict) -> None:
    if file_state(country) in AFTER_SENDING:
        raise DecisionError("The file was sent. Its answers change only in the next round.")
    if sheet.draft is None:
        raise DecisionError(f"There is no draft yet. Run 'gcidesk research {country}' first.")
    if standing.is_complete:
        raise AlreadyDecidedError("This question has its decisions already. Look at what stands there now.")
    own = standing.review_of(person.id)
    if verdict.seen_own != (str(own.id) if own else ""):
        raise ChangedMeanwhileError("You decided this question in another window. Look at it again and decide anew.")
    if own is None and len(standing.reviews) >= standing.needed:
        raise AlreadyDecidedError("Somebody else decided this question meanwhile. Look at what stands there now.")
    if verdict.seen_mark != sheet.mark:
        raise ChangedMeanwhileError("The draft was replaced while this page was open. Look at the new one and decide.")


def _split(sheet: Sheet, verdict: Verdict) -> tuple[list[EvidenceRow], list[dict[str, Any]]]:
    known = {row.evidence_id for row in sheet.evidence}
    if set(verdict.rejected) - known:
        raise ChangedMeanwhileError("Evidence that you rejected is not there any more. Look again and decide.")
    if any(not reason.strip() for reason in verdict.rejected.values()):
        raise DecisionError("Give a reason for each piece of evidence that you reject.")
    kept = [row for row in sheet.evidence if row.evidence_id not in verdict.rejected]
    rejected = [
        {**asdict(anchor_of(row)), "reason": verdict.rejected[row.evidence_id].strip()[:1000]}
        for row in sheet.evidence
        if row.evidence_id in verdict.rejected
    ]
    return kept, rejected


def _proof(answer: str, kept: Sequence[EvidenceRow]) -> list[EvidenceRow]:
    """Return what an answer rests on: of a yes or partial what speaks for it, of a no what states the absence."""
    if answer in PROVEN:
        return [row for row in kept if row.stance in SUPPORTS] or list(kept)
    return [row for row in kept if row.stance == "absent"] if answer == "no" else []


def _check_answer(sheet: Sheet, verdict: Verdict, kept: Sequence[EvidenceRow]) -> None:
    if verdict.answer not in {"yes", "partial", "no", "not_found"}:
        raise DecisionError("Choose one of yes, partial, no and not found.")
    if verdict.answer == "partial" and not sheet.question.partial_allowed:
        raise DecisionError(f"Question {sheet.question.code} knows no partial answer. Choose yes, no or not found.")
    if verdict.answer in PROVEN and not kept:
        raise DecisionError(
            "A yes or partial needs at least one quote that you do not reject. Add evidence, or change it."
        )
    changed = sheet.draft is not None and verdict.answer != sheet.draft.answer
    if (changed or verdict.answer == "no") and len(verdict.why.strip()) < 10:
        raise DecisionError("Say in a sentence why, when you change the answer or answer no.")


def _record(
    person: Person, country: str, code: str, standing: Standing, *, cycle: int | None = None, **values: Any
) -> Decision:
    """Add a decision and its audit entry; raises ChangedMeanwhileError when somebody was quicker."""
    made = Decision(
        sequence=standing.sequence + 1,
        country=country,
        instrument=desk_instrument().id,
        question=code,
        cycle=cycle or standing.cycle,
        person=person,
        **values,
    )
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError as error:
        raise ChangedMeanwhileError("Somebody decided this question at the same moment. Look again.") from error
    DecisionHealth.objects.create(decision=made, country=country, question=code, state=Health.OK)
    own = standing.review_of(person.id)
    write_audit(
        f"decision_{made.kind}",
        by=person,
        country=country,
        question=code,
        cycle=made.cycle,
        subject=made.id,
        old={"answer": own.answer if own and made.kind == DecisionKind.REVIEW else standing.accepted},
        new={
            "answer": made.answer,
            "draft": made.draft_answer,
            "evidence": [entry["evidence_id"] for entry in made.evidence],
            "rejected": {entry["evidence_id"]: entry["reason"] for entry in made.rejected},
        },
        why=made.why,
    )
    return made


def adjudicate(
    person: Person, country: str, code: str, *, answer: str, why: str, evidence: set[str], seen: int
) -> Decision:
    """Settle a disputed question; `evidence` are ids out of either review, `seen` the newest sequence on the page."""
    with transaction.atomic():
        standing = standing_of(country, code)
        if standing.sequence != seen or standing.stand != Stand.DISPUTED:
            raise ChangedMeanwhileError("This question changed while the page was open. Look at what stands there now.")
        if any(review.person_id == person.id for review in standing.reviews):
            raise DecisionError("Who reviewed a question cannot adjudicate it.")
        anchors = {entry["evidence_id"]: entry for review in standing.reviews for entry in review.evidence}
        kept = [entry for key, entry in anchors.items() if key in evidence]
        if answer not in {"yes", "partial", "no", "not_found"}:
            raise DecisionError("Choose one of yes, partial, no and not found.")
        if answer == "partial" and not desk_instrument().question(code).partial_allowed:
            raise DecisionError(f"Question {code} knows no partial answer.")
        if answer in PROVEN and not kept:
            raise DecisionError("A yes or partial needs at least one quote. Choose which.")
        if len(why.strip()) < 10:
            raise DecisionError("Say in a sentence why.")
        shown = [mark for review in standing.reviews for mark in review.shown]
        return _record(
            person,
            country,
            code,
            standing,
            kind=DecisionKind.ADJUDICATION,
            answer=answer,
            why=why.strip(),
            draft_answer=standing.reviews[0].draft_answer,
            draft_mark=standing.reviews[0].draft_mark,
            evidence=kept if answer in PROVEN else [],
            shown=sorted(set(shown)),
        )


def keep(person: Person, country: str, code: str, *, why: str, seen: int) -> Decision:
    """Keep an accepted answer after a refresh: the person looked and holds to the archived quotes."""
    with transaction.atomic():
        standing = standing_of(country, code)
        if standing.sequence != seen or standing.settled_by is None:
            raise ChangedMeanwhileError(f"Question {code} changed while the page was open. Look again.")
        anchors = [replace(anchor, kept=True) for anchor in load_anchors(standing.evidence)]
        handed_in = see_quotes(person, country, {code: see(person, standing)}).get(code, ())
        rows = sheet_of(lake_view(), country, code, handed_in).evidence
        shown = {extraction_mark(row.quote, row.stance) for row in rows} | set(standing.settled_by.shown)
        return _record(
            person,
            country,
            code,
            standing,
            kind=DecisionKind.KEEP,
            answer=standing.accepted,
            why=why.strip() or "kept after a refresh",
            draft_answer=standing.settled_by.draft_answer,
            draft_mark=standing.settled_by.draft_mark,
            evidence=[asdict(anchor) for anchor in anchors],
            shown=sorted(shown),
        )


def reopen(person: Person, country: str, code: str, *, why: str, seen: int) -> Decision:
    """Open a settled or disputed question for a new cycle of reviews; the accepted answer stays visible."""
    with transaction.atomic():
        standing = standing_of(country, code)
        if standing.sequence != seen or not standing.is_complete:
            raise ChangedMeanwhileError("This question changed while the page was open. Look again.")
        if file_state(country) in AFTER_SENDING:
            raise DecisionError("The file was sent. Its answers change only in the next round.")
        if len(why.strip()) < 10:
            raise DecisionError("Say in a sentence why.")
        return _record(
            person,
            country,
            code,
            standing,
            cycle=standing.cycle + 1,
            kind=DecisionKind.REOPEN,
            answer=standing.accepted or "not_found",
            why=why.strip(),
            draft_mark=standing.reviews[0].draft_mark if standing.reviews else "",
        )


def anchors_to_choose(standing: Standing) -> list[tuple[Anchor, list[int]]]:
    """Return all anchors of the reviews with the places (0, 1) of the reviews that keep them, for adjudication."""
    found: dict[str, tuple[Anchor, list[int]]] = {}
    for place, review in enumerate(standing.reviews):
        for anchor in load_anchors(review.evidence):
            found.setdefault(anchor.evidence_id, (anchor, []))[1].append(place)
    return list(found.values())
