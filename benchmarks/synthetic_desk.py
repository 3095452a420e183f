"""A synthetic lake for figures and tests of the review site: invented countries with drafts, evidence and documents.

Belongs here: rows of realistic number and length, with archive and readings where pages are to be shown. The sentences
are made up from a word list; no real document enters. Does not belong here: measuring (`review_load.py`).
"""

from __future__ import annotations

import html
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from questionnaire.instrument import load_instrument
from store.archive import ArchiveWriter
from store.archive_records import Exchange
from store.digests import identify, payload_digest
from store.lake import open_lake
from store.readings import Reading, save_reading
from store.settings import Settings
from store.tables import (
    CAPTURES,
    DOCUMENTS,
    DRAFTS,
    EVIDENCE,
    ISSUES,
    PASSAGES,
    SEARCH_LOG,
    CaptureRow,
    DocumentRow,
    DraftRow,
    EvidenceRow,
    IssueRow,
    Passage,
    PassageRow,
    SearchLogRow,
)

READER = "synthetic"
START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
WORDS = [
    "the", "national", "authority", "established", "a", "response", "team", "by", "decree", "and",
    "published", "its", "mandate", "for", "operators", "of", "services", "under", "the", "act", "which",
    "entered", "into", "force", "after", "adoption", "in", "parliament", "with", "rules", "on", "evidence",
    "offences", "and", "duties", "of", "providers", "to", "report", "incidents", "within", "hours", "while",
    "training", "for", "officers", "and", "teachers", "is", "held", "every", "year", "together", "with",
    "partners", "from", "the", "region", "and", "industry", "in", "line", "with", "the", "strategy", "that",
    "the", "government", "approved", "for", "five", "years",
]  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Page:
    """One document: its title, its paragraphs, its address."""

    title: str
    paragraphs: tuple[str, ...]
    url: str
    language: str = "en"
    status: str = "read"
    markup: str = ""
    """HTML as archived; made from the paragraphs when empty."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What to build for one country."""

    iso3: str
    documents: int = 6
    passages: int = 8
    evidence: int = 2
    """Pieces of evidence a question with an answer."""
    archived: bool = True
    """Whether payloads and readings are written, so that pages can be shown."""
    seed: int = 1
    pages: tuple[Page, ...] = field(default=())
    """Documents that come first, as given."""


