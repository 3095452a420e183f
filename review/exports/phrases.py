"""Headings and fixed sentences of exports in six languages, and languages by name.

Belongs here: finding words. The words themselves stand in `phrases.yml`. Does not belong here: text of questions (the
instrument's) or of sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import yaml
from babel import Locale

LANGUAGES = ("ar", "en", "es", "fr", "ru", "zh")
"""Languages of headings, ITU's six."""

_FILE = Path(__file__).with_name("phrases.yml")


class Phrases:
    """The words of one language."""

    def __init__(self, language: str) -> None:
        """Take the words of `language`; raises ValueError when it is none of the six."""
        if language not in LANGUAGES:
            raise ValueError(f"{language!r} is none of the languages of exports: {', '.join(LANGUAGES)}")
        self.language = language
        self._words = {key: forms[language] for key, forms in _load().items()}
        self._locale = Locale.parse(language)

    @property
    def right_to_left(self) -> bool:
        """Whether sheets run from right to left."""
        return self._locale.text_direction == "rtl"

    def __call__(self, key: str, **fillings: str) -> str:
        """Return a phrase; raises KeyError for one that does not exist."""
        return self._words[key].format(**fillings) if fillings else self._words[key]

    def one_of(self, group: str, code: str) -> str:
        """Return the word for a code, such as ("answer", "not_found"); the code itself when it is new."""
        return self._words.get(f"{group}_{code}", code)

    def language_name(self, code: str) -> str:
        """Return a language's name in words; the code itself when it has none."""
        return str(self._locale.languages.get(code, code))

    def language_names(self, codes: Iterable[str]) -> str:
        """Return several languages in words."""
        return ", ".join(self.language_name(code) for code in codes)


@cache
def _load() -> dict[str, dict[str, str]]:
    phrases: dict[str, dict[str, str]] = yaml.load(_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return phrases
