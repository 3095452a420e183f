"""What one crawl is asked to do, as data that crosses the border between two processes.

Belongs here: the job of a crawl and its JSON form. Does not belong here: doing it (`__main__`), or where a job file
lies (`launch`).
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from store.errors import BadInputError

NO_LINK = r"(?!)"
"""A link pattern that no address matches: only the seeds are asked."""


class JobError(BadInputError):
    """A job file cannot be used; the message names file and field."""


@dataclass(frozen=True, kw_only=True)
class Seed:
    """An address to start from, with the reason why it is believed to belong to the country."""

    url: str
    kind: str = ""
    languages: tuple[str, ...] = ()
    provenance: str = ""
    confidence: str = ""
    tls_exception: str = ""
    """Reason why broken TLS is accepted on this seed's host; empty demands sound TLS."""


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How a live crawl treats a host; the defaults are those of a crawler that a webmaster would accept."""

    delay: float = 1.0
    """Least seconds between two requests to a host; Crawl-delay raises it, never lowers it."""
    max_delay: float = 60.0
    """Most seconds that adaptive throttling waits between two requests."""
    night_budget: int = 1000
    """Requests to one host in 24 hours."""
    timeout: float = 60.0
    """Seconds for one response, redirects not counted."""
    attempts: int = 3
    """Times that a request is tried when the failure may pass."""
    retry_wait: float = 30.0
    """Seconds before the second try; doubled for each further one. Retry-After takes precedence."""
    concurrency: int = 16
    """Requests under way at one time, on as many hosts."""


@dataclass(frozen=True, kw_only=True)
class CrawlJob:
    """One crawl or replay of one country (or of one repository, under its name)."""

    country: str
    crawl: str
    mode: Literal["live", "replay"]
    data_dir: str
    seeds: tuple[Seed, ...] = ()
    official_domains: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    terms: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Words that make a link worth following, by language; they set priority and exclude nothing."""
    replay_files: tuple[str, ...] = ()
    max_pages: int = 1000
    """Pages to capture at most; 0 means no limit."""
    max_depth: int = 8
    host_pages: int = 600
    """Pages to capture at most from one host; 0 means no limit."""
    from_seeds: bool = False
    """Replay only: start from the seeds and follow links instead of taking every record in scope."""
    fresh: bool = False
    """Ask for every page anew, without validators of an earlier crawl."""
    contact: str = ""
    """Mail address or page that identifies the crawler; a live crawl refuses to start without it."""
    allow_loopback: bool = False
    """Test allowance of the gate: loopback addresses and any port."""
    allowed_ports: tuple[int, ...] = ()
    """Ports beside 80 and 443."""
    pace: Pace = Pace()
    is_repository: bool = False
    """Whether `country` names a repository: its folders belong to it whole, not file by file to countries."""
    link_pattern: str = ""
    """Regular expression; only links whose address it is found in are followed. Empty: all links in scope."""
    shared_hosts: tuple[str, ...] = ()
    """Hosts that publish about all countries: only the seeds' own addresses and files named after the country count."""

    def to_json(self) -> str:
        """Return the job as JSON text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def read_job(path: Path) -> CrawlJob:
    """Return the job in a file; raises JobError when it is missing, not JSON, or has a wrong field."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise JobError(
            f"The job file {path} cannot be read ({error}). Write it with spiders.launch.write_job."
        ) from error
    return parse_job(values, str(path))


def parse_job(values: Any, source: str = "job") -> CrawlJob:
    """Return the job that a JSON object describes; raises JobError naming the wrong field."""
    if not isinstance(values, dict):
        raise JobError(f"{source}: a job is a JSON object.")
    known = {spec.name for spec in fields(CrawlJob)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise JobError(f"{source}: unknown field {', '.join(unknown)}.")
    try:
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        plain["seeds"] = tuple(
            Seed(**{**seed, "languages": tuple(seed.get("languages", ()))}) for seed in values.get("seeds", ())
        )
        plain["terms"] = {language: tuple(words) for language, words in values.get("terms", {}).items()}
        if "pace" in values:
            plain["pace"] = Pace(**values["pace"])
        job = CrawlJob(**plain)
    except (TypeError, AttributeError) as error:
        raise JobError(f"{source}: a field is missing or of the wrong kind ({error}).") from error
    if job.mode not in ("live", "replay"):
        raise JobError(f"{source}: mode is {job.mode!r}; it is live or replay.")
    if job.mode == "replay" and not job.replay_files:
        raise JobError(f"{source}: a replay needs at least one file in replay_files.")
    return job
