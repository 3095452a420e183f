"""Scope: which addresses belong to the country of a crawl.

Belongs here: the rule that decides by host, seed and file name. Does not belong here: whether an address may be
connected to (`gate`) or is worth a visit (`priority`).
"""

from __future__ import annotations

import re

from sources.country_names import country_of_file
from spiders.addresses import host_of, key_of, lies_under
from spiders.job import CrawlJob, Seed

DOCUMENT_KINDS = frozenset({"law_document", "itu_strategy_document"})
"""Seeds of these kinds are single documents: their host is not the country's."""

_STRATEGY_FOLDER = re.compile(r"/National_Strategies_Repository/", re.IGNORECASE)


class Scope:
    """What a country's crawl may visit: its official domains, the hosts of its seeds, files that bear its name."""

    def __init__(self, job: CrawlJob) -> None:
        """Take domains, seeds and names from the job."""
        self._domains = tuple(domain.lower() for domain in job.official_domains)
        self._shared = frozenset(job.shared_hosts)
        self._seeds = {key_of(seed.url): seed for seed in job.seeds}
        self._by_host: dict[str, Seed] = {}
        for seed in job.seeds:
            held = self._by_host.get(host_of(seed.url))
            if held is None or (held.kind in DOCUMENT_KINDS and seed.kind not in DOCUMENT_KINDS):
                self._by_host[host_of(seed.url)] = seed
        self._country = job.country
        self._is_repository = job.is_repository
        self._wanted_links = re.compile(job.link_pattern) if job.link_pattern else None

    def holds(self, url: str) -> bool:
        """Tell whether a record of a replay belongs to the country."""
        host = host_of(url)
        if key_of(url) in self._seeds or self._names_country(url):
            return True
        if host in self._shared or self._is_foreign_file(url):
            return False
        return self._near_seed(host) is not None or self._is_official(host)

    def follows(self, url: str) -> bool:
        """Tell whether a link to this address may be followed: hosts of single documents are not the country's."""
        host = host_of(url)
        if key_of(url) in self._seeds or self._names_country(url):
            return True
        if host in self._shared or self._is_foreign_file(url):
            return False
        seed = self._near_seed(host)
        return (seed is not None and seed.kind not in DOCUMENT_KINDS) or self._is_official(host)

    def wants_link(self, url: str) -> bool:
        """Tell whether a link or list found on the way is to be followed: in scope, and of the job's pattern."""
        return self.follows(url) and (self._wanted_links is None or self._wanted_links.search(url) is not None)

    def seed_for(self, url: str) -> Seed | None:
        """Return the seed whose address or host this is, or None."""
        return self._seeds.get(key_of(url)) or self._near_seed(host_of(url))

    def _near_seed(self, host: str) -> Seed | None:
        other = host.removeprefix("www.") if host.startswith("www.") else f"www.{host}"
        return self._by_host.get(host) or self._by_host.get(other)

    def _is_official(self, host: str) -> bool:
        return any(lies_under(host, domain) for domain in self._domains)

    def _is_foreign_file(self, url: str) -> bool:
        """Whether a file lies in the repository of national strategies and so is not the host's."""
        return not self._is_repository and _STRATEGY_FOLDER.search(url) is not None

    def _names_country(self, url: str) -> bool:
        """A file in the repository of national strategies belongs to the country that its name begins with."""
        return _STRATEGY_FOLDER.search(url) is not None and country_of_file(url) == self._country
