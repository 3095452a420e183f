"""The hosts of a crawl: who may be asked now.

Belongs here: pace, robots rules and counts a host, kept over a restart. Does not belong here: what is asked
(`frontier`, `crawl`), or the arithmetic of delays (`pace`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from spiders.addresses import authority_of, clean
from spiders.frontier import Frontier
from spiders.job import CrawlJob, Pace
from spiders.memory import Memory
from spiders.pace import HostPace
from spiders.robots import RobotsFile, RobotsRules

AT_ONCE = Pace(delay=0.0, max_delay=0.0, night_budget=1 << 60, retry_wait=0.0, attempts=1)
"""A replay asks nobody, so nobody needs sparing."""


@dataclass
class Host:
    """What is known of one host in this crawl."""

    authority: str
    pace: HostPace
    is_seeded: bool = False
    rules: RobotsRules | None = None
    captured: int = 0
    silences: int = 0
    """Requests that went unanswered since the last answer."""


class Hosts:
    """All hosts of a crawl; `waiting` maps those with waiting requests to the earliest time of one."""

    def __init__(self, job: CrawlJob, frontier: Frontier, memory: Memory | None) -> None:
        """Know no host yet."""
        self._rule = replace(AT_ONCE, concurrency=job.pace.concurrency) if job.mode == "replay" else job.pace
        self._frontier = frontier
        self._memory = memory
        self._seeded = {authority_of(clean(seed.url) or seed.url) for seed in job.seeds}
        self._known: dict[str, Host] = {}
        self._captured: dict[str, int] = {}
        self.waiting: dict[str, float] = {}

    def open(self, waiting: dict[str, float], captured: dict[str, int]) -> None:
        """Take over what the frontier holds."""
        self.waiting.update(waiting)
        self._captured = captured
        for authority, host in self._known.items():
            host.captured = captured.get(authority, 0)

    def get(self, authority: str) -> Host:
        """Return a host, with what an earlier process learned of it."""
        host = self._known.get(authority)
        if host is None:
            began, asked = self._memory.night_of(authority) if self._memory is not None else (0.0, 0)
            pace = HostPace(self._rule, night_began=began, asked=asked)
            host = Host(authority, pace, authority in self._seeded, captured=self._captured.get(authority, 0))
            self._known[authority] = host
            note = self._frontier.host_note(authority)
            if note:
                self._apply(host, RobotsFile(note["verdict"], note["text"], note["reason"]))
        return host

    @staticmethod
    def _apply(host: Host, file: RobotsFile) -> None:
        host.rules = RobotsRules(file)
        host.pace.crawl_delay = host.rules.crawl_delay if host.pace.rule.max_delay else 0.0

    def learn_robots(self, authority: str, file: RobotsFile) -> Host:
        """Keep what a host's robots.txt says."""
        host = self.get(authority)
        self._frontier.keep_host_note(authority, file.as_note())
        self._apply(host, file)
        return host

    def expect(self, authorities: Iterable[str], earliest: float = 0.0) -> None:
        """Note that requests wait on hosts."""
        for authority in authorities:
            self.waiting[authority] = min(self.waiting.get(authority, earliest), earliest)

    def look_again(self, authority: str) -> None:
        """Ask the frontier when the next request of a host is due."""
        earliest = self._frontier.earliest_on(authority)
        if earliest is None:
            self.waiting.pop(authority, None)
        else:
            self.waiting[authority] = earliest

    def ready(self, moment: float) -> Iterator[Host]:
        """Yield the hosts that may be asked now."""
        for authority, earliest in list(self.waiting.items()):
            if earliest <= moment:
                host = self.get(authority)
                if host.pace.is_ready(moment):
                    yield host

    def wait(self, moment: float) -> float | None:
        """Return the seconds until some host may be asked; None when none may that is not busy."""
        times = [
            max(earliest, host.pace.next_at) - moment
            for authority, earliest in self.waiting.items()
            for host in (self.get(authority),)
            if not host.pace.busy and not host.pace.is_spent(moment)
        ]
        return max(0.0, min(times)) if times else None

    def begin(self, authority: str, moment: float) -> None:
        """Note that a request to a host goes out."""
        host = self.get(authority)
        host.pace.begin(moment)
        if self._memory is not None:
            self._memory.keep_night(authority, host.pace.night_began, host.pace.asked)

    def end(self, authority: str, moment: float, latency: float, ok: bool) -> Host:
        """Note an answer or a failure of a host."""
        host = self.get(authority)
        host.pace.end(moment, latency, ok)
        host.silences = 0 if ok else host.silences
        return host

    def back_off(self, authority: str, moment: float, seconds: float) -> None:
        """Leave a host alone for so long."""
        self.get(authority).pace.back_off(moment, seconds)
