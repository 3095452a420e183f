"""A crawl inside Scrapy: scheduler, spider and settings.

Belongs here: the thin layer that lets Scrapy's engine drive a `Crawl`. Does not belong here: any decision about what is
asked or what an answer means (`crawl`), or how bytes travel (`live`, `replay_handler`).
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

from scrapy import Request, Spider
from scrapy.core.scheduler import BaseScheduler
from scrapy.crawler import Crawler, CrawlerProcess
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro

from spiders.answers import Failure, Received
from spiders.crawl import Crawl
from spiders.frontier import Wanted

LONGEST_NAP = 5.0
"""Seconds after which the scheduler looks again even when nothing told it to."""

FLUSH_EVERY = 5.0
"""Seconds between two forced writes of the archive to disk."""


class FrontierScheduler(BaseScheduler):
    """Hands the frontier's best request to Scrapy whenever a host is ready."""

    def __init__(self, crawler: Crawler) -> None:
        """Serve the crawl of the crawler's spider."""
        self._crawler = crawler
        self._timer: Any = None
        self._flushed = time.time()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> FrontierScheduler:
        """Build the scheduler."""
        return cls(crawler)

    @property
    def _spider(self) -> CountrySpider:
        assert isinstance(self._crawler.spider, CountrySpider)
        return self._crawler.spider

    def has_pending_requests(self) -> bool:
        """Tell whether anything may still go out, now or later."""
        spider = self._spider
        if spider.error is not None:
            return False
        return spider.crawl.under_way > 0 or spider.crawl.wait(time.time()) is not None

    def enqueue_request(self, request: Request) -> bool:
        """Refuse: requests enter through the frontier only."""
        return False

    def next_request(self) -> Request | None:
        """Return the best request that may go out now, or None; wakes the engine when one will be ready."""
        spider = self._spider
        if spider.error is not None:
            return None
        moment = time.time()
        with spider.guarded():
            if moment - self._flushed > FLUSH_EVERY:
                self._flushed = moment
                spider.crawl.archive.flush()
            wanted = spider.crawl.ask(moment)
            if wanted is not None:
                return spider.request_for(wanted)
            self._wake_in(spider.crawl.wait(moment))
        return None

    def _wake_in(self, seconds: float | None) -> None:
        if seconds is None or (self._timer is not None and self._timer.active()):
            return
        self._timer = _reactor().callLater(min(max(seconds, 0.001), LONGEST_NAP), self._wake)

    def _wake(self) -> None:
        slot = self._crawler.engine._slot if self._crawler.engine else None
        if slot is not None:
            slot.nextcall.schedule()

    def close(self, reason: str) -> None:
        """Stop waking the engine."""
        if self._timer is not None and self._timer.active():
            self._timer.cancel()


def _reactor() -> Any:
    from twisted.internet import reactor

    return reactor


class _Guard:
    """Keeps the first error, which ends the crawl: an answer that cannot be settled must not be lost silently."""

    def __init__(self, spider: CountrySpider) -> None:
        self._spider = spider

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> bool:
        if isinstance(error, sqlite3.Error):
            error = self._spider.crawl.frontier.failure(error)
        if isinstance(error, Exception):
            self._spider.stop(error)
            return True
        return False


class CountrySpider(Spider):
    """The spider of one country: passes answers and failures on to the crawl."""

    name = "country"

    def __init__(self, crawl: Crawl, tell: Callable[[int, int], None], **values: Any) -> None:
        """Serve a crawl that is open; `tell` hears the number of captures and of requests under way."""
        super().__init__(**values)
        self.crawl = crawl
        self.error: BaseException | None = None
        self._tell = tell

    def guarded(self) -> _Guard:
        """Return a context in which an error of the store ends the crawl in good order."""
        return _Guard(self)

    async def start(self) -> AsyncIterator[Any]:
        """Yield nothing: the frontier holds the seeds."""
        for request in list[Request]():
            yield request

    def request_for(self, wanted: Wanted) -> Request:
        """Return the Scrapy request for a frontier entry."""
        return Request(
            wanted.url, callback=self.receive, errback=self.miss, dont_filter=True, meta={"wanted": wanted}
        )  # fmt: skip

    def receive(self, response: Response) -> None:
        """Take an answer from a download handler."""
        wanted: Wanted = response.meta["wanted"]
        result: Received | Failure = response.meta["result"]
        with self.guarded():
            if isinstance(result, Failure):
                self.crawl.fail(wanted, result, time.time())
            else:
                self.crawl.settle(wanted, result, time.time())
            self._tell(self.crawl.captured, self.crawl.under_way)

    def miss(self, failure: Any) -> None:
        """Take an error that no handler turned into an answer: a fault of ours, which ends the crawl."""
        self.stop(failure.value)

    def stop(self, error: BaseException) -> None:
        """End the crawl because of an error; what was settled stands."""
        if self.error is None:
            self.error = error
            engine = self.crawler.engine
            if engine is not None:
                _reactor().callLater(0, lambda: deferred_from_coro(engine.close_spider_async(reason="error")))


def scrapy_settings(crawl: Crawl) -> dict[str, Any]:
    """Return the settings of Scrapy for a crawl: its engine and nothing that acts on its own."""
    handler = "spiders.replay_handler.ReplayHandler" if crawl.replay is not None else "spiders.live.LiveHandler"
    return {
        "SCHEDULER": FrontierScheduler,
        "DOWNLOAD_HANDLERS_BASE": {},
        "DOWNLOAD_HANDLERS": {"http": handler, "https": handler},
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": {},
        "ADDONS": {},
        "TELNETCONSOLE_ENABLED": False,
        "COOKIES_ENABLED": False,
        "ROBOTSTXT_OBEY": False,  # RFC 9309 is kept by `crawl` and `robots`; Scrapy's middleware differs from it
        "RETRY_ENABLED": False,
        "REDIRECT_ENABLED": False,
        "DOWNLOAD_DELAY": 0,
        "CONCURRENT_ITEMS": 1,  # no items come from us, and Scrapy starts so many tasks for every answer
        "CONCURRENT_REQUESTS": crawl.job.pace.concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": crawl.job.pace.concurrency,
        "DOWNLOAD_TIMEOUT": 0,
        "LOG_LEVEL": "WARNING",
        "LOG_ENABLED": True,
    }


def run(crawl: Crawl, tell: Callable[[int, int], None]) -> bool:
    """Run an open crawl to its end in this process and return whether it was stopped from outside.

    Raises the error that ended it. Scrapy's reactor cannot start again: once a process.
    """
    process = CrawlerProcess(scrapy_settings(crawl))
    crawler = process.create_crawler(CountrySpider)
    process.crawl(crawler, crawl=crawl, tell=tell)
    spider_errors: list[BaseException] = []
    reasons: list[str] = []

    def closed(spider: CountrySpider, reason: str) -> None:
        reasons.append(reason)
        if spider.error is not None:
            spider_errors.append(spider.error)

    from scrapy import signals

    crawler.signals.connect(closed, signals.spider_closed)
    process.start()
    if spider_errors:
        raise spider_errors[0]
    return reasons != ["finished"]
