"""From a repository's contract to the job of one crawl.

Belongs here: the addresses, links and limits of a repository's crawl. Does not belong here: the contract itself
(`sources.repository`) or doing the crawl.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from sources.country_files import load_countries
from sources.repository import Repository, filled_address
from spiders.job import NO_LINK, CrawlJob, Seed
from spiders.plan import NoContactError, replay_name
from store.settings import Settings
from store.tables import now


def plan_repository(settings: Settings, contract: Repository, replay_files: tuple[str, ...] = ()) -> CrawlJob:
    """Return the job of one crawl of a repository, under the repository's name.

    Only the contract's addresses and, one link away, the links that it wants are asked. Raises NoContactError for a
    live crawl without a contact address, BadInputError for a replay file that is missing.
    """
    if not replay_files and not settings.contact:
        raise NoContactError(
            f"A live crawl of {contract.title} must say who asks. Set GCIDESK_CONTACT to a mail address or a page that "
            "webmasters can reach, or replay an archive."
        )
    addresses = addresses_of(contract)
    hosts = tuple(dict.fromkeys(urlsplit(address).hostname or "" for address in addresses))
    follow = contract.follow
    limit = len(addresses) + (follow.max_pages if follow else 0)
    return CrawlJob(
        country=contract.name,
        crawl=replay_name(replay_files) if replay_files else now().strftime("live-%Y%m%d"),
        mode="replay" if replay_files else "live",
        data_dir=str(settings.data_dir),
        seeds=tuple(
            Seed(url=address, kind="repository", provenance=contract.publisher, confidence="high",
                 tls_exception=contract.tls_exception)
            for address in addresses
        ),
        official_domains=hosts,
        languages=contract.languages,
        replay_files=tuple(str(Path(file).expanduser().absolute()) for file in replay_files),
        max_pages=0 if replay_files else limit,
        host_pages=0 if replay_files else limit,
        max_depth=1 if follow else 0,
        link_pattern=follow.href if follow else NO_LINK,
        is_repository=True,
        contact=settings.contact,
        allow_loopback=settings.allow_loopback,
    )  # fmt: skip


def addresses_of(contract: Repository) -> tuple[str, ...]:
    """Return the addresses of a contract; one a country where an address is a template."""
    filled = [
        filled_address(address, country)
        for address in contract.addresses
        for country in (load_countries().values() if "{" in address else (None,))
    ]
    return tuple(dict.fromkeys(filled))
