"""A draft as a table of Markdown, for Dagster's page of a run.

Belongs here: that table and the count of answers. Does not belong here: other forms (`review.exports`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import get_args

from questionnaire.instrument import Instrument
from store.tables import Answer, DraftRow, EvidenceRow

LONGEST_QUOTE = 160


def count_answers(drafts: Iterable[DraftRow]) -> dict[str, int]:
    """Return how many questions were drafted yes, partial, no and not_found, in words."""
    counted = Counter(draft.answer for draft in drafts)
    return {answer.replace("_", " "): counted[answer] for answer in get_args(Answer)}


def as_markdown(instrument: Instrument, drafts: Sequence[DraftRow], evidence: Iterable[EvidenceRow]) -> str:
    """Return one line a question: code, question, answer, confidence, best quote and its address.

    Of a row of a repository the last cell says how it was verified.
    """
    quotes = {row.evidence_id: row for row in evidence}
    lines = ["| code | question | answer | confidence | best quote | source |", "| --- | --- | --- | --- | --- | --- |"]
    for draft in drafts:
        best = next((quotes[key] for key in draft.evidence_ids if key in quotes), None)
        cells = (
            draft.question,
            instrument.question(draft.question).text,
            draft.answer.replace("_", " "),
            f"{draft.confidence:.2f}",
            _shorten(best.quote) if best else "",
            f"{best.url} {best.fact}".strip() if best else "",
        )
        lines.append("| " + " | ".join(_plain(cell) for cell in cells) + " |")
    return "\n".join(lines)


def _shorten(quote: str) -> str:
    return quote if len(quote) <= LONGEST_QUOTE else quote[: LONGEST_QUOTE - 1] + "…"


def _plain(text: str) -> str:
    """Text of pages is data: no markup of theirs reaches the table."""
    escaped = "".join(f"\\{sign}" if sign in "\\`*_[]<>|#!" else sign for sign in " ".join(text.split()))
    return escaped.replace("&", "&amp;")
