"""The difference of two texts by words.

Belongs here: a pure function for pages. Does not belong here: markup.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import Literal

_WORDS = re.compile(r"\w+|\s+|[^\w\s]")
_LONGEST = 2_000
"""Words beyond which a text is compared as a whole."""


@dataclass(frozen=True)
class Change:
    """A run of words: in both texts, only in the old, or only in the new."""

    kind: Literal["same", "old", "new"]
    text: str


def compare_words(old: str, new: str) -> list[Change]:
    """Return the runs in reading order; the old's `same` and `old` runs joined are the old text, likewise the new's."""
    first, second = _WORDS.findall(old), _WORDS.findall(new)
    if len(first) > _LONGEST or len(second) > _LONGEST:
        first, second = [old], [new]
    changes: list[Change] = []
    for act, a, b, c, d in difflib.SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if act == "equal":
            changes.append(Change("same", "".join(first[a:b])))
            continue
        if a < b:
            changes.append(Change("old", "".join(first[a:b])))
        if c < d:
            changes.append(Change("new", "".join(second[c:d])))
    return changes
