"""Pace: when a host may be asked again.

Belongs here: the delay between two requests to one host from Crawl-delay, adaptive throttling and Retry-After, and the
nightly budget. Does not belong here: which request comes next (`frontier`) or the clock (callers pass the moment).

One request a host at a time, always.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from spiders.job import Pace

MAX_RETRY_AFTER = 1800.0
"""Seconds; a host that asks for more is left alone for this run."""

NIGHT = 24 * 3600.0


@dataclass
class HostPace:
    """What one host has shown; times are seconds since the epoch."""

    rule: Pace
    crawl_delay: float = 0.0
    delay: float = 0.0
    next_at: float = 0.0
    busy: bool = False
    asked: int = 0
    """Requests since `night_began`."""
    night_began: float = 0.0

    @property
    def floor(self) -> float:
        """Least seconds between two requests."""
        return max(self.rule.delay, self.crawl_delay)

    def begin(self, moment: float) -> None:
        """Note that a request goes out now."""
        if moment - self.night_began > NIGHT:
            self.night_began, self.asked = moment, 0
        self.busy = True
        self.asked += 1

    def end(self, moment: float, latency: float, ok: bool) -> None:
        """Note an answer: the delay moves half way to the host's latency; a failure never makes us faster."""
        self.busy = False
        wanted = (max(self.delay, self.floor) + latency) / 2
        wanted = max(wanted, latency) if latency > self.floor else wanted
        if not ok:
            wanted = max(wanted, self.delay)
        self.delay = min(max(wanted, self.floor), max(self.rule.max_delay, self.floor))
        self.next_at = max(self.next_at, moment + self.delay)

    def back_off(self, moment: float, seconds: float) -> None:
        """Leave the host alone for so long and be slower afterwards."""
        self.delay = min(max(self.delay, self.floor, 0.25) * 2, max(self.rule.max_delay, self.floor))
        self.next_at = max(self.next_at, moment + seconds)

    def is_ready(self, moment: float) -> bool:
        """Tell whether a request may go out now."""
        return not self.busy and moment >= self.next_at and not self.is_spent(moment)

    def is_spent(self, moment: float) -> bool:
        """Tell whether tonight's budget is used up."""
        return self.asked >= self.rule.night_budget and moment - self.night_began <= NIGHT


def parse_retry_after(value: str, moment: float) -> float | None:
    """Return the seconds that a Retry-After header asks for, never negative; None when it cannot be read."""
    value = value.strip()
    if value.isdigit():
        return float(int(value[:9]))
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.fromtimestamp(moment, UTC)).total_seconds())
