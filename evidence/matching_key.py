"""What the evidence of a country is made from, so that a refresh skips the step when nothing of it changed.

Belongs here: that key, and the key of one document's findings that it is made of. Does not belong here: matching; this
module is imported without spaCy or the weights.
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
    parts = sorted(
        findings_key(document, instrument, settings.sentence_model, today)
        for document in documents
        if document.status == READ
    )
    return identify(
        MATCHER_VERSION,
        settings.sentence_model,
        settings.second_reader,
        settings.second_reader_model,
        instrument,
        today.strftime("%Y-%m"),
        *parts,
        "facts",
        *sorted(map(_fact_key, facts)),
    )


def findings_key(document: DocumentRow, instrument: str, sentence_model: str, today: date) -> str:
    """Return the key of a document's findings: all that its rows take from it, and the month against which periods run.

    The strength of a source stands in the country's file, not in the document: a changed file makes new findings.
    """
    return identify(
        document.country, document.text_layer_id, document.document_id, document.url, document.name, document.title,
        document.captured_at.isoformat(), document.origin, document.source_kind, str(document.official), instrument,
        sentence_model, today.strftime("%Y-%m"),
    )  # fmt: skip


def _fact_key(fact: FactRow) -> str:
    """Return what a repository's row says; most of it comes from its contract, which changes while the page does not.

    When the same page was fetched once more says nothing new.
    """
    parts = (
        fact.fact_id, fact.repository, fact.stance, fact.link, fact.url, fact.verified, str(fact.official),
        str(fact.dated_on), str(fact.part_start), str(fact.part_end), fact.reader_version, fact.text_layer_id,
    )  # fmt: skip
    return identify(*parts, *fact.questions)
