"""Every behaviour of the hostile server ends in its recorded outcome."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from spiders.outcome import CrawlOutcome
from store.archive import read_payload
from store.settings import Settings
from tests.spiders.crawling import QUICK, live_job, outcome_of, run
from tests.spiders.hostile.behaviours import (
    ALL_HOSTS,
    BEHAVIOURS,
    CALENDAR_AT_MOST,
    EMBEDDED,
    HOST_ISSUES,
    PAGINATION_AT_MOST,
    PICTURES,
    Behaviour,
    hosts,
)
from tests.spiders.hostile.server import HostileServer


@dataclass(frozen=True)
class Crawled:
    server: HostileServer
    outcome: CrawlOutcome
    data: Path
    exit_code: int
    errors: str

    def address(self, behaviour: Behaviour) -> str:
        return self.server.address(behaviour.host, behaviour.path)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crawled]:
    data = tmp_path_factory.mktemp("hostile")
    with HostileServer(hosts()) as server:
        seeds = [server.address(1, "/")]
        seeds += [server.address(b.host, b.path) for b in BEHAVIOURS if b.host != 1]
        job = live_job(data, *seeds, pace=replace(QUICK, timeout=2.5))
        exit_code, errors = run(job)
        yield Crawled(server, outcome_of(job), data, exit_code, errors)


def test_there_are_enough_behaviours() -> None:
    assert len(BEHAVIOURS) >= 25


def test_the_crawl_ends_well(crawled: Crawled) -> None:
    assert (crawled.exit_code, crawled.errors) == (0, "")
    assert crawled.outcome.statistics["finish_reason"] == "finished"


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=lambda b: b.name)
def test_behaviour_has_its_outcome(crawled: Crawled, behaviour: Behaviour) -> None:
    address = crawled.address(behaviour)
    captures = [capture for capture in crawled.outcome.captures if capture.url == address]
    issues = {issue.code for issue in crawled.outcome.issues if issue.subject == address}
    assert len(captures) == behaviour.capture
    if behaviour.issue:
        assert behaviour.issue in issues
    if captures:
        assert captures[0].quality_reason == behaviour.quality
        assert (captures[0].quality >= 0.5) == (not behaviour.quality)


def test_issues_about_hosts(crawled: Crawled) -> None:
    subjects = {(issue.subject, issue.code) for issue in crawled.outcome.issues}
    for host, code in HOST_ISSUES.items():
        assert (crawled.server.address(host, ""), code) in subjects
    assert all(issue.message and issue.stage == "crawl" for issue in crawled.outcome.issues)


def test_a_host_whose_robots_failed_is_not_asked_for_pages(crawled: Crawled) -> None:
    assert set(crawled.server.paths(2)) == {"/robots.txt"}


def test_robots_is_asked_once_a_run(crawled: Crawled) -> None:
    assert crawled.server.paths(4).count("/robots.txt") == 1


def test_session_names_do_not_multiply_pages(crawled: Crawled) -> None:
    assert [path for path in crawled.server.paths(1) if path.startswith("/same")] == ["/same"]


def test_calendars_and_lists_without_end_are_left(crawled: Crawled) -> None:
    paths = crawled.server.paths(1)
    assert 1 <= len([path for path in paths if path.startswith("/calendar")]) <= CALENDAR_AT_MOST
    assert 10 <= len([path for path in paths if path.startswith("/list")]) <= PAGINATION_AT_MOST


def test_pictures_and_what_a_browser_would_load_are_never_asked_for(crawled: Crawled) -> None:
    assert not {path.partition("?")[0] for path in crawled.server.paths(1)} & {*PICTURES, *EMBEDDED}


def test_what_was_cut_off_says_so_in_plain_words(crawled: Crawled) -> None:
    said = {issue.subject: issue.message for issue in crawled.outcome.issues if issue.code.endswith("truncated")}
    assert "its gzip coding ends in the middle" in said[crawled.server.address(1, "/gzip-no-trailer")]
    assert "no length was stated and the end of the file is missing" in said[crawled.server.address(1, "/cut-pdf")]
    assert "the connection was reset" in said[crawled.server.address(1, "/reset")]
    assert "its end may be missing" in said[crawled.server.address(1, "/open-end")]
    assert crawled.server.address(1, "/whole-by-close") not in said


def test_we_say_who_we_are_and_keep_no_cookies(crawled: Crawled) -> None:
    for _, _, _, headers in crawled.server.log:
        assert "crawl@desk.example" in headers["user-agent"] and headers["from"] == "crawl@desk.example"
        assert "cookie" not in headers


def test_every_capture_is_in_the_archive(crawled: Crawled) -> None:
    settings = Settings(data_dir=crawled.data)
    assert len(crawled.outcome.captures) > len(ALL_HOSTS)
    for capture in crawled.outcome.captures:
        assert len(read_payload(settings, capture)) == capture.payload_bytes
