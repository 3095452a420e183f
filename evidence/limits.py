"""Limits: the strongest stance that the words of a quote allow.

Belongs here: wordings that no probability outweighs: signed but not ratified, ordered but not done, over. Does not
belong here: judging stance (`scorer`), the marks (`grammars/`), or what a drafted answer makes of it (`questionnaire`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from evidence.folding import fold
from evidence.units import Unit
from store.tables import Stance

WORDS = Path(__file__).parent / "limits.yml"
STATED = frozenset({"done", "creates", "ongoing", "will", "todo", "aim", "duty", "offence"})
"""Marks of a state or a plan beside which a word of lack may be about something else."""
AFTER = 200
"""Characters after a quote, in its own passage, that may take back what it states ("It has not been ratified")."""


@dataclass(frozen=True)
class Limit:
    """The strongest stance that a quote allows, with the reason as a rule of the row."""

    stance: Stance
    reason: str


def limit_of(
    unit: Unit, marks: frozenset[str], after: frozenset[str], claim: str, kind: str, act: bool
) -> Limit | None:
    """Return what limits a quote, None when nothing does.

    `marks` are the grammar's names for its wording, `after` for what follows it in its passage; `claim` and `kind` are
    the question's claim; `act` tells whether it stands in an act, whose own words are law whatever they say of others.
    """
    if act:
        return None
    if "absent" in marks and not marks & STATED:
        return Limit("absent", "says that it does not exist or is lacking")
    if "ended" in marks and kind == "document":
        return Limit("partial", "says that its period is over")
    if "pending" in marks or ("pending" in after and claim in _file()["binding"]):
        return Limit("partial", "says that it is not yet adopted, ratified or in force")
    if claim in _file()["binding"] and _only_signed(unit):
        return Limit("partial", "speaks of a signature, not of ratification or accession")
    ordered = marks & {"will", "duty", "aim", "todo"}
    if claim in _file()["carried_out"] and ordered and not marks & {"done", "ongoing"}:
        return Limit("planned", "orders it, and does not say that it was done")
    return None


def can_be_taken_back(claim: str) -> bool:
    """Tell whether what follows a quote counts for a question's claim."""
    return claim in _file()["binding"]


def what_follows(unit: Unit) -> str:
    """Return the words after a unit in its passage."""
    place = unit.end - unit.passage.start
    return unit.passage.text[place : place + AFTER]


def _only_signed(unit: Unit) -> bool:
    words = _words(unit.language)
    text = f" {fold(unit.text, unit.language)}"
    return bool(words["signed"].search(text)) and not words["bound"].search(text)


@lru_cache(maxsize=16)
def _words(language: str) -> Mapping[str, re.Pattern[str]]:
    held = _file()["words"].get(language) or _file()["words"]["en"]
    border = "" if language == "zh" else r"(?<!\w)"
    return {name: re.compile(border + f"(?:{'|'.join(map(re.escape, stems))})") for name, stems in held.items()}


@lru_cache(maxsize=1)
def _file() -> Mapping[str, Any]:
    raw: Mapping[str, Any] = yaml.load(WORDS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return raw
