"""A crawl that is killed at any moment loses nothing and stores nothing twice."""

from __future__ import annotations

import random
import signal
import sqlite3
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from spiders.job import CrawlJob
from spiders.outcome import CrawlOutcome, outcome_folder
from store.archive import read_payload
from store.archive_members import ArchiveFault, walk_records
from store.settings import Settings
from tests.spiders.crawling import QUICK, live_job, outcome_of, run, start
from tests.spiders.hostile.behaviours import BEHAVIOURS, hosts
from tests.spiders.hostile.server import HostileServer

KILLS = 20


def _job(server: HostileServer, data: Path) -> CrawlJob:
    seeds = [server.address(1, "/")] + [server.address(b.host, b.path) for b in BEHAVIOURS if b.host != 1]
    return live_job(data, *seeds, pace=replace(QUICK, timeout=1.0, attempts=3, delay=0.1))


def _essence(outcome: CrawlOutcome) -> set[tuple[object, ...]]:
    return {(c.url, c.http_status, c.quality_reason, c.depth, c.payload_digest) for c in outcome.captures}


def _in_flight(job: CrawlJob) -> list[str]:
    path = outcome_folder(Settings(data_dir=Path(job.data_dir)), job.country, job.crawl) / "crawl.sqlite"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as state:
        try:
            return [url for (url,) in state.execute("SELECT url FROM requests WHERE state = 'asked'")]
        except sqlite3.OperationalError:  # killed before the tables were made
            return []


def test_killed_twenty_times_the_captures_are_those_of_an_undisturbed_run(tmp_path: Path) -> None:
    with HostileServer(hosts()) as server:
        calm_job = _job(server, tmp_path / "calm")
        assert run(calm_job) == (0, "")
        calm = outcome_of(calm_job)
        calm_asked = Counter(server.asked)
        expected = _essence(calm)
        port = server.port
    chance = random.Random(20)
    may_repeat: Counter[str] = Counter()
    with HostileServer(hosts(), port=port) as server:
        job = _job(server, tmp_path / "killed")
        killed = 0
        while killed < KILLS:
            process = start(job)
            _wait_for_work(job, process)
            time.sleep(chance.random() * 0.3)
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
                killed += 1
            process.communicate()
            may_repeat.update(_in_flight(job))
            if process.returncode == 0:
                break
        assert run(job) == (0, "")
        outcome = outcome_of(job)
        assert killed >= KILLS
        assert _essence(outcome) == expected
        for (host, path), count in server.asked.items():
            extra = count - calm_asked.get((host, path), 0)
            assert extra <= may_repeat[server.address(host, path)], (host, path, count)
    _check_archive(tmp_path / "killed", outcome)


def _wait_for_work(job: CrawlJob, process: object) -> None:
    """Wait until the process has opened its state, so that the kill meets it at work."""
    before = _answered(job)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and process.poll() is None and _answered(job) == before:  # type: ignore[attr-defined]
        time.sleep(0.01)


def _answered(job: CrawlJob) -> int:
    path = outcome_folder(Settings(data_dir=Path(job.data_dir)), job.country, job.crawl) / "crawl.sqlite"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path, timeout=5)) as state:
        try:
            return int(state.execute("SELECT count(*) FROM requests WHERE record != ''").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def _check_archive(data: Path, outcome: CrawlOutcome) -> None:
    settings = Settings(data_dir=data)
    for capture in outcome.captures:
        assert len(read_payload(settings, capture)) == capture.payload_bytes
    found: Counter[str] = Counter()
    for warc in (data / "archive").rglob("*.warc.gz"):
        for item in walk_records(warc):
            assert not isinstance(item, ArchiveFault)
            record = item.record
            if record.rec_type in ("response", "revisit") and record.http_headers.get_statuscode() == "200":
                found[record.rec_headers.get_header("WARC-Target-URI")] += 1
    for capture in outcome.captures:
        assert found[capture.url] == 1, capture.url
