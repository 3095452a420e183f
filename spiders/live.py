"""Scrapy's download handler of a live crawl.

Belongs here: one request over the wire, its limits, and the class of every failure. Does not belong here: who may be
connected to (`gate`, `connections`), when (`pace`), or what an answer means (`crawl`).

Redirects, cookies, retries and content coding are not handled here: every answer is archived as it came.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.error import ConnectError, ConnectionClosed, DNSLookupError
from twisted.internet.error import TimeoutError as ConnectTimeout
from twisted.internet.protocol import Protocol
from twisted.web.client import Agent, HTTPConnectionPool, ResponseDone
from twisted.web.http import PotentialDataLoss
from twisted.web.http_headers import Headers as TxHeaders
from twisted.web.iweb import IResponse

from spiders.addresses import authority_of, host_of
from spiders.answers import Failure, Received
from spiders.connections import GatedEndpoints, HeaderFloodError
from spiders.frontier import Wanted
from spiders.gate import GateError
from spiders.robots import MAX_BYTES as ROBOTS_BYTES
from store.archive_coding import MAX_PAYLOAD
from store.archive_reading import Headers
from store.tables import now

if TYPE_CHECKING:
    from spiders.crawl import Crawl

CONNECT_SECONDS = 10.0
"""Seconds for finding a host's address, and for connecting to it: three tries of a lost first packet fit in."""


class _TooLargeError(Exception):
    pass


class _TruncatedError(Exception):
    pass


class _Body(Protocol):
    """Collects a body up to a limit; the rest of a robots.txt is not wanted, of anything else it is an error."""

    def __init__(self, done: Deferred[bytes], limit: int, cut: bool) -> None:
        self._done = done
        self._limit = limit
        self._cut = cut
        self._chunks: list[bytes] = []
        self._size = 0
        self.unstated = False
        """Whether the body ended with the connection, its length stated nowhere."""

    def dataReceived(self, data: bytes) -> None:
        self._chunks.append(data)
        self._size += len(data)
        if self._size > self._limit:
            self._finish(None if self._cut else _TooLargeError())
            self.transport.abortConnection()  # type: ignore[union-attr]

    def connectionLost(self, reason: Any = None) -> None:
        if reason is None or reason.check(ResponseDone, PotentialDataLoss):
            self.unstated = reason is not None and bool(reason.check(PotentialDataLoss))
            self._finish(None)
        else:
            self._finish(_TruncatedError(f"after {self._size} bytes"))

    def _finish(self, error: Exception | None) -> None:
        if self._done.called:
            return
        if error is None:
            self._done.callback(b"".join(self._chunks))
        else:
            self._done.errback(error)


