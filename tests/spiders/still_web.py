"""A web without sockets or clock: drives a `Crawl` step by step against a function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from spiders.answers import Failure, Received
from spiders.crawl import Crawl
from spiders.frontier import Wanted
from spiders.job import CrawlJob, Pace, Seed
from spiders.outcome import CrawlOutcome, load_outcome
from store.settings import Settings

BEGAN = 1_800_000_000.0
POLITE = Pace(delay=1.0, max_delay=60.0, attempts=3, retry_wait=30.0)


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    latency: float = 0.1


Web = Callable[[str, dict[str, str]], "Answer | Failure"]


def job_for(data: Path, *seeds: str, **changes: object) -> CrawlJob:
    made = CrawlJob(
        country="XDM", crawl="still", mode="live", data_dir=str(data), languages=("en",), contact="a@b.example",
        seeds=tuple(Seed(url=url, kind="gov_portal", provenance="test", confidence="high") for url in seeds),
        pace=POLITE, max_pages=0, host_pages=0,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


class StillWeb:
    """Runs a crawl in its own time and notes when which address was asked."""

    def __init__(self, job: CrawlJob, web: Web, moment: float = BEGAN) -> None:
        self.job = job
        self.web = web
        self.moment = moment
        self.asked: list[tuple[float, str]] = []
        self.headers: list[dict[str, str]] = []
        self.crawl = Crawl(job, Settings(data_dir=Path(job.data_dir)))

    def run(self, steps: int = 100_000) -> CrawlOutcome:
        self.crawl.open(self.moment)
        for _ in range(steps):
            if not self.step():
                break
        self.crawl.close(self.moment)
        return load_outcome(self.crawl.frontier.folder)

    def step(self) -> bool:
        wanted = self.crawl.ask(self.moment)
        if wanted is None:
            wait = self.crawl.wait(self.moment)
            if wait is None:
                return False
            self.moment += max(wait, 0.001)
            return True
        self.answer(wanted)
        return True

    def answer(self, wanted: Wanted) -> None:
        headers = self._validators(wanted)
        self.asked.append((self.moment, wanted.url))
        self.headers.append(headers)
        found = self.web(wanted.url, headers)
        if isinstance(found, Failure):
            self.moment += found.latency
            self.crawl.fail(wanted, found, self.moment)
            return
        self.moment += found.latency
        received = Received(
            url=wanted.url, captured_at=datetime.fromtimestamp(self.moment, UTC), http_status=found.status,
            headers=tuple({"Content-Type": "text/html; charset=utf-8", **found.headers}.items()), body=found.body,
            latency=found.latency,
        )  # fmt: skip
        self.crawl.settle(wanted, received, self.moment)

    def _validators(self, wanted: Wanted) -> dict[str, str]:
        from spiders.live import validators_for

        return dict(validators_for(self.crawl, wanted))

    @property
    def urls(self) -> list[str]:
        return [url for _, url in self.asked]


def pages(site: dict[str, str | Answer]) -> Web:
    """Return a web of pages by address; robots.txt is missing unless it is among them."""

    def web(url: str, headers: dict[str, str]) -> Answer | Failure:
        found = site.get(url)
        if found is None:
            return Answer(b"not here", 404)
        return found if isinstance(found, Answer) else Answer(found.encode())

    return web


@contextmanager
def opened(job: CrawlJob, moment: float = BEGAN) -> Iterator[Crawl]:
    crawl = Crawl(job, Settings(data_dir=Path(job.data_dir)))
    crawl.open(moment)
    try:
        yield crawl
    finally:
        crawl.close(moment, stopped=True)
