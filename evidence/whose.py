"""Whose: which country a text speaks about.

Belongs here: country names in seven languages (CLDR through babel) and the check whether a document belongs to the
country it was filed under. Does not belong here: country files (`sources`), judging evidence.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

import ahocorasick
from babel import Locale

from evidence.folding import fold
from evidence.grammar import LANGUAGES
from sources.country_files import load_countries
from store.readings import Reading
from store.tables import DocumentRow

HEAD = 3000
"""Characters in which a document says whose it is."""
_NOT_WORD = re.compile(r"[^\w]")
LEAST_NAMED = 4
"""Times another country must be named before the document counts as another country's."""


@lru_cache(maxsize=8)
def country_finder(language: str) -> ahocorasick.Automaton:
    """Return the automaton over country names of a language; values are name and ISO 3166-1 alpha-3 code."""
    code = language if language in LANGUAGES else "en"
    names = Locale(code).territories
    finder = ahocorasick.Automaton()
    for iso3, country in load_countries().items():
        for name in {names.get(country.iso2, ""), country.names.get(code, "")}:
            plain = _stem(_spaced(fold(name, code), code).strip(), code)
            if len(plain) > (1 if code == "zh" else 3):
                finder.add_word(plain if code == "zh" else f" {plain}", (iso3, len(plain)))
    finder.make_automaton()
    return finder


def _stem(name: str, code: str) -> str:
    """Russian names bend: the last letter goes."""
    return name[:-1] if code == "ru" and len(name) > 4 else name


def _spaced(folded: str, code: str) -> str:
    return folded if code == "zh" else f" {_NOT_WORD.sub(' ', folded)} "


def named_countries(text: str, language: str) -> Counter[str]:
    """Return how often each country is named in a text, by ISO 3166-1 alpha-3 code; names count as whole words."""
    code = language if language in LANGUAGES else "en"
    folded = _spaced(fold(text, code), code)
    return Counter(
        iso3
        for end, (iso3, _) in country_finder(code).iter_long(folded)
        if code in ("zh", "ru") or folded[end + 1 : end + 2] == " "
    )


def foreign_document(document: DocumentRow, reading: Reading) -> str | None:
    """Return a sentence for a reviewer when a document seems to be another country's, otherwise None.

    It does when its head and body name one other country often and its own not at all.
    """
    if not reading.is_read:
        return None
    named = named_countries(reading.text[: 40 * HEAD], reading.language)
    own = named.pop(document.country, 0)
    if own or not named:
        return None
    other, times = named.most_common(1)[0]
    if times < LEAST_NAMED or not named_countries(reading.text[:HEAD], reading.language).get(other):
        return None
    return (
        f"{document.name} names {other} {times} times and {document.country} never: it may be another country's "
        "document in the wrong folder. Look before its evidence is used."
    )
