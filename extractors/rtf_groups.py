"""What holds at a place of rich text: the state of a group, the story it stands in, the styles of the file.

Belongs here: that state, and the words that do nothing but change it. Does not belong here: words that end or begin
something (`rtf_text`), fonts (`rtf_fonts`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

from extractors.rtf_rows import Paragraph

_MOST_STAND_INS = 8


class Story:
    """Text with paragraphs of its own: the body, a note, a text box. Only the body has tables."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.texts: defaultdict[str, list[str]] = defaultdict(list)
        """What is under way in each sink."""
        self.paragraphs: list[Paragraph] = []


class Group(NamedTuple):
    """The state that a group inherits and its end restores.

    A named tuple, not a dataclass: words change it hundreds of thousands of times in a file.
    """

    story: Story
    sink: str = "text"
    font: int | None = None
    skip: int = 1
    """How many signs stand in for a Unicode character and are passed over."""
    hidden: bool = False
    style: int | None = None
    level: int = 0
    in_table: bool = False
    twin: str = ""
    """Inside `upr`, which holds a text twice: the sink of the second one, in Unicode."""


class Styles:
    """The names and outline levels that a file's style sheet gives."""

    def __init__(self) -> None:
        self._styles: dict[int, tuple[str, int]] = {}
        self._number = self._level = 0

    def describe(self, word: bytes, number: int | None) -> None:
        """Take a word of the style under way."""
        if word == b"s" and number is not None:
            self._number = number
        elif word == b"outlinelevel":
            self._level = _level(number)

    def keep(self, name: str) -> None:
        """End the style under way, whose name is now known."""
        name = name.rstrip(";").strip()
        if name:
            self._styles[self._number] = name, self._level
        self._number = self._level = 0

    def of(self, group: Group) -> tuple[str, int]:
        """Return the name of a paragraph's style and its outline level, which its own level goes before."""
        name, level = self._styles.get(group.style or 0, ("", 0))
        return name, group.level or level


def _level(number: int | None) -> int:
    """Return the level of a heading, from 1, by the number of an outline level, from 0; 0 is no heading."""
    return number + 1 if number is not None and 0 <= number < 9 else 0


CHANGES: dict[bytes, Callable[[Group, int | None], Group]] = {
    b"pard": lambda group, _: group._replace(style=None, level=0, in_table=False),
    b"intbl": lambda group, _: group._replace(in_table=True),
    b"plain": lambda group, _: group._replace(font=None, hidden=False),
    b"f": lambda group, number: group._replace(font=number),
    b"v": lambda group, number: group._replace(hidden=number != 0),
    b"deleted": lambda group, number: group._replace(hidden=number != 0),
    b"uc": lambda group, number: group._replace(skip=max(0, min(1 if number is None else number, _MOST_STAND_INS))),
    b"s": lambda group, number: group._replace(style=number),
    b"outlinelevel": lambda group, number: group._replace(level=_level(number)),
}
"""Words that change the state of the group they stand in."""
