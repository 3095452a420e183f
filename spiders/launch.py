"""How another process starts a crawl.

Belongs here: where a job file lies and the command that runs it. Does not belong here: the crawl itself (`__main__`).
Scrapy's reactor cannot start twice in a process, so every crawl is a process of its own.
"""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path

from spiders.job import CrawlJob
from spiders.outcome import outcome_folder
from store.errors import StorageError
from store.settings import Settings

JOB_FILE = "job.json"


def write_job(settings: Settings, job: CrawlJob) -> Path:
    """Write a job beside its crawl's state and return the file; raises StorageError when that is not possible."""
    folder = outcome_folder(settings, job.country, job.crawl)
    path = folder / JOB_FILE
    beside = folder / f"{JOB_FILE}.{uuid.uuid4().hex}.tmp"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside.write_text(job.to_json(), encoding="utf-8")
        os.replace(beside, path)
    except OSError as error:
        raise StorageError(
            f"The job of crawl {job.crawl} cannot be written to {folder} ({error.strerror or error}). "
            "Free space or mend the folder's rights, then run again."
        ) from error
    return path


def command(job_file: Path) -> list[str]:
    """Return the command that runs the crawl of a job file in a process of its own."""
    return [sys.executable, "-m", "spiders", str(job_file)]
