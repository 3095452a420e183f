"""Running a crawl in a process of its own, as Scrapy's reactor demands, and reading what it left."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from spiders.job import CrawlJob, Pace, Seed
from spiders.launch import write_job
from spiders.outcome import CrawlOutcome, load_outcome, outcome_folder
from store.settings import Settings

ROOT = Path(__file__).parents[2]
QUICK = Pace(delay=0.0, max_delay=0.05, timeout=4.0, attempts=3, retry_wait=0.05, concurrency=16, night_budget=100_000)


def live_job(data: Path, *seeds: str, **changes: object) -> CrawlJob:
    job = CrawlJob(
        country="XDM",
        crawl="live-test",
        mode="live",
        data_dir=str(data),
        seeds=tuple(Seed(url=url, kind="gov_portal", provenance="test", confidence="high") for url in seeds),
        languages=("en",),
        contact="crawl@desk.example",
        allow_loopback=True,
        pace=QUICK,
        max_pages=0,
    )
    return replace(job, **changes)  # type: ignore[arg-type]


def start(job: CrawlJob, **variables: str) -> subprocess.Popen[str]:
    settings = Settings(data_dir=Path(job.data_dir))
    file = write_job(settings, job)
    return subprocess.Popen(
        [sys.executable, "-m", "spiders", str(file)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **variables},
    )  # fmt: skip


def run(job: CrawlJob, timeout: float = 120, **variables: str) -> tuple[int, str]:
    """Run a job to its end; returns exit code and stderr."""
    process = start(job, **variables)
    _, errors = process.communicate(timeout=timeout)
    return process.returncode, errors


def outcome_of(job: CrawlJob) -> CrawlOutcome:
    return load_outcome(outcome_folder(Settings(data_dir=Path(job.data_dir)), job.country, job.crawl))
