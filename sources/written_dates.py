"""Dates as documents and repositories write them, in the languages that we read.

Belongs here: finding one date in a short text. Does not belong here: dates of whole documents.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from babel import Locale

from sources.folded_text import fold

_LOCALES = ("en", "fr", "es", "pt", "ru", "ar", "ar_SY")
_NUMERIC = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})")
_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_YEAR = re.compile(r"(?<!\d)(20[0-4]\d|19[89]\d)(?!\d)")


def find_date(text: str) -> date | None:
    """Return the last date that a text states with day, month and year (day first in numbers); None without one."""
    if not any(map(str.isnumeric, text)):
        return None
    found = [
        *((m.start(), m.group(1), m.group(2), m.group(3)) for m in _ISO.finditer(text)),
        *((m.start(), m.group(3), m.group(2), m.group(1)) for m in _NUMERIC.finditer(text)),
        *((m.start(), m.group(1), m.group(2), m.group(3)) for m in _CHINESE.finditer(text)),
    ]
    dates = [(at, made) for at, year, month, day in found if (made := _make(year, month, day))]
    dates += _worded(text)
    return max(dates)[1] if dates else None


def find_year(text: str) -> int | None:
    """Return the first year between 1980 and 2049 that a text names; None without one."""
    found = _YEAR.search(text)
    return int(found.group(1)) if found else None


def _make(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _worded(text: str) -> list[tuple[int, date]]:
    words = list(re.finditer(r"\w+", fold(text).text))
    dates = []
    for place, word in enumerate(words):
        month = _months().get(word.group())
        if month is None:
            continue
        before = [w.group() for w in words[max(0, place - 2) : place]][::-1]
        after = [w.group() for w in words[place + 1 : place + 4]]
        day = next((w for w in (*before, *after[:1]) if w.isdigit() and len(w) <= 2), "")
        year = next((w for w in after if len(w) == 4 and w.isdigit()), "")
        made = _make(year, str(month), day) if day and year else None
        if made:
            dates.append((word.start(), made))
    return dates


@cache
def _months() -> dict[str, int]:
    known: dict[str, int] = {}
    for name in _LOCALES:
        for width in ("wide", "abbreviated"):
            for number, month in Locale.parse(name).months["format"][width].items():
                for word in fold(month).text.split():
                    if len(word) > 2:
                        known.setdefault(word, number)
    return known
