"""Traps: addresses without end.

Belongs here: recognising calendars, faceted search, endless pagination and paths that repeat themselves, from
addresses alone, and the memory of how many of a shape were taken. Does not belong here: pages that say "not found" with
status 200 (`quality`), or session names in addresses (`addresses`).
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from urllib.parse import urlsplit

MAX_DEPTH_OF_PATH = 14
MAX_QUERY_NAMES = 6
MAX_PAGES_OF_A_LIST = 60
"""Pages of one list that are followed; government lists of laws run to a few dozen."""

MAX_OF_A_SHAPE = (2000, 600, 150)
"""Addresses of one path with the same one, two, or more query names: `index.php?id=7` is how many sites name a page."""

MAX_FACETS = 15
MAX_STEP = 5
"""Difference of two page numbers up to which one page is taken for the neighbour of the other."""

_ITEMS_A_PAGE = 50
_BY_PAGE = frozenset({"page", "p", "pg", "paged", "pagina", "pageno", "page_no", "currentpage", "seite"})
MAX_CALENDAR = 6
MAX_REPEATS = 5
"""Pages of one shape that may repeat another page before the shape is left alone."""

_SHAPES_KEPT = 5000

_CALENDAR_QUERY = re.compile(
    r"(?:^|&)(?:date|day|month|year|week|cal|ical|eventdisplay|tribe-bar-date|m|y|d)=[^&]*", re.I
)
_CALENDAR_PATH = re.compile(
    r"(?:calendar|calendrier|calendario|kalender|events?|agenda|eventos|evenements)[^?]*/(?:19|20)\d\d(?:[/-]\d{1,2}){0,2}",
    re.I,
)
_PAGE_QUERY = re.compile(
    r"(?:^|&)(page|p|pg|paged|start|offset|skip|from|pagina|pageno|page_no|currentpage)=(\d+)", re.I
)
_PAGE_PATH = re.compile(r"/(page|pagina|seite|p)/(\d+)(?=/|$)", re.I)
_FACETS = re.compile(
    r"(?:^|&)(?:sort|sort_by|order|orderby|dir|view|display|limit|per_page|pagesize|filter\w*|f\[\d*\]|f%5b\d*%5d|facet\w*|"
    r"color|price|replytocom|share|print|format|action|do|diff|oldid|lang_switch)=", re.I
)  # fmt: skip
_NUMBER = re.compile(r"\d+")


class Traps:
    """Remembers shapes of addresses and says why a new one leads nowhere."""

    def __init__(self) -> None:
        """Start with an empty memory."""
        self._shapes: OrderedDict[str, int] = OrderedDict()

    def reason(self, url: str, parent: str = "") -> str:
        """Return why an address found on `parent` looks like a trap, or an empty string; looking does not count it."""
        parts = urlsplit(url)
        segments = [segment for segment in parts.path.split("/") if segment]
        if len(segments) > MAX_DEPTH_OF_PATH or _repeats(segments):
            return "a path that repeats itself"
        names = [pair.partition("=")[0] for pair in parts.query.split("&") if pair]
        if len(names) > MAX_QUERY_NAMES or len(_FACETS.findall(parts.query)) >= 2:
            return "faceted search"
        kind, shape, limit = self._shape(url)
        if kind and self._shapes.get(shape, 0) >= limit:
            return kind
        if self._shapes.get(_loose_shape(url), 0) >= MAX_REPEATS:
            return "pages that repeat"
        return "endless pagination" if _is_endless(url, parent) else ""

    def count(self, url: str) -> None:
        """Count an address that was taken."""
        kind, shape, _ = self._shape(url)
        if not kind:
            return
        self._add(shape)

    def count_repeat(self, url: str) -> None:
        """Count an address whose page repeats the substance of another."""
        self._add(_loose_shape(url))

    def _add(self, shape: str) -> None:
        self._shapes[shape] = self._shapes.get(shape, 0) + 1
        self._shapes.move_to_end(shape)
        if len(self._shapes) > _SHAPES_KEPT:
            self._shapes.popitem(last=False)

    def is_shaped(self, url: str) -> bool:
        """Tell whether an address is of a shape that is counted."""
        return bool(self._shape(url)[0])

    @staticmethod
    def _shape(url: str) -> tuple[str, str, int]:
        parts = urlsplit(url)
        if _CALENDAR_PATH.search(parts.path) or (
            len(_CALENDAR_QUERY.findall(parts.query)) >= 1 and _is_dated(parts.query)
        ):
            return "a calendar", f"{parts.netloc}{_NUMBER.sub('0', parts.path)}?calendar", MAX_CALENDAR
        if parts.query:
            names = "&".join(sorted({pair.partition("=")[0] for pair in parts.query.split("&")}))
            kind = "faceted search" if _FACETS.search(parts.query) else "too many of one shape"
            limit = MAX_FACETS if _FACETS.search(parts.query) else MAX_OF_A_SHAPE[min(names.count("&"), 2)]
            return kind, f"{parts.netloc}{parts.path}?{names}", limit
        return "", "", 0


def list_of(url: str) -> str:
    """Return an address without the number of its page, the same for every page of one list."""
    parts = urlsplit(url)
    path = _PAGE_PATH.sub("", parts.path).rstrip("/")
    query = "&".join(sorted(pair for pair in parts.query.split("&") if pair and not _PAGE_QUERY.search(pair)))
    return f"{parts.netloc}{path}?{query}"


def _loose_shape(url: str) -> str:
    parts = urlsplit(url)
    names = "&".join(sorted({pair.partition("=")[0] for pair in parts.query.split("&")}))
    return f"repeat {parts.netloc}{_NUMBER.sub('0', parts.path)}?{names}"


def _is_endless(url: str, parent: str) -> bool:
    """Whether an address is the next page of a list far beyond what anybody reads; a mere number in a path is not."""
    here, there = _page_number(url), _page_number(parent)
    if here is None or there is None or list_of(url) != list_of(parent):
        return False
    step = MAX_STEP if here[0] in _BY_PAGE else MAX_STEP * _ITEMS_A_PAGE
    limit = MAX_PAGES_OF_A_LIST if here[0] in _BY_PAGE else MAX_PAGES_OF_A_LIST * _ITEMS_A_PAGE
    return here[1] > limit and abs(here[1] - there[1]) <= step


def _page_number(url: str) -> tuple[str, int] | None:
    parts = urlsplit(url)
    found = _PAGE_QUERY.search(parts.query) or _PAGE_PATH.search(parts.path)
    return (found[1].lower(), int(found[2][:9])) if found else None


def _is_dated(query: str) -> bool:
    return bool(re.search(r"(?:date|day|month|year|week|m|y|d|cal)=(?:\d{1,2}|(?:19|20)\d\d)", query, re.I))


def _repeats(segments: list[str]) -> bool:
    """Whether a segment stands four times, or a run of segments repeats at once: a relative link gone wrong."""
    if any(count >= 4 for count in Counter(segments).values()):
        return True
    for length in (1, 2, 3):
        for start in range(len(segments) - 3 * length + 1):
            run = segments[start : start + length]
            if (
                run
                == segments[start + length : start + 2 * length]
                == segments[start + 2 * length : start + 3 * length]
            ):
                return True
    return False
