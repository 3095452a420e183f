"""Numbers of Word's automatic lists: `Article 3.`, `(b)`, `iv.`

Belongs here: counters and number formats of WordprocessingML. Does not belong here: the paragraphs (`office_docx`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LEVELS = 9
_PLACE = re.compile(r"%(\d)")
_HAN = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class _Level:
    """How one level of a list is numbered."""

    form: str
    pattern: str
    start: int


class Numbering:
    """The lists of a document and their counters; ask for the marker of each paragraph in order."""

    def __init__(self, root: Any | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._counters: dict[str, list[int | None]] = {}
        if root is None:
            return
        abstract = {
            element.get(f"{W}abstractNumId", ""): _read_levels(element) for element in root.iter(f"{W}abstractNum")
        }
        for number in root.iter(f"{W}num"):
            identifier = number.get(f"{W}numId", "")
            link = number.find(f"{W}abstractNumId")
            base = "" if link is None else link.get(f"{W}val", "")
            levels = dict(abstract.get(base, {}))
            changed = False
            for override in number.iter(f"{W}lvlOverride"):
                changed |= _override(levels, override)
            self._levels[identifier] = levels
            self._abstract[identifier] = f"{base}/{identifier}" if changed else base

    def next_marker(self, paragraph: Any, inherited: tuple[str, int] | None) -> tuple[str, int]:
        """Return (marker, level from 0) of a paragraph and count it; an empty marker when it stands in no list."""
        own = paragraph.find(f"{W}pPr/{W}numPr")
        identifier, level = inherited or ("", 0)
        if own is not None:
            number, depth = own.find(f"{W}numId"), own.find(f"{W}ilvl")
            identifier = identifier if number is None else number.get(f"{W}val", "")
            level = level if depth is None else _small(depth.get(f"{W}val"), 0)
        levels = self._levels.get(identifier)
        if not levels or level not in levels:
            return "", level
        counters = self._counters.setdefault(self._abstract[identifier], [None] * _LEVELS)
        before = counters[level]
        counters[level] = levels[level].start if before is None else before + 1
        for deeper in range(level + 1, _LEVELS):
            counters[deeper] = None
        return _marker(levels, level, counters), level


def _read_levels(element: Any) -> dict[int, _Level]:
    found = {}
    for level in element.iter(f"{W}lvl"):
        number = _small(level.get(f"{W}ilvl"), 0)
        found[number] = _Level(
            _value(level, "numFmt", "decimal"), _value(level, "lvlText", ""), _small(_value(level, "start", "1"), 1)
        )
    return found


def _override(levels: dict[int, _Level], override: Any) -> bool:
    number = _small(override.get(f"{W}ilvl"), 0)
    fresh = _read_levels(override)
    if number in fresh:
        levels[number] = fresh[number]
        return True
    start = override.find(f"{W}startOverride")
    if start is not None and number in levels:
        levels[number] = _Level(levels[number].form, levels[number].pattern, _small(start.get(f"{W}val"), 1))
        return True
    return False


def _value(element: Any, name: str, default: str) -> str:
    child = element.find(f"{W}{name}")
    return default if child is None else str(child.get(f"{W}val", default))


def _small(value: str | None, default: int) -> int:
    return int(value) if value is not None and value.isdecimal() and len(value) < 6 else default


def _marker(levels: dict[int, _Level], level: int, counters: list[int | None]) -> str:
    own = levels[level]
    if own.form == "bullet":
        return "•"
    if own.form == "none":
        return ""

    def number(match: re.Match[str]) -> str:
        place = int(match.group(1)) - 1
        at = levels.get(place)
        count = counters[place] if 0 <= place < _LEVELS else None
        if at is None:
            return ""
        return format_number(at.start if count is None else count, at.form)

    return _PLACE.sub(number, own.pattern).strip()


def format_number(number: int, form: str) -> str:
    """Return a number in a WordprocessingML number format; unknown formats give digits."""
    writer = _FORMS.get(form)
    return writer(number) if writer and number > 0 else str(number)


def _letters(alphabet: str) -> Callable[[int], str]:
    def write(number: int) -> str:
        repeat, place = divmod(number - 1, len(alphabet))
        return alphabet[place] * min(repeat + 1, 20)

    return write


def _roman(number: int) -> str:
    signs = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"),
             (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
    written = ""
    for value, sign in signs:
        count, number = divmod(number, value)
        written += sign * min(count, 20)
    return written


def _han(number: int) -> str:
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    lead = "" if not tens else ("十" if tens == 1 else _HAN[tens] + "十")
    return lead + (_HAN[ones] if ones else "")


_FORMS: dict[str, Callable[[int], str]] = {
    "lowerLetter": _letters("abcdefghijklmnopqrstuvwxyz"),
    "upperLetter": _letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "russianLower": _letters("абвгдежзиклмнопрстуфхцчшщыэюя"),
    "russianUpper": _letters("АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЫЭЮЯ"),
    "arabicAlpha": _letters("أبتثجحخدذرزسشصضطظعغفقكلمنهوي"),
    "arabicAbjad": _letters("أبجدهوزحطيكلمنسعفصقرشتثخذضظغ"),
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "decimalZero": lambda number: f"{number:02d}",
    "chineseCounting": _han,
    "chineseCountingThousand": _han,
    "japaneseCounting": _han,
    "ideographDigital": _han,
}
