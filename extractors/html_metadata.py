"""What a page says of itself: title, language, publication date.

Belongs here: `meta`, `time` and JSON-LD. Does not belong here: the text (`html_blocks`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from extractors.html_blocks import RawBlock
from sources.written_dates import find_date

_DATE_NAMES = (
    "article:published_time", "datepublished", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date",
    "dcterms.created", "dc.date.created", "publication_date", "publishdate", "pubdate", "date", "sailthru.date",
    "og:article:published_time", "citation_publication_date", "parsely-pub-date",
)  # fmt: skip
_ISO = re.compile(r"\b((?:19|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})")
_DATE_LINE = 60
_EARLIEST = 1980
_LD_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{8,40})"')


@dataclass(frozen=True)
class PageMetadata:
    """Title, declared language, date of publication."""

    title: str
    language: str
    published_on: date | None


def find_metadata(root: Any, blocks: list[RawBlock], source: str, printed_near: range = range(0)) -> PageMetadata:
    """Return what a page states of itself; `source` is searched for JSON-LD. What it does not state is empty.

    `printed_near` are the positions of the headline and of the lines below it: a date that stands there by itself is
    taken where the page's markup states none.
    """
    names: dict[str, str] = {}
    for meta in root.iter("meta"):
        key = (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        if key and meta.get("content"):
            names.setdefault(key, meta.get("content").strip())
    language = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang") or ""
    return PageMetadata(
        _title(blocks, names),
        language.strip().lower()[:35],
        _published(root, names, source) or _printed(blocks, printed_near),
    )


def _title(blocks: list[RawBlock], names: dict[str, str]) -> str:
    for block in blocks:
        if block.kind == "title":
            return " ".join(block.text.split())[:500]
    first = next((block.text for block in blocks if block.kind == "heading"), "")
    return " ".join((names.get("og:title") or first).split())[:500]


def _published(root: Any, names: dict[str, str], source: str) -> date | None:
    for name in _DATE_NAMES:
        if found := parse_iso_date(names.get(name, "")):
            return found
    if (stated := _LD_DATE.search(source)) and (found := parse_iso_date(stated.group(1))):
        return found
    for element in root.iter("time"):
        if found := parse_iso_date(element.get("datetime") or ""):
            return found
    return None


def _printed(blocks: list[RawBlock], places: range) -> date | None:
    """Return the date of a short line below the headline; above it sites print the day of the visit."""
    if not places:
        return None
    for place in range(places.start + 1, min(len(blocks), max(places.stop, places.start + 3))):
        text = blocks[place].text
        if len(text) <= _DATE_LINE and blocks[place].kind not in {"title", "heading"} and _has_digit(text):
            found = find_date(text)
            if found is not None and found.year >= _EARLIEST:
                return found
    return None


def _has_digit(text: str) -> bool:
    return any(char.isdigit() for char in text)


def parse_iso_date(text: str) -> date | None:
    """Return the date at the start of an ISO 8601 time, or None."""
    match = _ISO.search(text)
    if not match:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
