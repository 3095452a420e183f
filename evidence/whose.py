"""Whose: which country a text speaks about.

Belongs here: whether a sentence, a row of a table or a document is about another country or the world. Does not belong
here: names of countries (`sources.country_names`, `sources.country_adjectives`), striking what is foreign (`bars`),
judging evidence. Grammatical words stand in `whose.yml`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import yaml

from questionnaire.drafting_weight import ANOTHERS
from sources.country_adjectives import allusions_in, words_of_allusions
from sources.country_files import load_countries
from sources.country_names import countries_in, country_at_start, words_of_names
from sources.folded_text import FoldedText, fold, has_han, is_han
from store.readings import Reading
from store.tables import DocumentRow, EvidenceRow, Passage

WORDS = Path(__file__).parent / "whose.yml"
HEAD = 3000
"""Characters in which a document says whose it is."""
LEAST_NAMED = 4
"""Times another country must be named before the document counts as another country's."""
OWN_SHARE = 0.1
"""A document that names its own country less than this share of another's name may be the other's."""
MOST_READ = 120_000
"""Characters of a document in which countries are counted."""
FEWEST_COUNTED = 3
"""From so many countries on, a count is the world's and no list of partners."""
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”|«[^»]*»|„[^“”]*[“”]|「[^」]*」')
"""Words of somebody else: "our" in them is theirs."""
_CELL = re.compile(r"\s*(?:\||\t| {3,}|;)\s*")


@dataclass(frozen=True)
class Named:
    """The countries of a text: by name or adjective with their places in the folded text, and by a city."""

    folded: FoldedText
    mentions: tuple[tuple[str, int], ...]
    cities: frozenset[str]

    @property
    def countries(self) -> frozenset[str]:
        """Return those that are named or meant by an adjective."""
        return frozenset(country for country, _ in self.mentions)


def name_countries(text: str) -> Named:
    """Return the countries that a text names, by name, adjective or city."""
    folded = fold(text)
    if not has_han(folded.text) and _telling_words().isdisjoint(folded.text.split()):
        return Named(folded, (), frozenset())  # as most do: no word of any name is in them
    names = countries_in(text, folded)
    taken = {at for name in names for at in range(name.start, name.end)}
    allusions = [a for a in allusions_in(text, folded) if a.start not in taken]
    mentions = [(m.country, m.start) for m in names] + [(a.country, a.start) for a in allusions if not a.city]
    return Named(folded, tuple(mentions), frozenset(a.country for a in allusions if a.city))


@lru_cache(maxsize=1)
def _telling_words() -> frozenset[str]:
    return words_of_names() | words_of_allusions()


def named_countries(text: str) -> Counter[str]:
    """Return how often each country is named in a text, by ISO 3166-1 alpha-3 code."""
    return Counter(country for country, _ in name_countries(text).mentions)


@lru_cache(maxsize=5_000)
def speaks_of_others(text: str, country: str, language: str) -> str:
    """Return why a sentence is not about `country`, such as "names EST only"; empty when it may be.

    It is not when it names other countries and neither its own nor a word such as "our", unless the others stand
    beside it ("with Estonia"), or when it counts the world's countries. A city alone names nobody: treaties are called
    by cities; the own capital counts as the own country.
    """
    words = _words(language)
    named = name_countries(text)
    if country in named.countries:
        return ""
    others = [other for other, at in named.mentions if not (_is_beside(text, at, words) or _is_treaty(text, at, words))]
    if others:
        reason = f"names {', '.join(dict.fromkeys(others))} only"
    elif words.counts(named.folded.text) or words.world.match(named.folded.text):
        reason = "speaks of the world's countries"
    else:
        return ""  # as most do: its own words need not be looked for
    return "" if _is_own(text, named, country, words) else reason


def names_own(text: str, country: str, language: str) -> bool:
    """Tell whether a sentence names its own country, its capital or its people, or says "we", "our", "this country"."""
    return _is_own(text, name_countries(text), country, _words(language))


def _is_own(text: str, named: Named, country: str, words: _Words) -> bool:
    if country in named.countries or country in named.cities:
        return True
    own = words.own
    return bool(own.search(named.folded.text) and own.search(fold(_QUOTED.sub(" ", text)).text))


def row_of_others(passage: Passage, country: str) -> str:
    """Return why a row of a table by country is another's; else empty.

    Its first cell is that country's name, or stands under "country" and names nobody known, nor any word of the own
    country's name.
    """
    if passage.kind != "table_row":
        return ""
    first = next((cell for cell in _CELL.split(passage.text.strip()) if cell.strip("| ")), "")
    mention = country_at_start(first)
    if mention is None:
        return f"is the row of {first} in a table by country" if _is_unknown_country(first, passage, country) else ""
    if mention.country == country or len(first) > 2 * (mention.end - mention.start) + 12:
        return ""
    return f"is the row of {mention.country} in a table by country"


