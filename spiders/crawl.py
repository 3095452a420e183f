"""One crawl: which request goes out next, and what follows from its answer.

Belongs here: the conduct of a crawl over frontier, archive, robots, pace, scope and traps, free of Scrapy and of any
clock of its own. Does not belong here: connections (`live`), foreign archives (`replay`), the reactor (`scheduler`).

An answer is first written to the archive, then settled in one transaction of the frontier. When the process dies in
between, the record is adopted at the next start instead of being asked for again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from spiders.addresses import authority_of, clean, key_of
from spiders.answers import Failure, Received, make_issue
from spiders.courtesy import Courtesy
from spiders.endings import what_is_missing
from spiders.frontier import Frontier, Wanted
from spiders.gate import PORTS, Gate, GateError
from spiders.hosts import Host, Hosts
from spiders.job import CrawlJob
from spiders.lessons import Lessons
from spiders.memory import KnownPage, Memory
from spiders.pace import MAX_RETRY_AFTER, parse_retry_after
from spiders.pages import PageSettler
from spiders.priority import Priority
from spiders.redirects import follow_redirect
from spiders.replay import ReplayArchive
from spiders.scope import Scope
from spiders.traps import Traps
from store.archive import ArchivedResponse, ArchiveWriter, StoredRecord, read_response_at
from store.archive_coding import DecodingError, decode_body
from store.digests import payload_digest
from store.settings import Settings

MAX_SILENCES = 8
"""Requests to a host that may go unanswered one after another until it is left alone."""

SILENCE = frozenset({"timeout", "connection_lost"})
UNREACHABLE = frozenset({"dns_failure", "connection_failed", "connection_timeout"})
"""Failures before anything was said: nobody is there. Three in a row are as much as eight silences."""

_WEIGHT_OF_UNREACHABLE = 3
UNREACHABLE_ATTEMPTS = 2
UNREACHABLE_WAIT = 3.0
"""Seconds before the second try: long enough for a resolver or a restarting server to recover, no longer."""

FinishReason = Literal["finished", "max_pages", "budget", "stopped"]


class Crawl:
    """A crawl or replay under way. Moments are seconds since the epoch."""

    def __init__(self, job: CrawlJob, settings: Settings) -> None:
        """Open the state of the crawl; raises StorageError when that is not possible."""
        self.job = job
        self.gate = Gate(PORTS | frozenset(job.allowed_ports), job.allow_loopback)
        self.scope = Scope(job)
        self.traps = Traps()
        self.lessons = Lessons()
        self.priority = Priority(job.languages, job.terms)
        state_folder = settings.crawl_state_dir / job.country
        self.frontier = Frontier(state_folder / job.crawl)
        self.archive = ArchiveWriter(settings.archive_dir / job.country / job.crawl)
        self.replay = ReplayArchive(job.replay_files) if job.mode == "replay" else None
        self.memory = Memory(state_folder) if job.mode == "live" else None
        self.hosts = Hosts(job, self.frontier, self.memory)
        self.pages = PageSettler(self)
        self.courtesy = Courtesy(self)
        self._archive_dir = settings.archive_dir
        self._under_way = 0
        self._passed: set[str] = set()
        self.captured = 0

    # opening and closing

    def open(self, moment: float) -> None:
        """Take up where the last process stopped, or begin with the seeds."""
        records = self.archive.open()
        if self.frontier.statistic("finish_reason") and (self.job.mode == "live" or not records):
            self.frontier.begin_anew()  # asked for once more; or its archive was removed
        for record in reversed(records):
            if self.frontier.has_record(_place(record)) or not self._adopt(record, moment):
                break
        with self.frontier.settling():
            if self.frontier.statistic("began") is None:
                self.frontier.keep_statistics({"began": moment})
                self._plant()
            elif self.replay is None:
                self._plant_seeds()  # a seed may have been named since the crawl was killed
        for url in self.frontier.addresses():
            if self.traps.is_shaped(url):
                self.traps.count(url)
        for url in self.frontier.repeating():
            self.traps.count_repeat(url)
        for lesson in self.frontier.lessons():
            self.lessons.recall(*lesson)
        self.captured = self.frontier.captures()
        self.hosts.open(self.frontier.waiting(), self.frontier.captures_by_host())

    def _adopt(self, record: StoredRecord, moment: float) -> bool:
        """Settle a record that was stored but not settled; False when no request waits for it."""
        wanted = self.frontier.waiting_for(record.url)
        found = read_response_at(self._archive_dir / record.file, record.offset)
        if wanted is None or not isinstance(found, ArchivedResponse):
            return False
        payload = found.payload
        if record.record_type == "revisit" and found.http_status != 304:
            original = read_response_at(self._archive_dir / record.payload_file, record.payload_offset)
            payload = original.payload if isinstance(original, ArchivedResponse) else b""
        received = Received(
            url=record.url, captured_at=record.captured_at, http_status=found.http_status, headers=found.headers,
            body=payload, origin=self.replay.origin_of(wanted.place) if self.replay and wanted.place else "",
        )  # fmt: skip
        known = self.memory.recall(wanted.key) if self.memory is not None else None
        self._apply(wanted, received, payload, record, known=known, moment=moment)
        return True

    def _plant(self) -> None:
        if self.replay is not None and not self.job.from_seeds:
            self.replay.plant(self)
            return
        if self.replay is not None:
            self.replay.report(self)
        self._plant_seeds()

    def _plant_seeds(self) -> None:
        for number, seed in enumerate(self.job.seeds):
            url = clean(seed.url)
            priority = self.priority.of_seed(seed, number)
            self.offer([self.wanted(url or seed.url, priority=priority, seed=number)], found_on="")

    def close(self, moment: float, stopped: bool = False) -> None:
        """Note figures and why the crawl ended, and close every file."""
        try:
            reason = self._finish_reason(moment, stopped)
            with self.frontier.settling():
                self.pages.keep_figures(moment, reason)
        finally:
            self.archive.close()
            self.frontier.close()
            if self.memory is not None:
                self.memory.close()

    def _finish_reason(self, moment: float, stopped: bool) -> FinishReason | Literal[""]:
        if stopped:
            return ""  # the next process goes on
        if self._is_full():
            return "max_pages"
        return "budget" if self.hosts.waiting else "finished"

    # asking

    def wanted(self, url: str, **values: object) -> Wanted:
        """Return a frontier entry for an address."""
        return Wanted(key=key_of(url), url=url, authority=authority_of(url), **values)  # type: ignore[arg-type]

    def offer(self, wanted: Iterable[Wanted], found_on: str) -> list[Wanted]:
        """Pass addresses through the gate and, in a replay, the archive; add what is left to the frontier.

        Returns what was added or known. Addresses that the gate refuses are issues; those that a replay does not hold
        are recorded misses.
        """
        kept: list[Wanted] = []
        refused = 0
        for one in wanted:
            try:
                # A replay connects to nobody; and the gate looks at nothing behind the authority.
                if self.replay is None and one.authority not in self._passed:
                    self.gate.check_url(one.url)
                    self._passed.add(one.authority)
            except GateError as error:
                refused += 1
                if refused <= 20:
                    where = f" It was found on {found_on}." if found_on else ""
                    self.note(error.code, one.url[:500], f"{error}{where}", lasting=True)
                continue
            kept.append(self.replay.locate(one) if self.replay is not None and not one.place else one)
        self.frontier.add(kept)
        self.hosts.expect(one.authority for one in kept if one.state == "waiting")
        return kept

    def ask(self, moment: float) -> Wanted | None:
        """Return the request that goes out now, marked as asked, or None when none may."""
        if self._is_full(self._under_way):
            return None
        best: Wanted | None = None
        for host in self.hosts.ready(moment):
            candidate = self._candidate(host, moment)
            if candidate is not None and (best is None or candidate.priority > best.priority):
                best = candidate
        if best is None:
            return None
        self._under_way += 1
        self.hosts.begin(best.authority, moment)
        return self.frontier.mark_asked(best)

    def wait(self, moment: float) -> float | None:
        """Return the seconds until a request may be ready, or None when nothing waits that may go out."""
        return None if self._is_full() else self.hosts.wait(moment)

    @property
    def under_way(self) -> int:
        """Requests that are asked and not settled."""
        return self._under_way

    def _is_full(self, under_way: int = 0) -> bool:
        return bool(self.job.max_pages) and self.captured + under_way >= self.job.max_pages

    def _candidate(self, host: Host, moment: float) -> Wanted | None:
        while True:
            wanted = self.frontier.next_on(host.authority, moment)
            if wanted is None:
                self.hosts.look_again(host.authority)
                return None
            if wanted.kind == "robots":
                return wanted
            if host.rules is None:
                robots = self.courtesy.ask_first(host)
                if host.rules is None:
                    return robots
            assert host.rules is not None
            if host.rules.allows(wanted.url) and not self._is_host_full(host):
                return wanted
            with self.frontier.settling():
                self._refuse(host, wanted)

    def _is_host_full(self, host: Host) -> bool:
        return bool(self.job.host_pages) and self.job.mode == "live" and host.captured >= self.job.host_pages

    def _refuse(self, host: Host, wanted: Wanted) -> None:
        assert host.rules is not None
        if self._is_host_full(host) or host.rules.file.verdict == "disallow":
            left = self.frontier.skip_waiting(host.authority)
            if host.rules.file.verdict == "disallow":
                code, why = "robots_unreachable", host.rules.file.reason
            else:
                code, why = "host_budget", f"{host.captured} pages were taken from it, its share of one crawl"
            message = f"{host.authority} was left alone: {why}. {left} addresses wait for another crawl."
            self.note(code, host.authority, message, lasting=False, weight=1.0)
            return
        self.frontier.mark(wanted, "skipped")
        self.frontier.add_to_statistic("robots_disallowed", 1)
        message = f"robots.txt of {host.authority} does not allow us to ask for {wanted.url}."
        self.note("robots_disallowed", wanted.url, message, lasting=True, weight=wanted.priority)

    # settling

    def settle(self, wanted: Wanted, received: Received, moment: float) -> None:
        """Archive an answer and do what follows from it; raises StorageError when it cannot be stored."""
        try:
            payload = b"" if received.http_status == 304 else self._payload_of(received)
        except DecodingError as error:
            failure = Failure(error.code, str(error), error.code in {"broken_encoding", "truncated"}, received.latency)
            self.fail(wanted, failure, moment)
            return
        if (cut := what_is_missing(received.url, payload, received.ended)) is not None:
            self.fail(wanted, Failure("truncated", cut, True, received.latency), moment)
            return
        known = self.memory.recall(wanted.key) if self.memory is not None else None
        if received.http_status == 304 and known is None:
            message = f"{wanted.url} answered 304 to a request without validators."
            self.fail(wanted, Failure("unasked_304", message, True, received.latency), moment)
            return
        self._end(wanted)
        self.hosts.end(wanted.authority, moment, received.latency, ok=received.answer_class != "passing")
        earlier = known.record if known is not None and received.http_status == 304 else None
        if earlier is None and known is not None and known.record.digest == payload_digest(payload):
            earlier = known.record
        stored = self.archive.write(received.as_exchange(payload, earlier))
        self._apply(wanted, received, payload, stored, known=known, moment=moment)

    @staticmethod
    def _payload_of(received: Received) -> bytes:
        return decode_body(received.body, received.header("Content-Encoding"))

    def _end(self, wanted: Wanted) -> None:
        self._under_way -= 1

    def _apply(
        self, wanted: Wanted, received: Received, payload: bytes, stored: StoredRecord, *, known: KnownPage | None,
        moment: float,
    ) -> None:  # fmt: skip
        self.pages.count(received, len(payload))
        with self.frontier.settling():
            record = _place(stored)
            kind = received.answer_class
            if wanted.kind == "robots":
                self.courtesy.settle(wanted, received, payload, record, moment)
            elif kind == "redirect":
                self.frontier.mark(wanted, "done", record=record)
                follow_redirect(self, wanted, received)
            elif kind == "passing":
                self.settle_passing(wanted, received, record, moment)
            elif kind == "lasting":
                self.frontier.mark(wanted, "failed", record=record)
                message = f"{wanted.url} answered {received.http_status} {received.reason}".strip() + "."
                if wanted.kind == "page":  # a sitemap that a host was only guessed to have is no error
                    self.frontier.add_to_statistic("errors_permanent", 1)
                    self.note(f"http_{received.http_status}", wanted.url, message, lasting=True, weight=wanted.priority)
            else:
                self.frontier.mark(wanted, "done", record=record)
                self.pages.settle(wanted, received, payload, stored, known=known, moment=moment)
            self.frontier.drop_issue("no_answer_yet", wanted.url)
            self.pages.store_counts()
        self.pages.remember()

    def settle_passing(self, wanted: Wanted, received: Received, record: str, moment: float) -> None:
        """Try again after an answer that may pass; inside the transaction of its request."""
        asked = parse_retry_after(received.header("Retry-After"), moment)
        message = f"{wanted.url} answered {received.http_status} {received.reason}".strip()
        if asked is not None and asked > MAX_RETRY_AFTER:
            self.frontier.mark(wanted, "failed", record=record)
            left = self.frontier.skip_waiting(wanted.authority)
            message += (
                f" and asks us to wait {asked:.0f} seconds: the host was left alone with {left} addresses waiting."
            )
            self.note("host_asks_to_wait", wanted.authority, message, lasting=False, weight=1.0)
            return
        self._try_again(wanted, Failure(f"http_{received.http_status}", message + ".", True), moment, asked, record)

    def fail(self, wanted: Wanted, failure: Failure, moment: float) -> None:
        """Note that a request got no usable answer; a passing failure is tried again later."""
        self._end(wanted)
        waited = 0.0 if failure.code in UNREACHABLE else failure.latency  # nobody answered slowly: nobody answered
        host = self.hosts.end(wanted.authority, moment, waited, ok=False)
        with self.frontier.settling():
            self.frontier.add_to_statistic("requests", 1)
            if failure.passing:
                self._try_again(wanted, failure, moment, None, "")
            elif wanted.kind == "robots":
                self.courtesy.fail(wanted, failure)
                self.frontier.mark(wanted, "failed")
                self.frontier.add_to_statistic("errors_permanent", 1)
                self.note(failure.code, wanted.url, failure.message, lasting=True, weight=1.0)
            else:
                self.frontier.mark(wanted, "failed")
                self.frontier.add_to_statistic("errors_permanent", 1)
                self.note(failure.code, wanted.url, failure.message, lasting=True, weight=wanted.priority)
            self.pages.store_counts()
        if failure.code in UNREACHABLE:
            host.silences += _WEIGHT_OF_UNREACHABLE
        else:
            host.silences = host.silences + 1 if failure.code in SILENCE else 0
        if host.silences >= MAX_SILENCES:
            with self.frontier.settling():
                left = self.frontier.skip_waiting(wanted.authority)
                message = f"{wanted.authority} does not answer ({failure.message}); {left} addresses were not asked."
                self.note("host_unreachable", wanted.authority, message, lasting=False, weight=2.0)

    def _try_again(self, wanted: Wanted, failure: Failure, moment: float, asked: float | None, record: str) -> None:
        pace = self.job.pace
        nobody = failure.code in UNREACHABLE
        if wanted.attempts < (min(pace.attempts, UNREACHABLE_ATTEMPTS) if nobody else pace.attempts):
            wait = asked if asked is not None else pace.retry_wait * 2 ** max(wanted.attempts - 1, 0)
            wait = min(wait, UNREACHABLE_WAIT) if nobody else wait
            if failure.code in {"http_429", "http_503"}:
                self.hosts.back_off(wanted.authority, moment, wait)
            self.frontier.mark(wanted, "waiting", not_before=moment + wait)
            self.hosts.expect([wanted.authority], moment + wait)
            self.frontier.add_to_statistic("retries", 1)
            return
        self.frontier.mark(wanted, "failed", record=record)
        if wanted.kind == "robots":
            self.courtesy.fail(wanted, failure)
            self.frontier.add_to_statistic("errors_transient", 1)
        elif wanted.kind == "page":
            self.frontier.add_to_statistic("errors_transient", 1)
            message = f"{failure.message} It was tried {wanted.attempts} times; the next crawl asks again."
            self.note(failure.code, wanted.url, message, lasting=False, weight=wanted.priority)

    def note(
        self, code: str, subject: str, message: str, *, lasting: bool, weight: float = 0.0, offset: int | None = None
    ) -> None:
        """Add an issue."""
        self.frontier.add_issue(make_issue(self.job, code, subject, message, lasting=lasting, offset=offset), weight)


def _place(record: StoredRecord) -> str:
    return f"{record.file}:{record.offset}"
