"""Languages that the evidence step reads, and names of all others.

Belongs here: the list of covered languages and names to show to a person. Does not belong here: telling which
language a text is in (`language_detection`), or anything of a country.
"""

from __future__ import annotations

from functools import cache

COVERED: tuple[str, ...] = ("en", "fr", "es", "pt", "ar", "ru", "zh")
"""Languages with claim grammars, ISO 639-1. Everything else is named on the document as not covered, never
guessed."""

UNKNOWN = "und"
"""The language of a text that cannot be told, ISO 639-2."""


@cache
def language_name(code: str) -> str:
    """Return the English name of a language code, such as Dzongkha for dz; the code itself when it has none."""
    if code == UNKNOWN:
        return "unknown language"
    from babel import Locale

    names = Locale("en").languages
    return str(names.get(code) or names.get(code.split("-", maxsplit=1)[0]) or code)


def is_covered(code: str) -> bool:
    """Tell whether evidence is sought in a language; region subtags do not matter."""
    return code.lower().split("-")[0].split("_")[0] in COVERED
