"""Near misses: the best passages that were not enough, for the search log.

Belongs here: choosing them and saying in a few words why they were dropped. Does not belong here: judging (`scorer`), or
the log (`questionnaire.search_log`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from evidence.matcher import Matcher
from evidence.scorer import Judged
from evidence.view import View
from store.tables import DocumentRow, NearMissRow

LEAST_LIKELY = 0.08
"""Below this probability a passage is not near at all."""
MOST_A_QUESTION = 5


def near_misses_in_view(
    matcher: Matcher, document: DocumentRow, view: View, judged: Iterable[Judged]
) -> tuple[NearMissRow, ...]:
    """Return the best passage of every pair that came near and was not claimed."""
    near = [pair for pair in judged if not pair.claimed and pair.found >= LEAST_LIKELY and pair.units]
    return tuple(_row(matcher, document, view, pair) for pair in near)


def _row(matcher: Matcher, document: DocumentRow, view: View, pair: Judged) -> NearMissRow:
    unit = view.units[pair.units[0]]
    return NearMissRow(
        country=document.country,
        question=matcher.observer.questions[pair.question],
        quote=unit.text,
        url=document.url,
        score=round(float(pair.found), 4),
        reason=f"topic named, too little stated (probability {pair.found:.2f})",
        document_id=document.document_id,
        text_layer_id=view.reading.text_layer_id,
        start=unit.start,
        end=unit.end,
    )


def keep_nearest(rows: Sequence[NearMissRow]) -> list[NearMissRow]:
    """Return the best few a question over all documents of a country."""
    ordered = sorted(rows, key=lambda row: (row.question, -row.score, row.url, row.start))
    return [row for _, group in groupby(ordered, key=lambda row: row.question) for row in [*group][:MOST_A_QUESTION]]
