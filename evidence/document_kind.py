"""Document kinds: is it an act, a bill, a strategy, a plan or a page, and what does it say of itself.

Belongs here: kind, status, number, date and period off a document's title, headings and structure. Does not belong
here: which lines name a document and what their head word is (`document_title`), the words (they stand in
`grammars/`), or what a kind means for a question (`features`, the scorer).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evidence.document_title import (
    CITES,
    LOOKED,
    KindWord,
    first_lines,
    head_kind,
    headings_within,
    names,
    naming_lines,
)
from evidence.grammar import Grammar
from sources.written_dates import find_date
from store.readings import Reading
from store.tables import Passage

DocumentKind = Literal["act", "bill", "strategy", "plan", "page", "list", "other"]

TITLE_ZONE = 900
"""Characters at the head of a document in which it names itself."""
ARTICLES_OF_AN_ACT = 0.3
"""Share of passages that stand in an article."""
SOME_ARTICLES = 0.1
"""Share below which a long text under the name of a decree is what the decree approves."""
MOST_PASSAGES = 20_000
LONG_DOCUMENT = 60
"""Passages; in a longer document one article cannot hold most of an act."""
HEAD_OF_LONG = 150
"""Passages in which the title of a text stands that a gazette or decree brings."""
MANY_DECREES = 3
"""Lines that name a decree; so many at one head are the contents of a gazette."""
SHORT_LINE = 160
"""Characters of a line at the head that may give the date of adoption."""
SHORT_NAME = 6
"""Words; a shorter line with the kind of an act ("Law 60 of 2018") is read with the line after it."""

_YEARS = re.compile(
    r"(?<![\d/.-])((?:19|20)\d\d)\s?(?:[-–—/~]|to|through|à|a|al|au|إلى|по|至)\s?((?:19|20)\d\d|\d\d(?=\s*(?:$|[\s)）,.;])))(?![\d/])"
)
_NUMBER = re.compile(
    r"(?i)(?:\bn[°ºo]\.?|\bn\.?[°º]|№|\bno\.|\bn[uú]m\.?|رقم|第)\s{0,3}\(?"
    r"(\d+(?:[.,/-]\d+)*(?:-[IVXLC]{1,5}[a-z]{0,2}\b)?(?:\s[А-ЯЁ]{2,4}\b)?)"
)
_WORD_NUMBER = re.compile(r"(?i)\b(?:act|law|ley|lei|loi|decree|decreto|décret)\s(\d[\d./-]*\d(?:\sof\s\d{4})?)")
_SENTENCE = re.compile(r"[.。;؛!?]\s*$")
_FORM = re.compile(r"(?i)(?:\b(?:by|par|por)|[:：])\W*$")
"""End of a form's field that asks who adopted a text ("Approved by:")."""
LONGEST_CELL = 40
"""Characters of a cell in a table of versions."""
_DATE_LINE = 40
"""Characters of a line that is nothing but a date."""


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
    """The day that the document states as its own; None where it states no day, month and year."""
    period: tuple[int, int] | None
    name: str = ""
    """The words by which it names itself: title and short lines at its head."""
    about_another: bool = False
    """Whether it names itself a guide, review or report of such a document."""

    @property
    def is_draft(self) -> bool:
        """Whether the head calls it a draft, and nothing there says that it was adopted."""
        return bool(self.words[WORDS.index("draft")])

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
    lines = naming_lines(reading, grammar)
    short = [*lines, *(line for line in first_lines(reading) if len(line.split()) <= 2 * SHORT_NAME)]
    named = {name: any(names(line, grammar, name) for line in lines) for name in WORDS}
    named["draft"] = any(names(line, grammar, "draft") for line in short) and not _is_adopted(reading, grammar, short)
    articles = _article_share([p.article for p in main])
    kind = _kind(reading, grammar, lines, articles, len(main))
    if kind == "page":
        named |= {"strategy": False, "plan": False}  # a page that speaks of a strategy is not the strategy
    is_act = kind in ("act", "bill")
    act, around = _act_lines(reading, grammar, lines)
    return Nature(
        kind=kind,
        words=(*(float(named[name]) for name in WORDS), float(articles)),
        act=act if is_act else "",
        act_status="bill" if kind == "bill" else ("adopted" if is_act else ""),
        number=_number([act, *around]) if is_act else "",
        dated_on=reading.published_on or _stated_day(reading, lines, [act, *around] if is_act else lines),
        period=None if is_act else stated_period([*lines, *_short_lines(reading)]),
        name=_own_name(reading),
        about_another=_is_about_another(lines, grammar),
    )