class LiveHandler(BaseDownloadHandler):
    """Asks hosts, one connection each, and returns answers as they came."""

    lazy = True

    def __init__(self, crawler: Crawler) -> None:
        """Take gate, contact and limits from the crawl of the crawler's spider."""
        super().__init__(crawler)
        reactor = _reactor()
        self._crawl: Crawl = crawler.spider.crawl  # type: ignore[union-attr]
        job = self._crawl.job
        self._timeout = job.pace.timeout
        self._exceptions = {host_of(seed.url): seed.tls_exception for seed in job.seeds if seed.tls_exception}
        self._endpoints = GatedEndpoints(
            reactor, self._crawl.gate, self._exceptions, min(CONNECT_SECONDS, self._timeout)
        )
        self._pool = HTTPConnectionPool(reactor, persistent=True)  # type: ignore[no-untyped-call]
        self._pool.maxPersistentPerHost = 1
        self._pool.retryAutomatically = False
        self._agent = Agent.usingEndpointFactory(reactor, self._endpoints, self._pool)  # type: ignore[no-untyped-call]
        self._headers = tuple(identifying_headers(job.contact, job.languages))

    async def close(self) -> None:
        """Close idle connections."""
        await maybe_deferred_to_future(self._pool.closeCachedConnections())  # type: ignore[no-untyped-call]

    async def download_request(self, request: Request) -> Response:
        """Return an empty Scrapy response; the answer or failure travels in `meta["result"]`."""
        wanted: Wanted = request.meta["wanted"]
        began = time.monotonic()
        try:
            result: Received | Failure = await self._ask(wanted, began)
        except Exception as error:
            flooded = self._is_flooded(wanted.url)
            result = classify(wanted.url, HeaderFloodError() if flooded else error, time.monotonic() - began)
        request.meta["result"] = result
        status = 599 if isinstance(result, Failure) else result.http_status
        return Response(request.url, status=status, request=request)

    def _is_flooded(self, url: str) -> bool:
        meter = self._endpoints.meters.get(authority_of(url))
        return meter is not None and meter.flooded

    def _is_broken(self, url: str) -> bool:
        """Whether a plain connection was reset; TLS that ends without a word is common and says nothing."""
        meter = self._endpoints.meters.get(authority_of(url))
        return url.startswith("http:") and meter is not None and meter.broken

    async def _ask(self, wanted: Wanted, began: float) -> Received:
        headers = (*self._headers, *validators_for(self._crawl, wanted))
        meter = self._endpoints.meters.get(authority_of(wanted.url))
        if meter is not None:
            meter.expect_headers()
        asked = self._agent.request(b"GET", wanted.url.encode("ascii"), _tx_headers(headers))
        asked.addCallback(self._note_headers, authority_of(wanted.url))
        sent_at = now()
        response = await _within(asked, self._timeout)
        latency = time.monotonic() - began
        body, unstated = await self._read(response, wanted, max(1.0, self._timeout - latency))
        return Received(
            url=wanted.url, captured_at=sent_at, http_status=int(response.code), headers=_headers_of(response),
            body=body, reason=response.phrase.decode("latin-1"),
            request_headers=(("Host", _host_header(wanted.url)), *headers),
            ip_address=_peer(response), latency=latency, tls_exception=self._exception(wanted.url),
            ended="length" if not unstated else "reset" if self._is_broken(wanted.url) else "close",
        )  # fmt: skip

    def _note_headers(self, response: Any, authority: str) -> Any:
        """Let the body begin; runs in the very moment in which the headers are complete."""
        if (meter := self._endpoints.meters.get(authority)) is not None:
            meter.expect_body()
        return response

    def _exception(self, url: str) -> str:
        return self._exceptions.get(host_of(url), "") if url.startswith("https:") else ""

    async def _read(self, response: Any, wanted: Wanted, seconds: float) -> tuple[bytes, bool]:
        limit = ROBOTS_BYTES if wanted.kind == "robots" else MAX_PAYLOAD
        if wanted.kind != "robots" and isinstance(response.length, int) and response.length > limit:
            _abort(response)
            raise _TooLargeError
        done: Deferred[bytes] = Deferred(lambda _: _abort(response))
        collector = _Body(done, limit, cut=wanted.kind == "robots")
        response.deliverBody(collector)
        body: bytes = await _within(done, seconds)
        return body, collector.unstated


def validators_for(crawl: Crawl, wanted: Wanted) -> Headers:
    """Return the conditional headers for a page that an earlier crawl captured: the answer may then be 304."""
    if crawl.memory is None or crawl.job.fresh or wanted.kind == "robots":
        return ()
    known = crawl.memory.recall(wanted.key)
    if known is None:
        return ()
    found = (("If-None-Match", known.etag), ("If-Modified-Since", known.last_modified))
    return tuple((name, value) for name, value in found if value)


async def _within(deferred: Deferred[Any], seconds: float) -> Any:
    """Return what a deferred brings; cancels it and raises TimeoutError when it takes longer."""
    reactor = _reactor()
    late = []

    def cancel() -> None:
        late.append(True)
        deferred.cancel()

    timer = reactor.callLater(seconds, cancel)
    try:
        result = await maybe_deferred_to_future(deferred)
    except Exception as error:
        if late:
            raise TimeoutError from error
        raise
    finally:
        if timer.active():
            timer.cancel()
    if late:
        raise TimeoutError
    return result


def _reactor() -> Any:
    from twisted.internet import reactor

    return reactor


def _abort(response: Any) -> None:
    transport = getattr(response, "_transport", None)
    producer = getattr(transport, "_producer", None)
    for target in (producer, transport):
        if target is not None and hasattr(target, "abortConnection"):
            target.abortConnection()
            return


