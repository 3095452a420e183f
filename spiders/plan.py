"""From a country's source file to the job of one crawl.

Belongs here: which seeds, domains, words and limits a crawl of a country gets. Does not belong here: the job's form
(`job`) or doing it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from questionnaire.instrument import Instrument
from sources.repository import load_repositories
from sources.schema import Country
from sources.schema import Seed as SourceSeed
from spiders.job import CrawlJob, Seed, read_job
from spiders.launch import JOB_FILE
from store.digests import identify
from store.errors import BadInputError, ExitCode, GcideskError
from store.settings import Settings
from store.tables import now

ASKED = "named on the command line"
"""Provenance of a seed that a person typed."""


class NoContactError(GcideskError):
    """A live crawl without a contact address: webmasters must be able to reach us."""

    exit_code = ExitCode.NOT_ALLOWED


@dataclass(frozen=True)
class CrawlOptions:
    """What a person may say about one crawl."""

    replay_files: tuple[str, ...] = ()
    extra_seeds: tuple[str, ...] = ()
    from_seeds: bool = False
    max_pages: int = 300
    fresh: bool = False


def plan_crawl(settings: Settings, country: Country, instrument: Instrument, options: CrawlOptions) -> CrawlJob:
    """Return the job of one crawl; the same plan on the same day has the same name, so a killed crawl is resumed.

    Raises NoContactError for a live crawl without a contact address, BadInputError for a replay file that is missing.
    """
    replay = bool(options.replay_files)
    if not replay and not settings.contact:
        raise NoContactError(
            "A live crawl must say who asks. Set GCIDESK_CONTACT to a mail address or a page that webmasters can "
            "reach, or replay an archive with --replay FILE.warc.gz."
        )
    languages = tuple(dict.fromkeys((*country.languages, "en")))
    return CrawlJob(
        country=country.iso3,
        crawl=_name(options),
        mode="replay" if replay else "live",
        data_dir=str(settings.data_dir),
        # A suspect address may be another country's: it stays in the file, for people, and is not asked.
        seeds=(*(_seed(seed) for seed in country.seeds if not seed.suspect), *map(_asked, options.extra_seeds)),
        official_domains=country.official_domains,
        languages=languages,
        terms={language: _words(instrument, language) for language in languages if language in instrument.languages},
        replay_files=tuple(str(Path(file).expanduser().absolute()) for file in options.replay_files),
        # A replay takes what the archive holds; the limit is there to spare other people's servers.
        max_pages=0 if replay and not options.from_seeds else options.max_pages,
        from_seeds=options.from_seeds,
        fresh=options.fresh,
        contact=settings.contact,
        allow_loopback=settings.allow_loopback,
        shared_hosts=_shared_hosts(),
    )


def _shared_hosts() -> tuple[str, ...]:
    """Return the hosts of repositories: what lies there is about all countries, so a seed does not put all in scope."""
    addresses = (address for contract in load_repositories().values() for address in contract.addresses)
    return tuple(sorted({urlsplit(address).hostname or "" for address in addresses} - {""}))


def _name(options: CrawlOptions) -> str:
    if not options.replay_files:
        return now().strftime("live-%Y%m%dT%H%M%S" if options.fresh else "live-%Y%m%d")
    return replay_name(options.replay_files, *options.extra_seeds, str(options.from_seeds))


def replay_name(files: Sequence[str], *choices: str) -> str:
    """Return the name of a replay: the same files and choices give the same name, so that a killed one is resumed.

    Raises BadInputError for a file that is missing.
    """
    stamps = []
    for file in files:
        path = Path(file).expanduser()
        if not path.is_file():
            raise BadInputError(f"There is no archive {path}. Name a WARC file after --replay.")
        stamps.append(f"{path.absolute()} {path.stat().st_size} {path.stat().st_mtime_ns}")
    return "replay-" + identify(*stamps, *choices)[:12]


def _seed(seed: SourceSeed) -> Seed:
    return Seed(
        url=seed.url,
        kind=seed.kind,
        languages=seed.languages,
        provenance=seed.provenance,
        confidence=seed.confidence,
        tls_exception=seed.tls_exception,
    )


def _asked(url: str) -> Seed:
    return Seed(url=url, kind="other", provenance=ASKED)


def _words(instrument: Instrument, language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for q in instrument.questions for term in q.terms.get(language, ())))


def options_of_last_crawl(settings: Settings, country: str) -> CrawlOptions:
    """Return how a country was crawled last: a refresh by hand asks the web again, or replays the same archive."""
    jobs = sorted(
        (settings.crawl_state_dir / country).glob(f"*/{JOB_FILE}"), key=lambda file: file.stat().st_mtime, reverse=True
    )
    if not jobs:
        return CrawlOptions()
    last = read_job(jobs[0])
    return CrawlOptions(
        replay_files=last.replay_files,
        extra_seeds=tuple(seed.url for seed in last.seeds if seed.provenance == ASKED),
        from_seeds=last.from_seeds,
        max_pages=last.max_pages or CrawlOptions.max_pages,
        fresh=last.fresh,
    )
