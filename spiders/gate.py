"""The gate: the one place that says which addresses may be connected to.

Belongs here: the rule for schemes, ports, names and IP addresses. It is asked twice: for every address before it enters
the frontier (seeds, links, redirects, sitemaps, feeds), and for the IP address at the moment of connecting
(`connections`), so that a name that changes its mind gains nothing. Pictures, styles and scripts of a page are never
asked for. Does not belong here: connecting.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from store.errors import ExitCode, GcideskError

PORTS = frozenset({80, 443})
_TRANSLATED = tuple(
    ipaddress.ip_network(block)
    for block in (
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
        "::/96",
        "::ffff:0:0/96",
        "::ffff:0:0:0/96",
    )
)
_CARRIER = ipaddress.ip_network("100.64.0.0/10")
_SPECIAL = tuple(
    ipaddress.ip_network(block)
    for block in (
        "192.0.0.0/24",  # protocol assignments; a cloud's metadata among them
        "192.88.99.0/24",  # relays into 6to4
        "168.63.129.16/32",  # a cloud's metadata under a public number
        "fec0::/10",  # site-local
        "3fff::/20",  # documentation
        "5f00::/16",  # segment routing
    )
)
"""Blocks that are not of the public Internet although a standard library may call them global."""
_LOCAL_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa", ".localdomain")
_DEFAULT_PORTS = {"http": 80, "https": 443}


class GateError(GcideskError):
    """An address that may not be connected to; `code` is the stable short name for an issue."""

    exit_code = ExitCode.NOT_ALLOWED

    def __init__(self, code: str, message: str) -> None:
        """Keep the code beside the message."""
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Gate:
    """The rule, with what a job allows beyond it: listed ports, and loopback in tests."""

    ports: frozenset[int] = PORTS
    allow_loopback: bool = False

    def check_url(self, url: str) -> None:
        """Raise GateError when the address alone forbids a connection; no name is resolved here."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").rstrip(".").lower(), parts.port
        except ValueError as error:
            raise GateError("bad_address", f"{url!r} is no readable address ({error}).") from error
        if parts.scheme not in _DEFAULT_PORTS:
            raise GateError("scheme_refused", f"{url!r} is neither http nor https; it was not asked.")
        if not host:
            raise GateError("bad_address", f"{url!r} names no host.")
        if parts.username is not None or parts.password is not None:
            raise GateError("credentials_refused", f"{url!r} carries a user name; it was not asked.")
        literal = _literal(host)
        if literal is not None:
            self.check_ip(host, url)
        elif not self.allow_loopback and (host == "localhost" or host.endswith(_LOCAL_SUFFIXES)):
            raise GateError("private_address", f"{url!r} names a host of the local network; it was not asked.")
        used = port or _DEFAULT_PORTS[parts.scheme]
        if used not in self.ports and not (self.allow_loopback and _is_loopback_name(host, literal)):
            raise GateError("port_refused", f"{url!r} asks for port {used}; only {self._ports()} are open.")

    def check_ip(self, ip: str, url: str) -> None:
        """Raise GateError when a connection for `url` would go to a forbidden IP address."""
        reason = self.refuses(ip)
        if reason:
            raise GateError("private_address", f"{url!r} leads to {ip}, {reason}; it was not connected to.")

    def refuses(self, ip: str) -> str:
        """Return why an IP address is forbidden, or an empty string."""
        try:
            address = ipaddress.ip_address(ip.strip("[]").split("%")[0])
        except ValueError:
            return "which is no IP address"
        if self.allow_loopback and address.is_loopback:
            return ""
        if address.is_loopback or address.is_unspecified:
            return "a loopback address"
        if address.version == 6 and any(address in block for block in _TRANSLATED):
            return "a mapped or translated address"
        if address.version == 6 and address.packed[8:12] in (b"\0\0\x5e\xfe", b"\x02\0\x5e\xfe"):
            return "a mapped or translated address"
        if address.is_multicast:
            return "a multicast address"
        if address.is_link_local:
            return "a link-local address"
        if address.version == 4 and address in _CARRIER:
            return "an address inside a carrier's network"
        special = any(address.version == block.version and address in block for block in _SPECIAL)
        if special or not address.is_global or address.is_reserved:
            return "a private or reserved address"
        return ""

    def _ports(self) -> str:
        return ", ".join(map(str, sorted(self.ports)))


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.split("%", maxsplit=1)[0])
    except ValueError:
        return None


def _is_loopback_name(host: str, literal: ipaddress.IPv4Address | ipaddress.IPv6Address | None) -> bool:
    return literal.is_loopback if literal is not None else host == "localhost" or host.endswith(".localhost")
