"""What one row of evidence is worth for one question: its effective stance and its weight, with reasons.

Belongs here: status of the act, recency, strength of the source, quality of the picture. Does not belong here: joining
rows to an answer (`drafting`), or words for a reviewer (`drafting_rationale`). Numbers stand in `drafting_rules.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from questionnaire.instrument import Question
from questionnaire.search_log import host_of
from store.tables import STANCE_ORDER, EvidenceRow

RULES_FILE = Path(__file__).parent / "drafting_rules.yml"
OFFICIAL = frozenset({"gazette", "official"})
"""Sources whose statement that something is absent makes a no."""

ANOTHERS = "document may be another country's"
"""The rule that the matcher gives to rows of a document that seems to lie in the wrong folder."""
_PERIOD = re.compile(r"period ended in (\d{4})")

Strength = Literal["gazette", "legal_database", "official", "intergovernmental", "third_party"]


class DraftingRules(BaseModel):
    """The numbers of `drafting_rules.yml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_weight: Mapping[Strength, float]
    undated_weight: float = Field(gt=0, le=1)
    poor_ocr_weight: float = Field(gt=0, le=1)
    poor_ocr: float = Field(ge=0, le=1)
    yes_floor: float = Field(ge=0, le=1)
    partial_floor: float = Field(ge=0, le=1)
    no_floor: float = Field(ge=0, le=1)
    third_party_floor: float = Field(ge=0, le=1)
    bound_to_period: tuple[str, ...]
    contradicted: float = Field(gt=0, le=1)
    highest: float = Field(gt=0, le=1)
    most_shown: int = Field(ge=1)


@dataclass(frozen=True)
class Weighed:
    """A row with what it is worth: `stance` is empty when it cannot carry an answer."""

    row: EvidenceRow
    stance: str
    weight: float
    reasons: tuple[str, ...] = ()
    """Why the stance or the weight is not the row's own, a sentence each."""

    @property
    def host(self) -> str:
        """Host of the document; a local file stands for itself."""
        return host_of(self.row.url) or self.row.document_id

    @property
    def rank(self) -> tuple[int, bool, float, str]:
        """Sort key, strongest first, third parties behind all others; of equal ones the same one first in every run."""
        order: tuple[str, ...] = STANCE_ORDER
        place = order.index(self.stance) if self.stance else len(order)
        return place, _strength(self.row) == "third_party", -self.weight, self.row.evidence_id


@lru_cache(maxsize=1)
def load_rules() -> DraftingRules:
    """Return the drafting rules; raises pydantic's ValidationError when the file does not fit."""
    return DraftingRules.model_validate(yaml.load(RULES_FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader))


def weigh(row: EvidenceRow, question: Question, today: date, rules: DraftingRules) -> Weighed:
    """Return what a row is worth for a question."""
    stance, reasons = _effective_stance(row, question, today)
    ended = period_ended(row)
    if stance == "in_place" and row.question in rules.bound_to_period and ended is not None and ended < today.year:
        stance, reasons = "partial", [f"the document's period ended in {ended}"]
    weight = row.score * rules.source_weight.get(_strength(row), rules.source_weight["third_party"])
    if stance and _asks_for_recent(row, question) and row.dated_on is None:
        weight *= rules.undated_weight
        reasons.append("the document states no date, and the question asks for a recent one")
    if row.ocr_confidence is not None and row.ocr_confidence < rules.poor_ocr:
        weight *= rules.poor_ocr_weight
        reasons.append(f"the quote was read from a picture with confidence {row.ocr_confidence:.2f}")
    return Weighed(row, stance, weight, tuple(reasons))


def _strength(row: EvidenceRow) -> Strength:
    known: dict[str, Strength] = {
        "gazette": "gazette",
        "legal_database": "legal_database",
        "official": "official",
        "intergovernmental": "intergovernmental",
    }
    return known.get(row.source_strength, "third_party")


def _effective_stance(row: EvidenceRow, question: Question, today: date) -> tuple[str, list[str]]:
    proves = row.stance in {"in_place", "partial"}
    if ANOTHERS in row.rules:
        return "", ["the document may be another country's: look before its evidence is used"]
    if row.act_status == "repealed" and row.stance != "absent":
        return "", ["the act is repealed"]
    if row.act_status == "bill" and row.stance == "in_place":
        return "partial", ["the act is a bill, not in force"]
    if row.in_force_from is not None and row.in_force_from > today and row.stance == "in_place":
        return "partial", [f"the act comes into force only on {row.in_force_from}"]
    if proves and _asks_for_recent(row, question) and row.dated_on is not None:
        limit = years_before(today, question.recency_years or 0)
        if row.dated_on < limit:
            return "", [f"dated {row.dated_on}, older than the {question.recency_years} years that the question allows"]
    undated = proves and row.dated_on is None and _asks_for_recent(row, question)
    ended = period_ended(row)
    if undated and ended is not None and ended < years_before(today, question.recency_years or 0).year:
        return "", [f"the document's period ended in {ended}, longer ago than the question allows"]
    return row.stance, []


def period_ended(row: EvidenceRow) -> int | None:
    """Return the year in which the document's stated period ended, as the rules of the matcher name it."""
    found = (_PERIOD.fullmatch(rule) for rule in row.rules)
    return next((int(match[1]) for match in found if match), None)


def _asks_for_recent(row: EvidenceRow, question: Question) -> bool:
    """An act in force speaks for today whatever its date; everything else is as old as it is."""
    in_force = row.act_status in {"in_force", "adopted"}
    return question.recency_years is not None and not in_force and row.stance in {"in_place", "partial"}


def years_before(today: date, years: int) -> date:
    """Return the same day some years earlier (28 February for a leap day)."""
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=28)
