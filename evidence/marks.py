"""Marks: how a sentence speaks of its matter: as duty, plan, wish, state, lack, offence, mandate.

Belongs here: the token patterns of a grammar as spaCy Matcher patterns over a blank pipeline. Does not belong here:
the patterns themselves (`grammars/`), or what a mark means for a question (`stance`).

A pattern is a row of words: `a|b` alternatives, `stem*` and `*ending`, `?` any word, a leading `^` the beginning of the
unit after bullets and numbers. Chinese patterns are compared sign by sign.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.matcher import Matcher
from spacy.tokens import Doc

from evidence.folding import fold
from evidence.grammar import Grammar

START = "^"
ROOT = 3
"""Letters that must stand before a verb's ending, so that short words do not look like verbs."""
MOST_ALTERNATIVES = 200
MOST_CHARACTERS = 700
"""No quotable unit is longer, save for white space."""

_SPLIT = re.compile(r"\w+|[^\w\s]")


class MarkFinder:
    """The Matcher of one language."""

    def __init__(self, grammar: Grammar) -> None:
        self.language = grammar.language
        self.names: tuple[str, ...] = tuple(grammar.marks)
        self._vocabulary = spacy.blank("en" if grammar.language == "zh" else grammar.language).vocab
        self._matcher = Matcher(self._vocabulary)
        for name, patterns in grammar.marks.items():
            for anchored in (False, True):
                compiled = [p for text in patterns if text.startswith(START) == anchored for p in self._compile(text)]
                if compiled:
                    self._matcher.add(START + name if anchored else name, compiled)

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
        words = self._words(fold(text[:MOST_CHARACTERS], self.language))
        if not words:
            return frozenset()
        first = next((i for i, word in enumerate(words) if word.isalpha() and len(word) > 1), 0)
        if self.language == "zh":
            first = next((i for i, word in enumerate(words) if word.isalpha()), 0)
        found = set()
        for key, start, _ in self._matcher(Doc(self._vocabulary, words=words)):
            name = self._vocabulary.strings[key]
            if not name.startswith(START):
                found.add(name)
            elif start <= first:
                found.add(name[len(START) :])
        return frozenset(found)

    def _words(self, folded: str) -> list[str]:
        return [c for c in folded if not c.isspace()] if self.language == "zh" else _SPLIT.findall(folded)

    def _compile(self, text: str) -> list[list[dict[str, Any]]]:
        parts = text.removeprefix(START).split()
        if self.language == "zh":
            ways = product(*(part.split("|") for part in parts))
            return [[{"ORTH": sign} for word in way for sign in word] for way in ways]
        return [[self._token(part) for part in parts]]

    def _token(self, part: str) -> dict[str, Any]:
        alternatives = part.split("|")
        if any(alternative in ("?", "*") for alternative in alternatives):
            return {}
        whole = [self._fold(a) for a in alternatives if "*" not in a]
        open_ended = [
            rf"^{re.escape(self._fold(a[:-1]))}"
            if a.endswith("*")
            else rf"\w{{{ROOT},}}{re.escape(self._fold(a[1:]))}$"
            for a in alternatives
            if "*" in a
        ]
        if not open_ended:
            return {"ORTH": {"IN": whole}}
        return {"ORTH": {"REGEX": "|".join([*open_ended, *(rf"^{re.escape(word)}$" for word in whole)])}}

    def _fold(self, word: str) -> str:
        return fold(word, self.language).strip()
