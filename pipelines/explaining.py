"""One question of one country, explained from the lake.

Belongs here: loading what `evidence.explain` needs. Does not belong here: explaining (`evidence.explain`) or printing
(`cli`).
"""

from __future__ import annotations

from collections.abc import Iterator

from evidence.explain import explain_document, explain_lines
from evidence.matcher import load_matcher
from questionnaire.instrument import load_instrument
from sources.country_files import load_country
from store.lake import open_lake
from store.readings import load_reading
from store.settings import Settings
from store.tables import (
    DOCUMENTS,
    DRAFTS,
    EVIDENCE,
    READ,
    SEARCH_LOG,
    DocumentRow,
    DraftRow,
    EvidenceRow,
    SearchLogRow,
    now,
)


def explain_question(settings: Settings, iso3: str, code: str) -> Iterator[str]:
    """Return lines that tell how a question was judged in each document of a country.

    Raises UnknownCountryError, UnknownQuestionError, and MissingDataError when the country was not researched yet.
    """
    country, instrument = load_country(iso3), load_instrument()
    question = instrument.question(code)
    lake = open_lake(settings)
    documents = lake.read(DOCUMENTS, country.iso3, DocumentRow)
    evidence = [r for r in lake.read(EVIDENCE, country.iso3, EvidenceRow) if r.question == question.code]
    drafts = [r for r in lake.read(DRAFTS, country.iso3, DraftRow) if r.question == question.code]
    logs = [r for r in lake.read(SEARCH_LOG, country.iso3, SearchLogRow) if r.question == question.code]
    matcher = load_matcher(instrument, settings)
    explained = (
        explain_document(
            matcher, d, load_reading(settings, d.reader_version, d.document_id), question.code, today=now().date()
        )
        for d in documents
        if d.status == READ
    )
    yield from explain_lines(explained, evidence, drafts[0] if drafts else None, logs[0] if logs else None)
