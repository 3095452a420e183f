"""Find: the evidence of one document as rows, every quote verbatim.

Belongs here: choosing quotes for judged pairs and filling `EvidenceRow`. Does not belong here: judging (`scorer`).
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from evidence.act_life import with_act_life
from evidence.action_tables import PROVES, ActionTable, find_action_tables
from evidence.document_kind import Nature, day_of_passage
from evidence.features import PAIR_COLUMNS
from evidence.limits import STATED, Limit, can_be_taken_back, limit_of, what_follows
from evidence.matcher import Matcher
from evidence.rules import name_rules
from evidence.scorer import Judged
from evidence.statements import is_run_in_heading
from evidence.units import LONGEST, SHORTEST, Unit, visible_length
from evidence.version import MATCHER_VERSION
from evidence.view import View
from store.digests import identify
from store.readings import Reading
from store.tables import STANCE_ORDER, DocumentRow, EvidenceRow, Stance

QUOTES = 3
"""Quotes shown for a pair."""
WORTH_SHOWING = 0.1
"""A further quote must be at least this likely, as a share of the best one's probability."""
AS_GOOD = 0.5
"""Share of the best quote's fitness from which another one may take its place, because its words allow the stance."""
AROUND = 60
WITH_TABLES = ("strategy", "plan", "page", "list", "other")
SURE_BY_RULE = 0.8
"""Least score of what a rule shows: a table of actions with owners and dates is a plan, a strategy is a strategy."""
LEGAL_COLLECTIONS = ("legislation_portal_or_gazette", "law_document")
"""Kinds of seed (`sources.schema`) whose documents are texts of laws."""
_CLAUSE = re.compile("[;；؛]")
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
    rows = [row for pair in judged if pair.claimed for row in rows_of_pair(matcher, document, view, pair, today)]
    if view.nature.kind in WITH_TABLES:
        rows = _with_action_tables(matcher, document, view, rows, today)
    rows = with_act_life(rows, view.reading, today)
    return sorted(rows, key=lambda row: (-row.score, row.question, row.start))


def rows_of_pair(matcher: Matcher, document: DocumentRow, view: View, pair: Judged, today: date) -> list[EvidenceRow]:
    """Return the quotes of a pair; one whose own words do not allow its stance, or only name, goes behind another."""
    best = float(pair.quotable[0])
    shown = [
        (view.units[number], float(likely))
        for number, likely in zip(pair.units[:QUOTES], pair.quotable[:QUOTES], strict=False)
        if float(likely) >= WORTH_SHOWING * best
    ]
    limits = [_limit(matcher, view, pair, unit) for unit, _ in shown]
    free = [limits[i] is None and shown[i][1] >= AS_GOOD * best for i in range(len(shown))]
    order = sorted(range(len(shown)), key=lambda i: not free[i]) if any(free) else list(range(len(shown)))
    allowed = limits[order[0]]
    stance = max(pair.stance, STANCE_ORDER.index(allowed.stance)) if allowed else pair.stance
    reason = (allowed.reason,) if allowed and stance != pair.stance else ()
    pair = replace(pair, itself=pair.itself and stance == pair.stance)
    sure = max(pair.found, SURE_BY_RULE if pair.itself else 0.0)
    headings = [_only_names(matcher, unit) for unit, _ in shown]
    if headings[order[0]]:
        order.sort(key=lambda i: headings[i] or limits[i] is not None)
    rows: list[EvidenceRow] = []
    for place, i in enumerate(order):
        unit, likely = shown[i]
        score = sure * (1.0 if place == 0 else 0.98 * min(1.0, likely / max(best, 1e-6)))
        rows.append(_row(matcher, document, view, pair, unit, score, today, STANCE_ORDER[stance], reason))
    return rows


