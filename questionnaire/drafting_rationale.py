"""The words of a draft: one or two sentences that a reviewer can read and check.

Belongs here: sentences built from the rows' own act, article, status, date and place. Does not belong here: choosing an
answer (`drafting`); phrases of a question (they stand in `phrases/*.yml`). A quote inside a sentence
is cut, never changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypedDict

import yaml

from questionnaire.drafting_weight import Weighed
from questionnaire.instrument import Instrument, Question
from questionnaire.search_log import SearchedCountry, host_of
from store.tables import EvidenceRow

PHRASES = Path(__file__).parent / "phrases"
MOST_QUOTE = 200
MOST_MEASURES = 3
"""Further measures told in the rationale of a question that maps to several."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
LANGUAGE_NAMES: Mapping[str, str] = {
    "en": "English", "fr": "French", "es": "Spanish", "pt": "Portuguese", "ar": "Arabic", "ru": "Russian",
    "zh": "Chinese",
}  # fmt: skip


class Phrase(TypedDict):
    """What an article of an act does, and what any other document shows."""

    act: str
    fact: str


def explain_answer(instrument: Instrument, question: Question, answer: str, support: Sequence[Weighed]) -> str:
    """Return the rationale of a yes, partial or no; `support` holds the best row of each independent source."""
    first, others = support[0], [item for item in support[1:] if item.row.question == support[0].row.question]
    sentence = _statement(instrument, question, first)
    for item in _best_of_other_codes(support)[:MOST_MEASURES]:
        sentence = f"{sentence} {_statement(instrument, question, item)}"
    if answer == "no":
        sentence = f"{sentence} An official source states it, so the draft is no."
    if others:
        names = ", ".join(_name(item.row) for item in others[:2])
        more = f" and {len(others) - 2} more" if len(others) > 2 else ""
        sentence = f"{sentence} {names}{more} {'says' if len(others) == 1 else 'say'} the same."
    return sentence


def _best_of_other_codes(support: Sequence[Weighed]) -> list[Weighed]:
    """The first row of each further GCI code, for a question that maps to several."""
    found = {support[0].row.question: support[0]}
    for item in support:
        found.setdefault(item.row.question, item)
    return list(found.values())[1:]


def explain_not_found(
    instrument: Instrument,
    question: Question,
    support: Sequence[Weighed],
    shown: Sequence[Weighed],
    searched: SearchedCountry,
    *,
    looks: Sequence[str] = (),
) -> str:
    """Return the rationale of a not found: the plan, the statement or the part that was found, then the search.

    `looks` says why evidence that is shown carries no answer.
    """
    search = describe_reading(searched)
    if support:
        return f"{_statement(instrument, question, support[0])} {_WHY_NOT[support[0].stance]} {search}"
    if shown:
        why = f": {looks[0]}" if looks else ""
        return f"{_name(shown[0].row)} bears on the question but cannot carry an answer{why}. {search}"
    return f"Nothing that answers the question was found. {search}"


_WHY_NOT: Mapping[str, str] = {
    "planned": "A plan is not yet a measure, so the draft is not found.",
    "absent": "Only a person or an official source makes this a no, so the draft is not found.",
    "partial": "The question allows no partial answer, so the draft is not found.",
    "in_place": "The evidence is too weak for an answer.",
}


def describe_reading(searched: SearchedCountry) -> str:
    """Return one sentence on what was read."""
    if not searched.read:
        return "No document was read."
    read, unread = len(searched.read), len(searched.documents) - len(searched.read)
    codes = sorted({code for document in searched.read for code in (document.languages or (document.language,))})
    languages = _join([LANGUAGE_NAMES[code] for code in codes if code in LANGUAGE_NAMES]) or "no known language"
    hosts = len({host_of(document.url) or document.name for document in searched.read})
    lost = f"; {unread} could not be read" if unread else ""
    verb = "was" if read == 1 else "were"
    return f"{_count(read, 'document')} in {languages} from {_count(hosts, 'source')} {verb} searched{lost}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def quote_side_by_side(support: Sequence[Weighed], against: Sequence[Weighed]) -> str:
    """Return the two sides of a contradiction, quotes with their places; empty when there is none."""
    if not support or not against:
        return ""
    sides = [
        f"{_SIDES[item.stance]} {_name(item.row)}: “{_cut(item.row.quote)}”" for item in (support[0], *against[:3])
    ]
    return " — against — ".join([sides[0], "; ".join(sides[1:])])


