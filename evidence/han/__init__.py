"""Traditional Chinese in simplified signs, for comparison with the grammar.

Belongs here: the tables of signs and words and their use. Does not belong here: any other folding (`folding`).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent


def simplify(text: str) -> str:
    """Return text in simplified signs and the mainland's words; text that holds no traditional sign is unchanged."""
    simplified = text.translate(_signs())
    if simplified == text:
        return text
    words, expression = _words()
    return expression.sub(lambda match: words[match.group()], simplified)


@cache
def _signs() -> dict[int, str]:
    return str.maketrans(_table("characters.tsv"))


@cache
def _words() -> tuple[dict[str, str], re.Pattern[str]]:
    words = _table("words.tsv")
    longest_first = sorted(words, key=len, reverse=True)
    return words, re.compile("|".join(re.escape(word) for word in longest_first))


def _table(name: str) -> dict[str, str]:
    lines = (TABLES / name).read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if not line.startswith("#"))
    return {left: right for left, _, right in rows}
