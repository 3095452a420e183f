"""`python -m spiders JOB.json`: run one crawl or replay in this process.

Belongs here: reading the job, reporting progress, exit codes. Does not belong here: the crawl (`crawl`, `engine`).
Progress goes to Dagster Pipes when Dagster started the process, else as JSON lines to stdout.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from spiders.job import CrawlJob, read_job
from store.errors import ExitCode, GcideskError
from store.settings import load_settings, prepare_data_dir

SECONDS_BETWEEN_REPORTS = 2.0


def main(arguments: list[str]) -> int:
    """Run the job named in the arguments and return the exit code; errors go to stderr as one line."""
    if len(arguments) != 1:
        sys.stderr.write("Usage: python -m spiders JOB.json\n")
        return int(ExitCode.USAGE)
    try:
        job = read_job(Path(arguments[0]))
        with _pipes() as pipes:
            figures = run_job(job, _reporter(pipes))
            _report(pipes, {"event": "finished", "country": job.country, "crawl": job.crawl, **figures})
    except GcideskError as error:
        sys.stderr.write(f"{error}\n")
        return int(error.exit_code)
    return int(ExitCode.OK)


def run_job(job: CrawlJob, tell: Callable[[int, int], None]) -> dict[str, float | str]:
    """Run a job and return its figures; raises GcideskError with the exit code of its cause."""
    from spiders.crawl import Crawl
    from spiders.engine import run
    from spiders.outcome import load_outcome
    from spiders.plan import NoContactError

    if job.mode == "live" and not job.contact.strip():
        raise NoContactError(
            "A live crawl must say who asks. Set GCIDESK_CONTACT to a mail address or a page that webmasters can "
            "reach, or replay an archive with --replay FILE.warc.gz."
        )
    settings = load_settings(data_dir=Path(job.data_dir))
    prepare_data_dir(settings)
    crawl = Crawl(job, settings)
    stopped = True
    try:
        crawl.open(time.time())
        stopped = run(crawl, tell) if crawl.wait(time.time()) is not None else False
    except sqlite3.Error as error:
        raise crawl.frontier.failure(error) from error
    finally:
        crawl.close(time.time(), stopped)
    return load_outcome(crawl.frontier.folder).statistics


def _pipes() -> Any:
    if "DAGSTER_PIPES_CONTEXT" not in os.environ:
        return nullcontext(None)
    from dagster_pipes import open_dagster_pipes

    return open_dagster_pipes()


def _reporter(pipes: Any) -> Callable[[int, int], None]:
    last = [0.0]

    def tell(captures: int, under_way: int) -> None:
        if time.monotonic() - last[0] >= SECONDS_BETWEEN_REPORTS:
            last[0] = time.monotonic()
            _report(pipes, {"event": "progress", "captures": captures, "under_way": under_way})

    return tell


def _report(pipes: Any, values: dict[str, Any]) -> None:
    if pipes is not None:
        pipes.log.info(json.dumps(values, ensure_ascii=False))
    else:
        sys.stdout.write(json.dumps(values, ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
