"""Explain: what the engine saw of one question in a country's documents, and why each candidate was kept or dropped.

Belongs here: the candidates of one question as data, and as lines for a terminal. Does not belong here: judging
(`scorer`): a document is judged again here with the same matcher, so that what is told is what was done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from evidence.act_life import read_act_life
from evidence.bars import Barred
from evidence.features import PAIR_COLUMNS
from evidence.find import rows_of_pair
from evidence.matcher import Matcher
from evidence.near_misses import why_dropped
from evidence.rules import name_rules
from evidence.scorer import Judged
from evidence.view import View
from evidence.whose import foreign_document
from store.readings import Reading
from store.tables import STANCE_ORDER, DocumentRow, DraftRow, EvidenceRow, SearchLogRow

PASSAGES = 3
"""Passages shown of a document."""
MOST_QUOTE = 300
FEATURES = (
    "first", "second", "sum", "rules", "rules_head", "rules_above", "ngrams", "log_terms", "share", "document_cyber",
    "document_topic", "prior", "prior_kind",
)  # fmt: skip
"""Pair columns that are told; the rest are shares of kinds and pillars."""


@dataclass(frozen=True)
class ExplainedPassage:
    """One passage with what the grammar and the channels saw in it."""

    quote: str
    page: int | None
    start: int
    end: int
    article: str
    rules: tuple[str, ...]
    features: dict[str, float]


@dataclass(frozen=True)
class ExplainedDocument:
    """One document as judged for one question."""

    name: str
    url: str
    kind: str
    act_status: str
    probability: float
    threshold: float
    kept: bool
    why: str
    stance: str
    stances: dict[str, float]
    features: dict[str, float]
    passages: tuple[ExplainedPassage, ...]
    life: str = ""
    """What an act says of itself: since when it is in force, what amended it."""
    struck: tuple[tuple[str, str], ...] = ()
    """Quotes that look like evidence and may not be, each with the reason, such as "names EST only"."""
    limit: str = ""
    """Why the stance is less than the engine's: "speaks of a signature, not of ratification"."""


def explain_document(
    matcher: Matcher, document: DocumentRow, reading: Reading, question: str, *, today: date
) -> ExplainedDocument:
    """Return how a document was judged for a question.

    Raises UnknownQuestionError for a code that the instrument does not hold. A document that was not read, or that
    names nothing of the matter, comes back with probability 0 and the reason.
    """
    number = matcher.observer.questions.index(matcher.instrument.question(question).code)
    if not reading.is_read:
        return _untouched(matcher, document, reading.reason or f"not read: {reading.status}")
    looked = matcher.look(reading, document.country)
    view, struck = looked.view, _struck(looked, number)
    pair = next((p for p in matcher.scorer.judge(view) if p.question == number), None)
    life = _life(view, today)
    if pair is None or not pair.units:
        why = f"what names the matter {looked.reasons(number)[0].reason}" if struck else "no passage names the matter"
        return replace(_untouched(matcher, document, why, view), life=life, struck=struck)
    rows = rows_of_pair(matcher, document, view, pair, today) if pair.claimed else []
    stance = rows[0].stance if rows else STANCE_ORDER[pair.stance]
    return ExplainedDocument(
        name=document.name,
        url=document.url,
        kind=view.nature.kind,
        act_status=view.nature.act_status,
        probability=round(pair.found, 4),
        threshold=round(pair.needed, 4),
        kept=pair.claimed,
        why=_why(document, view, pair),
        stance=stance,
        stances={name: round(float(p), 3) for name, p in zip(STANCE_ORDER[:3], pair.stances, strict=False)},
        features={name: round(float(pair.columns[PAIR_COLUMNS.index(name)]), 3) for name in FEATURES},
        passages=tuple(_passage(matcher, view, pair, unit, today) for unit in pair.units[:PASSAGES]),
        life=life,
        struck=struck,
        limit=rows[0].rules[0] if rows and stance != STANCE_ORDER[pair.stance] else _doubt(matcher, pair),
    )


def _doubt(matcher: Matcher, pair: Judged) -> str:
    """Return why a pair most likely in place is called less: evidence that states so is not probable enough."""
    needed = matcher.scorer.weights.in_place_from
    if STANCE_ORDER[pair.stance] == "in_place" or int(pair.stances.argmax()) or pair.in_place >= needed:
        return ""
    return f"probability {pair.in_place:.2f} that it states the matter in place, {needed:.2f} needed"


def _struck(looked: Barred, question: int) -> tuple[tuple[str, str], ...]:
    return tuple((held.unit.text, held.reason) for held in looked.reasons(question)[:PASSAGES])


def _life(view: View, today: date) -> str:
    """Return in words what an act says of its own force; empty for other documents."""
    if view.nature.kind not in ("act", "bill"):
        return ""
    reading = view.reading
    life = read_act_life(reading.text, reading.title, reading.language, reading.published_on, today)
    told = [life.status.replace("_", " ")] if life.status and view.nature.kind == "act" else []
    if life.in_force_from:
        told.append(f"{'since' if life.in_force_from <= today else 'from'} {life.in_force_from}")
    if life.amended_by:
        told.append(f"amended by {life.amended_by}")
    return ", ".join(told)


