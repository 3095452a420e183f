"""What the evidence of a country is made from, so that a refresh skips the step when nothing of it changed.

Belongs here: that one key. Does not belong here: matching; this module is imported without spaCy or the weights.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from evidence.version import MATCHER_VERSION
from store.digests import identify
from store.settings import Settings
from store.tables import READ, DocumentRow, FactRow


def matching_key(
    settings: Settings, instrument: str, documents: Iterable[DocumentRow], facts: Iterable[FactRow], today: date
) -> str:
    """Return what the evidence of a country is made from.

    The day counts by month: periods of strategies and the recency rule move slowly, and a nightly run that changes
    nothing must cost nothing.
    """
    parts = sorted(f"{d.text_layer_id} {d.url} {d.official}" for d in documents if d.status == READ)
    return identify(
        MATCHER_VERSION,
        settings.sentence_model,
        settings.second_reader,
        settings.second_reader_model,
        instrument,
        today.strftime("%Y-%m"),
        *parts,
        "facts",
        *sorted(f.fact_id for f in facts),
    )
