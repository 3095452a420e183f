"""The schema of a country's source file.

Belongs here: what a country file may say, and what follows from it alone (official hosts). Does not belong here:
reading files (`country_files`) or the contract of a repository (`repository`).
"""

from __future__ import annotations

import re
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Confidence = Literal["high", "medium", "low"]
ItuRegion = Literal["Africa", "Americas", "Arab States", "Asia-Pacific", "CIS", "Europe"]
SeedKind = Literal[
    "gov_portal", "ict_ministry", "telecom_regulator", "national_cirt", "data_protection_authority",
    "legislation_portal_or_gazette", "parliament", "police_cybercrime", "standards_body", "education_ministry",
    "law_document", "itu_strategy_document", "news", "other",
]  # fmt: skip
SeedState = Literal["alive", "moved", "dead", "blocked"]

PLACES: tuple[SeedKind, ...] = (
    "gov_portal", "ict_ministry", "telecom_regulator", "national_cirt", "data_protection_authority",
    "legislation_portal_or_gazette", "parliament", "police_cybercrime", "standards_body",
)  # fmt: skip
"""Kinds of place that a country is expected to have; what is missing of them is reported, never taken for a fact."""

OFFICIAL_KINDS: frozenset[SeedKind] = frozenset((*PLACES, "education_ministry"))
"""Kinds whose host speaks for the state, unless the seed is a secondary collection or believed on little ground."""

NAME_LANGUAGES = ("en", "fr", "es", "ar", "zh", "ru")


class SourceModel(BaseModel):
    """Base of everything that stands in a source file: unknown fields are refused, values do not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def http_address(url: str) -> str:
    """Return a whole http or https address as it is; raises ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"}:
        raise ValueError(f"{url!r} is not an http or https address")
    if not parts.hostname or re.search(r"\s", url):
        raise ValueError(f"{url!r} is not a whole address")
    if parts.username or parts.password:
        raise ValueError(f"{url!r} carries a user name; a source file holds no credentials")
    return url


def _domain(name: str) -> str:
    if not re.fullmatch(r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)*[a-z0-9-]{2,}", name):
        raise ValueError(f"{name!r} is not a domain name in lower case, such as gov.example")
    return name


HttpAddress = Annotated[str, AfterValidator(http_address)]
Domain = Annotated[str, AfterValidator(_domain)]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class SeedCheck(SourceModel):
    """What `gcidesk sources check` last saw at a seed."""

    state: SeedState
    checked_on: date
    since: date = Field(description="first check in a row that gave this state")
    moved_to: HttpAddress | None = None
    detail: str = ""


class Seed(SourceModel):
    """One address to start from, and why it is believed to belong to the country."""

    kind: SeedKind
    url: HttpAddress
    languages: tuple[LanguageCode, ...] = ()
    provenance: str = Field(min_length=1, description="why the address is believed; shown to reviewers")
    confidence: Confidence
    title: str = ""
    note: str = ""
    year: int | None = Field(default=None, ge=1900, le=2100)
    theme: str = Field(default="", description="theme of a single law document")
    secondary: bool = Field(default=False, description="an unofficial collection of others' texts")
    suspect: str = Field(default="", description="why the address may belong to another country")
    tls_exception: str = Field(default="", description="why broken TLS is accepted here; shown in provenance")
    check: SeedCheck | None = None

    @property
    def host(self) -> str:
        """Host name in lower case, without port."""
        return (urlsplit(self.url).hostname or "").lower()

    @property
    def speaks_for_the_state(self) -> bool:
        """Whether the host counts as official: a public body's kind, at least medium confidence, nothing against it."""
        doubtful = self.secondary or bool(self.suspect) or self.confidence == "low"
        return self.kind in OFFICIAL_KINDS and not doubtful


class OfficialDomain(SourceModel):
    """A domain whose hosts speak for the state, such as a government suffix."""

    domain: Domain
    provenance: str = ""
    confidence: Confidence = "medium"
    note: str = ""


class Thresholds(SourceModel):
    """What a crawl of this source must reach before its result is trusted without a look."""

    min_pages: int = Field(default=1, ge=0)
    max_transient_error_share: float = Field(default=0.30, ge=0, le=1)
    max_permanent_error_share: float = Field(default=0.50, ge=0, le=1)
    unwanted_codes: dict[int, int] = Field(default_factory=lambda: {403: 20, 429: 20, 503: 20})
    finish_reasons: tuple[str, ...] = ("finished", "max_pages", "closespider_pagecount", "budget")
    min_readable_share: float = Field(default=0.50, ge=0, le=1)
    max_days_without_new_content: int = Field(default=365, ge=1)
    max_requests_an_item: float = Field(default=10.0, gt=0)


def _as_record(value: Any) -> Any:
    """Let a domain stand alone where nothing more is known about it."""
    return {"domain": value} if isinstance(value, str) else value


class Country(SourceModel):
    """A country with its names, languages and places to look."""

    iso3: str = Field(pattern=r"^[A-Z]{3}$")
    iso2: str = Field(pattern=r"^[A-Z]{2}$")
    m49: str = Field(pattern=r"^[0-9]{3}$", description="UN M49 code, three digits, in quotes")
    names: dict[str, str]
    name_un: str = Field(default="", description="name in UN documents, English")
    itu_region: ItuRegion
    itu_region_source: str = ""
    languages: tuple[LanguageCode, ...] = Field(min_length=1)
    languages_source: str = ""
    domain_records: tuple[Annotated[OfficialDomain, BeforeValidator(_as_record)], ...] = Field(
        default=(), alias="official_domains"
    )
    seeds: tuple[Seed, ...] = ()
    monitors: Thresholds = Thresholds()

    @cached_property
    def official_domains(self) -> tuple[str, ...]:
        """Domains whose hosts speak for the state: government suffixes first, then hosts of official seeds."""
        hosts = (seed.host.removeprefix("www.") for seed in self.seeds if seed.speaks_for_the_state)
        return tuple(dict.fromkeys((*(record.domain for record in self.domain_records), *hosts)))

    def is_official(self, host: str) -> bool:
        """Tell whether a host is one of the official domains or lies under one."""
        return _lies_under(host.lower(), self.official_domains)

    def name(self, language: str = "en") -> str:
        """Return the country's name in a language, English where the file has none."""
        return self.names.get(language) or self.names["en"]

    def missing_kinds(self) -> tuple[SeedKind, ...]:
        """Kinds of place for which the file holds no seed: gaps of the list, not facts about the country."""
        known = {seed.kind for seed in self.seeds}
        return tuple(kind for kind in PLACES if kind not in known)

    @model_validator(mode="after")
    def _is_sound(self) -> Country:
        lacking = [language for language in NAME_LANGUAGES if not self.names.get(language)]
        if lacking:
            raise ValueError(f"names lack {', '.join(lacking)}")
        seen: set[tuple[str, str]] = set()
        for seed in self.seeds:
            if (seed.kind, seed.url) in seen:
                raise ValueError(f"seed {seed.url} stands twice under kind {seed.kind}")
            seen.add((seed.kind, seed.url))
        return self


def _lies_under(host: str, domains: tuple[str, ...]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)