def build_country(settings: Settings, plan: Plan) -> None:
    """Write all tables of one country, and archive and readings when the plan asks for them."""
    chance = random.Random(f"{plan.iso3} {plan.seed}")
    pages = [*plan.pages, *(_page(plan, number, chance) for number in range(plan.documents - len(plan.pages)))]
    read = [(page, _reading(page)) for page in pages]
    documents = [_document(plan, page, reading) for page, reading in read]
    passages = [
        row
        for (page, reading), document in zip(read, documents, strict=True)
        for row in _passage_rows(document, reading)
    ]
    captures = _archive(settings, plan, read) if plan.archived else [_capture(plan, p, r) for p, r in read]
    evidence, drafts, logs = _answers(plan, documents, passages, chance)
    lake = open_lake(settings)
    lake.write(CAPTURES, plan.iso3, captures)
    lake.write(DOCUMENTS, plan.iso3, documents)
    lake.write(PASSAGES, plan.iso3, passages)
    lake.write(EVIDENCE, plan.iso3, evidence)
    lake.write(SEARCH_LOG, plan.iso3, logs)
    lake.write(ISSUES, plan.iso3, [_issue(plan, number) for number in range(plan.documents // 20 + 1)])
    lake.write(DRAFTS, plan.iso3, drafts)


def _sentence(chance: random.Random, words: int = 24) -> str:
    return " ".join(chance.choice(WORDS) for _ in range(words)).capitalize() + "."


def _page(plan: Plan, number: int, chance: random.Random) -> Page:
    return Page(
        title=f"Document {number} of {plan.iso3}",
        paragraphs=tuple(_sentence(chance) for _ in range(plan.passages)),
        url=f"https://www.agency{number % 7}.example/{plan.iso3.lower()}/page-{number}.html",
        status="no_text" if number % 25 == 24 else "read",
    )


def markup_of(page: Page) -> bytes:
    """Return the HTML of a page as it is archived."""
    body = page.markup or "".join(f"<p>{html.escape(text)}</p>" for text in page.paragraphs)
    title = html.escape(page.title)
    return f"<!doctype html><html><head><title>{title}</title></head><body>{body}</body></html>".encode()


def _reading(page: Page) -> Reading:
    text = "\n".join(page.paragraphs)
    passages, place = [], 0
    for ordinal, paragraph in enumerate(page.paragraphs):
        passages.append(
            Passage(
                ordinal=ordinal, page=None, start=place, end=place + len(paragraph), text=paragraph,
                reading_text=paragraph, sentences=(place, place + len(paragraph)), kind="paragraph", role="main",
                section=(), article="", head="", head_start=None, head_end=None, language=page.language, script="Latn",
                ocr_confidence=None, boxes=(),
            )
        )  # fmt: skip
        place += len(paragraph) + 1
    return Reading(
        payload_digest=payload_digest(markup_of(page)), reader_version=READER, format="html", status=page.status,
        reason="" if page.status == "read" else "No text could be read.", title=page.title, language=page.language,
        languages=(page.language,), text=text, passages=tuple(passages),
    )  # fmt: skip


def _document(plan: Plan, page: Page, reading: Reading) -> DocumentRow:
    return DocumentRow(
        country=plan.iso3, document_id=reading.payload_digest, name=page.url.rsplit("/", 1)[-1], url=page.url,
        other_urls=(), captured_at=START, origin="fetched by us", source_kind="government_portal", official=True,
        format="html", status=page.status, reason=reading.reason, title=page.title, language=page.language,
        languages=(page.language,), published_on=date(2024, 5, 1), pages=0, characters=len(reading.text),
        reader_version=READER, text_layer_id=reading.text_layer_id,
    )  # fmt: skip


def _capture(plan: Plan, page: Page, reading: Reading, place: tuple[str, int] = ("", 0)) -> CaptureRow:
    return CaptureRow(
        country=plan.iso3, capture_id=identify(page.url, reading.payload_digest), crawl="synthetic", url=page.url,
        captured_at=START, http_status=200, declared_type="text/html", declared_charset="utf-8",
        payload_digest=reading.payload_digest, payload_bytes=len(markup_of(page)), record_type="response",
        warc_file=place[0], warc_offset=place[1], origin="fetched by us", source_kind="government_portal",
        source_provenance="synthetic", source_confidence="high", found_on="", link_text="", depth=0, etag="",
        last_modified="", tls_exception="", quality=1.0, quality_reason="",
    )  # fmt: skip


def _archive(settings: Settings, plan: Plan, read: Sequence[tuple[Page, Reading]]) -> list[CaptureRow]:
    folder = settings.archive_dir / plan.iso3 / f"synthetic-{plan.seed}"
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    with ArchiveWriter(folder) as writer:
        for page, reading in read:
            payload = markup_of(page)
            stored = writer.write(
                Exchange(
                    url=page.url, captured_at=START, http_status=200, headers=(("Content-Type", "text/html"),),
                    body=payload, payload=payload, reason="OK",
                )
            )  # fmt: skip
            rows.append(_capture(plan, page, reading, (stored.file, stored.offset)))
            save_reading(settings, reading)
    return rows


def _passage_rows(document: DocumentRow, reading: Reading) -> list[PassageRow]:
    return [
        PassageRow(
            **vars(passage),
            country=document.country,
            passage_id=identify(reading.text_layer_id, str(passage.start), str(passage.end)),
            document_id=document.document_id,
            text_layer_id=reading.text_layer_id,
        )
        for passage in reading.passages
    ]


def _answers(
    plan: Plan, documents: Sequence[DocumentRow], passages: Sequence[PassageRow], chance: random.Random
) -> tuple[list[EvidenceRow], list[DraftRow], list[SearchLogRow]]:
    by_id = {document.document_id: document for document in documents if document.status == "read"}
    usable = [passage for passage in passages if passage.document_id in by_id]
    instrument = load_instrument()
    evidence: list[EvidenceRow] = []
    drafts, logs = [], []
    for number, question in enumerate(instrument.questions):
        wanted = ("yes", "partial", "yes", "not_found", "yes", "not_found")[number % 6]
        answer = "yes" if wanted == "partial" and not question.partial_allowed else wanted
        rows: list[EvidenceRow] = []
        if answer != "not_found":
            stance = "in_place" if answer == "yes" else "partial"
            chosen = [usable[(number * plan.evidence + k) % len(usable)] for k in range(plan.evidence)]
            rows = [_evidence(question.code, stance, p, by_id[p.document_id], chance) for p in chosen]
        evidence += {row.evidence_id: row for row in rows}.values()
        drafts.append(
            DraftRow(
                country=plan.iso3, instrument=instrument.id, question=question.code, answer=answer,
                confidence=round(0.6 + chance.random() * 0.4, 3), rationale=_sentence(chance, 14),
                evidence_ids=tuple(dict.fromkeys(row.evidence_id for row in rows)), independent_sources=len(rows),
                contradiction="", needs_look="The parent question has no evidence." if number % 17 == 16 else "",
                drafted_at=START + timedelta(hours=2), matcher_version="synthetic",
            )
        )  # fmt: skip
        logs.append(
            SearchLogRow(
                country=plan.iso3, question=question.code,
                sources_tried=tuple(f"www.agency{k}.example ({plan.documents // 7})" for k in range(7)),
                documents_read=len(by_id), documents_unreadable=("scan.pdf: no text",), languages=("en", "fr"),
                terms=tuple(chance.choice(WORDS) for _ in range(20)), first_capture=START,
                last_capture=START + timedelta(hours=1), nearest_misses=(_sentence(chance, 12),),
                not_yet_searched=(),
            )
        )  # fmt: skip
    return evidence, drafts, logs


def _evidence(
    question: str, stance: str, passage: PassageRow, document: DocumentRow, chance: random.Random
) -> EvidenceRow:
    return EvidenceRow(
        country=document.country,
        evidence_id=identify(passage.text_layer_id, str(passage.start), str(passage.end), question),
        question=question, stance=stance, score=round(0.5 + chance.random() / 2, 3), quote=passage.text, prefix="",
        suffix="", page=None, start=passage.start, end=passage.end, language=passage.language,
        document_id=document.document_id, text_layer_id=passage.text_layer_id, passage_id=passage.passage_id,
        url=document.url, document_name=document.name, document_title=document.title, captured_at=document.captured_at,
        origin=document.origin, source_strength="official", dated_on=date(2024, 5, 1), document_kind="page", act="",
        act_status="", article="", rules=("established",), features="{}", ocr_confidence=None, fact="",
        matcher_version="synthetic", reader_version=READER,
    )  # fmt: skip


def _issue(plan: Plan, number: int) -> IssueRow:
    return IssueRow(
        country=plan.iso3, stage="crawl", subject=f"https://www.agency.example/{number}", code="robots_disallowed",
        message="robots.txt forbids this page; it was not fetched.", lasting=True, offset=None, occurred_at=START,
    )  # fmt: skip


def changed_page(page: Page, place: int, text: str) -> Page:
    """Return a page with one paragraph replaced, as after a change on the web."""
    paragraphs = list(page.paragraphs)
    paragraphs[place] = text
    return replace(page, paragraphs=tuple(paragraphs))
