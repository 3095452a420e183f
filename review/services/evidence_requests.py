"""Evidence that people hand in: a request that a job fetches, archives and reads.

Belongs here: checking the form of a request, keeping its bytes by digest, and the job's side. The site itself never
fetches an address: the job does, through the crawler's own gate. Does not belong here: fetching.
"""

from __future__ import annotations

import os
import unicodedata
import uuid
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.utils import timezone

from review.desk import desk_settings
from review.models import EvidenceRequest, Person
from review.services import OpenRequest
from review.services.auditing import write_audit
from store.digests import payload_digest
from store.errors import BadInputError
from store.settings import Settings
from store.tables import STANCE_ORDER

UPLOAD_BYTES = 30_000_000
TEXT_CHARACTERS = 50_000
QUOTE_SHORTEST, QUOTE_LONGEST = 12, 600
ADDRESS_CHARACTERS = 2_000
FORMATS = {
    b"%PDF-": "pdf",
    b"PK\x03\x04": "docx",
}
"""First bytes of the uploads that are taken, beside text and HTML."""
MOST_WAITING = 40
"""Requests of one person that may wait at once; with `UPLOAD_BYTES` it bounds what a person can fill the disk with."""
WAITING = (EvidenceRequest.Status.REQUESTED, EvidenceRequest.Status.TAKEN)


class EvidenceRequestError(BadInputError):
    """What was handed in cannot be taken; the message says why."""


def check_address(address: str) -> str:
    """Return an address that a job may try; raises EvidenceRequestError for anything but plain http or https.

    Whether the host may be connected to is judged when the job connects, not here.
    """
    address = address.strip()
    if len(address) > ADDRESS_CHARACTERS or any(
        unicodedata.category(letter) in {"Cc", "Cf", "Zs"} for letter in address
    ):
        raise EvidenceRequestError("The address is too long or holds blanks. Copy it from the browser's address line.")
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise EvidenceRequestError("The address cannot be read. Copy it from the browser's address line.") from error
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise EvidenceRequestError("The address must begin with https:// or http:// and name a host.")
    if parts.username or parts.password or (port is not None and port not in {80, 443}):
        raise EvidenceRequestError("The address must hold no name, password or unusual port.")
    return address


def check_upload(payload: bytes) -> str:
    """Return the format of an upload by its bytes: pdf, docx, html or txt; raises EvidenceRequestError otherwise."""
    if not payload:
        raise EvidenceRequestError("The file is empty.")
    if len(payload) > UPLOAD_BYTES:
        raise EvidenceRequestError(f"The file is larger than {UPLOAD_BYTES // 1_000_000} MB.")
    for start, name in FORMATS.items():
        if payload[:1024].lstrip().startswith(start):
            if name == "docx" and b"word/" not in payload[:1_000_000] and b"word/" not in payload[-100_000:]:
                break
            return name
    if b"\x00" not in payload:
        try:
            text = payload.decode("utf-8")
        except UnicodeDecodeError:
            text = ""
        if text:
            return "html" if "<html" in text[:2000].lower() or "<!doctype html" in text[:2000].lower() else "txt"
    raise EvidenceRequestError("This kind of file is not taken. Hand in PDF, DOCX, HTML or plain text (UTF-8).")


def check_words(words: str, stance: str, for_address: bool) -> tuple[str, str]:
    """Return the words that a person names as the proof, and what they show; raises EvidenceRequestError."""
    words = words.strip()
    if not words:
        return "", ""
    if for_address:
        raise EvidenceRequestError("Words of proof belong to a file or a text; a page is read by the next crawl.")
    if not len("".join(words.split())) >= QUOTE_SHORTEST or len(words) > QUOTE_LONGEST:
        raise EvidenceRequestError(
            f"The words of proof must be {QUOTE_SHORTEST} to {QUOTE_LONGEST} characters, copied as they stand there."
        )
    if stance not in STANCE_ORDER:
        raise EvidenceRequestError("Say what the words show: in place, partial, planned or absent.")
    return words, stance


def uploads_folder(desk: Settings) -> Path:
    """Return where uploads lie, each named by its digest alone."""
    return desk.review_dir / "uploads"


