"""Services: the rules of the review room, and the doorway through which assets and pipelines use them.

Belongs here, in this file: the functions that other rooms call. They import Django inside, so that this module can be
imported before `django.setup()`. The rules themselves stand in the modules beside.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from questionnaire.roster import Reason, Roster, RosterEntry
    from store.readings import Reading
    from store.settings import Settings
    from store.tables import DocumentRow, EvidenceRow

PROGRAM = "gcidesk"
"""Who acted when no person did."""


class QueueState(NamedTuple):
    """Where a drafted country stands on its way to validation."""

    status: str
    """awaiting_review, ready or sent."""
    missing: tuple[str, ...]
    """What is missing before the file can be sent, a sentence each."""


class OpenRequest(NamedTuple):
    """Evidence that a person asked for and that a job fetches through the crawler's gate."""

    id: str
    country: str
    question: str
    kind: str
    """address, file or text."""
    address: str
    file: Path | None
    """The uploaded file or the text, by its digest; the uploaded name is not trusted."""
    file_name: str
    digest: str
    words: str = ""
    """Words of the file or text that the person holds for the proof; empty when the machine shall look."""
    stance: str = ""
    """What these words show, by the person."""
    by: str = "reviewer"
    """Role of the person who handed it in."""


def prepare_database(settings: Settings | None = None) -> None:
    """Make the folder, the secret key and the tables, or bring old tables up to date.

    Raises StorageError when that is not possible. Safe to call from several processes at once.
    """
    from review.services.database import prepare

    prepare(settings)


def import_roster(roster: Roster, source_name: str, by: str = PROGRAM) -> int:
    """Keep a roster as the newest version and return its number; countries that answered leave research."""
    from review.services.rosters import import_roster as act

    return act(roster, source_name, by)


def roster_entries() -> list[RosterEntry]:
    """Return the newest roster in its order; empty when none was imported."""
    from review.services.rosters import roster_entries as act

    return act()


def countries_to_research(today: date, roster_months: int = 0) -> list[tuple[RosterEntry, Reason]]:
    """Return the countries of the newest roster that need desk research on day `today`, with the reason."""
    from review.services.rosters import countries_to_research as act

    return act(today, roster_months)


def open_countries() -> list[str]:
    """Return the countries whose file the nightly refresh keeps current: drafted or in research, and not final."""
    from review.services.file_states import open_countries as act

    return act()


def file_state(country: str) -> str:
    """Return the state of a country's file: one of `review.models.files.FileState`."""
    from review.services.file_states import file_state as act

    return act(country)


def start_research(country: str, by: str = PROGRAM) -> str:
    """Note that research of a country begins; returns the state. A file under review keeps its state."""
    from review.services.file_states import start_research as act

    return act(country, by)


def stop_research(country: str, why: str, by: str = PROGRAM) -> str:
    """Note that research ended without a new draft; returns the state."""
    from review.services.file_states import stop_research as act

    return act(country, why, by)


def record_draft(country: str, drafted_at: datetime | None = None, settings: Settings | None = None) -> str:
    """Note that the lake holds a new draft, check every decision against it, and return the state of the file."""
    from review.services.refreshes import record_draft as act

    return act(country, drafted_at, settings)


def queue_state(country: str, settings: Settings | None = None) -> QueueState:
    """Return status and what is missing; the gate: a file without anything missing becomes ready here."""
    from review.services.gate import queue_state as act

    return act(country, settings)


def decided_questions(country: str, settings: Settings | None = None) -> int:
    """Return how many questions have all their decisions."""
    from review.services.gate import decided_questions as act

    return act(country, settings)


def open_evidence_requests(country: str, settings: Settings | None = None) -> Sequence[OpenRequest]:
    """Return what people asked to fetch for a country and no job has settled yet, oldest first."""
    from review.services.evidence_requests import open_requests as act

    return act(country, settings)


def addresses_asked_for(country: str) -> list[str]:
    """Return the addresses that people asked to fetch for a country and no job has settled; the next crawl's seeds."""
    return list(dict.fromkeys(row.address for row in open_evidence_requests(country) if row.kind == "address"))


def settle_addresses(country: str, captured: Collection[str], refused: Mapping[str, str]) -> int:
    """Settle the asked addresses by what a crawl brought; returns how many.

    `captured` holds the addresses that answered, `refused` a sentence by address that did not. An address in neither
    stays open for the next crawl.
    """
    settled = 0
    for row in open_evidence_requests(country):
        if row.kind != "address" or not (row.address in captured or row.address in refused):
            continue
        succeeded = row.address in captured
        settle_evidence_request(row.id, succeeded, "Archived and read." if succeeded else refused[row.address])
        settled += 1
    return settled


def countries_with_uploads() -> list[str]:
    """Return the countries for which files or texts wait to be read, in alphabetical order."""
    from review.services.evidence_requests import countries_with_uploads as act

    return act()


def uploads_to_read(country: str, settings: Settings | None = None) -> list[OpenRequest]:
    """Return the files and texts that people handed in for a country and no job has read yet, oldest first."""
    return [row for row in open_evidence_requests(country, settings) if row.kind != "address"]


def take_upload(request: OpenRequest, settings: Settings | None = None) -> bytes | None:
    """Note that a job reads an upload and return its bytes; None when they are lost, which settles the request."""
    from review.services.evidence_requests import take_upload as act

    return act(request, settings)


def handed_in_document(request: OpenRequest, reading: Reading, at: datetime) -> DocumentRow:
    """Return an upload as a row for the matcher; it never enters the lake."""
    from review.services.handed_in import document_of as act

    return act(request, reading, at)


def keep_handed_in(request: OpenRequest, reading: Reading, found: Sequence[EvidenceRow]) -> int:
    """Keep what a job read of an upload beside the decisions, settle its request, and return the number of quotes."""
    from review.services.handed_in import keep as act

    return act(request, reading, found)


def check_handed_in(country: str, settings: Settings | None = None) -> tuple[int, int, list[tuple[str, str]]]:
    """Prove every quote that was handed in: returns quotes, uploads, and what is wrong with which upload."""
    from review.services.handed_in import faults_of as act

    return act(country, settings)


def look_again(country: str, settings: Settings | None = None) -> QueueState:
    """Check the decisions of a country against evidence that came up between two drafts, and ask the gate."""
    from review.services.refreshes import look_again as act

    return act(country, settings)


def settle_evidence_request(request_id: str, succeeded: bool, outcome: str) -> None:
    """Note how the job fared with a request; `outcome` is a sentence for the person who asked."""
    from review.services.evidence_requests import settle as act

    act(request_id, succeeded, outcome)


def first_administrator_path() -> str:
    """Return a path that signs a first administrator in once, from this machine; empty when there is one."""
    from review.services.people import first_administrator_path as act

    return act()


def local_sign_in_path(settings: Settings | None = None) -> str:
    """Return a path that signs the demonstration's reviewer in once, from this machine, within fifteen minutes."""
    from review.services.people import local_sign_in_path as act

    return act(settings)
