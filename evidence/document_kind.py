"""Document kinds: is it an act, a bill, a strategy, a plan or a page, and what does it say of itself.

Belongs here: reading kind, status, number, date and period off a document's title and structure. Does not belong here:
the words (they stand in `grammars/`), or what a kind means for a question (`features`, the scorer).
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evidence.folding import fold
from evidence.grammar import Grammar
from store.readings import Reading

DocumentKind = Literal["act", "bill", "strategy", "plan", "page", "list", "other"]

TITLE_ZONE = 900
"""Characters at the head of a document in which it names itself."""
ARTICLES_OF_AN_ACT = 0.3
"""Share of passages that stand in an article."""
MOST_PASSAGES = 20_000
LONG_DOCUMENT = 60
"""Passages; in a longer document one article cannot hold most of an act."""

_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)\s?(?:[-–—/~]|to|à|a|al|au|إلى|по|至)\s?((?:19|20)?\d\d)(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")
_NUMBER = re.compile(r"(?i)(?:n[°ºo.]{1,2}|№|no\.|رقم|第)\s?([\d][\d./-]{0,14})")
_BORDER = re.compile(r"[^\w]+")


@dataclass(frozen=True)
class Nature:
    """What a document is, as far as its head and its structure tell."""

    kind: DocumentKind
    words: tuple[float, ...]
    """Whether the head names an act, decree, bill, strategy, plan, draft; then the share of passages in articles."""
    act: str
    act_status: str
    number: str
    dated_on: date | None
    period: tuple[int, int] | None

    def row(self) -> NDArray[np.float32]:
        """Return the columns that the scorer sees."""
        return np.asarray(self.words, dtype=np.float32)


WORDS = ("act", "decree", "bill", "strategy", "plan", "draft")
COLUMNS = (*WORDS, "articles")


def title_zone(reading: Reading) -> str:
    """Return the head of a document, in which it names itself."""
    main = [p for p in reading.passages[:80] if p.role != "navigation" and p.kind not in ("menu", "contents")]
    return " ".join([reading.title, *(p.text for p in main[:14])])[:TITLE_ZONE]


def judge_nature(reading: Reading, grammar: Grammar) -> Nature:
    """Return the nature of a reading; never raises."""
    main = [
        p for p in reading.passages[:MOST_PASSAGES] if p.role != "navigation" and p.kind not in ("menu", "contents")
    ]
    head = title_zone(reading)
    plain = fold(head, grammar.language)
    spaced = plain if grammar.language == "zh" else f" {_BORDER.sub(' ', plain)} "
    named = {name: _names(spaced, grammar, name) for name in WORDS}
    articles = _article_share([p.article for p in main])
    if reading.format == "html" and articles < ARTICLES_OF_AN_ACT and len(main) <= LONG_DOCUMENT:
        named |= {"strategy": False, "plan": False}  # a page that speaks of a strategy is not the strategy
    kind = _kind(named, articles, grammar.language == "zh" and reading.title.rstrip().endswith(("法", "条例")))
    is_act = kind in ("act", "bill")
    number = _NUMBER.search(head)
    return Nature(
        kind=kind,
        words=(*(float(named[name]) for name in WORDS), float(articles)),
        act=_act_name(reading, head) if is_act else "",
        act_status="bill" if kind == "bill" else ("adopted" if is_act else ""),
        number=number[1] if number and is_act else "",
        dated_on=reading.published_on or _first_year(head),
        period=_period(head),
    )


def _article_share(articles: list[str]) -> float:
    """Return the share of passages in articles; a single article with a long annex does not make a text an act."""
    inside = [article for article in articles if article]
    if len(articles) > LONG_DOCUMENT and inside and Counter(inside).most_common(1)[0][1] > 0.6 * len(articles):
        return 0.0
    return len(inside) / max(1, len(articles))


def _kind(named: dict[str, bool], articles: float, act_by_ending: bool) -> DocumentKind:
    is_act = articles >= ARTICLES_OF_AN_ACT or act_by_ending or (named["act"] and not named["strategy"])
    if is_act and named["bill"]:
        return "bill"
    if named["strategy"] and not (articles >= ARTICLES_OF_AN_ACT and named["act"]):
        return "strategy"
    if is_act:
        return "act"
    if named["plan"]:
        return "plan"
    return "page"


def _names(spaced: str, grammar: Grammar, name: str) -> bool:
    words = grammar.kinds.get(name, ())
    if grammar.language == "zh":
        return any(word in spaced for word in words)
    return any(f" {_BORDER.sub(' ', fold(word, grammar.language)).strip()} " in spaced for word in words)


def _act_name(reading: Reading, head: str) -> str:
    return " ".join((reading.title or head[:120]).split())[:200]


def _first_year(head: str) -> date | None:
    years = [int(year) for year in _YEAR.findall(head)]
    return date(years[0], 1, 1) if years else None


def _period(head: str) -> tuple[int, int] | None:
    found = _YEARS.search(head)
    if not found:
        return None
    first = int(found[1])
    last = int(found[2]) if len(found[2]) == 4 else first // 100 * 100 + int(found[2])
    return (first, last) if first <= last <= first + 30 else None
