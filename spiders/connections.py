"""Connections through the gate: the address that was checked is the address that is connected to.

Belongs here: resolving a name, checking every address it resolves to, connecting to one of them by number, TLS, and the
limit on header bytes. Does not belong here: the rule itself (`gate`), requests and bodies (`live`).

A name is resolved once a connection; the connection goes to a number, so a name that answers differently a moment later
(DNS rebinding) changes nothing. Proxy variables of the environment are not looked at.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

from OpenSSL import SSL
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import TCP4ClientEndpoint, TCP6ClientEndpoint, wrapClientTLS
from twisted.internet.error import ConnectionDone, DNSLookupError
from twisted.internet.interfaces import (
    IOpenSSLClientConnectionCreator,
    IProtocolFactory,
    IResolutionReceiver,
    IStreamClientEndpoint,
)
from twisted.internet.ssl import CertificateOptions, optionsForClientTLS
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer  # type: ignore[import-untyped]

from spiders.addresses import authority_of
from spiders.gate import Gate

MAX_HEADER_BYTES = 256 * 1024
"""Bytes before the body of an answer; more ends the connection."""

MAX_ADDRESSES_TRIED = 3


class HeaderFloodError(Exception):
    """A server sent more header bytes than the limit."""


class Meter:
    """Counts the bytes that arrive on one connection before the body of an answer begins."""

    def __init__(self) -> None:
        """Begin with a request expected."""
        self.flooded = False
        self.broken = False
        """Whether the connection ended in another way than by being closed."""
        self._left: int | None = MAX_HEADER_BYTES

    def expect_headers(self) -> None:
        """Note that a request goes out."""
        self.flooded = self.broken = False
        self._left = MAX_HEADER_BYTES

    def expect_body(self) -> None:
        """Note that the headers have arrived."""
        self._left = None

    def take(self, count: int) -> bool:
        """Count bytes; False when there are too many."""
        if self._left is not None:
            self._left -= count
            self.flooded = self._left < 0
        return not self.flooded


@implementer(IProtocolFactory)
class _MeteredFactory:
    def __init__(self, inner: Any, meter: Meter) -> None:
        self._inner = inner
        self._meter = meter

    def doStart(self) -> None:
        self._inner.doStart()

    def doStop(self) -> None:
        self._inner.doStop()

    def buildProtocol(self, address: Any) -> Any:
        protocol = self._inner.buildProtocol(address)
        receive = protocol.dataReceived

        def metered(data: bytes) -> None:
            if self._meter.take(len(data)):
                receive(data)
            else:
                protocol.transport.abortConnection()

        lose = protocol.connectionLost

        def lost(reason: Any) -> None:
            self._meter.broken = not reason.check(ConnectionDone)
            lose(reason)

        protocol.dataReceived = metered
        protocol.connectionLost = lost
        return protocol


@implementer(IResolutionReceiver)
class _Receiver:
    def __init__(self, done: Callable[[list[str]], None]) -> None:
        self._done = done
        self._found: list[str] = []

    def resolutionBegan(self, resolution: Any) -> None:
        self._found = []

    def addressResolved(self, address: Any) -> None:
        self._found.append(address.host)

    def resolutionComplete(self) -> None:
        self._done(self._found)


@implementer(IOpenSSLClientConnectionCreator)
class _UnverifiedTLS:
    """TLS for a host whose broken certificate the country's file accepts, with a reason that provenance shows."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._options = CertificateOptions(verify=False)

    def clientConnectionForTLS(self, protocol: Any) -> SSL.Connection:
        connection = SSL.Connection(self._options.getContext(), None)
        if not _is_number(self._host):
            connection.set_tlsext_host_name(self._host.encode("ascii"))
        return connection


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def resolve(reactor: Any, host: str) -> Deferred[list[str]]:
    """Return all addresses of a host, as numbers."""
    found: Deferred[list[str]] = Deferred()
    if _is_number(host):
        found.callback([host])
    else:
        reactor.nameResolver.resolveHostName(_Receiver(found.callback), host)
    return found


def _no_answer(host: str) -> Callable[[Any, float], Any]:
    """Return what turns a name that is looked up for too long into a name without an address."""

    def fail(result: Any, seconds: float) -> Any:
        raise DNSLookupError(f"the address of {host} was not found within {seconds:.0f} seconds")

    return fail


@implementer(IStreamClientEndpoint)
class GatedEndpoint:
    """Connects to a host by a number that the gate has let through."""

    def __init__(self, reactor: Any, gate: Gate, url: str, place: tuple[str, int], timeout: float) -> None:
        """Take the host and port that `url` stands for."""
        self._reactor = reactor
        self._gate = gate
        self._url = url
        self._host, self._port = place
        self._timeout = timeout

    async def _connect(self, factory: Any) -> Any:
        found = resolve(self._reactor, self._host)
        found.addTimeout(self._timeout, self._reactor, onTimeoutCancel=_no_answer(self._host))
        numbers = await found
        if not numbers:
            raise DNSLookupError(f"{self._host} has no address")
        for number in numbers:  # one bad address refuses the name: it may be used next
            self._gate.check_ip(number, self._url)
        for position, number in enumerate(numbers[:MAX_ADDRESSES_TRIED]):
            endpoint_class = TCP6ClientEndpoint if ":" in number else TCP4ClientEndpoint
            endpoint = endpoint_class(self._reactor, number, self._port, timeout=self._timeout)
            try:
                return await endpoint.connect(factory)
            except Exception:
                if position + 1 == len(numbers[:MAX_ADDRESSES_TRIED]):
                    raise
        raise DNSLookupError(f"{self._host} has no address")

    def connect(self, factory: Any) -> Deferred[Any]:
        """Resolve, check, connect."""
        return Deferred.fromCoroutine(self._connect(factory))


@implementer(IAgentEndpointFactory)
class GatedEndpoints:
    """Makes an endpoint for each host: gated, metered, with verified TLS or a stated exception."""

    def __init__(self, reactor: Any, gate: Gate, exceptions: dict[str, str], timeout: float) -> None:
        """Take the gate and, by host, the reasons why broken TLS is accepted."""
        self._reactor = reactor
        self._gate = gate
        self._exceptions = exceptions
        self._timeout = timeout
        self.meters: dict[str, Meter] = {}

    def endpointForURI(self, uri: Any) -> Any:
        """Return the endpoint for a request of Twisted's agent."""
        host = uri.host.decode("ascii").strip("[]")
        url = uri.toBytes().decode("ascii")
        self._gate.check_url(url)
        endpoint: Any = GatedEndpoint(self._reactor, self._gate, url, (host, uri.port), self._timeout)
        if uri.scheme == b"https":
            options: Any = _UnverifiedTLS(host) if host in self._exceptions else optionsForClientTLS(host)
            endpoint = wrapClientTLS(options, endpoint)
        # The agent asks for an endpoint even when it has an open connection: the meter belongs to the host.
        return _MeteredEndpoint(endpoint, self.meters.setdefault(authority_of(url), Meter()))


@implementer(IStreamClientEndpoint)
class _MeteredEndpoint:
    def __init__(self, inner: Any, meter: Meter) -> None:
        self._inner = inner
        self._meter = meter

    def connect(self, factory: Any) -> Any:
        return self._inner.connect(_MeteredFactory(factory, self._meter))
