"""The gate: a file becomes ready only when every question has its decisions and every accepted answer its quote.

Belongs here: saying what is missing and opening the gate. Does not belong here: sending.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from questionnaire.instrument import Instrument
from review.desk import desk_instrument, desk_settings
from review.lake_view import lake_view
from review.models import CountryFile, Decision, DecisionHealth
from review.models.files import FileState
from review.services import QueueState
from review.services.anchors import Anchor, load_anchors
from review.services.file_states import AFTER_SENDING, file_state, move_file
from review.services.handed_in import is_proven
from review.services.marks import RecordMark, country_mark
from review.services.standing import PROVEN, Stand, Standing, decisions_needed, needs_another_look, stand_of
from store.errors import GcideskError
from store.readings import load_reading
from store.settings import Settings

_NAMED = 12
"""Question codes that one sentence names before it says how many more there are."""


def standings(country: str, settings: Settings, instrument: Instrument) -> dict[str, Standing]:
    """Return where every question of a country stands; one query while its record has not grown."""
    return standings_at(country_mark(country).record, settings.double_review_percent, instrument.id)


@lru_cache(maxsize=256)
def standings_at(mark: RecordMark, percent: int, instrument: str) -> dict[str, Standing]:
    """Return where every question of a country stood when its record had this mark."""
    by_question: dict[str, list[Decision]] = {}
    rows = Decision.objects.filter(country=mark.country).order_by("sequence") if mark.length else ()
    for decision in rows:
        by_question.setdefault(decision.question, []).append(decision)
    return {
        question.code: stand_of(
            by_question.get(question.code, []), decisions_needed(mark.country, question.code, percent)
        )
        for question in desk_instrument().questions
    }


def queue_state(country: str, settings: Settings | None) -> QueueState:
    """Return status and what is missing, and open or shut the gate accordingly."""
    desk = settings or desk_settings()
    state = file_state(country)
    if state in AFTER_SENDING:
        return QueueState("sent", ())
    missing = what_is_missing(country, desk)
    if not missing and state == FileState.IN_REVIEW:
        state = FileState(move_file(country, FileState.READY_TO_SEND, by="gcidesk", why="nothing is missing").state)
    elif missing and state == FileState.READY_TO_SEND:
        state = FileState(move_file(country, FileState.IN_REVIEW, by="gcidesk", why=missing[0]).state)
    return QueueState("ready" if state == FileState.READY_TO_SEND else "awaiting_review", missing)


def what_is_missing(country: str, desk: Settings) -> tuple[str, ...]:
    """Return a sentence for each kind of thing that is missing; nothing when the file may be sent."""
    instrument = desk_instrument()
    standing = standings(country, desk, instrument)
    health = dict(DecisionHealth.objects.filter(country=country).values_list("decision_id", "state"))
    missing = []
    file = CountryFile.objects.filter(country=country).first()
    if file is not None and file.left_research_on:
        missing.append(f"The country answered itself on {file.left_research_on.isoformat()}; its draft is only kept.")
    if not lake_view(desk).has_draft(country):
        missing.append(f"There is no draft. Run 'gcidesk research {country}' first.")
    groups = (
        ("no decision", [c for c, s in standing.items() if s.stand == Stand.OPEN]),
        ("one of two decisions", [c for c, s in standing.items() if s.stand == Stand.HALF]),
        ("two decisions that differ", [c for c, s in standing.items() if s.stand == Stand.DISPUTED]),
        (
            "a decision whose proof changed since, and need another look",
            [c for c, s in standing.items() if needs_another_look(s, health)],
        ),
    )
    missing.extend(_sentence(what, codes) for what, codes in groups if codes)
    if not missing:
        broken = answers_without_quote(standing, desk)
        if broken:
            missing.append(_sentence("an accepted answer without an intact quote", broken))
    return tuple(missing)


def _sentence(what: str, codes: list[str]) -> str:
    named = ", ".join(codes[:_NAMED])
    more = f" and {len(codes) - _NAMED} more" if len(codes) > _NAMED else ""
    return f"{len(codes)} question{'s have' if len(codes) != 1 else ' has'} {what}: {named}{more}."


def answers_without_quote(standing: Mapping[str, Standing], desk: Settings) -> list[str]:
    """Return questions accepted as yes or partial that have no quote which still stands in its text layer."""
    texts: dict[tuple[str, str], str | None] = {}
    return [
        code
        for code, entry in standing.items()
        if entry.stand == Stand.SETTLED
        and entry.accepted in PROVEN
        and not any(is_intact(anchor, desk, texts) for anchor in load_anchors(entry.evidence))
    ]


def is_intact(anchor: Anchor, desk: Settings, texts: dict[tuple[str, str], str | None]) -> bool:
    """Tell whether the quote stands at its offsets in the text layer that was archived; `texts` keeps what was read."""
    if anchor.handed_in:
        return is_proven(anchor, desk, texts)
    key = (anchor.reader_version, anchor.document_id)
    if key not in texts:
        try:
            texts[key] = load_reading(desk, anchor.reader_version, anchor.document_id).text
        except GcideskError:
            texts[key] = None  # the reading is gone: the quote is not intact, and the gate says so
    text = texts[key]
    return text is not None and text[anchor.start : anchor.end] == anchor.quote


def decided_questions(country: str, settings: Settings | None) -> int:
    """Return how many questions are settled."""
    desk = settings or desk_settings()
    found = standings(country, desk, desk_instrument())
    return sum(entry.stand == Stand.SETTLED for entry in found.values())
