"""The one loader of country files.

Belongs here: finding and loading `countries/<iso3>.yml` and the demonstration country. Does not belong here: the schema
(`schema`) or recognising a country by name (`country_names`).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from sources.schema import Country
from sources.typed_yaml import SourceFileError, load_typed
from store.errors import ExitCode, GcideskError

COUNTRIES = Path(__file__).parent / "countries"
DEMONSTRATION = Path(__file__).parent / "demonstration"
DEMONSTRATION_CODE = "XDM"
"""A user-assigned code: never in a roster, a nightly run or statistics."""


class UnknownCountryError(GcideskError):
    """A code that is no country's; the message names the three nearest."""

    exit_code = ExitCode.USAGE


def country_codes() -> tuple[str, ...]:
    """Return the codes of all countries in alphabetical order, without the demonstration country."""
    return tuple(sorted(path.stem.upper() for path in COUNTRIES.glob("*.yml")))


@cache
def load_country(iso3: str) -> Country:
    """Return a country by its ISO 3166-1 alpha-3 code, in any case.

    Raises UnknownCountryError for a code that has no file, SourceFileError for a file that is wrong.
    """
    path = country_path(iso3)
    country = load_typed(path, Country)
    if country.iso3.lower() != path.stem:
        raise SourceFileError(f"{path}:1: iso3: {country.iso3} does not belong into a file of this name.")
    return country


def country_path(iso3: str) -> Path:
    """Return the file of a country; raises UnknownCountryError when there is none."""
    code = iso3.strip().upper()
    folder = DEMONSTRATION if code == DEMONSTRATION_CODE else COUNTRIES
    path = folder / f"{code.lower()}.yml"
    if not (code.isascii() and code.isalpha() and len(code) == 3 and path.exists()):
        raise UnknownCountryError(_unknown(iso3))
    return path


@cache
def load_countries() -> dict[str, Country]:
    """Return all countries by code, without the demonstration country; raises SourceFileError for a wrong file."""
    return {code: load_country(code) for code in country_codes()}


def _unknown(asked: str) -> str:
    nearest = ", ".join(f"{country.iso3} ({country.name()})" for country in nearest_countries(asked))
    return f"{asked!r} is no country code that this desk knows. The nearest are {nearest}."


def nearest_countries(asked: str, count: int = 3) -> list[Country]:
    """Return the countries whose code or name is most like what was asked for, best first."""
    countries = load_countries()
    wanted = asked.strip()

    def likeness(country: Country) -> float:
        code = wanted.upper()
        if code == country.iso2:
            return 100.0
        by_code = 100.0 * OSA.normalized_similarity(code, country.iso3) if len(code) <= 4 else 0.0
        names = [name.casefold() for name in (*country.names.values(), country.name_un) if name]
        best = process.extractOne(wanted.casefold(), names, scorer=fuzz.ratio if len(wanted) <= 3 else fuzz.WRatio)
        return max(by_code, best[1] if best else 0.0)

    ranked = sorted(countries.values(), key=lambda country: (-likeness(country), country.iso3))
    return ranked[:count]