def _is_unknown_country(cell: str, passage: Passage, country: str) -> bool:
    header = passage.reading_text.partition(f": {cell}")[0]
    if not _names_countries(header, passage.language):
        return False
    own = load_countries().get(country)
    names = (*own.names.values(), own.name_un) if own else ()
    return not _pieces(cell) & {piece for name in names for piece in _pieces(name)}


def _pieces(name: str) -> set[str]:
    """Return the words of a name, or its signs."""
    folded = fold(name).text
    return set(folded if is_han(folded.strip()[:1]) else folded.split())


def _names_countries(header: str, language: str) -> bool:
    """Tell whether the header of a column is a word for countries, in the table's language or in English."""
    return fold(header).text.strip() in {*_words(language).column, *_words("en").column}


def foreign_document(document: DocumentRow, reading: Reading) -> str | None:
    """Return a sentence for a reviewer when a document seems to be another country's, otherwise None.

    It does when its head and body name one other country often and its own hardly at all.
    """
    if not reading.is_read:
        return None
    named = named_countries(reading.text[:MOST_READ])
    own = named.pop(document.country, 0)
    if not named:
        return None
    other, times = named.most_common(1)[0]
    if times < LEAST_NAMED or own > OWN_SHARE * times:
        return None
    head = named_countries(reading.text[:HEAD])
    if not head.get(other) or document.country in named_countries(reading.title):
        return None
    often = "never" if not own else "hardly"
    return (
        f"{document.name} names {other} {times} times and {document.country} {often}: it may be another country's "
        "document in the wrong folder. Look before its evidence is used."
    )


def of_another(rows: Iterable[EvidenceRow]) -> list[EvidenceRow]:
    """Return the rows of a document that seems to be another country's, marked: they carry no answer unlooked at."""
    return [replace(row, rules=(ANOTHERS, *row.rules)) for row in rows]


@dataclass(frozen=True)
class _Words:
    own: re.Pattern[str]
    beside: re.Pattern[str]
    counted: re.Pattern[str]
    world: re.Pattern[str]
    convention: re.Pattern[str]
    numbers: re.Pattern[str]
    column: frozenset[str]

    def counts(self, folded: str) -> bool:
        """Whether a text counts countries; a number is quickly looked for first."""
        return bool(self.numbers.search(folded) and self.counted.search(folded))


NEAR = 24
"""Characters around a country's name in which a word makes it a partner or part of a treaty's name."""


def _is_beside(text: str, start: int, words: _Words) -> bool:
    before = fold(text[max(0, start - NEAR) : start]).text
    return bool(words.beside.search(before))


def _is_treaty(text: str, start: int, words: _Words) -> bool:
    return bool(words.convention.search(fold(text[max(0, start - NEAR) : start + NEAR]).text))


@lru_cache(maxsize=16)
def _words(language: str) -> _Words:
    held = _file().get(language) or _file()["en"]
    han = is_han(held["own"][0][0])
    arabic = language == "ar"
    beside = _either(held["beside"])
    return _Words(
        own=_any(held["own"], han),
        beside=re.compile(rf"(?:{beside})$" if han else rf"(?<!\w)(?:{beside})\s+(?:\w+\s)?$"),
        counted=_counted(held["counted"], han),
        world=re.compile(rf"\s*(?:{'و?' if arabic else ''}(?:{_either(held['world'])}))"),
        convention=_any(held["convention"], han),
        numbers=re.compile(r"[\d一二三四五六七八九十百]" if han else r"\d"),
        column=frozenset(fold(word).text.strip() for word in held["column"]),
    )


def _counted(words: tuple[str, ...], han: bool) -> re.Pattern[str]:
    if han:
        number = rf"(?:[1-9]\d+|[{FEWEST_COUNTED}-9]|[一二三四五六七八九]?[十百][一二三四五六七八九]?)"
        return re.compile(rf"{number}多?(?:{_either(words)})")
    number = rf"(?<!\w)(?:[1-9]\d+|[{FEWEST_COUNTED}-9])"
    return re.compile(rf"{number} (?:\w+ )?(?:{_either(words)})(?!\w)")


def _any(words: tuple[str, ...], han: bool) -> re.Pattern[str]:
    return re.compile(_either(words) if han else rf"(?<!\w)(?:{_either(words)})(?!\w)")


def _either(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(fold(word).text.strip()) for word in words)


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    raw = yaml.load(WORDS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {language: {name: tuple(words) for name, words in held.items()} for language, held in raw.items()}