def keep_upload(payload: bytes, desk: Settings) -> str:
    """Write bytes under their digest with mode 0600 and return the digest; nothing of the uploaded name is used."""
    digest = payload_digest(payload)
    folder = uploads_folder(desk)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / digest
    if not target.exists():
        beside = folder / f"{digest}.{uuid.uuid4().hex}.tmp"
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
            sink.write(payload)
            sink.flush()
            os.fsync(sink.fileno())
        os.replace(beside, target)
    return digest


def plain_name(name: str) -> str:
    """Return an uploaded file's name for display: the last part, without control letters, at most 120 letters."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in last if letter.isprintable())[:120] or "file"


def request_evidence(
    person: Person,
    country: str,
    question: str,
    cycle: int,
    *,
    address: str = "",
    upload: tuple[str, bytes] | None = None,
    text: str = "",
    note: str = "",
    words: str = "",
    stance: str = "",
) -> EvidenceRequest:
    """Keep one request: an address, a file or a text; raises EvidenceRequestError unless exactly one is given."""
    given = [bool(address.strip()), upload is not None, bool(text.strip())]
    if sum(given) != 1:
        raise EvidenceRequestError("Give exactly one of address, file and text.")
    words, stance = check_words(words, stance, bool(address.strip()))
    if EvidenceRequest.objects.filter(person=person, status__in=WAITING).count() >= MOST_WAITING:
        raise EvidenceRequestError(f"{MOST_WAITING} of your requests still wait. Hand in more when they were read.")
    made = EvidenceRequest(country=country, question=question, cycle=cycle, person=person, note=note.strip()[:2000])
    made.words, made.stance = words, stance
    desk = desk_settings()
    if upload is not None:
        check_upload(upload[1])
        made.kind, made.file_name = EvidenceRequest.Kind.FILE, plain_name(upload[0])
        made.digest = keep_upload(upload[1], desk)
    elif address.strip():
        made.kind, made.address = EvidenceRequest.Kind.ADDRESS, check_address(address)
    else:
        if len(text) > TEXT_CHARACTERS:
            raise EvidenceRequestError(f"The text is longer than {TEXT_CHARACTERS:,} characters. Hand it in as a file.")
        made.kind, made.text = EvidenceRequest.Kind.TEXT, text.strip()
        made.digest = keep_upload(made.text.encode(), desk)
    made.save()
    write_audit(
        "evidence_requested",
        by=person,
        country=country,
        question=question,
        cycle=cycle,
        subject=made.id,
        new={"kind": made.kind, "address": made.address, "digest": made.digest},
        why=made.note,
    )
    return made


def open_requests(country: str, settings: Settings | None) -> Sequence[OpenRequest]:
    """Return unsettled requests, oldest first."""
    from review.services.handed_in import open_form

    folder = uploads_folder(settings or desk_settings())
    waiting = EvidenceRequest.objects.filter(country=country, status__in=WAITING).select_related("person")
    return [open_form(row, folder) for row in waiting.order_by("requested_at")]


def countries_with_uploads() -> list[str]:
    """Return the countries for which files or texts wait, in alphabetical order."""
    waiting = EvidenceRequest.objects.filter(status__in=WAITING).exclude(kind=EvidenceRequest.Kind.ADDRESS)
    return sorted(set(waiting.values_list("country", flat=True)))


def take_upload(request: OpenRequest, settings: Settings | None) -> bytes | None:
    """Note that a job reads an upload and return its bytes; None when they are lost, which settles the request."""
    from review.services.handed_in import UploadLostError, upload_payload

    EvidenceRequest.objects.filter(id=request.id, status__in=WAITING).update(status=EvidenceRequest.Status.TAKEN)
    try:
        return upload_payload(request.digest, settings or desk_settings())
    except UploadLostError as error:
        settle(request.id, False, str(error))
        return None


def settle(request_id: str, succeeded: bool, outcome: str) -> None:
    """Note how the job fared."""
    status = EvidenceRequest.Status.DONE if succeeded else EvidenceRequest.Status.FAILED
    row = EvidenceRequest.objects.get(id=request_id)
    row.status, row.outcome, row.settled_at = status, outcome, timezone.now()
    row.save()
    write_audit(
        "evidence_request_settled",
        by="gcidesk",
        country=row.country,
        question=row.question,
        cycle=row.cycle,
        subject=row.id,
        new={"status": status, "outcome": outcome},
    )
