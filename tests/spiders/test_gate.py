"""The gate: what may be connected to, also at the moment of connecting."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.gate import Gate, GateError
from tests.spiders.crawling import ROOT
from tests.spiders.still_web import Answer, StillWeb, job_for, pages

REFUSED = {
    "ftp://s.example/": "scheme_refused",
    "file:///etc/passwd": "scheme_refused",
    "data:text/html,x": "scheme_refused",
    "gopher://s.example/": "scheme_refused",
    "http://s.example:22/": "port_refused",
    "http://s.example:8080/": "port_refused",
    "http://user@s.example/": "credentials_refused",
    "http://127.0.0.1/": "private_address",
    "http://localhost/": "private_address",
    "http://printer.local/": "private_address",
    "http://10.1.2.3/": "private_address",
    "http://172.16.0.1/": "private_address",
    "http://192.168.1.1/": "private_address",
    "http://169.254.169.254/": "private_address",
    "http://100.64.0.1/": "private_address",
    "http://0.0.0.0/": "private_address",
    "http://224.0.0.1/": "private_address",
    "http://255.255.255.255/": "private_address",
    "http://[::1]/": "private_address",
    "http://[::]/": "private_address",
    "http://[fe80::1]/": "private_address",
    "http://[fd00::1]/": "private_address",
    "http://[ff02::1]/": "private_address",
    "http://[::ffff:8.8.8.8]/": "private_address",
    "http://[::8.8.8.8]/": "private_address",
    "http://[2002:808:808::1]/": "private_address",
    "http://[64:ff9b::8.8.8.8]/": "private_address",
    "http://[2001:0:4136:e378::1]/": "private_address",
    "http://[2001:4860::200:5efe:808:808]/": "private_address",
    "http://[fec0::1]/": "private_address",
    "http://[3fff::1]/": "private_address",
    "http://192.88.99.1/": "private_address",
    "http://192.0.0.192/": "private_address",
    "http://168.63.129.16/": "private_address",
    "http://127.0.0.1./": "private_address",
    "http:///nothing": "bad_address",
}


@pytest.mark.parametrize(("url", "code"), REFUSED.items())
def test_refused(url: str, code: str) -> None:
    with pytest.raises(GateError) as caught:
        Gate().check_url(url)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "url", ["http://s.example/", "https://s.example:443/x", "http://8.8.8.8/", "https://[2606:4700::1111]/"]
)
def test_let_through(url: str) -> None:
    Gate().check_url(url)


def test_the_test_allowance_opens_loopback_only() -> None:
    gate = Gate(allow_loopback=True)
    gate.check_url("http://127.0.0.1:8123/")
    gate.check_url("http://localhost:8123/")
    for url in ("http://10.0.0.1/", "http://s.example:8123/", "http://[::ffff:127.0.0.1]/"):
        with pytest.raises(GateError):
            gate.check_url(url)


def test_a_listed_port_is_open() -> None:
    Gate(ports=frozenset({80, 443, 8443})).check_url("https://s.example:8443/")


@given(st.ip_addresses(v=4))
def test_no_address_that_is_not_global_passes(address: object) -> None:
    if not Gate().refuses(str(address)):
        assert address.is_global and not address.is_multicast  # type: ignore[attr-defined]


def test_the_gate_stands_before_seeds_links_redirects_and_sitemaps(tmp_path: Path) -> None:
    site = {
        "https://s.example/robots.txt": Answer(b"Sitemap: http://10.0.0.5/sitemap.xml\n"),
        "https://s.example/": "<a href='http://10.0.0.6/'>a</a><a href=/moved>b</a><img src='http://10.0.0.9/i.png'>",
        "https://s.example/moved": Answer(b"", 302, {"Location": "http://10.0.0.7/"}),
    }
    seeds = ("https://s.example/", "http://10.0.0.8/", "http://10.0.0.5/", "http://10.0.0.6/")
    web = StillWeb(job_for(tmp_path, *seeds), pages(site))
    outcome = web.run()
    assert all(url.startswith("https://s.example/") for url in web.urls)
    assert {issue.subject for issue in outcome.issues if issue.code == "private_address"} == {
        "http://10.0.0.8/", "http://10.0.0.5/", "http://10.0.0.6/", "http://10.0.0.5/sitemap.xml", "https://s.example/moved",
    }  # fmt: skip


CONNECTING = """
import sys
from scrapy.utils.reactor import install_reactor
install_reactor("twisted.internet.asyncioreactor.AsyncioSelectorReactor")
from twisted.internet import reactor
from twisted.internet.address import IPv4Address
from twisted.internet.interfaces import IHostnameResolver
from twisted.internet.protocol import Factory, Protocol
from zope.interface import implementer
from spiders.connections import GatedEndpoint
from spiders.gate import Gate

answers = {answers!r}
looked_up = []

@implementer(IHostnameResolver)
class Rebinding:
    def resolveHostName(self, receiver, host, port=0, types=None, semantics="TCP"):
        looked_up.append(host)
        receiver.resolutionBegan(None)
        for number in answers[min(len(looked_up), len(answers)) - 1]:
            receiver.addressResolved(IPv4Address("TCP", number, port))
        receiver.resolutionComplete()

reactor.installNameResolver(Rebinding())
gate = Gate(allow_loopback={loopback})
connected = []
endpoint_calls = []
import twisted.internet.endpoints as endpoints
real = reactor.connectTCP
def connect(host, port, *rest, **more):
    connected.append(host)
    return real(host, port, *rest, **more)
reactor.connectTCP = connect
endpoint = GatedEndpoint(reactor, gate, "http://rebind.example/", ("rebind.example", {port}), 2)
done = endpoint.connect(Factory.forProtocol(Protocol))
outcome = []
def end(result):
    value = getattr(result, "value", result)
    outcome.append(getattr(value, "code", type(value).__name__))
    reactor.stop()
done.addBoth(end)
reactor.callLater(10, reactor.stop)
reactor.run()
print(outcome, connected, len(looked_up))
"""


@pytest.mark.parametrize(
    ("answers", "loopback", "expected"),
    [
        ([["10.0.0.1"]], False, "['private_address'] [] 1"),
        ([["93.184.216.34", "127.0.0.1"]], False, "['private_address'] [] 1"),
        ([["127.0.0.1"], ["10.0.0.1"]], True, "['Protocol'] ['127.0.0.1'] 1"),
    ],
    ids=["name of a private address", "one bad address among good ones", "the name changes its mind after the check"],
)
def test_the_address_that_was_checked_is_the_one_that_is_connected_to(
    answers: list[list[str]], loopback: bool, expected: str
) -> None:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        program = CONNECTING.format(answers=answers, loopback=loopback, port=listener.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
        )
    assert done.stdout.strip() == expected, done.stderr
