"""Marks: how a sentence speaks of its matter: as duty, plan, wish, state, lack, offence, mandate.

Belongs here: which marks a text bears, once it is known where their patterns stand. Does not belong here: finding the
places (`mark_words`, `mark_signs`), the patterns themselves (`grammars/`), or what a mark means (`stance`).

A pattern is a row of parts. A part is `a|b` alternatives, `stem*` or `*ending`, `#` a number (`####` a year), `?` any
word, `...` up to three words. A leading `^` is the beginning of the unit after bullets and numbers, a leading `!` a
wording that strikes what it overlaps ("not adopted" strikes "adopted"); `@name` takes the patterns of another mark in.
Words are compared folded; a part that begins with `=`, or has an ending with an accent, is compared with its accents
("lanzó", but not "primera" for "-erá"). Chinese patterns are compared sign by sign.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from evidence.grammar import Grammar
from evidence.mark_signs import SignPatterns, TextOfSigns
from evidence.mark_words import Place, TextOfWords, WordPatterns

START = "^"
STRIKE = "!"
INCLUDE = "@"
MOST_CHARACTERS = 700
"""No quotable unit is longer, save for white space."""


class MarkFinder:
    """The patterns of one language."""

    def __init__(self, grammar: Grammar) -> None:
        self.language = grammar.language
        self.names: tuple[str, ...] = tuple(grammar.marks)
        held: dict[str, list[str]] = {}
        for name in self.names:
            for text in _patterns(grammar, name):
                sign = text[0] if text[0] in START + STRIKE else ""
                held.setdefault(sign + name, []).append(text[len(sign) :])
        self._patterns = SignPatterns(held) if grammar.language == "zh" else WordPatterns(grammar.language, held)

    def matrix(self, texts: Sequence[str]) -> NDArray[np.bool_]:
        """Return texts x marks."""
        result = np.zeros((len(texts), len(self.names)), dtype=np.bool_)
        column = {name: i for i, name in enumerate(self.names)}
        for row, text in enumerate(texts):
            for name in self.find(text):
                result[row, column[name]] = True
        return result

    def find(self, text: str) -> frozenset[str]:
        """Return the names of the marks that a text bears."""
        read = self._patterns.read(text[:MOST_CHARACTERS])
        return frozenset(name for name in self.names if _bears(read, name))


def _bears(text: TextOfWords | TextOfSigns, name: str) -> bool:
    """Return whether a mark stands somewhere without being struck."""
    if text.surely_bears(name, STRIKE + name):
        return True
    if not (text.may_bear(name) or text.may_bear(START + name)):
        return False  # as most marks in most texts
    struck: list[Place] | None = None
    for place in chain(text.places(name), text.openings(START + name)):
        struck = list(text.places(STRIKE + name)) if struck is None else struck
        if _is_free(place, struck):
            return True
    return False


def _is_free(place: Place, struck: list[Place]) -> bool:
    start, end = place
    return not any(start < until and since < end for since, until in struck)


def _patterns(grammar: Grammar, name: str) -> Iterator[str]:
    """Yield the patterns of a mark, those of the marks it takes in among them."""
    for text in grammar.marks[name]:
        if text.startswith(INCLUDE):
            yield from grammar.marks[text[len(INCLUDE) :]]
        else:
            yield text
