"""Signs of marks: which of a grammar's patterns a Chinese text bears, and where.

Belongs here: the patterns as expressions over signs, for Chinese writes no spaces. Does not belong here: the patterns
themselves (`grammars/`), what a key means or strikes (`marks`), languages that write words (`mark_words`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, reduce
from itertools import takewhile
from operator import or_

import ahocorasick

from evidence.folding import fold

_NUMBERED = re.compile(
    r"\W*(?:第?[一二三四五六七八九十百]+(?=\W)|第[一二三四五六七八九十百]+[章节条款项]|[a-z]+(?=[.)）]))"
)
Place = tuple[int, int]
"""First place, place after the last."""

ANY = frozenset("#?.")
"""Signs of a part that more than one sign can stand for; the index leaves such a part out."""


class SignPatterns:
    """One expression a key, tried at every sign of a text that has all parts of one of its patterns."""

    def __init__(self, held: Mapping[str, Sequence[str]]) -> None:
        """Take the patterns of each key, as a grammar writes them."""
        self.expressions = {
            key: re.compile(f"(?=({'|'.join(_expression(text) for text in texts)}))") for key, texts in held.items()
        }
        self._bits: dict[str, int] = {}
        self.needs = {key: tuple({self._need(text) for text in texts}) for key, texts in held.items()}
        """For each key what a text must have of to bear one of its patterns: the bits of all parts of one."""
        self._ways = ahocorasick.Automaton()
        for way, bits in self._bits_of_ways().items():
            self._ways.add_word(way, bits)
        self._ways.make_automaton()

    def read(self, text: str) -> TextOfSigns:
        """Return a text whose places can be asked for."""
        return TextOfSigns(self, "".join(fold(text, "zh").split()))

    def present(self, signs: str) -> int:
        """Return the bits of the parts that stand somewhere in a text."""
        return reduce(or_, (bits for _, bits in self._ways.iter(signs)), 0)

    def _need(self, text: str) -> int:
        """Return the bits of a pattern's parts; a part that any sign can stand for has none."""
        parts = [part for part in text.split() if not ANY & {*part}]
        return reduce(or_, (self._bits.setdefault(part, 1 << len(self._bits)) for part in parts), 0)

    def _bits_of_ways(self) -> Mapping[str, int]:
        """Return each way to write a part with the bits of the parts that it is one of."""
        found: dict[str, int] = {}
        for part, bit in self._bits.items():
            for way in fold(part, "zh").split("|"):
                found[way] = found.get(way, 0) | bit
        return found


class TextOfSigns:
    """A text as signs without spaces; says where the patterns of a key stand in it."""

    def __init__(self, patterns: SignPatterns, signs: str) -> None:
        self._patterns = patterns
        self._signs = signs

    @cached_property
    def first(self) -> int:
        """The place of the first sign of a word after numbers, written ones too ("（三）加强", "第二十条 国家")."""
        numbered = _NUMBERED.match(self._signs)
        start = numbered.end() if numbered else 0
        return next((i for i, sign in enumerate(self._signs[start:], start) if sign.isalpha()), 0)

    @cached_property
    def _present(self) -> int:
        return self._patterns.present(self._signs)

    def may_bear(self, key: str) -> bool:
        """Tell whether all parts of one of a key's patterns stand somewhere here, in whatever order."""
        present = self._present
        return any(present & need == need for need in self._patterns.needs.get(key, ()))

    def surely_bears(self, key: str, struck: str) -> bool:
        """Signs are never sure before they are read."""
        return False

    def places(self, key: str) -> Iterator[Place]:
        """Yield where a key's patterns stand, from left to right."""
        if self.may_bear(key):
            yield from (match.span(1) for match in self._patterns.expressions[key].finditer(self._signs))

    def openings(self, key: str) -> Iterator[Place]:
        """Yield where a key's patterns stand at the beginning; what follows is not read."""
        return takewhile(lambda place: place[0] <= self.first, self.places(key))


def _expression(text: str) -> str:
    return "".join(r"\w{0,3}" if part == "..." else _either(fold(part, "zh")) for part in text.split())


def _either(part: str) -> str:
    return f"(?:{'|'.join(_way(way) for way in part.split('|'))})"


def _way(way: str) -> str:
    return "".join(r"\d" if sign == "#" else r"\w" if sign == "?" else re.escape(sign) for sign in way)
