"""Find: the evidence of one document as rows, every quote verbatim.

Belongs here: choosing quotes for judged pairs and filling `EvidenceRow`. Does not belong here: judging (`scorer`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date

from evidence.act_life import with_act_life
from evidence.document_kind import Nature, day_of_passage
from evidence.features import PAIR_COLUMNS
from evidence.matcher import Matcher
from evidence.rules import name_rules
from evidence.scorer import Judged
from evidence.units import LONGEST, SHORTEST, Unit, visible_length
from evidence.version import MATCHER_VERSION
from evidence.view import View
from store.digests import identify
from store.readings import Reading
from store.tables import STANCE_ORDER, DocumentRow, EvidenceRow

QUOTES = 3
"""Quotes shown for a pair."""
WORTH_SHOWING = 0.1
"""A further quote must be at least this likely, as a share of the best one's probability."""
AROUND = 60
LEGAL_COLLECTIONS = ("legislation_portal_or_gazette", "law_document")
"""Kinds of seed (`sources.schema`) whose documents are texts of laws."""
_SHOWN_FEATURES = ("first", "rules", "rules_above", "ngrams", "log_terms", "document_cyber", "prior_kind")


def find_evidence(matcher: Matcher, document: DocumentRow, reading: Reading, *, today: date) -> list[EvidenceRow]:
    """Return the evidence of a document, best first; nothing for a reading that was not read.

    `today` decides whether a stated period is over. Every row satisfies `reading.text[start:end] == quote`, and a quote
    has 12 to 600 characters, white space aside.
    """
    if not reading.is_read:
        return []
    view, judged = matcher.judge(reading, document.country)
    return find_in_view(matcher, document, view, judged, today=today)


def find_in_view(
    matcher: Matcher, document: DocumentRow, view: View, judged: Sequence[Judged], *, today: date
) -> list[EvidenceRow]:
    """Return the rows of the pairs of a view that are claimed, best first; rows of an act with its life."""
    rows = [row for pair in judged if pair.claimed for row in _rows_of(matcher, document, view, pair, today)]
    rows = with_act_life(rows, view.reading, today)
    return sorted(rows, key=lambda row: (-row.score, row.question, row.start))


def _rows_of(matcher: Matcher, document: DocumentRow, view: View, pair: Judged, today: date) -> list[EvidenceRow]:
    rows: list[EvidenceRow] = []
    best = float(pair.quotable[0])
    for place, (number, likely) in enumerate(zip(pair.units[:QUOTES], pair.quotable[:QUOTES], strict=False)):
        if place and float(likely) < WORTH_SHOWING * best:
            break
        score = pair.found * (1.0 if place == 0 else 0.98 * float(likely) / max(best, 1e-6))
        rows.append(_row(matcher, document, view, pair, view.units[number], score, today))
    return rows


def _row(
    matcher: Matcher, document: DocumentRow, view: View, pair: Judged, unit: Unit, score: float, today: date
) -> EvidenceRow:
    reading, nature = view.reading, view.nature
    start, end = _trim(reading.text, unit.start, unit.end)
    quote = reading.text[start:end]
    assert SHORTEST <= visible_length(quote) <= LONGEST
    question = matcher.observer.questions[pair.question]
    return EvidenceRow(
        country=document.country,
        evidence_id=identify(reading.text_layer_id, str(start), str(end), question),
        question=question,
        stance=STANCE_ORDER[pair.stance],
        score=round(min(1.0, score), 4),
        quote=quote,
        prefix=reading.text[max(0, start - AROUND) : start],
        suffix=reading.text[end : end + AROUND],
        page=unit.passage.page,
        start=start,
        end=end,
        language=unit.language,
        document_id=document.document_id,
        text_layer_id=reading.text_layer_id,
        passage_id=identify(reading.text_layer_id, str(unit.passage.start), str(unit.passage.end)),
        url=document.url,
        document_name=document.name,
        document_title=document.title or reading.title,
        captured_at=document.captured_at,
        origin=document.origin,
        source_strength=_strength(document, nature),
        dated_on=_day(nature, unit),
        document_kind=nature.kind,
        act=_act(nature),
        act_status=nature.act_status,
        article=unit.passage.article if nature.kind in ("act", "bill") else "",
        rules=name_rules(matcher.marker, view, pair, unit, today),
        features=_features(pair),
        ocr_confidence=unit.passage.ocr_confidence,
        fact="",
        matcher_version=MATCHER_VERSION,
        reader_version=reading.reader_version,
    )


def _day(nature: Nature, unit: Unit) -> date | None:
    """An item of dated news has its own day; everything else the document's."""
    own = day_of_passage(unit.passage) if nature.kind in ("page", "list", "other") else None
    return own or nature.dated_on


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _act(nature: Nature) -> str:
    if not nature.act:
        return ""
    return f"{nature.act} (No. {nature.number})" if nature.number and nature.number not in nature.act else nature.act


def _strength(document: DocumentRow, nature: Nature) -> str:
    """A law's own text proves most; in a collection that is not the state's it is the second proof."""
    if document.official:
        return "gazette" if nature.act else "official"
    if document.source_kind in LEGAL_COLLECTIONS and nature.kind in ("act", "bill"):
        return "legal_database"
    if document.source_kind.startswith(("itu", "un_", "intergovernmental")):
        return "intergovernmental"
    return "third_party"


def _features(pair: Judged) -> str:
    values = {name: round(float(pair.columns[PAIR_COLUMNS.index(name)]), 3) for name in _SHOWN_FEATURES}
    values |= {f"p_{name}": round(float(p), 3) for name, p in zip(STANCE_ORDER[:3], pair.stances[:3], strict=True)}
    return json.dumps(values)
