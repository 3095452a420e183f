"""Which captures of a country count.

Belongs here: joining the captures of a new crawl to those of earlier ones. Does not belong here: making captures
(`spiders`) or storing payloads (`archive`).
"""

from __future__ import annotations

from collections.abc import Iterable

from store.tables import CaptureRow

READABLE_QUALITY = 0.5
"""Below this quality a capture stays in the archive but feeds no evidence."""


def is_readable(capture: CaptureRow) -> bool:
    """Whether a capture may feed evidence: the server answered with the page, and it is the page."""
    return capture.http_status in range(200, 300) and capture.quality >= READABLE_QUALITY and capture.payload_bytes > 0


def join_captures(earlier: Iterable[CaptureRow], new: Iterable[CaptureRow]) -> list[CaptureRow]:
    """Return the captures that count, one an address: the newest readable one, else the newest.

    A page that is gone tonight keeps its last good capture: the archive still holds the proof.
    """
    best: dict[str, CaptureRow] = {}
    for capture in [*earlier, *new]:
        known = best.get(capture.url)
        if known is None or _rank(capture) >= _rank(known):
            best[capture.url] = capture
    return sorted(best.values(), key=lambda capture: (capture.captured_at, capture.url))


def _rank(capture: CaptureRow) -> tuple[bool, float]:
    return is_readable(capture), capture.captured_at.timestamp()
