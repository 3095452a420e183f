"""Replay: archives in place of the network, without a single socket."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from spiders.job import CrawlJob, Seed
from spiders.launch import write_job
from spiders.outcome import CrawlOutcome
from store.archive import read_payload
from store.settings import Settings
from tests.spiders.crawling import ROOT, live_job, outcome_of, run
from tests.spiders.hostile.server import Asked, HostileServer

PORTAL = Seed(url="https://laws.example/", kind="legislation_portal_or_gazette", provenance="known", confidence="high")
FOLDER = "https://www.itu.int/en/ITU-D/Cybersecurity/Documents/National_Strategies_Repository"


def write_warc(path: Path, pages: dict[str, str], status: str = "200 OK") -> Path:
    with path.open("wb") as sink:
        writer = WARCWriter(sink, gzip=True, warc_version="1.1")
        for number, (url, body) in enumerate(pages.items()):
            payload = body.encode()
            kind = "text/plain" if url.endswith(".txt") else "text/html; charset=utf-8"
            record = writer.create_warc_record(
                url, "response", payload=io.BytesIO(payload), length=len(payload),
                http_headers=StatusAndHeaders(status, [("Content-Type", kind)], "HTTP/1.1"),
                warc_headers_dict={"WARC-Date": f"2026-01-{number % 28 + 1:02d}T00:00:00Z"},
            )  # fmt: skip
            writer.write_record(record)
    return path


def replay_job(data: Path, *files: Path, **changes: object) -> CrawlJob:
    job = CrawlJob(
        country="ALB", crawl="replay-test", mode="replay", data_dir=str(data), replay_files=tuple(map(str, files)),
        seeds=(PORTAL,),
        official_domains=("gov.example",), languages=("en",), max_pages=0,
    )  # fmt: skip
    return replace(job, **changes)  # type: ignore[arg-type]


def replayed(job: CrawlJob) -> CrawlOutcome:
    assert run(job) == (0, "")
    return outcome_of(job)


TEXT = "<p>A page with enough text to be one, about the law on cybersecurity and the response team.</p>"
SITE = {
    "https://laws.example/act/2": f"{TEXT}<a href=/act/1>one</a><a href=/act/9>nine</a>",
    "https://ministry.gov.example/": TEXT + "ministry",
    "https://laws.example/act/1": TEXT + "one",
    "https://elsewhere.example/": TEXT + "elsewhere",
    "https://laws.example/robots.txt": "User-agent: *\nDisallow: /closed",
    "https://laws.example/closed/3": TEXT + "closed",
}


def test_every_record_in_scope_is_a_seed_in_archive_order(tmp_path: Path) -> None:
    file = write_warc(tmp_path / "site.warc.gz", SITE)
    outcome = replayed(replay_job(tmp_path / "data", file))
    assert [capture.url for capture in outcome.captures] == [
        "https://laws.example/act/2", "https://ministry.gov.example/", "https://laws.example/act/1",
    ]  # fmt: skip
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert {c.origin for c in outcome.captures} == {f"imported from site.warc.gz (SHA-256 {digest}), not fetched by us"}
    assert outcome.captures[0].captured_at.isoformat() == "2026-01-01T00:00:00+00:00"
    assert outcome.captures[0].source_provenance == "known" and outcome.captures[1].source_provenance == ""
    codes = {(issue.code, issue.subject) for issue in outcome.issues}
    assert ("not_in_archive", "https://laws.example/act/9") in codes
    assert ("not_in_archive", "https://laws.example/") in codes
    assert ("out_of_scope", "elsewhere.example") in codes
    assert ("robots_disallowed", "https://laws.example/closed/3") in codes
    for capture in outcome.captures:
        assert len(read_payload(Settings(data_dir=tmp_path / "data"), capture)) == capture.payload_bytes


def test_from_seeds_only_seeds_and_links_are_taken(tmp_path: Path) -> None:
    site = {"https://laws.example/": f"{TEXT}<a href=/act/1>one</a>", **SITE}
    outcome = replayed(replay_job(tmp_path / "d", write_warc(tmp_path / "s.warc.gz", site), from_seeds=True))
    assert [capture.url for capture in outcome.captures] == ["https://laws.example/", "https://laws.example/act/1"]
    assert outcome.captures[1].found_on == "https://laws.example/" and outcome.captures[1].depth == 1


def test_a_strategy_belongs_to_the_country_that_its_file_name_begins_with(tmp_path: Path) -> None:
    site = {f"{FOLDER}/{name}": f"Strategy text of {name}" * 5 for name in ("Albania_2014_x.txt", "Austria_2013.txt")}
    itu = Seed(
        url=f"{FOLDER}/Albania_2014_x.pdf", kind="itu_strategy_document", provenance="listed", confidence="medium"
    )
    outcome = replayed(replay_job(tmp_path / "d", write_warc(tmp_path / "s.warc.gz", site), seeds=(itu,)))
    assert [capture.url for capture in outcome.captures] == [f"{FOLDER}/Albania_2014_x.txt"]


def test_a_torn_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    file = write_warc(tmp_path / "whole.warc.gz", SITE)
    torn = tmp_path / "torn.warc.gz"
    torn.write_bytes(file.read_bytes()[:-500])
    none = tmp_path / "none.warc.gz"
    none.write_text("this is no archive")
    outcome = replayed(replay_job(tmp_path / "d", torn, none))
    assert len(outcome.captures) == 3
    faults = {(i.subject, i.offset is not None and i.offset >= 0) for i in outcome.issues if i.code == "archive_fault"}
    assert faults == {("torn.warc.gz", True), ("none.warc.gz", True)}
    assert any(i.offset and i.offset > 500 for i in outcome.issues if i.subject == "torn.warc.gz")


def test_one_address_seen_twice_is_two_captures(tmp_path: Path) -> None:
    one = write_warc(tmp_path / "one.warc.gz", {"https://laws.example/act/1": TEXT + "old"})
    two = write_warc(
        tmp_path / "two.warc.gz", {"https://ministry.gov.example/": TEXT, "https://laws.example/act/1": TEXT}
    )
    outcome = replayed(replay_job(tmp_path / "d", one, two))
    assert sorted(c.url for c in outcome.captures).count("https://laws.example/act/1") == 2
    assert len({c.capture_id for c in outcome.captures}) == 3


def test_a_record_of_an_odd_port_is_read_because_nothing_is_connected_to(tmp_path: Path) -> None:
    file = write_warc(tmp_path / "s.warc.gz", {"http://ministry.gov.example:8080/": TEXT})
    assert len(replayed(replay_job(tmp_path / "d", file)).captures) == 1


def test_a_second_run_of_the_same_replay_reads_nothing_again(tmp_path: Path) -> None:
    job = replay_job(tmp_path / "d", write_warc(tmp_path / "s.warc.gz", SITE))
    first = replayed(job)
    size = sum(file.stat().st_size for file in (tmp_path / "d" / "archive").rglob("*.warc.gz"))
    assert replayed(job).captures == first.captures
    assert sum(file.stat().st_size for file in (tmp_path / "d" / "archive").rglob("*.warc.gz")) == size


def test_no_socket_is_opened(tmp_path: Path) -> None:
    job = replay_job(tmp_path / "d", write_warc(tmp_path / "s.warc.gz", SITE))
    file = write_job(Settings(data_dir=tmp_path / "d"), job)
    program = (
        "import socket, sys\n"
        "def refuse(*a): raise AssertionError('a socket was used')\n"
        "socket.socket.connect = socket.socket.connect_ex = refuse\n"
        "socket.getaddrinfo = socket.gethostbyname = refuse\n"
        "from spiders.__main__ import main\n"
        f"sys.exit(main([{str(file)!r}]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(outcome_of(job).captures) == 3


@pytest.mark.realdata
@pytest.mark.parametrize(("country", "name", "count"), [("RWA", "rwanda", 104), ("ARE", "emirates", 120)])
def test_real_archives_of_countries(shared: Path, tmp_path: Path, country: str, name: str, count: int) -> None:
    from questionnaire.instrument import load_instrument
    from sources.country_files import load_country
    from spiders.plan import CrawlOptions, plan_crawl

    options = CrawlOptions(replay_files=(str(shared / "realweb" / f"{name}.warc.gz"),))
    job = plan_crawl(Settings(data_dir=tmp_path), load_country(country), load_instrument(), options)
    outcome = replayed(job)
    assert len(outcome.captures) == count and all(capture.quality >= 0.5 for capture in outcome.captures)


def test_the_archive_of_a_live_crawl_replays_to_the_same_pages(tmp_path: Path) -> None:
    def site(asked: Asked) -> None:
        pages = {"/": f"{TEXT}<a href=/law>law</a><a href=/same>same</a>", "/law": TEXT + "law", "/same": TEXT + "law"}
        body = pages.get(asked.path)
        asked.answer((body or "no").encode(), "200 OK" if body else "404 Not Found")

    with HostileServer({1: site}) as server:
        job = live_job(tmp_path / "live", server.address(1, "/"))
        live = replayed(job)
    archives = sorted((tmp_path / "live" / "archive").rglob("*.warc.gz"))
    again = replayed(replay_job(tmp_path / "again", *archives, seeds=job.seeds))
    assert {(c.url, c.payload_digest) for c in again.captures} == {(c.url, c.payload_digest) for c in live.captures}
    assert len(live.captures) == 3 and {c.record_type for c in live.captures} == {"response", "revisit"}
