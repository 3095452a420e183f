"""The states of a country's file as a checked machine.

Belongs here: which state may follow which, and the one function that moves a file. Does not belong here: the gate to
`ready_to_send` (`gate`), which calls this.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from review.models import CountryFile, FileStateChange, Person
from review.models.files import FileState
from review.services.auditing import actor_name, write_audit
from store.errors import ExitCode, GcideskError

FOLLOWS: dict[FileState, frozenset[FileState]] = {
    FileState.NOT_STARTED: frozenset({FileState.IN_RESEARCH}),
    FileState.IN_RESEARCH: frozenset({FileState.DRAFT, FileState.NOT_STARTED}),
    FileState.DRAFT: frozenset({FileState.IN_RESEARCH, FileState.IN_REVIEW}),
    FileState.IN_REVIEW: frozenset({FileState.READY_TO_SEND}),
    FileState.READY_TO_SEND: frozenset({FileState.IN_REVIEW, FileState.SENT}),
    FileState.SENT: frozenset({FileState.RETURNED, FileState.APPROVED, FileState.ACCEPTED_BY_SILENCE}),
    FileState.RETURNED: frozenset({FileState.REISSUED}),
    FileState.REISSUED: frozenset({FileState.APPROVED, FileState.ACCEPTED_BY_SILENCE}),
    FileState.APPROVED: frozenset({FileState.FINAL}),
    FileState.ACCEPTED_BY_SILENCE: frozenset({FileState.FINAL}),
    FileState.FINAL: frozenset(),
}
"""A silent acceptance is a state of its own and never becomes an approval."""

BY_PEOPLE = frozenset(
    {
        FileState.IN_REVIEW,
        FileState.SENT,
        FileState.RETURNED,
        FileState.REISSUED,
        FileState.APPROVED,
        FileState.ACCEPTED_BY_SILENCE,
        FileState.FINAL,
    }
)
"""States that a coordinator chooses; the others follow from research and from the gate."""

AFTER_SENDING = frozenset(
    {
        FileState.SENT,
        FileState.RETURNED,
        FileState.REISSUED,
        FileState.APPROVED,
        FileState.ACCEPTED_BY_SILENCE,
        FileState.FINAL,
    }
)


class FileStateError(GcideskError):
    """A step that the process does not know, or a setting does not allow."""

    exit_code = ExitCode.NOT_ALLOWED


def file_state(country: str) -> FileState:
    """Return the present state; a country without a file is not started."""
    found = CountryFile.objects.filter(country=country).values_list("state", flat=True).first()
    return FileState(found) if found else FileState.NOT_STARTED


def next_states(state: FileState, silence_accepts: bool) -> tuple[FileState, ...]:
    """Return the states that a coordinator may choose now, in the order of the process."""
    allowed = FOLLOWS[state] & BY_PEOPLE
    if state == FileState.READY_TO_SEND:
        allowed -= {FileState.IN_REVIEW}
    if not silence_accepts:
        allowed -= {FileState.ACCEPTED_BY_SILENCE}
    return tuple(step for step in FileState if step in allowed)


def move_file(
    country: str, new: FileState, *, by: Person | str, why: str = "", silence_accepts: bool = False
) -> CountryFile:
    """Move a file one step and put the step on record.

    Raises FileStateError when the process does not know the step, or silence is to accept and the setting is off.
    """
    with transaction.atomic():
        file, _ = CountryFile.objects.select_for_update().get_or_create(country=country)
        old = FileState(file.state)
        if new not in FOLLOWS[old]:
            known = ", ".join(step.label for step in FileState if step in FOLLOWS[old]) or "nothing"
            raise FileStateError(
                f"The file of {country} is {old.label!r}; after that comes {known}, not {new.label!r}."
            )
        if new == FileState.ACCEPTED_BY_SILENCE and not silence_accepts:
            raise FileStateError(
                f"Silence does not accept the file of {country}: GCIDESK_SILENCE_ACCEPTS is off. Wait for an approval."
            )
        file.state, file.since = new, timezone.now()
        file.save()
        FileStateChange(country=country, old=old, new=new, by=actor_name(by), why=why).save()
        write_audit("file_moved", by=by, country=country, old={"state": old}, new={"state": new}, why=why)
    return file


def start_research(country: str, by: Person | str) -> FileState:
    """Move a file into research where it may go there; a file under review or later keeps its state."""
    state = file_state(country)
    if FileState.IN_RESEARCH in FOLLOWS[state]:
        move_file(country, FileState.IN_RESEARCH, by=by, why="research started")
    return file_state(country)


def stop_research(country: str, why: str, by: Person | str) -> FileState:
    """Move a file out of research: back to its draft when there is one, otherwise to not started."""
    file = CountryFile.objects.filter(country=country).first()
    if file is not None and file.state == FileState.IN_RESEARCH:
        move_file(country, FileState.DRAFT if file.drafted_at else FileState.NOT_STARTED, by=by, why=why)
    return file_state(country)


def open_countries() -> list[str]:
    """Return countries with a draft whose file is not final, in alphabetical order."""
    files = CountryFile.objects.filter(drafted_at__isnull=False, left_research_on__isnull=True)
    return list(files.exclude(state=FileState.FINAL).order_by("country").values_list("country", flat=True))
