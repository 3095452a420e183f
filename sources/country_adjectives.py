"""Adjectives of countries and cities that stand for them: `Estonian`, `эстонский`, `الإستونية`, `Tallinn`.

Belongs here: making the forms of an adjective, and finding adjectives and cities in running text. Does not belong here:
names of countries (`country_names`), or what a mention means for evidence (`evidence.whose`).

English adjectives stand in `country_aliases.yml`, those of four languages in `country_adjectives.yml`, Arabic ones are
made from the country's name; cities are the ones by which CLDR calls its time zones. A form that two countries
share, or that is the name of another one, names nobody here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import ahocorasick
from babel import Locale
from babel.core import get_global
from pydantic import RootModel

from sources.country_files import load_countries, load_country
from sources.country_names import ARABIC_PREFIXES, CLDR_LANGUAGES, adjectives_of, names_of, telling_words
from sources.folded_text import FoldedText, fold, is_arabic, is_han
from sources.russian_cases import cases_of
from sources.typed_yaml import load_typed

ADJECTIVES = Path(__file__).parent / "country_adjectives.yml"
LANGUAGES_NOT_COUNTRIES = frozenset({"GBR", "FRA", "ESP", "PRT", "RUS", "CHN", "DEU", "USA"})
"""Countries whose English adjective names a language or a continent as often as the country."""
SHORTEST_ARABIC = 4
"""Letters of an Arabic stem; shorter ones are common words ("مالي" is financial)."""
MOST_ZONES = 3
"""In a country of more time zones, their cities are seldom its capital, and some are common words (Center, Nome)."""
_ARABIC_COMMON = frozenset({"مالي", "قطري", "بري", "ناوري"})
_RUSSIAN_ENDINGS = (
    "ий", "ая", "ое", "ие", "ого", "ому", "им", "ом", "ой", "ую", "их", "ими",
)  # fmt: skip
_ARABIC_ENDINGS = ("ي", "ية", "يون", "يين", "يات")


@dataclass(frozen=True)
class Allusion:
    """A country meant by an adjective or one of its cities: `text[start:end]`, code points."""

    country: str
    start: int
    end: int
    city: bool


@dataclass(frozen=True)
class _Form:
    folded: str
    country: str
    city: bool
    capital: bool
    """Counts only with a capital letter."""


class _Adjectives(RootModel[dict[str, dict[str, tuple[str, ...]]]]):
    pass


def allusions_in(text: str, folded: FoldedText | None = None) -> list[Allusion]:
    """Return the countries that a text means without their names, in order; the longest form wins.

    `folded` is `fold(text)` where the caller has it.
    """
    folded = folded or fold(text)
    hits = list(_automaton().iter(folded.text))
    if not hits:
        return []
    found = sorted(
        (
            (end + 1 - len(form.folded), form)
            for end, form in hits
            if _is_whole(folded.text, end + 1 - len(form.folded), end + 1)
            and not (form.capital and text[folded.offsets[end + 1 - len(form.folded)]].islower())
        ),
        key=lambda hit: (hit[0], -len(hit[1].folded)),
    )
    allusions: list[Allusion] = []
    free_from = 0
    for start, form in found:
        if start >= free_from:
            free_from = start + len(form.folded)
            allusions.append(
                Allusion(form.country, folded.offsets[start], folded.offsets[free_from - 1] + 1, form.city)
            )
    return allusions


@cache
def words_of_allusions() -> frozenset[str]:
    """Return the telling words of all forms that `allusions_in` looks for."""
    return telling_words(_forms().keys())


def _is_whole(text: str, start: int, end: int) -> bool:
    if is_han(text[start]):
        return True
    if text[end : end + 1].isalnum() and not is_han(text[end]):
        return False
    before = text[:start].rsplit(" ", 1)[-1] if is_arabic(text[start]) else text[start - 1 : start]
    if is_arabic(text[start]):
        return before in ARABIC_PREFIXES
    return not before.isalnum() or is_han(before)


@cache
def _automaton() -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for form in _forms().values():
        automaton.add_word(form.folded, form)
    automaton.make_automaton()
    return automaton


@cache
def _forms() -> dict[str, _Form]:
    """Folded form to what it means; forms that two countries share are left out."""
    names = {fold(name).text.strip(): country for country in load_countries() for name in names_of(country)}
    known: dict[str, _Form | None] = {}
    for country, written, city, capital in _written():
        folded = fold(written).text.strip()
        if len(folded) < 3 or names.get(folded, country) != country:
            continue
        held = known.get(folded, _Form(folded, country, city, capital))
        known[folded] = held if held is not None and held.country == country else None
    return {folded: form for folded, form in known.items() if form is not None}


def _written() -> list[tuple[str, str, bool, bool]]:
    """Return (country, form, is a city, needs a capital letter)."""
    written = []
    listed = load_typed(ADJECTIVES, _Adjectives).root
    for iso3 in load_countries():
        if iso3 not in LANGUAGES_NOT_COUNTRIES:
            written += [
                (iso3, form, False, True) for word in adjectives_of(iso3) for form in (word, f"{word}s", f"{word}'s")
            ]
        for language, words in listed.get(iso3, {}).items():
            written += [(iso3, form, False, False) for word in words for form in inflect(word, language)]
        written += [(iso3, form, False, False) for form in _arabic(iso3)]
        written += [(iso3, city, True, True) for city in _cities(load_country(iso3).iso2)]
    return written


def inflect(word: str, language: str) -> tuple[str, ...]:
    """Return the forms of an adjective given in the masculine singular (Russian: the stem)."""
    if language == "ru":
        return tuple(word + ending for ending in _RUSSIAN_ENDINGS)
    if language == "fr":
        if word.endswith("e"):
            return (word, f"{word}s")
        if word.endswith("turc"):
            return (word, f"{word}s", "turque", "turques")
        doubled = word + word[-1] if word.endswith(("en", "on")) else word
        return (word, word if word.endswith("s") else f"{word}s", f"{doubled}e", f"{doubled}es")
    if word.endswith("o"):
        return (word, f"{word[:-1]}a", f"{word}s", f"{word[:-1]}as")
    if word.endswith(("és", "ês", "n", "l")):
        stem = f"{word[:-2]}es" if word.endswith(("és", "ês")) else word
        return (word, f"{stem}a", f"{stem}es", f"{stem}as")
    return (word, f"{word}s", f"{word}es")


def _arabic(iso3: str) -> list[str]:
    """Return the Arabic adjective of a country by rule: the name without article and final vowel, with its ending.

    A wrong form that no text contains does no harm.
    """
    name = Locale.parse("ar").territories.get(load_country(iso3).iso2, "")
    if " " in name or not name:
        return []
    stem = name.removeprefix("ال")
    for ending in ("يا", "ا", "ة", "ي"):
        if stem.endswith(ending):
            stem = stem[: -len(ending)]
            break
    if len(stem) < SHORTEST_ARABIC - 1 or f"{stem}ي" in _ARABIC_COMMON or iso3 in LANGUAGES_NOT_COUNTRIES:
        return []
    return [f"{article}{stem}{ending}" for article in ("", "ال", "لل") for ending in _ARABIC_ENDINGS]


def _cities(iso2: str) -> list[str]:
    zones = [zone for zone, territory in get_global("zone_territories").items() if territory == iso2]
    if len(zones) > MOST_ZONES:
        return []
    cities = {zone.rsplit("/", 1)[-1].replace("_", " ") for zone in zones}
    cities |= {_zone_names(language).get(zone, "") for zone in zones for language in CLDR_LANGUAGES} - {""}
    return sorted(cities | {case for city in cities for case in cases_of(city)})


@cache
def _zone_names(language: str) -> dict[str, str]:
    return {zone: held["city"] for zone, held in dict(Locale.parse(language).time_zones).items() if "city" in held}
