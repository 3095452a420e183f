"""Statements: does a unit state anything, or does it only name a matter?

Belongs here: headings, rows of names, bare names, definitions and glossaries. Does not belong here: what a statement
says (`marks`, `stance`), or striking units (`bars`). Words stand in the grammars; `statements.yml` holds the names of
sections that define terms.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

from evidence.folding import fold
from evidence.units import Unit
from store.readings import Reading

WORDS = Path(__file__).parent / "statements.yml"
LONGEST_HEADING = 150
"""Characters; what is longer and stands as a heading is a sentence that was printed in bold or broken off."""
LONGEST_NAME = 7
"""Words of a unit without a full stop that may be a bare name."""
LONGEST_NAME_HAN = 14
"""Signs of the same in Chinese."""
FEWEST_NAMES = 2
"""Separators from which a unit is a row of names."""
_SEPARATOR = re.compile(r"\s[·•|/»>–—]\s|\s?[|·]\s?")
_END = re.compile(r"[.!?。！？؟;；:：]\W*$")
_DIGIT = re.compile(r"\d")
_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\W*(?:\w{1,8}\W+){0,2}")
"""What may stand before a heading in its paragraph, after a colon or not: "Article 9A. ", "(1) "."""


def is_heading(unit: Unit) -> bool:
    """Tell whether a unit is a heading or title: it names, and the sentence below it states."""
    return unit.passage.kind in ("heading", "title") and len(unit.text) <= LONGEST_HEADING


def is_row_of_names(unit: Unit) -> bool:
    """Tell whether a unit is a row of names, such as the links of a page in one line."""
    if unit.passage.kind == "table_row" or "\n" in unit.text or _END.search(unit.text) or _DIGIT.search(unit.text):
        return False
    return len(_SEPARATOR.findall(unit.text)) >= FEWEST_NAMES


def is_bare_name(unit: Unit) -> bool:
    """Tell whether a paragraph is a few words without an end: a caption, a term, a button.

    Items of a list and rows of a table are not: their head or header says what they are.
    """
    if unit.passage.kind != "paragraph" or unit.head or unit.text.strip() != unit.passage.text.strip():
        return False
    if _END.search(unit.text) or _DIGIT.search(unit.text):
        return False
    words = _WORD.findall(unit.text)
    if unit.language == "zh":
        return sum(map(len, words)) <= LONGEST_NAME_HAN
    return len(words) <= LONGEST_NAME


def is_run_in_heading(unit: Unit) -> bool:
    """Tell whether a unit is a few words with which a longer paragraph begins ("Identity theft. Whoever …")."""
    place = unit.start - unit.passage.start
    before, after = unit.passage.text[:place], unit.passage.text[place + len(unit.text) :]
    if unit.head or not after.strip() or not _NUMBER.fullmatch(re.split("[:：]", before)[-1]):
        return False
    words = _WORD.findall(unit.text)
    return sum(map(len, words)) <= LONGEST_NAME_HAN if unit.language == "zh" else len(words) <= LONGEST_NAME


def defines(unit: Unit) -> bool:
    """Tell whether a unit explains a word, by its own wording or because its section or enumeration does."""
    above = f"{unit.head} . {' . '.join(unit.passage.section[-1:])}"
    if _heads_definitions(above, unit.language):
        return True
    return bool(_words(unit.language)["means"].search(fold(unit.text, unit.language)))


@lru_cache(maxsize=8_192)
def _heads_definitions(above: str, language: str) -> bool:
    """Tell whether a head or heading says that words are explained below; it stands over many units."""
    return bool(_words(language)["section"].search(fold(above, language)))


def is_glossary(reading: Reading) -> bool:
    """Tell whether a whole document explains words, by its title or first heading."""
    words = _words(reading.language)
    headings = [p.text for p in reading.passages[:12] if p.kind in ("heading", "title") and p.text != reading.title]
    texts = (reading.title, *headings[:1])
    return any(words["glossary"].match(fold(text.strip(" #*"), reading.language)) for text in texts)


@lru_cache(maxsize=16)
def _words(language: str) -> Mapping[str, re.Pattern[str]]:
    held = _file().get(language) or _file()["en"]
    return {name: re.compile(pattern) for name, pattern in held.items()}


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Mapping[str, str]]:
    raw: Mapping[str, Mapping[str, str]] = yaml.load(WORDS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return raw
