"""Are the seeds alive: what a crawl's outcome says of each seed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sources.country_files import load_country
from sources.schema import Country, Seed, SeedCheck
from spiders.outcome import CrawlOutcome
from spiders.plan import NoContactError
from spiders.source_check import CountryCheck, check_sources, judge_seeds, plan_check
from store.settings import Settings
from store.tables import CaptureRow, IssueRow

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, tzinfo=UTC)


def seed(url: str, check: SeedCheck | None = None) -> Seed:
    return Seed(kind="parliament", url=url, provenance="a test", confidence="medium", check=check)


def capture(url: str, found_on: str = "", quality: float = 1.0, reason: str = "") -> CaptureRow:
    return CaptureRow(
        country="source-check", capture_id=url, crawl="c", url=url, captured_at=NOW, http_status=200,
        declared_type="text/html", declared_charset="", payload_digest="d", payload_bytes=9, record_type="response",
        warc_file="w", warc_offset=0, origin="fetched by us", source_kind="", source_provenance="",
        source_confidence="", found_on=found_on, link_text="", depth=0, etag="", last_modified="", tls_exception="",
        quality=quality, quality_reason=reason,
    )  # fmt: skip


def issue(subject: str, code: str) -> IssueRow:
    return IssueRow(
        country="source-check", stage="crawl", subject=subject, code=code, message=f"{subject}: {code}.", lasting=True,
        offset=None, occurred_at=NOW,
    )  # fmt: skip


def judge(one: Seed, *found: CaptureRow | IssueRow) -> SeedCheck:
    outcome = CrawlOutcome(
        [row for row in found if isinstance(row, CaptureRow)], [row for row in found if isinstance(row, IssueRow)], {}
    )
    return judge_seeds([one], outcome, TODAY)[one.url]


HOME = "https://www.parliament.example/"


@pytest.mark.parametrize(
    ("found", "state"),
    [
        ((capture(HOME),), "alive"),
        ((capture("https://parliament.example/en/home", HOME),), "alive"),
        ((capture("https://assembly.example/", HOME),), "moved"),
        ((capture("https://b.example/", HOME), capture("https://c.example/", "https://b.example/")), "moved"),
        ((capture(HOME, quality=0.1, reason="bot wall"),), "blocked"),
        ((issue(HOME, "http_403"),), "blocked"),
        ((issue(HOME, "robots_disallowed"),), "blocked"),
        ((issue("https://www.parliament.example", "robots_unreachable"),), "blocked"),
        ((issue(HOME, "http_404"),), "dead"),
        ((issue("https://www.parliament.example", "host_unreachable"),), "dead"),
        ((), "dead"),
    ],
)
def test_alive_moved_dead_blocked(found: tuple[CaptureRow | IssueRow, ...], state: str) -> None:
    check = judge(seed(HOME), *found)
    assert check.state == state
    assert check.checked_on == check.since == TODAY
    assert (check.moved_to is not None) == (state == "moved")
    assert state in ("alive", "moved") or check.detail


def test_the_end_of_a_chain_of_redirects_is_where_it_moved() -> None:
    found = capture("https://b.example/", HOME), capture("https://c.example/x", "https://b.example/")
    assert judge(seed(HOME), *found).moved_to == "https://c.example/x"


def test_a_page_that_leads_elsewhere_on_its_own_host_has_moved() -> None:
    law = "https://laws.example/act/7.pdf"
    assert judge(seed(law), capture("https://laws.example/", law)).state == "moved"


def test_since_stays_while_the_state_stays() -> None:
    before = SeedCheck(state="dead", checked_on=date(2026, 10, 1), since=date(2026, 9, 1))
    assert judge(seed(HOME, before), issue(HOME, "http_404")).since == date(2026, 9, 1)
    assert judge(seed(HOME, before), capture(HOME)).since == TODAY


def test_lines_say_what_is_wrong_and_what_is_lacking() -> None:
    country = load_country("TCD")
    first = country.seeds[0]
    checks = judge_seeds(country.seeds, CrawlOutcome([capture(first.url)], [], {}), TODAY)
    lines = list(CountryCheck(country, checks).lines())
    assert lines[0].startswith("TCD  alive 1, moved 0, dead ")
    assert not any(first.url in line for line in lines[1:] if first.kind in line)
    lacking = [line for line in lines if "no seed of kind" in line]
    assert bool(lacking) == bool(country.missing_kinds())


def test_only_seeds_are_asked_and_only_with_a_contact() -> None:
    settings = Settings(contact="desk@example.org")
    job = plan_check(settings, [load_country("EST")])
    assert (job.mode, job.max_depth, job.max_pages) == ("live", 0, 0)
    assert {one.url for one in job.seeds} == {one.url for one in load_country("EST").seeds}
    with pytest.raises(NoContactError):
        plan_check(replace(settings, contact=""), [load_country("EST")])


TEXT = "<p>" + "The assembly of the country meets in the capital and publishes its acts here. " * 8


class _Site(BaseHTTPRequestHandler):
    """A host with one page of each fate; 127.0.0.2 answers as well."""

    def do_GET(self) -> None:
        port = self.server.server_address[1]
        fates = {
            "/": (200, TEXT), "/old": (301, f"http://127.0.0.2:{port}/"), "/gone": (404, "gone"),
            "/secret": (403, "no"),
        }  # fmt: skip
        status, body = fates.get(self.path, (404, "nothing"))
        payload = f"<html><title>Assembly</title><body>{body}</body></html>".encode()
        self.send_response(status)
        if status == 301:
            self.send_header("Location", body)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *arguments: object) -> None:
        """Be silent."""


@pytest.fixture
def port() -> Iterator[int]:
    server = ThreadingHTTPServer(("0.0.0.0", 0), _Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield int(server.server_address[1])
    server.shutdown()
    server.server_close()
    thread.join()


def test_seeds_of_a_real_host_are_asked_through_the_crawl(tmp_path: Path, port: int) -> None:
    fates = {"/": "alive", "/old": "moved", "/gone": "dead", "/secret": "blocked"}
    base = load_country("EST")
    country = Country.model_validate(
        {**base.model_dump(by_alias=True), "seeds": [seed(f"http://127.0.0.1:{port}{path}") for path in fates]}
    )
    settings = Settings(data_dir=tmp_path, contact="desk@example.org", allow_loopback=True)
    told: list[tuple[int, int, str]] = []
    checks = check_sources(settings, [country], progress=lambda *now: told.append(now))
    found = {url.removeprefix(f"http://127.0.0.1:{port}"): check for url, check in checks.countries[0].checks.items()}
    assert {path: check.state for path, check in found.items()} == fates
    assert found["/old"].moved_to == f"http://127.0.0.2:{port}/"
    assert told[-1] == (4, 4, "seeds")
    assert any("moved since" in line for line in checks.lines())


def test_the_gate_holds_for_seeds_too(tmp_path: Path, port: int) -> None:
    base = load_country("EST")
    country = Country.model_validate({**base.model_dump(by_alias=True), "seeds": [seed(f"http://127.0.0.1:{port}/")]})
    checks = check_sources(Settings(data_dir=tmp_path, contact="desk@example.org"), [country])
    (check,) = checks.countries[0].checks.values()
    assert check.state == "dead"
    assert "private_address" in check.detail or "port_refused" in check.detail
