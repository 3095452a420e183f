"""A captured repository page and what it holds.

Belongs here: the data classes between fetching and facts, and telling a body's form by its bytes. Does not belong here:
reading (`reading`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.readings import Reading
from store.tables import FactRow


@dataclass(frozen=True, kw_only=True)
class Page:
    """A captured repository page: where and when it was seen, and the body.

    `reading` is the general reader's reading; only shapes of text (PDF, UN reports) need it.
    """

    url: str
    captured_at: datetime
    origin: str
    payload: bytes
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
