"""Quality of a capture: is this the page it claims to be?

Belongs here: a score from 0 to 1 and its reason, from status, type, size and text alone. Below 0.5 a capture stays in
the archive, feeds no evidence and never counts as a change. Does not belong here: whether the page matters
(`priority`).

Phrases stand in `quality_phrases.yml`, by kind and language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from spiders.links import PageLinks

PHRASES = Path(__file__).parent / "quality_phrases.yml"
FLOOR = 0.5
"""Below this a capture feeds no evidence."""

_SHORT = 2500
"""Characters of visible text below which a phrase speaks for the whole page."""

_TINY_TEXT = 40
_LITTLE_TEXT = 80
_SOME_LINKS = 3
_LONG = 8000
_HAN = re.compile("[\u4e00-\u9fff]")


@dataclass(frozen=True)
class Quality:
    """A score from 0 to 1 and, when it is low, the reason."""

    score: float
    reason: str = ""


GOOD = Quality(1.0)


@dataclass(frozen=True)
class _Kind:
    reason: str
    score: float
    longest: int
    pattern: re.Pattern[str]


@cache
def _kinds() -> tuple[_Kind, ...]:
    loaded = yaml.safe_load(PHRASES.read_text(encoding="utf-8"))
    return tuple(
        _Kind(
            reason=entry["reason"],
            score=float(entry["score"]),
            longest=int(entry["longest_text"]),
            pattern=re.compile("|".join(_pattern(p) for group in entry["phrases"].values() for p in group)),
        )
        for entry in loaded["kinds"]
    )


def _pattern(phrase: str) -> str:
    return re.escape(" ".join(phrase.casefold().split())).replace(r"\ ", r"\s+")


def judge_file(payload: bytes) -> Quality:
    """Return the quality of a payload that is no web page, such as a PDF."""
    if not payload:
        return Quality(0.0, "empty body")
    if not payload.strip(b"\0 \t\r\n"):
        return Quality(0.0, "blank body")
    return GOOD


def judge_page(payload: bytes, page: PageLinks) -> Quality:
    """Return the quality of a web page, from its title, its visible text and its forms."""
    if not payload.strip(b"\0 \t\r\n"):
        return Quality(0.0, "empty body")
    text = " ".join(page.text.split())
    title = " ".join(page.title.split())
    probe = f"{title} \n {text[:_LONG]}".casefold()
    raw = payload[:200_000].decode("latin-1").casefold() if len(text) < _SHORT else ""
    for kind in _kinds():
        if len(text) <= kind.longest and (kind.pattern.search(probe) or (raw and kind.pattern.search(raw))):
            return Quality(kind.score, kind.reason)
    if page.password_fields and len(text) < _SHORT:
        return Quality(0.3, "login form")
    weight = len(text) + 2 * len(_HAN.findall(text, 0, _LITTLE_TEXT))  # a Han sign says more
    if weight < _TINY_TEXT and len(page.links) < _SOME_LINKS:
        return Quality(0.2, "tiny body: almost no text")
    if weight < _LITTLE_TEXT and not page.links:
        return Quality(0.4, "tiny body: little text and no links")
    return GOOD
