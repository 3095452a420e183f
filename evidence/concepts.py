"""Concepts: which of the things that questions ask about a text names.

Belongs here: one Aho-Corasick automaton a language over all stems, and the check of word borders. It is also the
prefilter: what names no concept is not looked at further. Does not belong here: how a concept's presence is weighed.

A stem matches the beginning of a word, anywhere after clitics in Arabic and anywhere in Chinese. In a stem of several
words each word is such a beginning. Latin stems of up to four letters are whole words unless they end in `*`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import ahocorasick
import numpy as np
from numpy.typing import NDArray

from evidence.folding import fold
from evidence.grammar import Grammar

Presence = NDArray[np.bool_]

_NOT_WORD = re.compile(r"[^\w ]")
_ASCII_WORDS = {code: " " for code in range(128) if _NOT_WORD.match(chr(code))}
"""The same for ASCII, where a table is faster."""
_SHORT = 4
MOST_CHARACTERS = 4000
"""Characters of a unit or heading that are searched; no quotable unit is longer."""


class ConceptFinder:
    """The automaton of one language."""

    def __init__(self, grammar: Grammar) -> None:
        self.language = grammar.language
        self.names: tuple[str, ...] = tuple(grammar.concepts)
        self._automaton = ahocorasick.Automaton()
        entries: dict[str, list[tuple[int, re.Pattern[str] | None]]] = {}
        for number, stems in enumerate(grammar.concepts.values()):
            for stem in stems:
                key, rest = self._entry(stem)
                entries.setdefault(key, []).append((number, rest))
        for key, values in entries.items():
            self._automaton.add_word(key, tuple(values))
        self._automaton.make_automaton()

    def find(self, text: str) -> frozenset[int]:
        """Return the numbers of the concepts that a text names."""
        return self._find(text[:MOST_CHARACTERS])

    def matrix(self, texts: Sequence[str]) -> Presence:
        """Return texts x concepts."""
        result = np.zeros((len(texts), len(self.names)), dtype=np.bool_)
        for row, text in enumerate(texts):
            result[row, list(self.find(text))] = True
        return result

    def find_folded(self, folded: str) -> set[int]:
        """As `find`, for a text that is folded already."""
        if self.language != "zh":
            folded = " " + (folded.translate(_ASCII_WORDS) if folded.isascii() else _NOT_WORD.sub(" ", folded))
        found: set[int] = set()
        for end, entries in self._automaton.iter(folded):
            for number, rest in entries:
                if number not in found and (rest is None or rest.match(folded, end + 1)):
                    found.add(number)
        return found

    @lru_cache(maxsize=4096)  # noqa: B019 - a finder lives as long as its process; headings repeat
    def _find(self, text: str) -> frozenset[int]:
        return frozenset(self.find_folded(fold(text, self.language)))

    def _entry(self, stem: str) -> tuple[str, re.Pattern[str] | None]:
        """Return what the automaton looks for, and what must follow it."""
        plain = fold(stem.rstrip("*"), self.language).strip()
        if self.language == "zh":
            return plain, None
        first, *others = _NOT_WORD.sub(" ", plain).split()
        key = first if self.language == "ar" and len(first) >= _SHORT else f" {first}"
        if others:
            clitic = "[وفبلك]?" if self.language == "ar" else ""
            gap = rf"\w*\W{{1,3}}{clitic}"
            return key, re.compile(gap + gap.join(re.escape(word) for word in others))
        if not stem.endswith("*") and len(first) <= _SHORT and first.isascii():
            return key, re.compile(r"(?:e?s)?(?!\w)")
        return key, None
