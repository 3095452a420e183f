"""Which country a text names: in seven languages, under its short and formal names.

Belongs here: recognising a country by name in a row, a heading, a file name or running text. Does not belong here:
what follows from it for evidence (`evidence`) or scope (`spiders`). Names come from the country files (CLDR), from
CLDR's list of territories through babel, and from `country_aliases.yml`. A name that two countries bear names neither.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import ahocorasick
from babel import Locale
from pydantic import Field

from sources.country_files import DEMONSTRATION_CODE, load_countries, load_country
from sources.folded_text import FoldedText, fold, is_arabic, is_han
from sources.russian_cases import cases_of
from sources.schema import SourceModel
from sources.typed_yaml import load_typed

ALIASES = Path(__file__).parent / "country_aliases.yml"
CLDR_LANGUAGES = ("en", "fr", "es", "pt", "ar", "ru", "zh")
NO_TERRITORY = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
ARABIC_PREFIXES = frozenset({"", "و", "ف", "ب", "ل", "ك", "وب", "ول", "وك", "فب", "فل"})
"""Letters that Arabic writes together with the name that follows: and, so, in, for, like."""
TELLING = 4
"""Letters from which a word of a name is seldom a common word such as "el" or "is"."""


@dataclass(frozen=True)
class Mention:
    """A country named in a text: `text[start:end]`, code points."""

    country: str
    start: int
    end: int


@dataclass(frozen=True)
class _Name:
    """A folded name; `country` is empty for a place that is no country; `capitals` asks for capital letters."""

    folded: str
    country: str
    capitals: bool = False


class _Aliases(SourceModel):
    names: dict[str, tuple[str, ...]]
    acronyms: dict[str, tuple[str, ...]]
    adjectives: dict[str, tuple[str, ...]]
    not_countries: tuple[str, ...] = Field(default=())


def countries_in(text: str, folded: FoldedText | None = None) -> list[Mention]:
    """Return the countries that a text names, in order; the longest name wins where names overlap.

    Latin and Cyrillic names count only with a capital letter, so that `peru` or `us` in running text name nobody.
    `folded` is `fold(text)` where the caller has it.
    """
    folded = folded or fold(text)
    hits = list(_automaton().iter(folded.text))
    if not hits:
        return []
    found = [
        (start, name)
        for end, name in hits
        for start in (end + 1 - len(name.folded),)
        if _stands_alone(folded, start, end + 1) and _is_capitalised(text, folded, start, name)
    ]
    found.sort(key=lambda hit: (hit[0], -len(hit[1].folded)))
    mentions: list[Mention] = []
    free_from = 0
    for start, name in found:
        if start >= free_from:
            free_from = start + len(name.folded)
            if name.country:
                mentions.append(Mention(name.country, folded.offsets[start], folded.offsets[free_from - 1] + 1))
    return mentions


def telling_words(names: Collection[str]) -> frozenset[str]:
    """Return words of which a text must have one to hold one of the folded names: of each name its rarest long word.

    In Arabic a name's first word also stands with other words written on it. Chinese names are left out: they stand in
    texts that have no words.
    """
    shared = Counter(word for name in names for word in {*name.split()})
    found: set[str] = set()
    for name in names:
        words = name.split()
        long = [at for at, word in enumerate(words) if len(word) >= TELLING]
        place = min(long, key=lambda at: shared[words[at]]) if long else words.index(max(words, key=len))
        joined = ARABIC_PREFIXES if place == 0 and is_arabic(words[0][0]) else ("",)
        found.update(prefix + words[place] for prefix in joined if not is_han(name[0]))
    return frozenset(found)


@cache
def words_of_names() -> frozenset[str]:
    """Return the telling words of all names that `countries_in` looks for."""
    return telling_words(_by_name().keys())


def country_named(text: str) -> str | None:
    """Return the country that a text is the name of, and nothing else; footnote marks and case do not matter."""
    found = _by_name().get(fold(text).text.strip().rstrip("0123456789").strip())
    return found or None


def country_at_start(text: str) -> Mention | None:
    """Return the country whose name a text begins with, such as a heading or a row; else None."""
    stripped = text.lstrip(" \t\r\n\ufeff*•·-–—0123456789.)")
    offset = len(text) - len(stripped)
    for mention in countries_in(text):
        if mention.start <= offset:
            return mention
    return None


def country_of_file(address: str) -> str | None:
    """Return the country that a file belongs to by the beginning of its name, for folders that hold all countries.

    `address` is a file name or a whole address; only its last part counts, never the host. Words may be joined
    (`NewZealand_2011.pdf`); an adjective serves too (`Danish_NCSS.pdf`). None when the name begins otherwise.
    """
    name = unquote(urlsplit(address).path.rstrip("/").rsplit("/", 1)[-1])
    folded = fold(name)
    letters = [(char, folded.offsets[i]) for i, char in enumerate(folded.text) if char.isalnum()]
    joined = "".join(char for char, _ in letters)
    for length in range(min(len(joined), _longest_joined()), 1, -1):
        country = _by_joined_name().get(joined[:length])
        if country is not None and _ends_word(name, letters[length - 1][1], len(joined[:length])):
            return country or None
    return None


def names_of(iso3: str) -> tuple[str, ...]:
    """Return all names of a country as they are written, without adjectives."""
    aliases = _aliases()
    names = [*_file_names(iso3), *aliases.names.get(iso3, ()), *aliases.acronyms.get(iso3, ())]
    return tuple(dict.fromkeys(names))


def adjectives_of(iso3: str) -> tuple[str, ...]:
    """Return the English adjectives of a country, such as Danish."""
    return _aliases().adjectives.get(iso3, ())


def _ends_word(name: str, last: int, length: int) -> bool:
    """Whether a word ends after `name[last]`: no small letter of the same word follows."""
    after = name[last + 1 : last + 2]
    if length <= 3:
        return not after.isalpha()
    return not (after.isalpha() and after.islower())


def _stands_alone(folded: FoldedText, start: int, end: int) -> bool:
    text = folded.text
    if is_han(text[start]):
        return True
    after = text[end : end + 1]
    if after.isalnum() and not is_han(after):
        return False
    if is_arabic(text[start]):
        return text[:start].rsplit(" ", 1)[-1] in ARABIC_PREFIXES
    before = text[start - 1 : start] if start else ""
    return not before.isalnum() or is_han(before)


def _is_capitalised(text: str, folded: FoldedText, start: int, name: _Name) -> bool:
    first = text[folded.offsets[start]]
    if name.capitals:
        written = text[folded.offsets[start] : folded.offsets[start + len(name.folded) - 1] + 1]
        return written.upper() == written
    return not first.islower()


@cache
def _aliases() -> _Aliases:
    return load_typed(ALIASES, _Aliases)


def _file_names(iso3: str) -> list[str]:
    country = load_country(iso3)
    return [*country.names.values(), *([country.name_un] if country.name_un else []), *_cldr_names(country.iso2)]


def _cldr_names(iso2: str) -> list[str]:
    return [name for language in CLDR_LANGUAGES if (name := _territories(language).get(iso2))]


@cache
def _territories(language: str) -> dict[str, str]:
    return dict(Locale.parse(language).territories)


def _spellings(name: str) -> set[str]:
    """Return a name as documents vary it: `&` or `and`, `St.` or `Saint`, Russian cases, Arabic with `for the`."""
    written = {name, name.replace(" & ", " and "), name.replace(" and ", " & ")}
    written |= {form.replace("St. ", "Saint ") for form in written} | {form.replace("St. ", "St ") for form in written}
    written |= {case for form in written for case in cases_of(form)}
    folded = {fold(form).text.strip() for form in written}
    folded |= {f"لل{form[2:]}" for form in folded if form.startswith("ال")}
    return {form for form in folded if len(form) > 1}


@cache
def _by_name() -> dict[str, str]:
    """Folded name to country, the demonstration's too.

    An empty code marks a place that is no country or a name that is not unique.
    """
    known: dict[str, str] = {}
    for country in (*load_countries(), DEMONSTRATION_CODE):
        for name in names_of(country):
            for form in _spellings(name):
                known[form] = country if known.get(form, country) == country else ""
    codes = {country.iso2 for country in load_countries().values()} | NO_TERRITORY
    others = [
        name for language in CLDR_LANGUAGES for code, name in _territories(language).items()
        if len(code) == 2 and code not in codes
    ]  # fmt: skip
    for place in (*others, *_aliases().not_countries):
        for form in _spellings(place):
            known.setdefault(form, "")
    return known


@cache
def _automaton() -> ahocorasick.Automaton:
    acronyms = {fold(name).text.strip() for names in _aliases().acronyms.values() for name in names}
    automaton = ahocorasick.Automaton()
    for folded, country in _by_name().items():
        automaton.add_word(folded, _Name(folded, country, folded in acronyms))
    automaton.make_automaton()
    return automaton


@cache
def _by_joined_name() -> dict[str, str]:
    joined = {"".join(filter(str.isalnum, name)): country for name, country in _by_name().items()}
    joined |= {
        "".join(char for char in name.replace(" and ", " ") if char.isalnum()): country
        for name, country in _by_name().items() if country
    }  # fmt: skip
    for country, adjectives in _aliases().adjectives.items():
        for adjective in adjectives:
            joined.setdefault("".join(filter(str.isalnum, fold(adjective).text)), country)
    return joined


@cache
def _longest_joined() -> int:
    return max(map(len, _by_joined_name()))
