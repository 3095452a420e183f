"""Signs of marks: which of a grammar's patterns a Chinese text bears, and where.

Belongs here: the patterns as expressions over signs, for Chinese writes no spaces. Does not belong here: the patterns
themselves (`grammars/`), what a key means or strikes (`marks`), languages that write words (`mark_words`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from evidence.folding import fold

_NUMBERED = re.compile(
    r"\W*(?:第?[一二三四五六七八九十百]+(?=\W)|第[一二三四五六七八九十百]+[章节条款项]|[a-z]+(?=[.)）]))"
)
Place = tuple[int, int]
"""First place, place after the last."""


class SignPatterns:
    """One expression a key, tried at every sign."""

    def __init__(self, held: Mapping[str, Sequence[str]]) -> None:
        """Take the patterns of each key, as a grammar writes them."""
        self.expressions = {
            key: re.compile(f"(?=({'|'.join(_expression(text) for text in texts)}))") for key, texts in held.items()
        }

    def one_of(self, *keys: str) -> int:
        """Return how many of the keys have a pattern at all."""
        return sum(key in self.expressions for key in keys)

    def read(self, text: str) -> TextOfSigns:
        """Return a text whose places can be asked for."""
        return TextOfSigns(self, "".join(fold(text, "zh").split()))


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

    def possible(self, wanted: Mapping[str, int]) -> list[str]:
        """Return the names that have a pattern at all; signs say nothing before they are read."""
        return [name for name, held in wanted.items() if held]

    def surely_bears(self, key: str, struck: str) -> bool:
        """Signs are never sure before they are read."""
        return False

    def places(self, key: str) -> Iterator[Place]:
        """Yield where a key's patterns stand, from left to right."""
        expression = self._patterns.expressions.get(key)
        if expression is not None:
            yield from (match.span(1) for match in expression.finditer(self._signs))


def _expression(text: str) -> str:
    return "".join(r"\w{0,3}" if part == "..." else _either(fold(part, "zh")) for part in text.split())


def _either(part: str) -> str:
    return f"(?:{'|'.join(_way(way) for way in part.split('|'))})"


def _way(way: str) -> str:
    return "".join(r"\d" if sign == "#" else r"\w" if sign == "?" else re.escape(sign) for sign in way)
