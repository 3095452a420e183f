"""Files and texts that people handed in: what a job reads out of them is kept beside the decisions, never in the lake.

Belongs here: keeping readings and quotes, reading them back as rows, and proving them. Does not belong here: reading a
file or matching it (a job of `assets.handed_in` does both), or who may see a quote (`visibility`).
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from review.desk import desk_settings
from review.models import EvidenceRequest, HandedInQuote, HandedInReading
from review.services import OpenRequest
from review.services.anchors import HANDED_IN, Anchor
from review.services.evidence_requests import settle, uploads_folder
from store.digests import identify, payload_digest
from store.errors import GcideskError, MissingDataError
from store.readings import Reading, decode_reading, encode_reading
from store.settings import Settings
from store.tables import DocumentRow, EvidenceRow, Passage

SOURCE_KIND = "handed_in"
BY_A_PERSON = "chosen by a person"
"""Stands among the rules of a quote whose words a person named."""
AROUND = 60
_MOMENTS = {"captured_at": datetime, "dated_on": date, "in_force_from": date}


class UploadLostError(GcideskError):
    """The bytes of an upload are gone or are not what was handed in."""


def document_of(request: OpenRequest, reading: Reading, at: datetime) -> DocumentRow:
    """Return an upload as a document row, in memory only: it never enters the lake."""
    return DocumentRow(
        country=request.country,
        document_id=request.digest,
        name=request.file_name,
        url="",
        other_urls=(),
        captured_at=at,
        origin=f"{HANDED_IN}a {request.by} (SHA-256 {request.digest}), not fetched by us",
        source_kind=SOURCE_KIND,
        official=False,
        format=reading.format,
        status=reading.status,
        reason=reading.reason,
        title=reading.title,
        language=reading.language,
        languages=reading.languages,
        published_on=reading.published_on,
        pages=len(reading.pages),
        characters=len(reading.text),
        reader_version=reading.reader_version,
        text_layer_id=reading.text_layer_id,
    )


def upload_payload(digest: str, desk: Settings) -> bytes:
    """Return the bytes of an upload; raises UploadLostError when they are gone or differ from their digest."""
    try:
        payload = (uploads_folder(desk) / Path(digest).name).read_bytes()
    except OSError as error:
        raise UploadLostError(f"The upload {digest} cannot be opened ({error.strerror}). Hand it in again.") from error
    if payload_digest(payload) != digest:
        raise UploadLostError(f"The upload {digest} differs from its digest. Hand it in again.")
    return payload


def keep(request: OpenRequest, reading: Reading, found: Sequence[EvidenceRow]) -> int:
    """Keep what a job read of one upload and settle its request; returns how many quotes bear on its question.

    `found` are the matcher's rows for all questions. Words that the person named are looked for besides; they count
    with the stance that the person gave them.
    """
    if not reading.is_read:
        settle(request.id, False, f"It could not be read: {reading.reason or reading.status}")
        return 0
    at = timezone.now()
    named = named_quote(request, reading, at)
    rows = {row.evidence_id: row for row in found if row.question == request.question and is_storable(row)}
    if named is not None:
        rows[named.evidence_id] = named
    with transaction.atomic():
        if EvidenceRequest.objects.select_for_update().get(id=request.id).settled_at is not None:
            return 0  # another run was quicker
        _keep_reading(request.digest, reading)
        HandedInQuote.objects.bulk_create(
            [_quote(request, row) for row in rows.values()],
            ignore_conflicts=True,
        )
        lost = bool(request.words) and named is None
        settle(request.id, bool(rows) or not lost, _outcome(request, reading, found, len(rows), lost))
    return len(rows)


def _keep_reading(digest: str, reading: Reading) -> None:
    """Keep a reading once; two runs, or two people's requests for the same bytes, may come here at the same time."""
    kept = HandedInReading(
        digest=digest,
        reader_version=reading.reader_version,
        text_layer_id=reading.text_layer_id,
        reading=gzip.compress(encode_reading(reading), compresslevel=6, mtime=0),
    )
    HandedInReading.objects.bulk_create([kept], ignore_conflicts=True)