def identifying_headers(contact: str, languages: Iterable[str]) -> list[tuple[str, str]]:
    """Return the headers that say who asks and what we read; `From` only when the contact is a mail address."""
    try:
        release = version("gcidesk")
    except PackageNotFoundError:
        release = "0"
    wanted = [*dict.fromkeys((*languages, "en"))][:6]
    weights = [name if position == 0 else f"{name};q={1 - position / 10:.1f}" for position, name in enumerate(wanted)]
    headers = [
        ("User-Agent", f"gcidesk/{release} (+{contact.strip()})"),
        ("Accept", "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.5"),
        ("Accept-Language", ", ".join(weights)),
        ("Accept-Encoding", "gzip, deflate, br, zstd"),
    ]
    if "@" in contact and "://" not in contact:
        headers.insert(1, ("From", contact.strip().removeprefix("mailto:")))
    return headers


def _tx_headers(headers: Headers) -> TxHeaders:
    made = TxHeaders()
    for name, value in headers:
        made.addRawHeader(name.encode("ascii"), value.encode("utf-8"))
    return made


def _headers_of(response: Any) -> Headers:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.getAllRawHeaders()
        for value in values
    )


def _host_header(url: str) -> str:
    return authority_of(url).partition("://")[2]


def _peer(response: Any) -> str:
    try:
        return str(IResponse(response)._transport._producer.getPeer().host)
    except (AttributeError, TypeError):
        return ""


def classify(url: str, error: BaseException, latency: float) -> Failure:
    """Return the failure that an error of a request stands for: its code, a sentence, and whether it may pass."""
    for cause in _causes(error):
        if isinstance(cause, GateError):
            return Failure(cause.code, str(cause), False, latency)
        if isinstance(cause, HeaderFloodError):
            return Failure("headers_too_large", f"{url} sent more headers than anybody reads.", False, latency)
        if isinstance(cause, _TooLargeError):
            message = f"{url} has more than {MAX_PAYLOAD // 1024 // 1024} MiB; it was not kept."
            return Failure("too_large", message, False, latency)
        if isinstance(cause, _TruncatedError):
            return Failure("truncated", f"{url} broke off {cause}.", True, latency)
        if isinstance(cause, ConnectTimeout):
            message = f"Nobody took the connection to {url} within {CONNECT_SECONDS:.0f} seconds."
            return Failure("connection_timeout", message, True, latency)
        if isinstance(cause, TimeoutError | asyncio.TimeoutError | CancelledError):
            return Failure("timeout", f"{url} took longer than allowed.", True, latency)
        if isinstance(cause, DNSLookupError):
            return Failure("dns_failure", f"The host of {url} has no address.", True, latency)
        if isinstance(cause, SSL.Error) or type(cause).__name__ in {"VerificationError", "CertificateError"}:
            message = (
                f"{url} could not prove who it is (TLS: {_tls_reason(cause)}); it was not asked. If that is to be "
                "accepted, give the seed a tls_exception with the reason."
            )
            return Failure("tls_refused", message, False, latency)
        if isinstance(cause, ConnectError):
            return Failure("connection_failed", f"No connection to {url}: {cause}.", True, latency)
    for cause in _causes(error):
        if isinstance(cause, ConnectionClosed):
            return Failure("connection_lost", f"{url} closed the connection before it answered.", True, latency)
    return Failure("bad_http", f"{url} answered with something that is no HTTP ({_first_line(error)}).", True, latency)


def _causes(error: BaseException) -> Iterable[BaseException]:
    """Yield an error and what Twisted packed into it."""
    yield error
    for reason in getattr(error, "reasons", None) or ():
        yield from _causes(reason.value)
    for inner in (error.__cause__, getattr(error, "subFailure", None)):
        if isinstance(inner, BaseException):
            yield from _causes(inner)
        elif inner is not None and hasattr(inner, "value"):
            yield from _causes(inner.value)


def _tls_reason(error: BaseException) -> str:
    if error.args and isinstance(error.args[0], list) and error.args[0]:
        return str(error.args[0][0][-1])
    return type(error).__name__


def _first_line(error: BaseException) -> str:
    inner = list(_causes(error))[-1]
    return f"{type(inner).__name__}: {inner}".splitlines()[0][:200]
