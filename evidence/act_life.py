"""The life of an act, by its own words: from when it is in force, whether it is repealed, by what it was amended.

Belongs here: the act's own article on its entry into force, and notes of force, repeal and amendment at its head. Does
not belong here: telling an act from other documents (`document_kind`), repeals by other acts (these stand in those),
or what a status does to an answer (`questionnaire.drafting_weight`). Wordings stand in `acts/in_force.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

from evidence.document_title import CITES
from sources.written_dates import find_date
from store.readings import Reading
from store.tables import EvidenceRow

WORDINGS = Path(__file__).parent / "acts" / "in_force.yml"
AFTER = 160
"""Characters after "this Law comes into force" that say when."""
HEAD = 600
"""Characters at the head in which an act is marked as repealed."""
NOTES = 2500
"""Characters at the head in which notes on force and amendment stand."""
LONGEST_DELAY_YEARS = 3
"""Years after publication from which an act with a delay counts as in force."""
_FIRST_DAY = re.compile(r"\b1(?:er|ro|º|°|st)\b|\b1[º°]")
_SENTENCE_END = re.compile(r"[.。؛;](?:\s|$)")


@dataclass(frozen=True)
class ActLife:
    """`status` is in_force, adopted, repealed, or empty when the act says nothing of it."""

    status: str
    in_force_from: date | None
    amended_by: str = ""


def read_act_life(text: str, title: str, language: str, published_on: date | None, today: date) -> ActLife:
    """Return what an act says of its own life; pure.

    The last statement counts: an act ends with its entry into force, and a consolidated text repeats it. A date in the
    future, or a delay after a publication that is not known or recent, leaves the act adopted.
    """
    wording = _wordings().get(language)
    if wording is None:
        return ActLife("", None)
    amended = _amended_by(wording, text)
    if _is_marked_repealed(wording, text, title):
        return ActLife("repealed", None, amended)
    return replace(_life(wording, text, published_on, today), amended_by=amended)


def _life(wording: Mapping[str, re.Pattern[str]], text: str, published_on: date | None, today: date) -> ActLife:
    statements = list(wording["force"].finditer(text))
    if statements:
        life = _when(wording, _after(text, statements[-1].end()), published_on, today)
        if life.status:
            return life
    noted = next(_notes(wording["stated"], text), None)
    if noted is None:
        return ActLife("", None)
    since = find_date(_FIRST_DAY.sub("1", _after(text, noted.start())))
    return ActLife("adopted" if since and since > today else "in_force", since)


def _after(text: str, start: int) -> str:
    """Return what follows within the sentence."""
    when = text[start : start + AFTER]
    end = _SENTENCE_END.search(when)
    return when[: end.start()] if end else when


def _amended_by(wording: Mapping[str, re.Pattern[str]], text: str) -> str:
    """Return the act that a note at the head names as the last amendment; empty without one."""
    last = ""
    for note in _notes(wording["amended"], text):
        last = " ".join(note["by"].split())
    return last


def _notes(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield what stands at the head before the first article, outside lines that cite other acts."""
    head = text[:NOTES]
    for note in pattern.finditer(head):
        before = head[head.rfind("\n", 0, note.start()) + 1 : note.start()]
        if not CITES.match(before):
            yield note


def with_act_life(rows: Iterable[EvidenceRow], reading: Reading, today: date) -> list[EvidenceRow]:
    """Return rows of an act with its status and the day from which it is in force; others as they are.

    A bill stays a bill. Notes on amendments are told even where the act says nothing of its force.
    """
    held = list(rows)
    if not any(row.act and row.act_status != "bill" for row in held):
        return held
    life = read_act_life(reading.text, reading.title, reading.language, reading.published_on, today)
    if not (life.status or life.amended_by):
        return held
    return [
        replace(
            row,
            act_status=life.status or row.act_status,
            in_force_from=life.in_force_from,
            amended_by=life.amended_by,
        )
        if row.act and row.act_status != "bill"
        else row
        for row in held
    ]


def _when(wording: Mapping[str, re.Pattern[str]], when: str, published_on: date | None, today: date) -> ActLife:
    stated = find_date(_FIRST_DAY.sub("1", when))
    if wording["delay"].search(when) and not stated:
        old = published_on is not None and (today - published_on).days > 365 * LONGEST_DELAY_YEARS
        return ActLife("in_force" if old else "adopted", None)
    since = stated or (published_on if wording["publication"].search(when) else None)
    if since is not None and since > today:
        return ActLife("adopted", since)
    if since is None and not wording["publication"].search(when):
        return ActLife("", None)
    return ActLife("in_force", since)


def _is_marked_repealed(wording: Mapping[str, re.Pattern[str]], text: str, title: str) -> bool:
    """Tell whether the word stands alone on a line of the head or in brackets; in a sentence it speaks of others."""
    lines = [title, *text[:HEAD].splitlines()]
    return any(
        wording["repealed"].fullmatch(part.strip(" .:*-")) for line in lines for part in (line, *_bracketed(line))
    )


def _bracketed(line: str) -> list[str]:
    return re.findall(r"[(\[（【]([^)\]）】]{2,40})[)\]）】]", line)


@lru_cache(maxsize=1)
def _wordings() -> dict[str, dict[str, re.Pattern[str]]]:
    raw = yaml.load(WORDINGS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return {language: {name: _compile(pattern) for name, pattern in held.items()} for language, held in raw.items()}


def _compile(pattern: str) -> re.Pattern[str]:
    """A blank in a wording is any white space: lines of a text layer break anywhere."""
    return re.compile(pattern.replace(" ?", r"\s*").replace(" ", r"\s+"), re.IGNORECASE)
