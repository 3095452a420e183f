"""A captured repository page and what it holds.

Belongs here: the data classes between fetching and facts, and telling a body's form by its bytes. Does not belong here:
reading (`reading`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import unquote, urlsplit

from extractors.reader import ReaderPool
from store.archive import read_payload
from store.captures import NOT_MODIFIED
from store.readings import Reading, save_reading
from store.settings import Settings
from store.tables import CaptureRow, FactRow


@dataclass(frozen=True, kw_only=True)
class Page:
    """A captured repository page: where and when it was seen, and the body.

    `reading` is the general reader's reading; only shapes of text (PDF, UN reports) need it.
    """

    url: str
    captured_at: datetime
    origin: str
    payload: bytes
    declared_type: str = ""
    declared_charset: str = ""
    reading: Reading | None = None


@dataclass(frozen=True, kw_only=True)
class PageFacts:
    """What one page holds."""

    reading: Reading
    rows: tuple[FactRow, ...]
    found: int
    """Rows that the shape found, before attribution."""
    unattributed: tuple[str, ...]
    """Texts that say whose a row is where that is no country of ours."""


def form_of(payload: bytes) -> str:
    """Return what a body is by its bytes: pdf, json, xml, html or text."""
    start = payload[:2000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"%PDF"):
        return "pdf"
    if start[:1] in (b"{", b"["):
        return "json"
    lowered = start.lower()
    if b"<html" in lowered or b"<!doctype html" in lowered or b"<body" in lowered:
        return "html"
    if lowered.startswith(b"<?xml"):
        return "xml"
    return "html" if lowered.startswith(b"<") else "text"


def captured_pages(settings: Settings, captures: Iterable[CaptureRow]) -> Iterator[Page]:
    """Yield the pages of a repository's crawl that were answered with a body, or confirmed without sending it again.

    The general judgement of a page's quality is not asked: the contract knows the page better.
    """
    for capture in captures:
        answered = capture.http_status in range(200, 300) or capture.http_status == NOT_MODIFIED
        if answered and capture.payload_bytes > 0:
            yield Page(
                url=capture.url,
                captured_at=capture.captured_at,
                origin=capture.origin,
                payload=read_payload(settings, capture),
                declared_type=capture.declared_type,
                declared_charset=capture.declared_charset,
            )


def general_reading(settings: Settings, pool: ReaderPool) -> Callable[[Page], Reading]:
    """Return the function that makes, and keeps, the general reading of a page."""

    def read(page: Page) -> Reading:
        name = unquote(urlsplit(page.url).path.rstrip("/").rsplit("/", 1)[-1]) or page.url
        reading = pool.read(
            page.payload, name=name, declared_type=page.declared_type, declared_charset=page.declared_charset
        )
        save_reading(settings, reading)
        return reading

    return read
