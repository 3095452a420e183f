"""Concepts: which of the things that questions ask about a text names.

Belongs here: one Aho-Corasick automaton a language over all stems, and the check of word borders. It is also the
prefilter: what names no concept is not looked at further. Does not belong here: how a concept's presence is weighed.

A stem matches the beginning of a word, anywhere after clitics in Arabic and anywhere in Chinese. In a stem of several
words each word is such a beginning. Latin stems of up to four letters are whole words unless they end in `*`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
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


@dataclass(slots=True)
class _Key:
    """What a key of the automaton says of a text that holds it."""

    sure: set[int] = field(default_factory=set)
    """Concepts that it names by itself."""
    ends: list[tuple[int, re.Pattern[str]]] = field(default_factory=list)
    """Concepts that it names where an expression matches after it."""
    within: set[tuple[int, str, re.Pattern[str]]] = field(default_factory=set)
    """Concepts of which it is one word of several, with the next one and an expression of all of them in a row."""


class ConceptFinder:
    """The automaton of one language."""

    def __init__(self, grammar: Grammar) -> None:
        self.language = grammar.language
        self.names: tuple[str, ...] = tuple(grammar.concepts)
        self._automaton = ahocorasick.Automaton()
        keys: defaultdict[str, _Key] = defaultdict(_Key)
        for number, stems in enumerate(grammar.concepts.values()):
            for stem in stems:
                self._enter(keys, number, stem)
        for text, key in keys.items():
            self._automaton.add_word(text, key)
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
        within: set[tuple[int, str, re.Pattern[str]]] = set()
        for end, key in self._automaton.iter(folded):
            found |= key.sure
            within |= key.within
            for number, rest in key.ends:
                if number not in found and rest.match(folded, end + 1):
                    found.add(number)
        for number, other, words in within:
            if other in folded and number not in found and words.search(folded):
                found.add(number)
        return found

    @lru_cache(maxsize=4096)  # noqa: B019 - a finder lives as long as its process; headings repeat
    def _find(self, text: str) -> frozenset[int]:
        return frozenset(self.find_folded(fold(text, self.language)))

    def _enter(self, keys: defaultdict[str, _Key], number: int, stem: str) -> None:
        """Enter a stem of a concept under what the automaton looks for.

        Of several words that is the longest, for the first one is often common ("in charge of") or begins many words.
        Where it is found, the next longest must be in the text too before all are looked for in a row.
        """
        plain = fold(stem.rstrip("*"), self.language).strip()
        if self.language == "zh":
            keys[plain].sure.add(number)
            return
        first, *others = _NOT_WORD.sub(" ", plain).split()
        key = first if self.language == "ar" and len(first) >= _SHORT else f" {first}"
        if others:
            clitic = "[وفبلك]?" if self.language == "ar" else ""
            gap = rf"\w*\W{{1,3}}{clitic}"
            beginnings = [key, *(word if clitic else f" {word}" for word in others)]
            longest, other = sorted(beginnings, key=len, reverse=True)[:2]
            words = re.compile(key + gap + gap.join(re.escape(word) for word in others))
            keys[longest].within.add((number, other, words))
        elif not stem.endswith("*") and len(first) <= _SHORT and first.isascii():
            keys[key].ends.append((number, re.compile(r"(?:e?s)?(?!\w)")))
        else:
            keys[key].sure.add(number)
