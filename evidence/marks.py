"""Marks: how a sentence speaks of its matter: as duty, plan, wish, state, lack, offence, mandate.

Belongs here: the token patterns of a grammar as spaCy Matcher patterns over a blank pipeline. Does not belong here:
the patterns themselves (`grammars/`), or what a mark means for a question (`stance`).

A pattern is a row of parts. A part is `a|b` alternatives, `stem*` or `*ending`, `#` a number (`####` a year), `?` any
word, `...` up to three words. A leading `^` is the beginning of the unit after bullets and numbers, a leading `!` a
wording that strikes what it overlaps ("not adopted" strikes "adopted"); `@name` takes the patterns of another mark in.
Words are compared folded; a part that begins with `=`, or has an ending with an accent, is compared with its accents
("lanzó", but not "primera" for "-erá"). Chinese patterns are compared sign by sign.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import spacy
from numpy.typing import NDArray
from spacy.matcher import Matcher
from spacy.tokens import Doc

from evidence.folding import fold, spell
from evidence.grammar import Grammar

START = "^"
STRIKE = "!"
INCLUDE = "@"
SPELLED = "="
ROOT = 3
"""Letters that must stand before a verb's ending, so that short words do not look like verbs."""
MOST_CHARACTERS = 700
"""No quotable unit is longer, save for white space."""

Span = tuple[str, int, int]
"""A key (mark, with its sign), first place, place after the last."""

_SPLIT = re.compile(r"\w+|[^\w\s]")
_GAP = {"IS_PUNCT": False, "OP": "{0,3}"}
_NUMBERS = {"#": r"^\d+$", "####": r"^(?:19|20)\d\d$"}
_ARABIC_JOINED = ("", "و", "ف")
"""Arabic writes "and" and "so" on the next word."""


class MarkFinder:
    """The patterns of one language: a Matcher over words, or for Chinese expressions over signs."""

    def __init__(self, grammar: Grammar) -> None:
        self.language = grammar.language
        self.names: tuple[str, ...] = tuple(grammar.marks)
        held: dict[str, list[str]] = {}
        for name in self.names:
            for text in _patterns(grammar, name):
                sign = text[0] if text[0] in START + STRIKE else ""
                held.setdefault(sign + name, []).append(text[len(sign) :])
        self._patterns = _SignPatterns(held) if grammar.language == "zh" else _WordPatterns(grammar.language, held)

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
        first, spans = self._patterns.spans(text[:MOST_CHARACTERS])
        struck = [(key[len(STRIKE) :], start, end) for key, start, end in spans if key.startswith(STRIKE)]
        found = set()
        for key, start, end in spans:
            name = key.removeprefix(START)
            if name in found or key.startswith(STRIKE) or (key.startswith(START) and start > first):
                continue
            if not any(other == name and start < until and since < end for other, since, until in struck):
                found.add(name)
        return frozenset(found)


class _SignPatterns:
    """Chinese: one expression a key, tried at every sign."""

    def __init__(self, held: dict[str, list[str]]) -> None:
        self._expressions = {
            key: re.compile(f"(?=({'|'.join(self._expression(text) for text in texts)}))")
            for key, texts in held.items()
        }

    def spans(self, text: str) -> tuple[int, list[Span]]:
        """Return the place of the first sign of a word, and what matches."""
        signs = "".join(fold(text, "zh").split())
        first = next((i for i, sign in enumerate(signs) if sign.isalpha()), 0)
        found = [
            (key, match.start(1), match.end(1))
            for key, expression in self._expressions.items()
            for match in expression.finditer(signs)
        ]
        return first, found

    def _expression(self, text: str) -> str:
        return "".join(r"\w{0,3}" if part == "..." else self._either(fold(part, "zh")) for part in text.split())

    def _either(self, part: str) -> str:
        return f"(?:{'|'.join(self._way(way) for way in part.split('|'))})"

    def _way(self, way: str) -> str:
        return "".join(r"\d" if sign == "#" else r"\w" if sign == "?" else re.escape(sign) for sign in way)


class _WordPatterns:
    """All other languages: a Matcher over folded words."""

    def __init__(self, language: str, held: dict[str, list[str]]) -> None:
        self.language = language
        self._vocabulary = spacy.blank(language).vocab
        self._matcher = Matcher(self._vocabulary)
        for key, texts in held.items():
            self._matcher.add(key, [[self._token(part) for part in text.split()] for text in texts])

    def spans(self, text: str) -> tuple[int, list[Span]]:
        """Return the place of the first word, and what matches."""
        document = self._document(text)
        first = next((t.i for t in document if t.text.isalpha() and len(t.text) > 1), 0)
        found = self._matcher(document) if len(document) else []
        return first, [(self._vocabulary.strings[key], start, end) for key, start, end in found]

    def _document(self, text: str) -> Doc:
        """Return folded words, each with its accented spelling as its norm where that differs."""
        words = _SPLIT.findall(fold(text, self.language))
        document = Doc(self._vocabulary, words=words)
        if self.language in ("en", "fr", "es", "pt"):
            spelled = _SPLIT.findall(spell(text))
            if len(spelled) == len(words):
                for token, word in zip(document, spelled, strict=True):
                    if token.text != word:
                        token.norm_ = word
        return document

    def _token(self, part: str) -> dict[str, Any]:
        if part == "...":
            return _GAP
        alternatives = part.removeprefix(SPELLED).split("|")
        if any(alternative in ("?", "*") for alternative in alternatives):
            return {}
        with_accents = part.startswith(SPELLED) or any(a[0] == "*" and self._fold(a) != a for a in alternatives)
        write = str if with_accents else self._fold
        attribute = "NORM" if with_accents else "ORTH"
        whole = [f"{j}{write(a)}" for a in alternatives if "*" not in a and "#" not in a for j in self._joined(a)]
        open_ended = [_NUMBERS[a] for a in alternatives if a in _NUMBERS]
        for a in alternatives:
            if a.endswith("*"):
                open_ended.append(f"^{re.escape(write(a[:-1]))}")
            elif a.startswith("*"):
                open_ended.append(rf"^\w{{{ROOT},}}{re.escape(write(a[1:]))}$")
        if not open_ended:
            return {attribute: {"IN": whole}}
        return {attribute: {"REGEX": "|".join([*open_ended, *(rf"^{re.escape(word)}$" for word in whole)])}}

    def _joined(self, word: str) -> tuple[str, ...]:
        return _ARABIC_JOINED if self.language == "ar" and len(word) > 1 else ("",)

    def _fold(self, word: str) -> str:
        return fold(word, self.language).strip()


def _patterns(grammar: Grammar, name: str) -> Iterator[str]:
    """Yield the patterns of a mark, those of the marks it takes in among them."""
    for text in grammar.marks[name]:
        if text.startswith(INCLUDE):
            yield from grammar.marks[text[len(INCLUDE) :]]
        else:
            yield text
