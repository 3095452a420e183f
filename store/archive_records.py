"""Our own WARC records: how an exchange becomes bytes, and how a record's headers become an index entry.

Belongs here: the form of request, response, revisit and warcinfo records. Does not belong here: files (`archive`).
"""

from __future__ import annotations

import base64
import hashlib
import io
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from store.archive_reading import Headers, parse_warc_date

_COMPRESSION = 5
_DECODED_DIGEST = "GCIDESK-Decoded-Digest"
_ORIGIN = "GCIDESK-Origin"
_IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"


@dataclass(frozen=True)
class StoredRecord:
    """Where a payload lies: `file` relative to the archive folder, `offset` of the record that holds the payload."""

    url: str
    captured_at: datetime
    digest: str
    record_type: Literal["response", "revisit"]
    file: str
    offset: int
    payload_file: str = ""
    """File of the record that holds the payload: the record's own, or of the one a revisit refers to."""
    payload_offset: int = 0
    refers_to_url: str = ""
    refers_to_date: str = ""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A request and its answer, as they go into the archive."""

    url: str
    captured_at: datetime
    http_status: int
    headers: Headers
    body: bytes
    """As received, after transfer decoding and before content decoding; empty for 304."""
    payload: bytes
    """After content decoding; for 304 empty."""
    reason: str = ""
    request_headers: Headers = ()
    ip_address: str = ""
    origin: str = ""
    """Set when the exchange was imported from another archive: no request record is written then."""
    earlier: StoredRecord | None = None
    """The record of the payload that a 304 answer confirms."""


def warc_date(moment: datetime) -> str:
    """Return a moment as WARC-Date, UTC, with microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _member(plain: bytes) -> bytes:
    deflater = zlib.compressobj(_COMPRESSION, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return deflater.compress(plain) + deflater.flush()


def warcinfo_member(name: str) -> bytes:
    """Return the member that opens a file."""
    sink = io.BytesIO()
    writer = WARCWriter(sink, gzip=False, warc_version="1.1")
    writer.write_record(writer.create_warcinfo_record(name, {"software": "gcidesk", "format": "WARC File Format 1.1"}))
    return _member(sink.getvalue())


def exchange_members(exchange: Exchange, digest: str, known: StoredRecord | None) -> tuple[bytes, bytes, str]:
    """Return the request member (empty for imports), the response or revisit member, and the date referred to."""
    sink = io.BytesIO()
    writer = WARCWriter(sink, gzip=False, warc_version="1.1")
    date = warc_date(exchange.captured_at)
    stored_digest = base64.b32encode(hashlib.sha256(exchange.body).digest()).decode()
    own = {"WARC-Date": date, _DECODED_DIGEST: f"sha256:{digest}"}
    if exchange.ip_address:
        own["WARC-IP-Address"] = exchange.ip_address
    if exchange.origin:
        own[_ORIGIN] = _one_line(exchange.origin)
    status = StatusAndHeaders(
        f"{exchange.http_status} {_one_line(exchange.reason)}".strip(), _stored_headers(exchange.headers), "HTTP/1.1"
    )
    refers = ""
    if known is None:
        own["WARC-Payload-Digest"] = f"sha256:{stored_digest}"
        record = writer.create_warc_record(
            exchange.url, "response", payload=io.BytesIO(exchange.body), length=len(exchange.body),
            http_headers=status, warc_headers_dict=own,
        )  # fmt: skip
    else:
        refers = known.refers_to_date or warc_date(known.captured_at)
        own["WARC-Profile"] = _NOT_MODIFIED if exchange.http_status == 304 else _IDENTICAL
        own["WARC-Refers-To-Target-URI"] = known.refers_to_url or known.url
        own["WARC-Refers-To-Date"] = refers
        own["WARC-Payload-Digest"] = f"sha256:{stored_digest}" if exchange.http_status != 304 else f"sha256:{digest}"
        own["GCIDESK-Payload-Place"] = f"{known.payload_offset} {known.payload_file}"
        record = writer.create_warc_record(
            exchange.url, "revisit", payload=io.BytesIO(b""), length=0, http_headers=status, warc_headers_dict=own
        )
    writer.write_record(record)
    response = _member(sink.getvalue())
    if exchange.origin:
        return b"", response, refers
    return _member(_request(exchange, date, record.rec_headers.get_header("WARC-Record-ID"))), response, refers


def _request(exchange: Exchange, date: str, concurrent_to: str) -> bytes:
    sink = io.BytesIO()
    writer = WARCWriter(sink, gzip=False, warc_version="1.1")
    _, _, rest = exchange.url.partition("://")
    path = "/" + rest.partition("/")[2]
    head = StatusAndHeaders(f"GET {path} HTTP/1.1", list(exchange.request_headers), is_http_request=True)
    record = writer.create_warc_record(
        exchange.url, "request", payload=io.BytesIO(b""), length=0, http_headers=head,
        warc_headers_dict={"WARC-Date": date, "WARC-Concurrent-To": concurrent_to},
    )  # fmt: skip
    writer.write_record(record)
    return sink.getvalue()


def _stored_headers(headers: Headers) -> list[tuple[str, str]]:
    """Headers as received; transfer coding was undone on the way, so its header is kept under another name."""
    return [
        (f"X-Archive-Orig-{name}" if name.lower() == "transfer-encoding" else _one_line(name), _one_line(value))
        for name, value in headers
    ]


def _one_line(value: str) -> str:
    return value.replace("\r", " ").replace("\n", " ").replace("\0", " ")


def entry_from_headers(record: Any, file: str, offset: int) -> StoredRecord | None:
    """Return the index entry of a record of ours, or None when it holds no payload."""
    headers = record.rec_headers
    moment = parse_warc_date(headers.get_header("WARC-Date") or "")
    digest = (headers.get_header(_DECODED_DIGEST) or "").removeprefix("sha256:")
    if record.rec_type not in ("response", "revisit") or moment is None or not digest:
        return None
    url = headers.get_header("WARC-Target-URI") or ""
    if record.rec_type == "response":
        return StoredRecord(url, moment, digest, "response", file, offset, file, offset)
    place, _, payload_file = (headers.get_header("GCIDESK-Payload-Place") or "0 ").partition(" ")
    return StoredRecord(
        url, moment, digest, "revisit", file, offset, payload_file, int(place),
        headers.get_header("WARC-Refers-To-Target-URI") or "", headers.get_header("WARC-Refers-To-Date") or "",
    )  # fmt: skip
