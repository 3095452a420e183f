"""Are the seeds alive: every seed asked once, through the same gate, robots rules and delays as a crawl.

Belongs here: the crawl that asks only seeds, and what its outcome says of each seed. Does not belong here: writing into
country files (`sources.seed_checks`), or printing (`pipelines.cli`).
"""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from sources.schema import Country, SeedCheck, SeedState
from sources.schema import Seed as SourceSeed
from sources.seed_checks import write_checks
from spiders.addresses import authority_of, key_of
from spiders.job import NO_LINK, CrawlJob, Pace, Seed
from spiders.launch import command, write_job
from spiders.outcome import CrawlOutcome, load_outcome, outcome_folder
from spiders.plan import NoContactError
from spiders.watch import watch_progress
from store.captures import READABLE_QUALITY
from store.errors import ExitCode, GcideskError
from store.settings import Settings
from store.tables import CaptureRow, IssueRow, now

PARTITION = "source-check"
"""Under this name the answers are archived; they belong to no country's captures."""

BLOCKED = (
    "http_401",
    "http_403",
    "http_407",
    "http_429",
    "http_451",
    "robots_",
    "host_asks_to_wait",
    "tls_",
    "host_budget",
)
"""Beginnings of issue codes that mean: somebody is there and does not let us in."""

SEEDS_A_BATCH = 150
"""Fewer than the issues that an outcome lists one by one, so that the reason of every seed is known."""

PACE = Pace(attempts=2, retry_wait=15.0, timeout=30.0)
"""A check is no crawl: what does not answer at the second try within half a minute counts as not answering today."""

Progress = Callable[[int, int, str], None]


class CheckFailedError(GcideskError):
    """The crawl that asks the seeds did not come to its end."""

    exit_code = ExitCode.RUN_FAILED


@dataclass(frozen=True)
class CountryCheck:
    """What was seen of one country: a check a seed address, and the kinds of place that its file lacks."""

    country: Country
    checks: Mapping[str, SeedCheck]

    def lines(self) -> Iterator[str]:
        """Yield what a person wants to read: counts, every seed that is not alive, suspects, kinds that are lacking."""
        iso3 = self.country.iso3
        counts = Counter(check.state for check in self.checks.values())
        yield f"{iso3}  " + ", ".join(f"{state} {counts[state]}" for state in ("alive", "moved", "dead", "blocked"))
        for seed in self.country.seeds:
            check = self.checks.get(seed.url)
            if check is not None and check.state != "alive":
                target = f" to {check.moved_to}" if check.moved_to else ""
                detail = f" ({check.detail})" if check.detail else ""
                yield f"{iso3}  {check.state} since {check.since}: {seed.kind} {seed.url}{target}{detail}"
        for seed in self.country.seeds:
            if seed.suspect:
                yield f"{iso3}  suspect: {seed.kind} {seed.url} ({seed.suspect})"
        lacking = self.country.missing_kinds()
        if lacking:
            yield f"{iso3}  no seed of kind {', '.join(lacking)}"


@dataclass(frozen=True)
class SourceChecks:
    """What was seen of all countries asked about."""

    countries: tuple[CountryCheck, ...]

    def lines(self) -> Iterator[str]:
        """Yield the lines of every country."""
        for country in self.countries:
            yield from country.lines()


def check_sources(
    settings: Settings, countries: Sequence[Country], *, write: bool = False, progress: Progress | None = None
) -> SourceChecks:
    """Ask every seed of the countries once and return what was seen; with `write`, put it into the countries' files.

    Countries are asked in batches, each a crawl of its own. Raises NoContactError without a contact address,
    CheckFailedError when a crawl breaks off; what earlier batches wrote stays.
    """
    tell = progress or _tell_nobody
    total = sum(len(country.seeds) for country in countries)
    found: list[CountryCheck] = []
    done = 0
    for batch in _batches(countries):
        outcome = _ask(settings, plan_check(settings, batch), _after(tell, done, total))
        for country in batch:
            one = CountryCheck(country, judge_seeds(country.seeds, outcome, now().date()))
            if write:
                write_checks(country.iso3, one.checks)
            found.append(one)
        done += sum(len(country.seeds) for country in batch)
        tell(done, total, "seeds")
    return SourceChecks(tuple(found))


def _batches(countries: Sequence[Country]) -> Iterator[list[Country]]:
    batch: list[Country] = []
    for country in countries:
        if batch and sum(len(one.seeds) for one in batch) + len(country.seeds) > SEEDS_A_BATCH:
            yield batch
            batch = []
        batch.append(country)
    if batch:
        yield batch