def _quote(request: OpenRequest, row: EvidenceRow) -> HandedInQuote:
    return HandedInQuote(
        request_id=request.id,
        country=request.country,
        question=request.question,
        evidence_id=row.evidence_id,
        digest=row.document_id,
        text_layer_id=row.text_layer_id,
        row=row_as_json(row),
    )


def _outcome(request: OpenRequest, reading: Reading, found: Sequence[EvidenceRow], kept: int, lost: bool) -> str:
    quotes = f"{kept} quote{'' if kept == 1 else 's'}"
    parts = [f"Read: {len(reading.text):,} characters, {quotes} for {request.question}."]
    if lost:
        parts.append("The words that you named do not stand in it; copy them as they stand there.")
    elif not kept:
        parts.append("The machine found nothing in it. Hand it in again with the words that prove it.")
    others = sorted({row.question for row in found} - {request.question})
    if others:
        parts.append(f"It may also bear on {', '.join(others[:8])}: hand it in there too.")
    if reading.reason:
        parts.append(reading.reason)
    return " ".join(parts)


def named_quote(request: OpenRequest, reading: Reading, at: datetime) -> EvidenceRow | None:
    """Return the words that a person named as a row of evidence, or None when they do not stand in the text layer."""
    if not request.words:
        return None
    match = re.search(r"\s+".join(map(re.escape, request.words.split())), reading.text)
    if match is None:
        return None
    start, end = match.span()
    document = document_of(request, reading, at)
    passage = _passage_at(reading, start)
    return EvidenceRow(
        country=request.country,
        evidence_id=identify(reading.text_layer_id, str(start), str(end), request.question),
        question=request.question,
        stance=request.stance or "in_place",
        score=1.0,
        quote=reading.text[start:end],
        prefix=reading.text[max(0, start - AROUND) : start],
        suffix=reading.text[end : end + AROUND],
        page=passage.page if passage else None,
        start=start,
        end=end,
        language=passage.language if passage else reading.language,
        document_id=document.document_id,
        text_layer_id=reading.text_layer_id,
        passage_id=identify(reading.text_layer_id, str(passage.start), str(passage.end)) if passage else "",
        url="",
        document_name=document.name,
        document_title=document.title,
        captured_at=at,
        origin=document.origin,
        source_strength="third_party",
        dated_on=None,
        document_kind="other",
        act="",
        act_status="",
        article=passage.article if passage else "",
        rules=(BY_A_PERSON,),
        features="{}",
        ocr_confidence=passage.ocr_confidence if passage else None,
        fact="",
        matcher_version=BY_A_PERSON,
        reader_version=reading.reader_version,
    )


def _passage_at(reading: Reading, place: int) -> Passage | None:
    return next((entry for entry in reading.passages if entry.start <= place < entry.end), None)