_SIDES: Mapping[str, str] = {
    "in_place": "in place:",
    "partial": "in part:",
    "planned": "only planned:",
    "absent": "absent:",
    "": "no longer in force:",
}


def _statement(instrument: Instrument, question: Question, item: Weighed) -> str:
    row = item.row
    phrase = phrase_of(instrument, question, row.question)
    if item.stance == "in_place":
        return f"{_act_place(row)} {phrase['act']}." if row.act else f"{_name(row)} shows that {phrase['fact']}."
    if item.stance == "partial":
        shows = (
            f"{_act_place(row)} in part {phrase['act']}"
            if row.act
            else f"{_name(row)} shows in part that {phrase['fact']}"
        )
        return f"{shows}: “{_cut(row.quote)}”."
    name = _act_place(row) if row.act else _name(row)
    if item.stance == "planned":
        return f"{name} only plans that {phrase['fact']}: “{_cut(row.quote)}”."
    return f"{name} denies that {phrase['fact']}: “{_cut(row.quote)}”."


def _act_place(row: EvidenceRow) -> str:
    act = _without_site(row.act)
    article = f"{_article(row.article)} of {act}" if row.article else act
    told = [_status(row), f"as amended by {_cut(row.amended_by, 80)}" if row.amended_by else ""]
    status = " and ".join(part for part in told if part)
    return f"{article}, {status}," if status else article


def _article(article: str) -> str:
    return f"Article {article}" if re.match(r"\d", article) else article[:1].upper() + article[1:]


def _status(row: EvidenceRow) -> str:
    if row.act_status == "in_force":
        since = row.in_force_from or row.dated_on
        if row.in_force_from:
            return f"in force since {write_date(row.in_force_from)}"
        return f"in force, dated {_dated(row)}" if since else "in force"
    if row.act_status == "adopted":
        return f"adopted {_dated(row)}" if row.dated_on else "adopted"
    if row.act_status == "bill":
        return "a bill that is not in force"
    if row.act_status == "repealed":
        return "repealed"
    return f"dated {_dated(row)}" if row.dated_on else ""


def _name(row: EvidenceRow) -> str:
    """Name a document so that a reader finds it: act or title, host, page, date."""
    if row.fact:
        return f"The list of {row.fact}"
    if row.act:
        return _act_place(row).rstrip(",")
    title = _without_site(row.document_title) or row.document_name or "A document"
    details = [
        host_of(row.url),
        f"page {row.page}" if row.page else "",
        _dated(row) if row.dated_on else "",
    ]
    told = ", ".join(detail for detail in details if detail)
    return f"“{_cut(title, 120)}” ({told})" if told else f"“{_cut(title, 120)}”"


def _dated(row: EvidenceRow) -> str:
    """The row's date; the year alone where the document states no more than that (its first day stands for it)."""
    day = row.dated_on
    if day is None:
        return ""
    return str(day.year) if (day.month, day.day) == (1, 1) else write_date(day)


def _without_site(title: str) -> str:
    """Return a page's title without the name of its site, which stands behind a bar or dash and holds no digit."""
    head, mark, site = re.sub(r"\s+[|·–—-]\s+(?=[^|·]*$)", "\0", title).rpartition("\0")
    return head if mark and len(head) >= 12 and site.count(" ") and not re.search(r"\d", site) else title


def write_date(day: date) -> str:
    """Return a date as a reader of English writes it: 25 September 2018."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def phrase_of(instrument: Instrument, question: Question, code: str) -> Phrase:
    """Return the phrase of a row's own code, or a plain one built from the question's text."""
    for known in (code, question.code):
        for bank in _banks(str(instrument.meta["id"])):
            if known in bank:
                return bank[known]
    topic = question.text.rstrip("?")
    return {"act": f"bears on the question “{topic}”", "fact": f"the answer to “{topic}” is yes"}


@lru_cache(maxsize=8)
def _banks(instrument_id: str) -> tuple[dict[str, Phrase], ...]:
    """Phrases of the instrument itself, then of the GCI bank whose evidence others reuse."""
    files = (PHRASES / f"{instrument_id}.yml", PHRASES / "gci.yml")
    return tuple(
        yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) for path in files if path.exists()
    )


def _cut(text: str, most: int = MOST_QUOTE) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1].rstrip()}…"


def _join(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
