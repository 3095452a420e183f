"""A repository's fact as evidence.

Belongs here: the strength of a fact, and its form as evidence. Does not belong here: reading repositories
(`extractors.repositories`), or what evidence means for an answer (`questionnaire`).
"""

from __future__ import annotations

import json
from urllib.parse import unquote, urlsplit

from evidence.version import MATCHER_VERSION
from store.digests import identify
from store.tables import EvidenceRow, FactRow

SCORES = {
    (True, True): 0.95,
    (True, False): 0.80,
    (False, True): 0.55,
    (False, False): 0.45,
}
"""(publisher of record, shape seen to fit a published page) to score. A lead never reaches the strength of a source: it
is to be verified where it points. Set by judgement, not by measurement; see docs/decisions/0046."""


def evidence_of_fact(fact: FactRow, question: str) -> EvidenceRow:
    """Return a fact as evidence for one of its questions, with the row's own text as quote.

    `fact.start` and `fact.end` point into the text layer named by `text_layer_id`; the quote is that slice.
    """
    verified = fact.verified != "never"
    return EvidenceRow(
        country=fact.country,
        evidence_id=identify(fact.text_layer_id, str(fact.start), str(fact.end), question, fact.country, fact.stance),
        question=question,
        stance=fact.stance,
        score=SCORES[fact.official, verified],
        quote=fact.text,
        prefix="",
        suffix="",
        page=None,
        start=fact.start,
        end=fact.end,
        language=fact.language,
        document_id=fact.payload_digest,
        text_layer_id=fact.text_layer_id,
        passage_id=identify(fact.text_layer_id, str(fact.start), str(fact.end)),
        url=fact.url,
        document_name=_name(fact.url),
        document_title=fact.repository,
        captured_at=fact.captured_at,
        origin=fact.origin,
        source_strength="intergovernmental" if fact.official else "third_party",
        dated_on=fact.dated_on,
        document_kind="list",
        act="",
        act_status="",
        article="",
        rules=("repository_row",) if fact.official else ("repository_row", "lead_to_verify"),
        features=json.dumps({"official": fact.official, "verified": verified, "link": fact.link}, ensure_ascii=False),
        reader_version=fact.reader_version,
        ocr_confidence=None,
        fact=shown_repository(fact),
        matcher_version=MATCHER_VERSION,
    )


def shown_repository(fact: FactRow) -> str:
    """Return what is shown wherever a fact is used: its repository, and when a person or a stored page verified it."""
    return f"{fact.repository} (verified{':' if fact.verified == 'never' else ''} {fact.verified})"


def _name(url: str) -> str:
    parts = urlsplit(url)
    return unquote(parts.path.rstrip("/").rsplit("/", 1)[-1]) or parts.netloc