def is_storable(row: EvidenceRow) -> bool:
    """Tell whether a database can hold a row: no zero letters, no halves of letters."""
    text = "".join((row.quote, row.prefix, row.suffix, row.document_title, row.document_name, row.act, row.article))
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def row_as_json(row: EvidenceRow) -> dict[str, Any]:
    """Return a row of evidence for storing."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in asdict(row).items()}


def row_from_json(stored: Mapping[str, Any]) -> EvidenceRow:
    """Return the row that `row_as_json` stored; a column that is younger than the quote is empty."""
    values = {name: stored[name] if name in stored else _empty(name) for name in EvidenceRow.__dataclass_fields__}
    for key, kind in _MOMENTS.items():
        if values.get(key):
            values[key] = kind.fromisoformat(values[key])
    lists = {name: tuple(values.get(name, ())) for name in ("rules", "unreliable_digits")}
    return EvidenceRow(**{**values, **lists})


def _empty(name: str) -> Any:
    column = EvidenceRow.__dataclass_fields__[name]
    if column.default is not MISSING:
        return column.default
    written = str(column.type)
    return None if "None" in written else () if "tuple" in written else "" if "str" in written else 0


def load_handed_in(digest: str, text_layer_id: str = "") -> Reading:
    """Return the newest reading of an upload, or that of one text layer; raises MissingDataError when there is none."""
    rows = HandedInReading.objects.filter(digest=digest)
    kept = (rows.filter(text_layer_id=text_layer_id) if text_layer_id else rows).order_by("-id").first()
    if kept is None:
        raise MissingDataError(f"Upload {digest} was not read yet. A job reads it within a minute of 'gcidesk serve'.")
    return decode_reading(gzip.decompress(bytes(kept.reading)))


def proven_text(digest: str, text_layer_id: str, desk: Settings) -> str:
    """Return a text layer of an upload after its proof: bytes by digest, layer by its own; raises GcideskError."""
    upload_payload(digest, desk)
    reading = load_handed_in(digest, text_layer_id)
    if reading.text_layer_id != text_layer_id:
        raise UploadLostError(f"The text layer of upload {digest} changed since the quote was taken.")
    return reading.text


def rows_of(country: str) -> dict[str, list[EvidenceRow]]:
    """Return all quotes handed in for a country by question, whoever may see them; one query. For checks, not pages."""
    found: dict[str, list[EvidenceRow]] = {}
    for quote in HandedInQuote.objects.filter(country=country).order_by("id"):
        found.setdefault(quote.question, []).append(row_from_json(quote.row))
    return found


def faults_of(country: str, settings: Settings | None) -> tuple[int, int, list[tuple[str, str]]]:
    """Check every quote handed in for a country; returns quotes, uploads, and what is wrong with which upload."""
    desk = settings or desk_settings()
    layers: dict[tuple[str, str], list[EvidenceRow]] = {}
    for rows in rows_of(country).values():
        for row in rows:
            layers.setdefault((row.document_id, row.text_layer_id), []).append(row)
    faults = [fault for layer, rows in layers.items() for fault in _faults_in(layer, rows, desk)]
    return sum(map(len, layers.values())), len({digest for digest, _ in layers}), faults


def _faults_in(layer: tuple[str, str], rows: Sequence[EvidenceRow], desk: Settings) -> Iterator[tuple[str, str]]:
    subject = f"upload {layer[0]}"
    try:
        text = proven_text(*layer, desk)
    except GcideskError as error:
        yield subject, str(error)
        return
    for row in rows:
        if text[row.start : row.end] != row.quote:
            yield subject, f"{row.question}: the quote does not stand at {row.start} to {row.end} any more"


def is_proven(anchor: Anchor, desk: Settings, texts: dict[tuple[str, str], str | None]) -> bool:
    """Tell whether an anchor of an upload still stands; `texts` keeps what was read, None for what is lost."""
    key = (anchor.text_layer_id, anchor.document_id)
    if key not in texts:
        try:
            texts[key] = proven_text(anchor.document_id, anchor.text_layer_id, desk)
        except GcideskError:
            texts[key] = None  # the upload or its reading is gone: the quote is not intact, and the gate says so
    text = texts[key]
    return text is not None and text[anchor.start : anchor.end] == anchor.quote


@dataclass(frozen=True)
class Upload:
    """One upload as a page may show it."""

    document: DocumentRow
    rows: tuple[EvidenceRow, ...]


def upload_of(request: EvidenceRequest, rows: Sequence[EvidenceRow]) -> Upload:
    """Return the document of a request that was read, with the quotes that the person who looks may see."""
    reading = load_handed_in(request.digest)
    document = document_of(open_form(request, Path()), reading, request.settled_at or request.requested_at)
    return Upload(document, tuple(replace(row, document_name=document.name) for row in rows))


def open_form(row: EvidenceRequest, folder: Path) -> OpenRequest:
    """Return a request in the form that jobs work with; `folder` holds the uploads."""
    return OpenRequest(
        id=str(row.id),
        country=row.country,
        question=row.question,
        kind=row.kind,
        address=row.address,
        file=folder / row.digest if row.digest else None,
        file_name=row.file_name or "text.txt",
        digest=row.digest,
        words=row.words,
        stance=row.stance,
        by=row.person.role,
    )
