"""Which pairs of answers are compared: complete questions only, by country, pillar and question.

Belongs here: collecting the pairs of one question's first two reviews in each cycle. Does not belong here: arithmetic
(`agreement`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from review.desk import desk_instrument
from review.models import Decision
from review.models.decisions import DecisionKind
from review.services.agreement import Agreement, agreement_of


@dataclass(frozen=True)
class Comparison:
    """Agreement over all, and by country, pillar and question."""

    overall: Agreement
    by_country: dict[str, Agreement]
    by_pillar: dict[str, Agreement]
    by_question: dict[str, Agreement]


def compare() -> Comparison:
    """Return the agreement of all complete pairs; one query."""
    reviews = Decision.objects.filter(kind=DecisionKind.REVIEW, instrument=desk_instrument().id).order_by("sequence")
    pairs = list(_pairs(reviews))
    pillars = {
        question.code: pillar.code
        for pillar in desk_instrument().pillars
        for indicator in pillar.indicators
        for question in indicator.questions
    }
    return Comparison(
        overall=agreement_of([pair for _, _, pair in pairs]),
        by_country=_group((country, pair) for country, _, pair in pairs),
        by_pillar=_group((pillars[code], pair) for _, code, pair in pairs),
        by_question=_group((code, pair) for _, code, pair in pairs),
    )


def _pairs(reviews: Iterable[Decision]) -> Iterable[tuple[str, str, tuple[str, str]]]:
    """Yield country, question and the two answers; the person with the smaller id is always the first."""
    latest: dict[tuple[str, str, int], dict[str, str]] = {}
    for review in reviews:
        latest.setdefault((review.country, review.question, review.cycle), {})[str(review.person_id)] = review.answer
    for (country, code, _), answers in latest.items():
        if len(answers) == 2:
            first, second = (answers[person] for person in sorted(answers))
            yield country, code, (first, second)


def _group(pairs: Iterable[tuple[str, tuple[str, str]]]) -> dict[str, Agreement]:
    found: dict[str, list[tuple[str, str]]] = {}
    for key, pair in pairs:
        found.setdefault(key, []).append(pair)
    return {key: agreement_of(entries) for key, entries in sorted(found.items())}
