"""The expected answers of the demonstration, and how a drafted questionnaire differs from them.

Belongs here: loading `expected.yml` and comparing drafts in their JSON form with it. Does not belong here: drafting, or
any verdict on a real country.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import yaml

from sources.demonstration import EXPECTED

Kind = Literal["wrong_yes", "wrong_partial", "wrong_no", "missed", "weaker", "stronger", "other_quote"]
"""wrong_yes, wrong_partial, wrong_no: drafted although nothing proves it; missed: not found although it is proven;
weaker, stronger: proven, but drafted partial for yes or the reverse; other_quote: the right answer without the expected
quote."""


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """What a careful reader answers to one question; two answers where two careful readers may differ."""

    question: str
    answers: tuple[str, ...]
    quote: str = ""
    address: str = ""
    trap: str = ""
    plan: str = ""


@dataclass(frozen=True)
class Difference:
    """One question that was drafted otherwise than expected."""

    question: str
    kind: Kind
    expected: tuple[str, ...]
    drafted: str
    quote: str
    """The best quote that was drafted."""
    trap: str


@cache
def load_expectations() -> dict[str, Expectation]:
    """Return the expectations by question code."""
    raw: dict[str, dict[str, dict[str, Any]]] = yaml.load(EXPECTED.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    found: dict[str, Expectation] = {}
    for code, entry in raw["answers"].items():
        answers = entry["answer"] if isinstance(entry["answer"], list) else [entry["answer"]]
        found[code] = _expectation(code, tuple(answers), entry)
    for code, entry in raw["not_found"].items():
        answers = ["not_found", *([entry["or"]] if "or" in entry else [])]
        found[code] = _expectation(code, tuple(answers), entry)
    return found


def _expectation(code: str, answers: tuple[str, ...], entry: Mapping[str, Any]) -> Expectation:
    texts = {name: str(entry.get(name, "")) for name in ("quote", "address", "trap", "plan")}
    return Expectation(question=code, answers=answers, **texts)


def compare(drafts: Sequence[Mapping[str, Any]]) -> list[Difference]:
    """Return where drafts, in the JSON form of `gcidesk drafts`, differ from the expectations; in the drafts' order."""
    return [difference for row in drafts if (difference := _difference(row))]


def _difference(row: Mapping[str, Any]) -> Difference | None:
    expected = load_expectations()[row["question"]]
    kind = _kind(expected, row)
    if kind is None:
        return None
    quote = row["evidence"][0]["quote"] if row["evidence"] else ""
    return Difference(row["question"], kind, expected.answers, row["answer"], quote, expected.trap)


def _kind(expected: Expectation, row: Mapping[str, Any]) -> Kind | None:
    answer = str(row["answer"])
    if answer in expected.answers:
        shows = any(_overlap(expected.quote, item["quote"]) for item in row["evidence"])
        return None if answer == "not_found" or not expected.quote or shows else "other_quote"
    if answer == "not_found":
        return "missed"
    if answer == "no":
        return "wrong_no"
    if set(expected.answers) <= {"not_found", "no"}:
        return "wrong_yes" if answer == "yes" else "wrong_partial"
    return "stronger" if answer == "yes" else "weaker"


def _overlap(one: str, other: str) -> bool:
    """Tell whether one quote holds the other, or half of its words in a row; white space aside."""
    short, long = sorted((re.sub(r"\s+", "", one), re.sub(r"\s+", "", other)), key=len)
    half = max(12, len(short) // 2)
    return any(short[start : start + half] in long for start in range(0, max(1, len(short) - half + 1)))
