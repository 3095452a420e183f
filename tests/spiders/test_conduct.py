"""Conduct: who may crawl, how fast, over which connections, and how a crawl ends when the disk does not help."""

from __future__ import annotations

import datetime as dt
import os
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from spiders.answers import Failure
from spiders.frontier import Frontier
from spiders.job import CrawlJob, JobError, Pace, parse_job
from spiders.live import identifying_headers
from spiders.pace import HostPace, parse_retry_after
from store.archive_members import RawRecord, walk_records
from store.errors import ExitCode, StorageError
from tests.spiders.crawling import QUICK, live_job, outcome_of, run, start
from tests.spiders.hostile.server import Asked, HostileServer
from tests.spiders.still_web import BEGAN, Answer, StillWeb, job_for, pages

TEXT = "<p>A page with enough text to be one, about the law on cybersecurity and the response team.</p>"


def test_a_live_crawl_without_contact_is_refused(tmp_path: Path) -> None:
    code, errors = run(live_job(tmp_path, "http://127.0.0.1:1/", contact=" "))
    assert code == ExitCode.NOT_ALLOWED and "GCIDESK_CONTACT" in errors and "Traceback" not in errors


def test_headers_say_who_asks() -> None:
    mail = dict(identifying_headers("desk@itu.example", ("fr", "ar")))
    assert mail["From"] == "desk@itu.example" and mail["User-Agent"].endswith("(+desk@itu.example)")
    assert mail["Accept-Language"] == "fr, ar;q=0.9, en;q=0.8"
    assert "From" not in dict(identifying_headers("https://desk.example/bot", ()))


def test_a_job_crosses_the_border_whole(tmp_path: Path) -> None:
    import json

    job = live_job(tmp_path, "http://s.example/", terms={"en": ("law",)}, replay_files=("x",), allowed_ports=(8443,))
    assert parse_job(json.loads(job.to_json())) == job
    for wrong, message in (({"colour": 1}, "colour"), ({"mode": "dream"}, "dream"), ({"pace": {"speed": 1}}, "speed")):
        with pytest.raises(JobError, match=message):
            parse_job({**json.loads(job.to_json()), **wrong})
    with pytest.raises(JobError):
        parse_job([])


def _site(asked: Asked) -> None:
    if asked.path in ("/robots.txt", "/sitemap.xml"):
        asked.answer(b"", "404 Not Found")
    elif asked.path == "/":
        asked.answer((TEXT + "".join(f"<a href=/{n}>page {n}</a>" for n in range(12))).encode())
    else:
        time.sleep(0.05)
        asked.answer((TEXT + asked.path).encode())


def test_one_connection_a_host_and_a_delay_between_requests(tmp_path: Path) -> None:
    with HostileServer({1: _site, 2: _site}) as server:
        seeds = (server.address(1, "/"), server.address(2, "/"))
        job = live_job(tmp_path, *seeds, pace=replace(QUICK, delay=0.1, max_delay=1.0))
        assert run(job) == (0, "")
        assert max(server.most_open.values()) == 1
        assert len(outcome_of(job).captures) == 26
        for host in (1, 2):
            times = [moment for moment, number, _, _ in server.log if number == host]
            gaps = [later - earlier for earlier, later in pairwise(times)]
            assert min(gaps) >= 0.09


def test_proxy_variables_are_not_looked_at(tmp_path: Path) -> None:
    with HostileServer({1: _site}) as server:
        job = live_job(tmp_path, server.address(1, "/"))
        assert run(
            job, http_proxy="http://10.0.0.1:3128", HTTP_PROXY="http://10.0.0.1:3128", all_proxy="socks5://10.0.0.1"
        ) == (0, "")
        assert len(outcome_of(job).captures) == 13