def explain_lines(
    explained: Iterable[ExplainedDocument],
    evidence: Sequence[EvidenceRow] = (),
    draft: DraftRow | None = None,
    log: SearchLogRow | None = None,
) -> Iterator[str]:
    """Return lines for a terminal: the draft, its evidence, then every candidate document, most probable first."""
    if draft is not None:
        yield f"{draft.question}: {draft.answer.replace('_', ' ')} (confidence {draft.confidence:.2f})"
        yield f"  {draft.rationale}"
        if draft.needs_look:
            yield f"  look first: {draft.needs_look}"
        if draft.contradiction:
            yield f"  against it: {draft.contradiction}"
    facts = [row for row in evidence if row.fact]
    for row in facts:
        yield f"  row of a repository, {row.stance}, score {row.score:.2f}: {row.fact}: “{_cut(row.quote)}” {row.url}"
    found = sorted(explained, key=lambda d: (-d.probability, d.name))
    near = [document for document in found if document.passages]
    for document in near:
        yield from _document_lines(document)
    struck = [document for document in found if document.struck and not document.passages]
    for document in struck:
        yield f"dropped: {document.name} {document.url}".rstrip()
        yield from _struck_lines(document)
    rest = len(found) - len(near) - len(struck)
    if rest:
        noun = "document names" if rest == 1 else "documents name"
        yield f"{rest} more {noun} nothing of the matter or could not be read"
    if log is not None and log.not_yet_searched:
        yield "not yet searched:"
        yield from (f"  {place}" for place in log.not_yet_searched)


def _document_lines(document: ExplainedDocument) -> Iterator[str]:
    verdict = "kept" if document.kept else "dropped"
    kind = f"{document.kind}, {document.act_status}" if document.act_status else document.kind
    yield f"{verdict}: {document.name} ({kind}) {document.url}".rstrip()
    yield f"  {document.why}"
    if document.life:
        yield f"  the act says of itself: {document.life}"
    if document.limit:
        yield f"  no stronger than {document.stance}: {document.limit}"
    if any(document.stances.values()):
        yield f"  stance {document.stance}; " + ", ".join(f"{k} {v:.2f}" for k, v in document.stances.items())
    yield "  features: " + ", ".join(f"{k} {v:g}" for k, v in document.features.items())
    for passage in document.passages:
        page = f"page {passage.page}, " if passage.page else ""
        article = f"article {passage.article}, " if passage.article else ""
        yield f"  - {page}{article}characters {passage.start} to {passage.end}: “{_cut(passage.quote)}”"
        yield f"    rules: {'; '.join(passage.rules)}"
        yield "    channels: " + ", ".join(f"{k} {v:g}" for k, v in passage.features.items())
    yield from _struck_lines(document)


def _struck_lines(document: ExplainedDocument) -> Iterator[str]:
    for quote, reason in document.struck:
        yield f"  - no evidence, {reason}: “{_cut(quote)}”"


def _passage(matcher: Matcher, view: View, pair: Judged, number: int, today: date) -> ExplainedPassage:
    unit, question = view.units[number], pair.question
    channels = {
        "rules": view.rules, "rules_head": view.rules_head, "rules_above": view.rules_above, "terms": view.terms,
        "ngrams": view.ngrams,
    }  # fmt: skip
    near = matcher.observer.meaning.similarity([unit.text], unit.language)[0, question]
    return ExplainedPassage(
        quote=view.reading.text[unit.start : unit.end],
        page=unit.passage.page,
        start=unit.start,
        end=unit.end,
        article=unit.passage.article,
        rules=name_rules(matcher.marker, view, pair, unit, today),
        features={name: round(float(values[number, question]), 3) for name, values in channels.items()}
        | {"nearness": round(float(near), 3)},
    )


def _why(document: DocumentRow, view: View, pair: Judged) -> str:
    if not pair.claimed:
        return why_dropped(view, pair)
    told = f"probability {pair.found:.2f} is at least the {pair.needed:.2f} needed"
    foreign = foreign_document(document, view.reading)
    return f"{told}; but {foreign}" if foreign else told


def _untouched(matcher: Matcher, document: DocumentRow, why: str, view: View | None = None) -> ExplainedDocument:
    return ExplainedDocument(
        name=document.name,
        url=document.url,
        kind=view.nature.kind if view else "",
        act_status=view.nature.act_status if view else "",
        probability=0.0,
        threshold=round(matcher.scorer.weights.threshold, 4),
        kept=False,
        why=why,
        stance="",
        stances={},
        features={},
        passages=(),
    )


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= MOST_QUOTE else f"{flat[: MOST_QUOTE - 1]}…"
