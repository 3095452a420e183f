"""Which captures of a country count.

Belongs here: joining the captures of a new crawl to those of earlier ones. Does not belong here: making captures
(`spiders`) or storing payloads (`archive`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from store.tables import CaptureRow

READABLE_QUALITY = 0.5
"""Below this quality a capture stays in the archive but feeds no evidence."""

NOT_MODIFIED = 304
FETCHED = "fetched by us"


def is_readable(capture: CaptureRow) -> bool:
    """Whether a capture may feed evidence: it is the page, and no other page of its host is read in its place."""
    return is_page(capture) and not capture.copy_of


def is_page(capture: CaptureRow) -> bool:
    """Whether the server sent or confirmed a page, and it is the page that it claims to be."""
    return _is_answered(capture) and capture.quality >= READABLE_QUALITY and capture.payload_bytes > 0


def is_poor(capture: CaptureRow) -> bool:
    """Whether the server answered well with something else than the page, such as a login form, or with nothing."""
    return _is_answered(capture) and not is_page(capture) and not capture.copy_of


def _is_answered(capture: CaptureRow) -> bool:
    return capture.http_status in range(200, 300) or capture.http_status == NOT_MODIFIED


def last_seen(capture: CaptureRow) -> datetime:
    """Return when the address last answered with this capture's payload or the same text."""
    return max(capture.captured_at, capture.confirmed_at or capture.captured_at)


def join_captures(earlier: Iterable[CaptureRow], new: Iterable[CaptureRow]) -> list[CaptureRow]:
    """Return the captures that count, one an address: the newest readable one, else the newest.

    A page that is gone tonight keeps its last good capture: the archive still holds the proof. A page that answered
    with the same payload, with 304, or with other dates, counters or menus keeps its capture, confirmed at the time of
    the answer: it is not read again, and what was quoted from it stays where it was found. Of pages of one host with
    the same text (print views, sessions in the address) the one nearest to a seed is read.
    """
    best: dict[str, CaptureRow] = {}
    for capture in [*earlier, *new]:
        known = best.get(capture.url)
        if known is None:
            best[capture.url] = capture
        elif _confirms(capture, known):
            best[capture.url] = _confirmed(known, capture)
        elif _rank(capture) >= _rank(known):
            best[capture.url] = capture
    return sorted(_name_copies(best.values()), key=lambda capture: (capture.captured_at, capture.url))


def _name_copies(captures: Iterable[CaptureRow]) -> Iterator[CaptureRow]:
    """Yield captures with `copy_of` set where another page of the host has the same substance in another payload.

    The same payload under two addresses is one document already.
    """
    originals: dict[tuple[str, str], CaptureRow] = {}
    for capture in sorted(captures, key=lambda one: (one.depth, len(one.url), one.url)):
        original = capture
        if capture.substance and is_page(capture):
            place = (urlsplit(capture.url).hostname or "", capture.substance)
            original = originals.setdefault(place, capture)
        copy_of = original.url if original.payload_digest != capture.payload_digest else ""
        yield capture if capture.copy_of == copy_of else replace(capture, copy_of=copy_of)


def _confirms(capture: CaptureRow, known: CaptureRow) -> bool:
    """Whether an answer says of an earlier capture that its page is still so."""
    if not is_page(capture) or not is_page(known) or last_seen(capture) < known.captured_at:
        return False
    if _was_fetched(capture) and not _was_fetched(known):
        return False  # bytes that we fetched are better proof than bytes that were handed in
    if capture.payload_digest == known.payload_digest:
        return True
    return bool(capture.substance) and capture.substance == known.substance


def _confirmed(known: CaptureRow, capture: CaptureRow) -> CaptureRow:
    """Return the earlier capture with the time of the answer, and with validators and source as they are known now."""
    return replace(
        known, confirmed_at=max(last_seen(known), last_seen(capture)), change=capture.change,
        resembles=capture.resembles, substance=capture.substance or known.substance, etag=capture.etag or known.etag,
        last_modified=capture.last_modified or known.last_modified, source_kind=capture.source_kind,
        source_provenance=capture.source_provenance, source_confidence=capture.source_confidence,
    )  # fmt: skip


def _was_fetched(capture: CaptureRow) -> bool:
    return capture.origin == FETCHED


def _rank(capture: CaptureRow) -> tuple[bool, float]:
    return is_page(capture), last_seen(capture).timestamp()
