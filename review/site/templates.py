"""The template environment: Jinja2 with escaping always on.

Belongs here: filters and globals that every page uses. Does not belong here: what a page shows.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from babel import Locale
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from jinja2 import Environment, StrictUndefined

from sources.country_files import UnknownCountryError, load_country

_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "dv", "yi", "ckb", "ug", "sd"})


def environment(**options: Any) -> Environment:
    """Return the environment; a name that a page was not given is an error, never an empty place."""
    made = Environment(  # noqa: S701 - escaping is on, below
        **{**options, "autoescape": True, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    )
    made.globals.update(static=static, url=_url, direction=direction)
    made.filters.update(day=day, moment=moment, ago=ago, percent=percent, thousands=thousands, words=words)
    made.filters.update(language=language, country_name=country_name, short_digests=short_digests)
    return made


@lru_cache(maxsize=50_000)
def _url(name: str, **kwargs: Any) -> str:
    """Return an address; addresses never change while the site runs, and a page holds hundreds."""
    return reverse(name, kwargs=kwargs)


def direction(language: str) -> str:
    """Return the writing direction of a language: rtl, ltr, or auto when it is unknown."""
    if not language or language == "und":
        return "auto"
    return "rtl" if language.split("-", maxsplit=1)[0] in RIGHT_TO_LEFT else "ltr"


def day(value: date | datetime | None) -> str:
    """Return a day in ISO form, 2026-11-05; a dash for none."""
    return f"{value:%Y-%m-%d}" if value else "–"


def moment(value: datetime | None) -> str:
    """Return a moment as 2026-11-05 14:30 UTC; a dash for none."""
    return f"{value:%Y-%m-%d %H:%M} UTC" if value else "–"


def ago(value: datetime | None) -> str:
    """Return the age of a moment in words: today, 1 day, 12 days; a dash for none."""
    if value is None:
        return "–"
    days = (timezone.now() - value).days
    return "today" if days <= 0 else f"{days} day{'s' if days != 1 else ''}"


def percent(value: float | None) -> str:
    """Return a share from 0 to 1 as a whole percentage; a dash for none."""
    return "–" if value is None else f"{value * 100:.0f}\N{NO-BREAK SPACE}%"


def thousands(value: int) -> str:
    """Return a number with thin spaces between thousands."""
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def words(value: str) -> str:
    """Return a stable short name as words: not_found becomes not found."""
    return value.replace("_", " ")


@lru_cache(maxsize=512)
def language(code: str) -> str:
    """Return the English name of a language, fr as French; a code that nobody knows stays as it is."""
    return Locale("en").languages.get(code.partition("-")[0].lower(), code) if code != "und" else "language unknown"


@lru_cache(maxsize=512)
def country_name(code: str) -> str:
    """Return a country's name for its code; a code that this desk does not know stays as it is."""
    try:
        return load_country(code).name()
    except UnknownCountryError:
        return code


def short_digests(text: str) -> str:
    """Return a sentence with each SHA-256 cut to its first twelve digits; the source's page shows them whole."""
    return _DIGEST.sub(lambda match: f"{match[0][:12]}…", text)
