"""What robots.txt has to do with the order of things: asked first, followed over redirects, learned from.

Belongs here: when a host's robots.txt is asked for, what its answer means for the host, and the sitemaps it names. Does
not belong here: the rules themselves (`robots`), or any other answer (`crawl`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from spiders.addresses import clean
from spiders.answers import Failure, Received
from spiders.frontier import Wanted
from spiders.hosts import Host
from spiders.robots import MAX_REDIRECTS, RobotsFile, robots_from_answer

if TYPE_CHECKING:
    from spiders.crawl import Crawl
    from spiders.replay import ReplayArchive

ROBOTS_PRIORITY = 1e6
SITEMAP_PRIORITY = 1.9


class Courtesy:
    """Asks for robots.txt before anything else of a host and keeps what it says."""

    def __init__(self, crawl: Crawl) -> None:
        """Serve one crawl."""
        self._crawl = crawl

    def ask_first(self, host: Host) -> Wanted | None:
        """Return the request for a host's robots.txt, or None while it is under way or when none is needed."""
        crawl = self._crawl
        robots = crawl.wanted(f"{host.authority}/robots.txt", kind="robots", priority=ROBOTS_PRIORITY)
        robots = replace(robots, key=f"robots {host.authority}", purpose=host.authority)
        if crawl.frontier.known(robots.key) is not None:
            return None  # under way, here or where it was redirected to
        if crawl.replay is not None:
            crawl.hosts.learn_robots(host.authority, self._from_archive(crawl.replay, robots))
            return None
        crawl.frontier.add([robots])
        return crawl.frontier.known(robots.key)

    def _from_archive(self, replay: ReplayArchive, robots: Wanted) -> RobotsFile:
        """Return what a replay's archive holds as robots.txt; a missing one allows."""
        for _ in range(MAX_REDIRECTS + 1):
            robots = replay.locate(robots)
            answer = replay.answer(robots) if robots.place else None
            if not isinstance(answer, Received):
                break
            if answer.answer_class != "redirect":
                return robots_from_answer(answer.http_status, answer.body)
            robots = replace(robots, url=clean(answer.header("Location"), robots.url), place="", state="waiting")
        return RobotsFile("allow", reason="the archive holds no robots.txt")

    def fail(self, wanted: Wanted, failure: Failure) -> None:
        """Learn from a robots.txt that is out of reach: RFC 9309 forbids the host for this run."""
        status = int(failure.code[5:]) if failure.code.startswith("http_") else 0
        reason = f"its robots.txt is out of reach: {failure.message}"
        self.learn(wanted, robots_from_answer(status, b"") if status else RobotsFile("disallow", reason=reason))

    def settle(self, wanted: Wanted, received: Received, payload: bytes, record: str, moment: float) -> None:
        """Learn from an answer, or follow its redirect; inside the transaction of its request."""
        crawl = self._crawl
        kind = received.answer_class
        if kind == "passing":
            crawl.settle_passing(wanted, received, record, moment)
            return
        crawl.frontier.mark(wanted, "done", record=record)
        if kind == "redirect" and wanted.redirects < MAX_REDIRECTS:
            target = clean(received.header("Location"), wanted.url)
            hop = crawl.wanted(target, kind="robots", priority=ROBOTS_PRIORITY, redirects=wanted.redirects + 1)
            hop = replace(hop, key=f"robots {wanted.purpose} {target}", purpose=wanted.purpose)
            if target and crawl.frontier.known(hop.key) is None and self._reaches(hop):
                return
        self.learn(wanted, robots_from_answer(received.http_status, payload))

    def _reaches(self, hop: Wanted) -> bool:
        return any(one.state == "waiting" for one in self._crawl.offer([hop], hop.purpose))

    def learn(self, wanted: Wanted, file: RobotsFile) -> None:
        """Keep what is known of a host, and offer the sitemaps of hosts that the seeds name."""
        crawl = self._crawl
        host = crawl.hosts.learn_robots(wanted.purpose or wanted.authority, file)
        if file.verdict == "disallow" or not host.is_seeded:
            return
        assert host.rules is not None
        named = [address for line in host.rules.sitemaps if (address := clean(line, host.authority + "/"))]
        maps = named or [f"{host.authority}/sitemap.xml"]
        priority = SITEMAP_PRIORITY if named else SITEMAP_PRIORITY - 0.5
        self.offer_lists(maps, host.authority, priority)

    def offer_lists(self, urls: Iterable[str], found_on: str, priority: float, nested: int = 0) -> None:
        """Add sitemaps or feeds that are in scope to the frontier; a replay leaves out what it does not hold."""
        crawl = self._crawl
        lists = [
            crawl.wanted(url, kind="sitemap", priority=priority, found_on=found_on, redirects=nested)
            for url in urls if crawl.scope.wants_link(url)
        ]  # fmt: skip
        if crawl.replay is not None:
            lists = [one for one in map(crawl.replay.locate, lists) if one.state == "waiting"]
        crawl.offer(lists, found_on)