def _is_adopted(reading: Reading, grammar: Grammar, short: Sequence[str]) -> bool:
    """Tell whether short lines of the head, or those of a table of versions, say that it was adopted.

    "Final draft … Approved by Cabinet" is no draft any more, "Not yet approved" is one.
    """
    return any(
        names(line, grammar, "adopted") and not names(line, grammar, "not_adopted") and not _FORM.search(line)
        for line in (*short, *_versions(reading, grammar))
    )


def _versions(reading: Reading, grammar: Grammar) -> list[str]:
    """Return the lines below the head of a table of versions, which may have a line for each of its cells."""
    main = [p for p in reading.passages[:LOOKED] if p.role != "navigation" and p.kind not in ("menu", "contents")]
    lines = [line.strip() for passage in main for line in passage.text.splitlines()]
    short = [line for line in lines if len(line) <= LONGEST_CELL]
    head = next((i for i, line in enumerate(short) if names(line, grammar, "versions")), len(short))
    return short[head + 1 :]


def _own_name(reading: Reading) -> str:
    """Return title and short lines at the head, up to the first sentence: the words with which a text names itself."""
    name = [reading.title]
    for line in first_lines(reading):
        if len(line) > SHORT_LINE or _SENTENCE.search(line):
            break
        name.append(line)
    return " . ".join(name)


def _is_about_another(lines: Sequence[str], grammar: Grammar) -> bool:
    """Tell whether a line names a guide, review or report of a document of some kind, not that document."""
    return any(
        names(line, grammar, "about") and any(names(line, grammar, kind) for kind in ("act", "strategy"))
        for line in lines
    )


def day_of_passage(passage: Passage) -> date | None:
    """Return the day that an item of dated news begins with, or that its heading is; None for other passages."""
    for text in (passage.text, *passage.section[-1:]):
        head = text[:_DATE_LINE].strip()
        if head[:1].isdigit() or len(text.strip()) <= _DATE_LINE:
            found = find_date(re.split(r"\s[–—:-]\s|:\s", head, maxsplit=1)[0])
            if found:
                return found
    return None


def _article_share(articles: list[str]) -> float:
    """Return the share of passages in articles; a single article with a long annex does not make a text an act."""
    inside = [article for article in articles if article]
    if len(articles) > LONG_DOCUMENT and inside and Counter(inside).most_common(1)[0][1] > 0.6 * len(articles):
        return 0.0
    return len(inside) / max(1, len(articles))


def _kind(reading: Reading, grammar: Grammar, lines: Sequence[str], articles: float, size: int) -> DocumentKind:
    heads: list[KindWord] = [head for line in lines if (head := head_kind(line, grammar))]
    first = heads[0] if heads else None
    if first in ("strategy", "plan") and not (articles >= ARTICLES_OF_AN_ACT and {"act", "decree"} & set(heads)):
        speaks_of_it = reading.format == "html" and size <= LONG_DOCUMENT and stated_period(lines) is None
        return "page" if speaks_of_it else _joined(heads)
    if first == "bill" or (articles >= ARTICLES_OF_AN_ACT and "bill" in heads):
        return "bill"
    if articles >= ARTICLES_OF_AN_ACT:
        return "act"
    if heads.count("decree") >= MANY_DECREES and articles < SOME_ARTICLES:
        return "page"
    if first in ("act", "decree"):
        return _what_it_brings(reading, grammar, heads) if articles < SOME_ARTICLES and size > LONG_DOCUMENT else "act"
    if reading.format != "html" and size > LONG_DOCUMENT:
        inside = [head for line in headings_within(reading, HEAD_OF_LONG) if (head := head_kind(line, grammar))]
        return _joined([head for head in inside if head in ("strategy", "plan")][:1])
    return "page"


