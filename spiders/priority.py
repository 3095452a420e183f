"""Priority: which link to follow first, and what a page was worth.

Belongs here: judging a link by its text, address, section, language and parent, and a page by its words. Does not
belong here: the words themselves (`link_words.yml`, the instrument's terms in the job), or refusing traps (`traps`).

Priorities lie between 0 and 1 for links; seeds lie above, so that every seed is asked before any link is followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import ahocorasick
import yaml

from spiders.job import Seed
from spiders.links import Link, PageLinks

LINK_WORDS = Path(__file__).parent / "link_words.yml"
READ_LANGUAGES = frozenset({"en", "fr", "es", "pt", "ar", "ru", "zh"})
JUDGED_TEXT = 12_000
"""Characters of a page that its worth is judged by."""

_CONFIDENCE = {"high": 0.3, "medium": 0.2, "low": 0.0, "": 0.1}
_SECTION = {"main": 0.06, "navigation": 0.02, "alternate": 0.02, "refresh": 0.3, "footer": -0.06}
_DOCUMENT = re.compile(r"\.(pdf|docx?|odt|rtf)$", re.IGNORECASE)
_PICTURE = re.compile(
    r"\.(jpe?g|png|gif|svg|webp|ico|bmp|tiff?|css|js|woff2?|mp[34]|avi|mov|wmv|ogg|zip|rar|7z|gz|exe|apk|dmg|iso|ics)$",
    re.IGNORECASE,
)
_BETWEEN_WORDS = re.compile(r"[^\w']+|_+")
_LANGUAGE_PATH = re.compile(r"/([a-z]{2})(?:[-_][a-z]{2})?(?=/|$)", re.IGNORECASE)
_WORTH_BELOW = 0.34
_FULL_WORTH = 6
"""Different topic words on a page that make it worth 1."""


@dataclass(frozen=True)
class _Word:
    text: str
    group: str
    weight: float
    bounded: bool


class Priority:
    """Judges links and pages for one crawl."""

    def __init__(self, languages: Iterable[str], terms: Mapping[str, Iterable[str]]) -> None:
        """Take the country's languages and the terms of the questions by language."""
        self._languages = frozenset(languages)
        self._words = _automaton(tuple(sorted({term for words in terms.values() for term in words})))
        self._score = lru_cache(maxsize=4096)(self._score_words)
        self._score_address = lru_cache(maxsize=4096)(self._score_address_words)

    def of_seed(self, seed: Seed, number: int) -> float:
        """Return the priority of a seed: by confidence, then by the order of the country's file."""
        return 2.0 + _CONFIDENCE.get(seed.confidence, 0.1) - number * 1e-6

    def of_link(self, link: Link, parent_worth: float, depth: int, folder: str = "") -> float:
        """Return the priority of a link, 0 to 1; 0 for pictures, styles, scripts and packed files.

        A parent's worth speaks for what lies below its own `folder` (host and path), and little for the rest.
        """
        parts = urlsplit(link.url)
        if _PICTURE.search(parts.path):
            return 0.0
        score = 0.2 + 0.36 * self._score(link.text) + 0.24 * self._score_address(parts.path, parts.query)
        score += _WORTH_BELOW * parent_worth * _nearness(folder, folder_of(link.url))
        score += _SECTION[link.section] - 0.02 * depth + _shallowness(parts.path)
        score += self._language_bonus(link, parts.path)
        score += 0.05 if _DOCUMENT.search(parts.path) else 0.0
        score -= 0.1 if link.nofollow else 0.0
        score -= 0.03 * min(parts.query.count("&") + 1, 4) if parts.query else 0.0
        return float(min(max(score, 0.001), 1.0))

    def _language_bonus(self, link: Link, path: str) -> float:
        found = _LANGUAGE_PATH.match(path)
        language = link.language or (found[1].lower() if found else "")
        if not language:
            return 0.0
        if language in READ_LANGUAGES:
            return 0.08 if language in self._languages else -0.15
        return -0.25 if link.language else -0.02

    def worth_of(self, page: PageLinks) -> float:
        """Return what a page is worth, 0 to 1, by the different topic words in its title and text."""
        named = {word.text for word in self._hits(page.title) if word.group in ("topic", "document")}
        missing = _FULL_WORTH - 2 * len(named)
        seen: set[str] = set()
        for word in self._hits(f"{page.title} {page.main_text[:JUDGED_TEXT]}"):
            if len(seen) >= missing:
                return 1.0
            if word.group == "topic":
                seen.add(word.text)
        return min(1.0, (len(seen) + 2 * len(named)) / _FULL_WORTH)

    def _score_address_words(self, path: str, query: str) -> float:
        return self._score_words(_BETWEEN_WORDS.sub(" ", unquote(f"{path} {query}")))

    def _score_words(self, text: str) -> float:
        """Return -1 to 1 for a short text: the best word, and a little for each further group."""
        best: dict[str, float] = {}
        for word in self._hits(text):
            if abs(word.weight) > abs(best.get(word.group, 0.0)):
                best[word.group] = word.weight
        wanted = sorted((weight for weight in best.values() if weight > 0), reverse=True)
        score = float(sum(weight / float(2**rank) for rank, weight in enumerate(wanted))) / 1.35
        return max(-1.0, min(1.0, score) + (best.get("unwanted", 0.0) if not best.get("topic") else 0.0))

    def _hits(self, text: str) -> Iterable[_Word]:
        folded = text.casefold()
        for end, word in self._words.iter(folded):
            if not word.bounded or _stands_alone(folded, end + 1 - len(word.text), end + 1):
                yield word


def folder_of(url: str) -> str:
    """Return host and path of an address up to its last slash."""
    parts = urlsplit(url)
    return parts.netloc + parts.path.rpartition("/")[0] + "/"


def _shallowness(path: str) -> float:
    """Index pages stand near the root: a little for each folder that an address lacks, less for each too many."""
    return max(-0.1, min(0.09, 0.03 * (5 - path.rstrip("/").count("/") - 1)))


def _nearness(parent: str, child: str) -> float:
    if not parent or (child.startswith(parent) and parent.count("/") > 1):
        return 1.0
    shared = 0
    for one, other in zip(parent.split("/")[:-1], child.split("/")[:-1], strict=False):
        if one != other:
            break
        shared += 1
    return min(0.8, 0.2 * shared)


def _stands_alone(text: str, start: int, end: int) -> bool:
    return not (text[start - 1 : start].isalnum() if start else False) and not text[end : end + 1].isalnum()


@lru_cache(maxsize=4)
def _automaton(terms: tuple[str, ...]) -> Any:
    groups = yaml.safe_load(LINK_WORDS.read_text(encoding="utf-8"))
    found = ahocorasick.Automaton()
    for term in terms:
        _add(found, term, "topic", 1.0)
    for group, entry in groups.items():
        for words in entry["words"].values():
            for word in words:
                _add(found, word, group, float(entry["weight"]))
    found.make_automaton()
    return found


def _add(automaton: Any, word: str, group: str, weight: float) -> None:
    folded = " ".join(word.casefold().split())
    if len(folded) > 1:
        bounded = not any("\u4e00" <= letter <= "\u9fff" or "\u0600" <= letter <= "\u06ff" for letter in folded)
        automaton.add_word(folded, _Word(folded, group, weight, bounded))