def _with_action_tables(
    matcher: Matcher, document: DocumentRow, view: View, rows: Sequence[EvidenceRow], today: date
) -> list[EvidenceRow]:
    """Return rows with owner and date of the table row they stand in, and the table as the action plan itself."""
    tables = find_action_tables(view.reading)
    told = [_told_by(tables, row) for row in rows]
    claims = matcher.observer.claim_codes
    if not tables or PROVES not in claims or view.nature.kind not in ("strategy", "plan"):
        return told
    question = claims.index(PROVES)
    code = matcher.observer.questions[question]
    start, end = tables[0].quote(view.reading.text)
    if visible_length(view.reading.text[start:end]) < SHORTEST:
        return told
    passage = next(p for p in view.reading.passages if p.start <= start < p.end)
    unit = Unit(start, end, view.reading.text[start:end], passage, view.reading.language, "", -1)
    held = [row for row in told if row.question == code]
    stance: Stance = "partial" if view.nature.is_draft else "in_place"
    stances = np.eye(3, dtype=np.float32)[STANCE_ORDER.index(stance)]
    pair = Judged(
        question=question, found=max([SURE_BY_RULE, *(row.score for row in held)]), needed=0.0,
        stance=STANCE_ORDER.index(stance), stances=stances, in_place=float(stances[0]), units=(),
        quotable=np.zeros(0, dtype=np.float32), columns=np.zeros(len(PAIR_COLUMNS), dtype=np.float32),
    )  # fmt: skip
    reason = (f"is an action table with owners and dates, {len(tables[0].rows)} rows",)
    table = _row(matcher, document, view, pair, unit, pair.found, today, stance, reason)
    others = [
        replace(row, stance=stance, score=min(row.score, 0.98 * table.score))
        for row in held
        if not (row.start < end and row.end > start)
    ]
    return [*(row for row in told if row.question != code), table, *others[: QUOTES - 1]]


def _told_by(tables: Sequence[ActionTable], row: EvidenceRow) -> EvidenceRow:
    found = next((held for table in tables if (held := table.row_at(row.start, row.end))), None)
    if found is None:
        return row
    return replace(row, rules=(f"row of an action table: owner {found.owner}, by {found.due}", *row.rules))


def _marks(matcher: Matcher, unit: Unit, question: int) -> frozenset[str]:
    """Return the marks of a quote's wording, of that clause alone which says that the matter itself is lacking."""
    marks = matcher.marker.names(unit.text, unit.language)
    clauses = _CLAUSE.split(unit.text) if "absent" in marks and marks & STATED else ()
    for clause in clauses:
        own = matcher.marker.names(clause, unit.language)
        if "absent" in own and not own & STATED and matcher.observer.names_matter(clause, unit.language, question):
            return own
    return marks


def _only_names(matcher: Matcher, unit: Unit) -> bool:
    """Tell whether a quote is the heading that its own paragraph begins with, and says nothing by itself."""
    return is_run_in_heading(unit) and not matcher.marker.names(unit.text, unit.language)


def _limit(matcher: Matcher, view: View, pair: Judged, unit: Unit) -> Limit | None:
    """Return what the words of a quote do not allow of its pair's stance."""
    marker, observer = matcher.marker, matcher.observer
    claim = observer.claim_codes[pair.question]
    limit = limit_of(
        unit,
        _marks(matcher, unit, pair.question),
        marker.names(what_follows(unit), unit.language) if can_be_taken_back(claim) else frozenset(),
        claim,
        observer.claim_kinds[pair.question],
        view.nature.kind == "act",
    )
    return limit if limit and STANCE_ORDER.index(limit.stance) > pair.stance else None


def _row(
    matcher: Matcher, document: DocumentRow, view: View, pair: Judged, unit: Unit, score: float, today: date,
    stance: Stance, reason: tuple[str, ...],
) -> EvidenceRow:  # fmt: skip
    reading, nature = view.reading, view.nature
    start, end = _trim(reading.text, unit.start, unit.end)
    quote = reading.text[start:end]
    assert SHORTEST <= visible_length(quote) <= LONGEST
    question = matcher.observer.questions[pair.question]
    return EvidenceRow(
        country=document.country,
        evidence_id=identify(reading.text_layer_id, str(start), str(end), question),
        question=question,
        stance=stance,
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
        rules=(*reason, *name_rules(matcher.marker, view, pair, unit, today)),
        features=_features(pair),
        ocr_confidence=unit.passage.ocr_confidence,
        unreliable_digits=_unreliable_digits(reading.text, unit.passage.unreliable_digits, start, end),
        fact="",
        matcher_version=MATCHER_VERSION,
        reader_version=reading.reader_version,
    )


def _unreliable_digits(text: str, spans: Sequence[int], start: int, end: int) -> tuple[str, ...]:
    """Return the numbers of a quote that were read from a picture."""
    pairs = zip(spans[::2], spans[1::2], strict=True)
    return tuple(text[first:last] for first, last in pairs if first < end and last > start)


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