def _joined(heads: Sequence[KindWord]) -> DocumentKind:
    """A document that names itself strategy and plan is a strategy."""
    if "strategy" in heads:
        return "strategy"
    return "plan" if "plan" in heads else "page"


def _what_it_brings(reading: Reading, grammar: Grammar, heads: Sequence[KindWord]) -> DocumentKind:
    """Return the kind of a long text without articles under the name of an act: what it approves, or an act.

    A gazette brings many decrees; without articles it is none of them.
    """
    inside = [head for line in headings_within(reading, HEAD_OF_LONG) if (head := head_kind(line, grammar))]
    brought = _joined([*heads, *inside])
    if brought != "page":
        return brought
    return "act" if heads[0] == "act" else "page"


def _act_lines(reading: Reading, grammar: Grammar, lines: Sequence[str]) -> tuple[str, list[str]]:
    """Return the name of the act, and the two lines after its first one, where number and date may stand."""
    place = next((i for i, line in enumerate(lines) if head_kind(line, grammar) in ("act", "decree", "bill")), None)
    if place is None:
        return " ".join((reading.title or next(iter(lines), "")).split())[:200], []
    name = lines[place]
    all_lines = (
        [line for line in first_lines(reading) if line != name] if name == reading.title else first_lines(reading)
    )
    start = all_lines.index(name) + 1 if name in all_lines else 0
    after = [line for line in all_lines[start : start + 3] if not CITES.match(line)]
    before = [line for line in all_lines[max(0, start - 2) : max(0, start - 1)] if _NUMBER.search(line)]
    if len(name.split()) < SHORT_NAME and grammar.language != "zh" and after and len(after[0]) <= 200:
        name = f"{name} {after[0]}"
    return " ".join(name.split())[:200], [*after, *before]


def _number(lines: Sequence[str]) -> str:
    for line in lines:
        found = [match for pattern in (_NUMBER, _WORD_NUMBER) if (match := pattern.search(line))]
        if found:
            return min(found, key=lambda match: match.start())[1].strip(" .,-/")
    return ""


def _stated_day(reading: Reading, lines: Sequence[str], own: Sequence[str]) -> date | None:
    """Return the first full date of the lines that name the document, then of short lines at its head."""
    for line in (*own, *lines, *_short_lines(reading), *_date_lines(reading)):
        found = _first_date(line[:SHORT_LINE])
        if found:
            return found
    return None


def _first_date(line: str) -> date | None:
    """Return the first date of a line: an act is dated before it says from when it is in force."""
    if find_date(line) is None:
        return None
    ends = (match.end() for match in re.finditer(r"\w+(?:[/.-]\d+)*|日", line))
    return next(found for end in (*ends, len(line)) if (found := find_date(line[:end])))


def _short_lines(reading: Reading) -> list[str]:
    if reading.format == "html":
        return []
    return [line for line in first_lines(reading) if len(line) <= SHORT_LINE and not CITES.match(line)]


def _date_lines(reading: Reading) -> list[str]:
    """Lines at the head that are nothing but a date, as news pages print it, menu or not."""
    return [
        p.text for p in reading.passages[:30] if len(p.text.strip()) <= _DATE_LINE and not p.text.startswith("http")
    ]


def stated_period(lines: Sequence[str]) -> tuple[int, int] | None:
    """Return the first and last year of the first period ("2023–2028") that lines state; None when none does."""
    for line in lines:
        found = _YEARS.search(line)
        if found:
            first = int(found[1])
            last = int(found[2]) if len(found[2]) == 4 else first // 100 * 100 + int(found[2])
            if first < last <= first + 30:
                return (first, last)
    return None