def test_the_request_is_in_the_archive(tmp_path: Path) -> None:
    with HostileServer({1: _site}) as server:
        job = live_job(tmp_path, server.address(1, "/"))
        run(job)
        requests = [
            item.record.http_headers
            for item in walk_records(tmp_path / "archive/XDM/live-test/00000.warc.gz")
            if isinstance(item, RawRecord) and item.record.rec_type == "request"
        ]
    assert len(requests) == len(server.log)
    assert all("gcidesk" in headers.get_header("User-Agent") for headers in requests)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    import ipaddress

    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def secure(certificate: Path) -> Iterator[HostileServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with HostileServer({1: _site}, tls=context) as server:
        yield server


def test_broken_tls_is_refused(tmp_path: Path, secure: HostileServer) -> None:
    job = live_job(tmp_path, secure.address(1, "/"))
    assert run(job) == (0, "")
    outcome = outcome_of(job)
    assert not outcome.captures and not secure.log
    assert "tls_refused" in {issue.code for issue in outcome.issues}


def test_broken_tls_is_accepted_for_a_reason_that_provenance_shows(tmp_path: Path, secure: HostileServer) -> None:
    job = live_job(tmp_path, secure.address(1, "/"))
    reason = "certificate expired in May; the ministry was told"
    job = replace(job, seeds=(replace(job.seeds[0], tls_exception=reason),))
    assert run(job) == (0, "")
    assert {capture.tls_exception for capture in outcome_of(job).captures} == {reason}


def test_sound_tls_needs_no_exception(tmp_path: Path, secure: HostileServer, certificate: Path) -> None:
    job = live_job(tmp_path, secure.address(1, "/"))
    assert run(job, SSL_CERT_FILE=str(certificate)) == (0, "")
    assert {capture.tls_exception for capture in outcome_of(job).captures} == {""}


def test_a_stopped_crawl_goes_on_where_it_stopped(tmp_path: Path) -> None:
    import signal

    with HostileServer({1: _site}) as server:
        job = live_job(tmp_path, server.address(1, "/"), pace=replace(QUICK, delay=0.15, max_delay=0.15))
        process = start(job)
        while len(server.log) < 6:
            time.sleep(0.02)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)
        assert "finish_reason" not in outcome_of(job).statistics
        assert run(job) == (0, "")
        assert len(outcome_of(job).captures) == 13
        assert all(count == 1 for count in server.asked.values())


def _limit_file_size() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))


def test_a_full_disk_ends_with_a_clear_error_and_the_next_run_completes(tmp_path: Path) -> None:
    """A limit on file size stands for the full disk: writes fail in the middle of a record."""
    import subprocess
    import sys

    from spiders.launch import write_job
    from store.settings import Settings
    from tests.spiders.crawling import ROOT

    def big(asked: Asked) -> None:
        if asked.path in ("/robots.txt", "/sitemap.xml"):
            asked.answer(b"", "404 Not Found")
            return
        links = "".join(f"<a href=/{n}>page {n}</a>" for n in range(12)) if asked.path == "/" else ""
        asked.answer((TEXT + links).encode() + os.urandom(60_000).hex().encode())

    with HostileServer({1: big}) as server:
        job = live_job(tmp_path, server.address(1, "/"))
        file = write_job(Settings(data_dir=tmp_path), job)
        done = subprocess.run(
            [sys.executable, "-m", "spiders", str(file)],
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, preexec_fn=_limit_file_size,
        )  # fmt: skip
        assert done.returncode == ExitCode.STORAGE, done.stderr
        assert "Free space" in done.stderr and "Traceback" not in done.stderr
        assert not [
            item
            for item in walk_records(tmp_path / "archive/XDM/live-test/00000.warc.gz")
            if not isinstance(item, RawRecord)
        ]
        before = len(outcome_of(job).captures)
        assert 0 < before < 13
        assert run(job) == (0, "")
        assert len(outcome_of(job).captures) == 13


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file where the folder should be")
    code, errors = run(live_job(tmp_path, "http://127.0.0.1:1/"))
    assert code == ExitCode.STORAGE and "cannot be written" in errors and "Traceback" not in errors


def test_state_that_cannot_be_opened_is_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "crawl").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="cannot be written"):
        Frontier(tmp_path / "crawl" / "XDM" / "x")


def test_a_record_that_was_stored_but_not_settled_is_adopted(tmp_path: Path) -> None:
    site: dict[str, str | Answer] = {
        "https://s.example/": f"{TEXT}<a href=/next>next</a>",
        "https://s.example/next": TEXT + "n",
    }
    first = StillWeb(job_for(tmp_path, "https://s.example/"), pages(site))
    first.crawl.open(first.moment)
    for _ in range(2):
        first.step()

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    first.crawl._apply = killed  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        while first.step():
            pass
    lost = first.urls[-1]
    first.crawl.archive.close()
    first.crawl.frontier.close()
    second = StillWeb(job_for(tmp_path, "https://s.example/"), pages(site), first.moment)
    outcome = second.run()
    assert lost not in second.urls, "its answer was in the archive already"
    assert {capture.url for capture in outcome.captures} == {"https://s.example/", "https://s.example/next"}
    assert len({(c.warc_file, c.warc_offset) for c in outcome.captures}) == 2


def test_retry_after_is_obeyed(tmp_path: Path) -> None:
    seen: list[str] = []

    def web(url: str, headers: dict[str, str]) -> Answer:
        seen.append(url)
        if url.endswith("/busy") and seen.count(url) == 1:
            return Answer(b"", 429, {"Retry-After": "120"})
        if url.endswith(("/robots.txt", "/sitemap.xml")):
            return Answer(b"", 404)
        return Answer(f"{TEXT} {url} <a href=/busy>Cybercrime law</a><a href=/other>other</a>".encode())

    still = StillWeb(job_for(tmp_path, "https://s.example/"), web)
    outcome = still.run()
    asked = [moment for moment, url in still.asked if url.endswith("/busy")]
    assert asked[1] - asked[0] >= 120
    between = [url for moment, url in still.asked if asked[0] < moment < asked[1]]
    assert not between, "the whole host is left alone"
    assert len(outcome.captures) == 3


