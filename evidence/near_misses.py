"""Near misses: the best passages of a document that were not enough, each with the reason.

Belongs here: choosing and wording them for the search log. Does not belong here: judging (`scorer`), or explaining one
question in full (`explain`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from evidence.bars import Barred, Struck
from evidence.matcher import Matcher
from evidence.scorer import Judged
from evidence.view import View
from store.tables import DocumentRow, NearMissRow

NEAR = 0.05
"""Probability from which a pair that was not claimed is worth showing."""
MOST_OF_A_QUESTION = 5
"""Misses kept a question and country."""


def near_misses(matcher: Matcher, document: DocumentRow, view: View, judged: Sequence[Judged]) -> list[NearMissRow]:
    """Return the best passage of every question that the document came near to, most probable first."""
    near = [pair for pair in judged if not pair.claimed and pair.found >= NEAR and pair.units]
    return [_row(matcher, document, view, pair) for pair in near]


def struck_misses(
    matcher: Matcher, document: DocumentRow, looked: Barred, judged: Sequence[Judged]
) -> list[NearMissRow]:
    """Return, for questions that the document does not answer, what would look like evidence but is about others."""
    answered = {pair.question for pair in judged if pair.claimed}
    shown: set[int] = set()
    misses = []
    for held in looked.struck:
        if not held.about_others:
            continue
        for question in sorted(held.questions - answered - shown):
            shown.add(question)
            misses.append(_struck_row(matcher, document, looked.view, held, question))
    return misses


def _struck_row(matcher: Matcher, document: DocumentRow, view: View, held: Struck, question: int) -> NearMissRow:
    return NearMissRow(
        country=document.country,
        question=matcher.observer.questions[question],
        quote=held.unit.text,
        url=document.url,
        score=NEAR,
        reason=held.reason,
        document_id=document.document_id,
        text_layer_id=view.reading.text_layer_id,
        start=held.unit.start,
        end=held.unit.end,
    )


def keep_nearest(misses: Iterable[NearMissRow]) -> list[NearMissRow]:
    """Return the best misses of each question over all documents of a country."""
    kept: dict[str, list[NearMissRow]] = {}
    for miss in sorted(misses, key=lambda m: (m.question, -m.score, m.url, m.start)):
        if len(kept.setdefault(miss.question, [])) < MOST_OF_A_QUESTION:
            kept[miss.question].append(miss)
    return [miss for found in kept.values() for miss in found]


def why_dropped(view: View, pair: Judged) -> str:
    """Return in a few words why a pair was not claimed."""
    unit = pair.units[0]
    if view.rules[unit, pair.question] > 0:
        topic = "names the matter, but states too little of it"
    elif view.rules_above[unit, pair.question] > 0:
        topic = "stands under a heading of the matter, but does not state it"
    elif view.terms[unit, pair.question] > 0:
        topic = "uses a term of the question, which alone proves nothing"
    else:
        topic = "near in wording only"
    return f"{topic}; probability {pair.found:.2f}, needed {pair.needed:.2f}"


def _row(matcher: Matcher, document: DocumentRow, view: View, pair: Judged) -> NearMissRow:
    unit = view.units[pair.units[0]]
    return NearMissRow(
        country=document.country,
        question=matcher.observer.questions[pair.question],
        quote=view.reading.text[unit.start : unit.end],
        url=document.url,
        score=round(pair.found, 4),
        reason=why_dropped(view, pair),
        document_id=document.document_id,
        text_layer_id=view.reading.text_layer_id,
        start=unit.start,
        end=unit.end,
    )
