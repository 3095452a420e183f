"""Evidence from a part of a document that is about one state, such as its reply in a report of the United Nations.

Belongs here: searching such a part under the state's name. Does not belong here: finding the parts
(`extractors.repositories`), or the rows of lists (`facts`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from urllib.parse import unquote, urlsplit

from evidence.facts import shown_repository
from evidence.find import find_evidence
from evidence.matcher import Matcher
from store.readings import Reading, load_reading
from store.settings import Settings
from store.tables import READ, DocumentRow, EvidenceRow, FactRow

TRUST = 0.5
"""Factor on the score: a reply says what a state thinks, mostly of the international process, and the matcher was not
measured on such texts. So a part alone seldom carries an answer. Set by judgement; see docs/decisions/0047."""


def evidence_in_parts(
    settings: Settings, matcher: Matcher, facts: Iterable[FactRow], *, today: date
) -> list[EvidenceRow]:
    """Return what the parts that facts name hold; offsets point into the whole document's text layer.

    Raises MissingDataError when the reading of a document is not there any more.
    """
    return list(_evidence(settings, matcher, facts, today))


def _evidence(settings: Settings, matcher: Matcher, facts: Iterable[FactRow], today: date) -> Iterator[EvidenceRow]:
    for fact in facts:
        if fact.part_start is None or fact.part_end is None:
            continue
        reading = load_reading(settings, fact.reader_version, fact.payload_digest)
        part = passages_between(reading, fact.part_start, fact.part_end)
        for row in find_evidence(matcher, _document(fact, reading), part, today=today):
            yield replace(
                row,
                score=round(row.score * TRUST, 4),
                rules=("reply_of_the_state", *row.rules),
                fact=shown_repository(fact),
                reader_version=fact.reader_version,
            )


def passages_between(reading: Reading, start: int, end: int) -> Reading:
    """Return a reading with the passages that lie between two offsets; text layer and offsets stay the whole one's."""
    return replace(reading, passages=tuple(p for p in reading.passages if start <= p.start and p.end <= end))


def _document(fact: FactRow, reading: Reading) -> DocumentRow:
    parts = urlsplit(fact.url)
    return DocumentRow(
        country=fact.country,
        document_id=fact.payload_digest,
        name=unquote(parts.path.rstrip("/").rsplit("/", 1)[-1]) or parts.netloc,
        url=fact.url,
        other_urls=(),
        captured_at=fact.captured_at,
        origin=fact.origin,
        source_kind=f"un_{fact.repository}",
        official=False,
        format=reading.format,
        status=READ,
        reason="",
        title=reading.title,
        language=reading.language,
        languages=reading.languages,
        published_on=fact.dated_on,
        pages=len(reading.pages),
        characters=len(reading.text),
        reader_version=fact.reader_version,
        text_layer_id=fact.text_layer_id,
    )
