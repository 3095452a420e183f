"""Answers: what came back for one request, and to which class it belongs.

Belongs here: the data class of an answer, its classes (page, unchanged, redirect, passing and lasting failure), and the
rows made from it. Does not belong here: where answers come from (`live`, `replay`) or what follows for the frontier
(`crawl`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from spiders.endings import Ended
from spiders.job import CrawlJob, Seed
from spiders.quality import Quality
from store.archive import Exchange, StoredRecord, capture_id
from store.archive_reading import Headers, first_header
from store.captures import FETCHED
from store.tables import CaptureRow, IssueRow, now

AnswerClass = Literal["page", "unchanged", "redirect", "passing", "lasting"]

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 527, 530})
"""Status codes after which the same request may succeed later."""

MAX_REDIRECTS = 10


@dataclass(frozen=True, kw_only=True)
class Received:
    """An answer as it came over the wire or out of an archive."""

    url: str
    captured_at: datetime
    http_status: int
    headers: Headers
    body: bytes
    """After transfer decoding, before content decoding."""
    reason: str = ""
    request_headers: Headers = ()
    ip_address: str = ""
    origin: str = ""
    """'imported from FILE (SHA-256 …), not fetched by us', or empty when we fetched it."""
    latency: float = 0.0
    tls_exception: str = ""
    ended: Ended = "length"

    def header(self, name: str) -> str:
        """Return the first header of that name, or an empty string."""
        return first_header(self.headers, name)

    @property
    def answer_class(self) -> AnswerClass:
        """What kind of answer it is."""
        if 200 <= self.http_status < 300:
            return "page"
        if self.http_status == 304:
            return "unchanged"
        if self.http_status in REDIRECTS and self.header("Location"):
            return "redirect"
        return "passing" if self.http_status in PASSING else "lasting"

    def as_exchange(self, payload: bytes, earlier: StoredRecord | None = None) -> Exchange:
        """Return the form in which the archive stores it."""
        return Exchange(
            url=self.url, captured_at=self.captured_at, http_status=self.http_status, headers=self.headers,
            body=self.body, payload=payload, reason=self.reason, request_headers=self.request_headers,
            ip_address=self.ip_address, origin=self.origin, earlier=earlier,
        )  # fmt: skip


@dataclass(frozen=True)
class Failure:
    """A request that got no usable answer; `code` is the stable short name for the issue."""

    code: str
    message: str
    passing: bool
    latency: float = 0.0


def split_type(content_type: str) -> tuple[str, str]:
    """Return media type and charset of a Content-Type header, lower case, either may be empty."""
    media_type, _, parameters = content_type.partition(";")
    charset = ""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip("\"'").lower()
    return media_type.strip().lower(), charset


@dataclass(frozen=True, kw_only=True)
class Origin:
    """How a page was come upon."""

    seed: Seed | None
    found_on: str
    link_text: str
    depth: int


def make_capture(
    job: CrawlJob,
    received: Received,
    stored: StoredRecord,
    *,
    origin: Origin,
    quality: Quality,
    size: int,
    change: str,
    substance: str = "",
    resembles: str = "",
    payload_at: datetime | None = None,
) -> CaptureRow:
    """Return the row of a capture; `size` is the payload's length in bytes.

    `payload_at` is set for an answer that confirms a payload received at that earlier time.
    """
    media_type, charset = split_type(received.header("Content-Type"))
    seed = origin.seed or Seed(url="")
    captured_at = payload_at or received.captured_at
    return CaptureRow(
        country=job.country,
        capture_id=capture_id(received.url, captured_at, stored.digest),
        crawl=job.crawl,
        url=received.url,
        captured_at=captured_at,
        http_status=received.http_status,
        declared_type=media_type,
        declared_charset=charset,
        payload_digest=stored.digest,
        payload_bytes=size,
        record_type=stored.record_type,
        warc_file=stored.payload_file,
        warc_offset=stored.payload_offset,
        origin=received.origin or FETCHED,
        source_kind=seed.kind,
        source_provenance=seed.provenance,
        source_confidence=seed.confidence,
        found_on=origin.found_on,
        link_text=origin.link_text,
        depth=origin.depth,
        etag=received.header("ETag")[:300],
        last_modified=received.header("Last-Modified")[:100],
        tls_exception=received.tls_exception,
        quality=quality.score,
        quality_reason=quality.reason,
        change=change,
        confirmed_at=received.captured_at if payload_at is not None else None,
        substance=substance,
        resembles=resembles,
    )


def make_issue(
    job: CrawlJob, code: str, subject: str, message: str, *, lasting: bool, offset: int | None = None
) -> IssueRow:
    """Return the row of an issue of this crawl or replay."""
    return IssueRow(
        country=job.country,
        stage="replay" if job.mode == "replay" else "crawl",
        subject=subject,
        code=code,
        message=message,
        lasting=lasting,
        offset=offset,
        occurred_at=now(),
    )
