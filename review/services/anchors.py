"""Anchors: the proof of a decision as the person saw it, and whether it still stands.

Belongs here: pure functions over anchors and rows. An anchor holds quote, place and stance; it is never moved to a text
that merely looks alike. Does not belong here: storing the finding (`refreshes`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from rapidfuzz import fuzz

from review.models.decisions import Health
from store.digests import identify
from store.tables import DocumentRow, DraftRow, EvidenceRow

SUPPORTS = frozenset({"in_place", "partial"})
HANDED_IN = "handed in by "
"""How the origin of evidence begins that a person handed in."""


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """One quote that a decision rests on, or that it sets aside."""

    evidence_id: str
    document_id: str
    text_layer_id: str
    reader_version: str
    quote: str
    prefix: str
    suffix: str
    stance: str
    start: int
    end: int
    page: int | None
    url: str
    title: str
    captured_at: str
    language: str
    origin: str
    kept: bool = False
    """A person looked at the change and holds to the archived quote."""
    handed_in: bool = False
    """The document was handed in by a person: it lies beside the decisions, and no refresh replaces it."""

    @property
    def extraction(self) -> str:
        """Mark of quote and stance, white space aside."""
        return extraction_mark(self.quote, self.stance)


@dataclass(frozen=True, kw_only=True)
class AnchorFinding:
    """What became of one anchor: `ok`, `moved` or `orphaned`, with the text that stands there now."""

    state: str
    evidence_id: str
    old_quote: str
    old_url: str
    old_page: int | None = None
    new_quote: str = ""
    new_url: str = ""
    new_page: int | None = None
    new_evidence_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What became of a decision's proof."""

    state: Health
    anchors: tuple[AnchorFinding, ...] = field(default=())

    def as_json(self) -> list[dict[str, Any]]:
        """Return the anchors' findings for storing."""
        return [asdict(anchor) for anchor in self.anchors]


def anchor_of(row: EvidenceRow) -> Anchor:
    """Return the anchor of a row of evidence."""
    return Anchor(
        evidence_id=row.evidence_id,
        document_id=row.document_id,
        text_layer_id=row.text_layer_id,
        reader_version=row.reader_version,
        quote=row.quote,
        prefix=row.prefix,
        suffix=row.suffix,
        stance=row.stance,
        start=row.start,
        end=row.end,
        page=row.page,
        url=row.url,
        title=row.document_title or row.document_name,
        captured_at=row.captured_at.isoformat(),
        language=row.language,
        origin=row.origin,
        handed_in=row.origin.startswith(HANDED_IN),
    )


def load_anchors(stored: Sequence[Mapping[str, Any]]) -> list[Anchor]:
    """Return the anchors of a stored list; keys beside the anchor's own, such as a reason, are left out."""
    names = Anchor.__dataclass_fields__
    return [Anchor(**{key: value for key, value in entry.items() if key in names}) for entry in stored]


def extraction_mark(quote: str, stance: str) -> str:
    """Return a mark of quote and stance that does not change with white space or code point composition."""
    return identify(" ".join(unicodedata.normalize("NFC", quote).split()), stance)


def draft_mark(draft: DraftRow | None, evidence: Iterable[EvidenceRow]) -> str:
    """Return a mark of what a page shows of a question; a form carries it so that a replaced draft is noticed."""
    if draft is None:
        return identify("no draft")
    shown = sorted(f"{row.evidence_id} {extraction_mark(row.quote, row.stance)}" for row in evidence)
    return identify(draft.answer, draft.rationale, draft.contradiction, *shown)


def check_anchor(
    anchor: Anchor,
    evidence: Sequence[EvidenceRow],
    documents: Mapping[str, DocumentRow],
    others: frozenset[str] = frozenset(),
) -> AnchorFinding:
    """Return what became of an anchor.

    `evidence` are the question's present rows, `documents` the country's by id. Unchanged source text, or the same
    bytes, means ok; what was handed in cannot change. The same quote and stance elsewhere means moved. When both
    changed it is orphaned, and the nearest text of the same address is shown beside it without being taken for it;
    `others` are the extraction marks of the decision's other anchors, whose text is not shown as this one's.
    """
    old = {
        "evidence_id": anchor.evidence_id,
        "old_quote": anchor.quote,
        "old_url": anchor.url,
        "old_page": anchor.page,
    }
    document = documents.get(anchor.document_id)
    if anchor.kept or anchor.handed_in or document is not None:
        return AnchorFinding(state=Health.OK, **old)  # type: ignore[arg-type]
    same = [row for row in evidence if extraction_mark(row.quote, row.stance) == anchor.extraction]
    if same:
        best = min(same, key=lambda row: (row.url != anchor.url, -row.score))
        return AnchorFinding(state=Health.MOVED, **old, **_place(best))  # type: ignore[arg-type]
    near = [row for row in evidence if row.url == anchor.url and extraction_mark(row.quote, row.stance) not in others]
    if near:
        best = max(near, key=lambda row: fuzz.ratio(row.quote, anchor.quote))
        return AnchorFinding(state=Health.ORPHANED, **old, **_place(best))  # type: ignore[arg-type]
    return AnchorFinding(state=Health.ORPHANED, **old)  # type: ignore[arg-type]


def _place(row: EvidenceRow) -> dict[str, Any]:
    return {
        "new_quote": row.quote,
        "new_url": row.url,
        "new_page": row.page,
        "new_evidence_id": row.evidence_id,
    }


def check_decision(
    anchors: Sequence[Anchor],
    answer: str,
    seen: Iterable[str],
    evidence: Sequence[EvidenceRow],
    documents: Mapping[str, DocumentRow],
) -> Finding:
    """Return what became of a decision: the worst of its anchors.

    A decision of no or not found rests on no quote; it is orphaned when evidence came up that speaks for the measure
    and that the person was never shown. `seen` are extraction marks.
    """
    marks = frozenset(anchor.extraction for anchor in anchors)
    found = [check_anchor(anchor, evidence, documents, marks - {anchor.extraction}) for anchor in anchors]
    if answer in {"no", "not_found"}:
        known = set(seen)
        found.extend(
            AnchorFinding(state=Health.ORPHANED, evidence_id="", old_quote="", old_url="", **_place(row))
            for row in evidence
            if row.stance in SUPPORTS and extraction_mark(row.quote, row.stance) not in known
        )
    worst = max((Health(entry.state) for entry in found), key=list(Health).index, default=Health.OK)
    return Finding(state=worst, anchors=tuple(found))
