"""Responses out of WARC files, our own or handed in.

Belongs here: turning records into addresses, times, headers and payloads, with a fault for what cannot be read. Does
not belong here: writing records, or the index of our own archive (`archive`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from store.archive_coding import DecodingError, decode_body, undo_chunks
from store.archive_members import ArchiveFault, RawRecord, walk_records

Headers = tuple[tuple[str, str], ...]
_RECORD_TYPES = {"response", "revisit", "resource"}


@dataclass(frozen=True)
class ArchivedResponse:
    """A response as an archive holds it; `payload` is the body after transfer and content decoding."""

    url: str
    captured_at: datetime
    http_status: int
    headers: Headers
    payload: bytes
    offset: int
    ordinal: int = 0
    """Position inside the gzip member at `offset`, from 0."""
    original: tuple[int, int] | None = None
    """Of a revisit: offset and ordinal of the record that holds the payload."""

    def header(self, name: str) -> str:
        """Return the first header of that name, or an empty string."""
        return first_header(self.headers, name)


def first_header(headers: Headers, name: str) -> str:
    """Return the value of the first header of that name, case aside, or an empty string."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), "")


def read_responses(path: Path) -> Iterator[ArchivedResponse | ArchiveFault]:
    """Yield every response of a WARC file in its order, and a fault with file and offset for what cannot be read.

    A `revisit` record yields the payload of the response in the same file that it refers to. A file that is cut off
    yields all that stands before the cut; a file that is no WARC yields one fault.
    """
    originals: dict[str, tuple[int, int]] = {}
    try:
        for item in walk_records(path):
            if isinstance(item, ArchiveFault):
                yield item
                continue
            if item.record.rec_type not in _RECORD_TYPES:
                continue
            found = _response(path, item, originals)
            yield found
            if isinstance(found, ArchivedResponse) and item.record.rec_type != "revisit":
                _remember(originals, item, found)
    except OSError as error:
        yield ArchiveFault(path, 0, f"the file cannot be read ({error.strerror or error})")


def read_response_at(path: Path, offset: int, ordinal: int = 0) -> ArchivedResponse | ArchiveFault:
    """Return the response whose record stands at an offset; revisit records are not resolved here."""
    for item in walk_records(path, offset):
        if isinstance(item, ArchiveFault):
            return item
        if item.ordinal == ordinal or item.offset != offset:
            return _response(path, item, {})
    return ArchiveFault(path, offset, "no record stands here")


def _remember(originals: dict[str, tuple[int, int]], item: RawRecord, found: ArchivedResponse) -> None:
    headers = item.record.rec_headers
    place = (item.offset, item.ordinal)
    originals[_reference(found.url, headers.get_header("WARC-Date"))] = place
    digest = headers.get_header("WARC-Payload-Digest")
    if digest:
        originals.setdefault(digest, place)


def _reference(url: str, date: str | None) -> str:
    return f"{url} {date or ''}"


def _response(path: Path, item: RawRecord, originals: dict[str, tuple[int, int]]) -> ArchivedResponse | ArchiveFault:
    record = item.record
    url = (record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>")
    moment = parse_warc_date(record.rec_headers.get_header("WARC-Date") or "")
    if not url or moment is None:
        return ArchiveFault(path, item.offset, "the record states no address or no readable date")
    try:
        status, headers = _head(record)
    except ValueError:
        return ArchiveFault(path, item.offset, f"the HTTP status line of {url} cannot be read")
    if record.rec_type == "revisit":
        return _revisited(path, item, originals, (url, moment, headers))
    try:
        payload = payload_of(headers, item.body)
    except DecodingError as error:
        return ArchiveFault(path, item.offset, f"{url}: {error}")
    return ArchivedResponse(url, moment, status, headers, payload, item.offset, item.ordinal)


def _revisited(
    path: Path, item: RawRecord, originals: dict[str, tuple[int, int]], head: tuple[str, datetime, Headers]
) -> ArchivedResponse | ArchiveFault:
    url, moment, headers = head
    refers = item.record.rec_headers
    target = refers.get_header("WARC-Refers-To-Target-URI") or url
    place = originals.get(_reference(target, refers.get_header("WARC-Refers-To-Date")))
    place = place or originals.get(refers.get_header("WARC-Payload-Digest") or "")
    if place is None:
        return ArchiveFault(path, item.offset, f"{url} refers to an earlier capture that is not in this file")
    original = read_response_at(path, *place)
    if isinstance(original, ArchiveFault):
        return original
    known = {name.lower() for name, _ in headers}
    kept = tuple((name, value) for name, value in original.headers if name.lower() not in known)
    headers = (*headers, *kept)
    return ArchivedResponse(
        url, moment, original.http_status, headers, original.payload, item.offset, item.ordinal, place
    )  # fmt: skip


def _head(record: Any) -> tuple[int, Headers]:
    if record.rec_type == "resource" or record.http_headers is None:
        media_type = record.rec_headers.get_header("Content-Type") or ""
        return 200, (("Content-Type", media_type),)
    status = int(record.http_headers.get_statuscode())
    return status, tuple((str(name), str(value)) for name, value in record.http_headers.headers)


def payload_of(headers: Headers, body: bytes) -> bytes:
    """Return the payload of a stored body; raises DecodingError when a limit is passed or the coding is broken."""
    if "chunked" in first_header(headers, "Transfer-Encoding").lower():
        body = undo_chunks(body)
    return decode_body(body, first_header(headers, "Content-Encoding"))


def parse_warc_date(text: str) -> datetime | None:
    """Return a WARC-Date as a moment in UTC, or None when it cannot be read."""
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
