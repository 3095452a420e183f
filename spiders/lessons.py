"""Lessons: what pages of one shape were worth so far, and what that says of those that still wait.

Belongs here: the shape of an address, the mean worth of its pages, and the correction of a priority. Does not belong
here: judging a single link or page (`priority`), or keeping lessons (`frontier`).

A site repeats itself: after a few pages of `/news/2026/11/…` without a word that matters, the next one waits; after one
page of `/laws/…` that matters, its siblings come first. A shape nobody has seen gets a small start, so that every
corner is looked into once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

UNSEEN = 0.06
"""Correction for a shape of which no page was seen."""

BRANCH_SHARE = 0.6
"""Share of a branch's correction that an unseen shape on it gets."""

STRENGTH = 0.6
MIDDLE = 0.25
"""Mean worth at which a shape is neither raised nor lowered."""

SURE_AFTER = 4
"""Pages of a shape after which its mean counts in full."""

_NUMBERS = re.compile(r"\d+")
_STEP = 0.03
"""A correction that moves less than this is not applied anew to waiting requests."""


@lru_cache(maxsize=4096)
def shape_of(url: str) -> str:
    """Return the shape of an address: numbers are alike; where there are none, pages of one folder are alike."""
    parts = urlsplit(url)
    path = parts.path
    path = _NUMBERS.sub("0", path) if _NUMBERS.search(path) else path.rstrip("/").rpartition("/")[0] + "/*"
    names = "&".join(sorted({pair.partition("=")[0] for pair in parts.query.split("&") if pair}))
    return f"{parts.netloc}{path}?{names}"


def branches_of(url: str) -> list[str]:
    """Return the branches of the site that an address lies on, the nearest first: its first two folders, its first."""
    parts = urlsplit(url)
    folders = parts.path.split("/")[1:-1]
    return [f"{parts.netloc}/{'/'.join(folders[:count])}/**" for count in (2, 1) if len(folders) >= count]


@dataclass
class Lesson:
    """What pages of one shape were worth."""

    seen: int = 0
    total: float = 0.0
    applied: float = UNSEEN
    """Correction that the waiting requests of this shape carry."""

    @property
    def correction(self) -> float:
        """What is added to the priority of a link of this shape."""
        if not self.seen:
            return UNSEEN
        sure = min(1.0, self.seen / SURE_AFTER)
        return sure * STRENGTH * (self.total / self.seen - MIDDLE)


class Lessons:
    """All lessons of a crawl."""

    def __init__(self) -> None:
        """Begin without any."""
        self._known: dict[str, Lesson] = {}

    def recall(self, shape: str, seen: int, total: float, applied: float) -> None:
        """Take over what an earlier process learned."""
        self._known[shape] = Lesson(seen, total, applied)

    def correction(self, url: str) -> float:
        """Return what is added to the priority of a link to this address."""
        lesson = self._known.get(shape_of(url))
        if lesson is not None:
            return lesson.applied
        for branch in branches_of(url):
            around = self._known.get(branch)
            if around is not None and around.seen >= SURE_AFTER:
                return BRANCH_SHARE * around.correction
        return UNSEEN

    def learn(self, url: str, worth: float) -> list[tuple[str, Lesson, bool]]:
        """Add a page's worth; returns for its shape and branches the lesson and whether waiting requests must move."""
        return [self._learn(shape, worth) for shape in (shape_of(url), *branches_of(url))]

    def _learn(self, shape: str, worth: float) -> tuple[str, Lesson, bool]:
        lesson = self._known.setdefault(shape, Lesson())
        lesson.seen += 1
        lesson.total += worth
        moved = abs(lesson.correction - lesson.applied) >= _STEP
        if moved:
            lesson.applied = lesson.correction
        return shape, lesson, moved