def test_retry_after_is_read_as_seconds_and_as_date() -> None:
    assert parse_retry_after("30", 0) == 30
    assert parse_retry_after("Thu, 01 Jan 1970 00:01:00 GMT", 10) == 50
    assert parse_retry_after("soon", 0) is None


def test_the_delay_follows_the_host() -> None:
    pace = HostPace(Pace(delay=1.0, max_delay=20.0))
    pace.begin(0)
    pace.end(2.0, latency=6.0, ok=True)
    assert pace.delay >= 6.0 and pace.next_at == 2.0 + pace.delay
    slow = pace.delay
    pace.end(10.0, latency=0.1, ok=False)
    assert pace.delay >= slow, "a failure never makes us faster"
    for moment in range(20, 40):
        pace.end(float(moment), latency=0.1, ok=True)
    assert pace.delay == pytest.approx(1.0, abs=0.1)
    pace.crawl_delay = 8.0
    pace.end(50.0, latency=0.1, ok=True)
    assert pace.delay >= 8.0


def test_a_host_that_never_answers_is_left(tmp_path: Path) -> None:
    def web(url: str, headers: dict[str, str]) -> Answer | Failure:
        if url.endswith("/robots.txt"):
            return Answer(b"", 404)
        return Failure("timeout", "no answer", True, 60.0)

    seeds = [f"https://s.example/{n}" for n in range(40)]
    still = StillWeb(job_for(tmp_path, *seeds), web)
    outcome = still.run()
    assert len(still.asked) < 60
    assert "host_unreachable" in {issue.code for issue in outcome.issues}


@pytest.mark.parametrize("code", ["dns_failure", "connection_failed", "connection_timeout"])
def test_a_dead_host_costs_seconds_not_minutes(tmp_path: Path, code: str) -> None:
    def web(url: str, headers: dict[str, str]) -> Answer | Failure:
        if url.startswith("https://dead.example"):
            return Failure(code, "Nobody is there.", True, 10.0)
        return Answer(b"<p>A living page with enough text to be taken for a page of its own, and more.</p>")

    still = StillWeb(job_for(tmp_path, "https://dead.example/", "https://alive.example/"), web)
    outcome = still.run()
    assert still.moment - BEGAN < 30
    assert still.urls.count("https://dead.example/robots.txt") == 2
    assert {row.url for row in outcome.captures} == {"https://alive.example/"}
    figures = outcome.statistics
    assert (figures["errors_transient"], figures["retries"]) == (1, 1), "a dead host is an error of the crawl"
    assert figures["requests"] == 2 + 3, "what nobody answered was asked too"
    assert ("robots_unreachable", "https://dead.example") in {(one.code, one.subject) for one in outcome.issues}


def test_a_host_that_dies_on_the_way_is_left_after_three_refusals(tmp_path: Path) -> None:
    links = "".join(f"<a href=/page/{number}>page {number}</a>" for number in range(50))

    def web(url: str, headers: dict[str, str]) -> Answer | Failure:
        if "/page/" in url:
            return Failure("connection_failed", "Connection refused.", True, 0.1)
        return Answer(links.encode()) if url.endswith("example/") else Answer(b"", 404)

    still = StillWeb(job_for(tmp_path, "https://dying.example/"), web)
    outcome = still.run()
    assert len([url for url in still.urls if "/page/" in url]) == 3
    assert "host_unreachable" in {issue.code for issue in outcome.issues}


def test_a_seed_that_refuses_connections_does_not_hold_up_a_live_crawl(tmp_path: Path) -> None:
    with socket.socket() as closed, HostileServer({1: _site}) as server:
        closed.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}/"
        job = live_job(tmp_path, dead, server.address(1, "/"), pace=Pace(delay=0.0, max_delay=0.1))
        assert run(job) == (0, "")
    outcome = outcome_of(job)
    assert outcome.captures and "errors_permanent" not in outcome.statistics
    assert float(outcome.statistics["ended"]) - float(outcome.statistics["began"]) < 30
    assert {issue.code for issue in outcome.issues if dead.rstrip("/") in issue.subject} >= {"robots_unreachable"}


def test_an_unreadable_job_names_the_file(tmp_path: Path) -> None:
    import subprocess
    import sys

    from tests.spiders.crawling import ROOT

    done = subprocess.run(
        [sys.executable, "-m", "spiders", str(tmp_path / "none.json")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == ExitCode.BAD_INPUT and "none.json" in done.stderr


def test_max_pages_ends_a_crawl(tmp_path: Path) -> None:
    with HostileServer({1: _site}) as server:
        job: CrawlJob = live_job(tmp_path, server.address(1, "/"), max_pages=5)
        assert run(job) == (0, "")
        outcome = outcome_of(job)
    assert len(outcome.captures) == 5 and outcome.statistics["finish_reason"] == "max_pages"
