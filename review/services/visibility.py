"""Who sees which decision: blindness, enforced where data is read.

Belongs here: the only functions by which pages, exports and the audit get decisions, comments and requests. Does not
belong here: roles and addresses (`review.site.rights`).

A reviewer sees nothing of another's review until the question is settled. A coordinator sees reviews when all are in.
An observer sees accepted answers only. An administrator does not review and sees the whole record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from review.desk import desk_instrument, desk_settings
from review.models import AuditEntry, Comment, Decision, EvidenceRequest, HandedInQuote, HandedInReading, Person
from review.models.people import Role
from review.services.gate import standings_at
from review.services.handed_in import Upload, row_from_json, upload_of
from review.services.marks import RecordMark, country_mark, fetch_rows
from review.services.standing import Stand, Standing, decisions_needed, stand_of
from store.tables import EvidenceRow

BLIND_ACTIONS = frozenset({"decision_review", "commented", "asked", "evidence_requested", "evidence_request_settled"})
"""Acts that would tell a reviewer what another holds."""


@dataclass(frozen=True)
class Sight:
    """What one person may know of one question."""

    stand: Stand
    """For a reviewer an open question is `open` whatever others did, and `half` only by the own review."""
    needed: int
    cycle: int
    own: Decision | None
    reviews: tuple[Decision, ...]
    accepted: str
    settled_by: Decision | None
    evidence: tuple[dict[str, object], ...]
    sequence: int

    @property
    def is_complete(self) -> bool:
        """Whether no further review is taken."""
        return self.stand in {Stand.DISPUTED, Stand.SETTLED}


class Viewer(NamedTuple):
    """Who looks, as far as blindness asks."""

    id: UUID
    role: str


def see(person: Person | Viewer, standing: Standing) -> Sight:
    """Return what a person may know of a standing."""
    own = standing.review_of(person.id)
    settled = standing.stand == Stand.SETTLED
    if person.role == Role.ADMINISTRATOR or (person.role == Role.COORDINATOR and standing.is_complete):
        reviews = standing.reviews
    elif person.role == Role.REVIEWER:
        reviews = standing.reviews if settled else tuple(r for r in standing.reviews if r.person_id == person.id)
    else:
        reviews = ()
    stand = standing.stand
    if person.role == Role.REVIEWER and not standing.is_complete:
        stand = Stand.HALF if own else Stand.OPEN
    if person.role == Role.OBSERVER and not settled:
        stand = Stand.OPEN
    knows_number = person.role in {Role.ADMINISTRATOR, Role.COORDINATOR}
    return Sight(
        stand=stand,
        needed=standing.needed,
        cycle=standing.cycle,
        own=own,
        reviews=reviews,
        accepted=standing.accepted,
        settled_by=standing.settled_by if settled and person.role != Role.OBSERVER else None,
        evidence=standing.evidence if settled else (),
        sequence=standing.sequence if knows_number or standing.is_complete else 0,
    )


def see_question(person: Person, country: str, code: str) -> Sight:
    """Return what a person may know of one question; one query."""
    decisions = list(Decision.objects.filter(country=country, question=code).order_by("sequence"))
    needed = decisions_needed(country, code, desk_settings().double_review_percent)
    return see(person, stand_of(decisions, needed))


def see_country(person: Person, country: str) -> dict[str, Sight]:
    """Return what a person may know of all questions of a country; one query."""
    return dict(sights_at(Viewer(person.id, person.role), country_mark(country).record))


def sights_at(viewer: Viewer, mark: RecordMark) -> Mapping[str, Sight]:
    """Return what somebody may know of all questions of a country when its record had this mark; no query if kept."""
    return _sights_at(viewer, mark, desk_settings().double_review_percent, desk_instrument().id)


@lru_cache(maxsize=512)
def _sights_at(viewer: Viewer, mark: RecordMark, percent: int, instrument: str) -> Mapping[str, Sight]:
    return {code: see(viewer, standing) for code, standing in standings_at(mark, percent, instrument).items()}


def blind_questions(person: Person, found: Mapping[str, Sight]) -> set[str]:
    """Return the questions of which this person may not know what others wrote."""
    if person.role in {Role.ADMINISTRATOR}:
        return set()
    return {code for code, sight in found.items() if sight.stand != Stand.SETTLED and not _may_compare(person, sight)}


def _may_compare(person: Person, sight: Sight) -> bool:
    return person.role == Role.COORDINATOR and sight.is_complete


def see_comments(person: Person, country: str, code: str, sight: Sight) -> list[Comment]:
    """Return the comments that a person may read, oldest first.

    In a question that is still open a reviewer reads the own ones and answers by coordinators, and none of other
    reviewers. Coordinators read all comments: they do not decide, and they answer.
    """
    rows = Comment.objects.filter(country=country, question=code).select_related("person", "asked").order_by("at")
    if person.role in {Role.ADMINISTRATOR, Role.COORDINATOR} or sight.stand == Stand.SETTLED:
        return list(rows)
    if person.role == Role.OBSERVER:
        return []
    mine = Q(person=person) | Q(person__role=Role.COORDINATOR, asked=person)
    earlier = Q(cycle__lt=sight.cycle)
    return list(rows.filter(mine | earlier))


def see_questions_to(person: Person) -> list[Comment]:
    """Return what colleagues asked or answered a person, newest first; such a comment was written for that person."""
    return list(Comment.objects.filter(asked=person).select_related("person").order_by("-at")[:50])


def see_requests(person: Person, country: str, code: str, sight: Sight) -> list[EvidenceRequest]:
    """Return the requests for evidence that a person may see; a reviewer sees the own until the question is settled."""
    rows = EvidenceRequest.objects.filter(country=country, question=code).order_by("requested_at")
    if person.role in {Role.ADMINISTRATOR, Role.COORDINATOR} or sight.stand == Stand.SETTLED:
        return list(rows)
    return list(rows.filter(person=person)) if person.role == Role.REVIEWER else []


def see_quotes(person: Person, country: str, found: Mapping[str, Sight]) -> dict[str, list[EvidenceRow]]:
    """Return the quotes out of handed-in files and texts that a person may see, by question; one query.

    What a reviewer hands in is part of that reviewer's review: the other one sees it once the question is settled, a
    coordinator at once. What a coordinator hands in, who does not decide, everybody sees but an observer of an open
    question. `found` holds the sights of the questions that are asked for.
    """
    rows = HandedInQuote.objects.filter(country=country).select_related("request", "request__person").order_by("id")
    if len(found) == 1:
        rows = rows.filter(question=next(iter(found)))
    seen: dict[str, dict[str, EvidenceRow]] = {}
    for quote in rows:
        if quote.question in found and may_see_upload(person, quote.request, found[quote.question]):
            seen.setdefault(quote.question, {}).setdefault(quote.evidence_id, row_from_json(quote.row))
    return {code: list(quotes.values()) for code, quotes in seen.items()}


def may_see_upload(person: Person, request: EvidenceRequest, sight: Sight) -> bool:
    """Tell whether a person may see what was handed in with a request."""
    if sight.stand == Stand.SETTLED or person.role in {Role.ADMINISTRATOR, Role.COORDINATOR}:
        return True
    if person.role != Role.REVIEWER:
        return False
    return request.person_id == person.id or request.person.role == Role.COORDINATOR or request.cycle < sight.cycle


def see_upload(person: Person, country: str, digest: str) -> Upload | None:
    """Return a file or text that was handed in and read, with its quotes, when the person may see it."""
    rows = EvidenceRequest.objects.filter(country=country, digest=digest).select_related("person")
    asked = [row for row in rows.order_by("requested_at") if HandedInReading.objects.filter(digest=digest).exists()]
    if not asked:
        return None
    found = see_country(person, country)
    allowed = [row for row in asked if row.question in found and may_see_upload(person, row, found[row.question])]
    if not allowed:
        return None
    quotes = [row for rows in see_quotes(person, country, found).values() for row in rows]
    return upload_of(allowed[0], [row for row in quotes if row.document_id == digest])


def see_audit(person: Person, country: str, limit: int | None = None) -> list[AuditEntry]:
    """Return the audit of a country as far as a person may read it, newest first."""
    rows = AuditEntry.objects.filter(country=country).order_by("-id")
    if person.role != Role.ADMINISTRATOR:
        rows = _without_blind(person, rows, see_country(person, country))
    entries = list(rows[:limit] if limit else rows)
    if person.role == Role.OBSERVER:
        return [_nameless(entry) for entry in entries]
    return entries


def _without_blind(person: Person, rows: QuerySet[AuditEntry], found: Mapping[str, Sight]) -> QuerySet[AuditEntry]:
    hidden = blind_questions(person, found)
    by_cycle: dict[int, list[str]] = {}
    for code in hidden:
        by_cycle.setdefault(found[code].cycle, []).append(code)
    for cycle, codes in by_cycle.items():
        rows = rows.exclude(Q(question__in=codes, cycle=cycle, action__in=BLIND_ACTIONS) & ~Q(actor=str(person.id)))
    return rows


def _nameless(entry: AuditEntry) -> AuditEntry:
    entry.actor = "gcidesk" if entry.actor == "gcidesk" else "a person"
    return entry


class Colleague(NamedTuple):
    """Somebody whom a person may ask."""

    id: UUID
    shown_name: str
    role: str


def colleagues(person: Person, country: str, sight: Sight) -> list[Colleague]:
    """Return whom a person may ask or answer about a question; one query.

    While it is open a reviewer reaches no other reviewer of the country; a coordinator answers any one of them.
    """
    rows = fetch_rows(
        "SELECT p.id, p.name, p.username, p.role,"
        " EXISTS (SELECT 1 FROM review_assignment a WHERE a.person_id = p.id AND a.country = %s)"
        " FROM review_person p WHERE p.is_active AND p.role <> %s",
        country,
        Role.OBSERVER.value,
    )
    blind = sight.stand != Stand.SETTLED and person.role == Role.REVIEWER
    found = [
        Colleague(key if isinstance(key, UUID) else UUID(key), name or username, role)
        for key, name, username, role, works_here in rows
        if not (blind and role == Role.REVIEWER and works_here)
    ]
    return sorted((c for c in found if c.id != person.id), key=lambda colleague: colleague.shown_name.casefold())