def _ask(settings: Settings, job: CrawlJob, tell: Progress) -> CrawlOutcome:
    folder = outcome_folder(settings, job.country, job.crawl)
    job_file = write_job(settings, job)
    with watch_progress(folder, len(job.seeds), tell):
        ended = subprocess.run(command(job_file), capture_output=True, text=True, check=False)
    if ended.returncode != 0:
        last = ended.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise CheckFailedError(f"The check of sources broke off: {last[0]} Run it again.")
    return load_outcome(folder)


def _after(tell: Progress, before: int, total: int) -> Progress:
    """Return a progress function for one batch that counts from what earlier batches did."""
    return lambda done, expected, words: tell(min(before + done, total), total, "seeds")


def plan_check(settings: Settings, countries: Iterable[Country], pace: Pace = PACE) -> CrawlJob:
    """Return the job that asks every seed once and follows no link; raises NoContactError."""
    if not settings.contact:
        raise NoContactError(
            "Asking addresses must say who asks. Set GCIDESK_CONTACT to a mail address or a page that webmasters can "
            "reach."
        )
    seeds: dict[str, Seed] = {}
    for country in countries:
        for seed in country.seeds:
            seeds.setdefault(
                seed.url, Seed(url=seed.url, kind="other", provenance="source check", tls_exception=seed.tls_exception)
            )
    return CrawlJob(
        country=PARTITION,
        crawl=now().strftime("check-%Y%m%dT%H%M%S-%f"),
        mode="live",
        data_dir=str(settings.data_dir),
        seeds=tuple(seeds.values()),
        max_pages=0,
        host_pages=0,
        max_depth=0,
        link_pattern=NO_LINK,
        fresh=True,
        pace=pace,
        is_repository=True,
        contact=settings.contact,
        allow_loopback=settings.allow_loopback,
    )


def judge_seeds(seeds: Iterable[SourceSeed], outcome: CrawlOutcome, today: date) -> dict[str, SeedCheck]:
    """Return a check for every seed address that a crawl asked; pure.

    `since` stays that of the last check when the state is the same.
    """
    captured = {key_of(capture.url): capture for capture in outcome.captures}
    reached_from = {key_of(capture.found_on): capture for capture in outcome.captures if capture.found_on}
    issues: dict[str, IssueRow] = {}
    for issue in outcome.issues:
        issues.setdefault(issue.subject, issue)
    checks: dict[str, SeedCheck] = {}
    for seed in seeds:
        key = key_of(seed.url)
        state, target, detail = _judge(seed, captured.get(key), _end_of(reached_from, key), issues)
        same = seed.check is not None and seed.check.state == state
        since = seed.check.since if same and seed.check is not None else today
        checks[seed.url] = SeedCheck(state=state, checked_on=today, since=since, moved_to=target, detail=detail)
    return checks


def _end_of(reached_from: Mapping[str, CaptureRow], key: str) -> CaptureRow | None:
    """Return the page that redirects from an address led to."""
    seen: set[str] = set()
    end: CaptureRow | None = None
    while key in reached_from and key not in seen:
        seen.add(key)
        end = reached_from[key]
        key = key_of(end.url)
    return end


def _judge(
    seed: SourceSeed, own: CaptureRow | None, end: CaptureRow | None, issues: Mapping[str, IssueRow]
) -> tuple[SeedState, str | None, str]:
    page = own or end
    if page is not None:
        if page.quality < READABLE_QUALITY:
            return "blocked", None, page.quality_reason[:200]
        if own is None and _is_elsewhere(seed.url, page.url):
            return "moved", page.url, ""
        return "alive", None, ""
    issue = issues.get(seed.url) or issues.get(authority_of(seed.url)) or _issue_on_host(seed, issues)
    if issue is None:
        return "dead", None, "no answer"
    state: SeedState = "blocked" if issue.code.startswith(BLOCKED) else "dead"
    return state, None, f"{issue.code}: {issue.message}"[:300]


def _issue_on_host(seed: SourceSeed, issues: Mapping[str, IssueRow]) -> IssueRow | None:
    """Return what went wrong at the end of a redirect or on the seed's host."""
    return next((issue for subject, issue in issues.items() if seed.host in subject), None)


def _is_elsewhere(asked: str, answered: str) -> bool:
    """Whether an address leads to another place: another host, or another page than the one asked for.

    The front page of the same host under a longer path (a language, a start page) is the same place.
    """
    before, after = urlsplit(asked), urlsplit(answered)
    if (before.hostname or "").removeprefix("www.") != (after.hostname or "").removeprefix("www."):
        return True
    return before.path.strip("/") != "" and (before.path.rstrip("/"), before.query) != (
        after.path.rstrip("/"),
        after.query,
    )


def _tell_nobody(done: int, total: int, words: str) -> None:
    """Show no progress."""
