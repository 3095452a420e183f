"""The one schema of every table in the lake and in `desk.duckdb`.

Belongs here: a data class a table, with one sentence a column, and the list `TABLES`. Parquet schemas, DuckDB comments,
checks and `docs/tables.md` are derived from these classes. Does not belong here: reading or writing rows (`lake`), or
what people decide (`review.models`).

Offsets are Unicode code points, half open, into the document's text layer: `text[start:end]`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Literal

Stance = Literal["in_place", "partial", "planned", "absent"]
"""What a passage says of a measure; see `shared/gold/README.md` for the readers' rules."""

Answer = Literal["yes", "partial", "no", "not_found"]
"""A drafted answer; `not_found` is a state of research and no score."""

STANCE_ORDER: tuple[Stance, ...] = ("in_place", "partial", "planned", "absent")
"""Strongest first."""

READ = "read"
"""Status of a document whose text was read; every other status means that no evidence comes from it."""


@dataclass(frozen=True, kw_only=True)
class CaptureRow:
    """One address seen at one time, with what came back."""

    country: Annotated[str, "ISO 3166-1 alpha-3 code of the country researched"]
    capture_id: Annotated[str, "SHA-256 of address, time and payload digest"]
    crawl: Annotated[str, "name of the crawl or replay that made the capture"]
    url: Annotated[str, "address as requested"]
    captured_at: Annotated[datetime, "time at which the payload was received, UTC"]
    http_status: Annotated[int, "HTTP status code; 304 when the server confirmed the payload without sending it again"]
    declared_type: Annotated[str, "media type as the server declared it, lower case, without parameters"]
    declared_charset: Annotated[str, "charset parameter as the server declared it, or empty"]
    payload_digest: Annotated[str, "SHA-256 of the body after transfer and content decoding"]
    payload_bytes: Annotated[int, "length of that body in bytes"]
    record_type: Annotated[str, "response, or revisit when the payload is stored with an earlier capture"]
    warc_file: Annotated[str, "WARC file that holds the payload, relative to the archive folder"]
    warc_offset: Annotated[int, "byte offset of the payload's record in that file"]
    origin: Annotated[str, "'fetched by us', or 'imported from FILE (SHA-256 …), not fetched by us'"]
    source_kind: Annotated[str, "kind of the seed it was reached from, such as national_cirt; empty when unknown"]
    source_provenance: Annotated[str, "why the seed is believed to belong to the country"]
    source_confidence: Annotated[str, "high, medium or low; empty when unknown"]
    found_on: Annotated[str, "address of the page that linked here; empty for a seed"]
    link_text: Annotated[str, "text of that link"]
    depth: Annotated[int, "links between a seed and this page"]
    etag: Annotated[str, "validator for the next refresh"]
    last_modified: Annotated[str, "validator for the next refresh"]
    tls_exception: Annotated[str, "reason why broken TLS was accepted; empty when TLS was verified or not used"]
    quality: Annotated[float, "0 to 1: is this the page it claims to be; below 0.5 it feeds no evidence"]
    quality_reason: Annotated[str, "why the quality is low: bot wall, login form, error page"]
    change: Annotated[
        str, "new, same, cosmetic (only dates, counters or menus differ) or changed against the address's last capture"
    ] = "new"
    confirmed_at: Annotated[
        datetime | None,
        "last time at which the address answered with the same payload, or with other dates, counters or menus only, "
        "UTC; null when it was not asked again",
    ] = None
    substance: Annotated[
        str, "SHA-256 of title and text of a web page without menus, dates and counters; empty for files and tiny pages"
    ] = ""
    copy_of: Annotated[
        str, "address of a page of the same host with the same substance, which is read in its place; empty otherwise"
    ] = ""
    resembles: Annotated[
        str, "address of a page of the same crawl with nearly the same text (nine tenths of the blocks), or empty"
    ] = ""


@dataclass(frozen=True, kw_only=True)
class DocumentRow:
    """One payload as it was read; the same payload at two addresses is one document."""

    country: Annotated[str, "ISO 3166-1 alpha-3 code of the country researched"]
    document_id: Annotated[str, "SHA-256 of the original bytes (the payload digest)"]
    name: Annotated[str, "file name, last part of the address"]
    url: Annotated[str, "address of the best capture"]
    other_urls: Annotated[tuple[str, ...], "other addresses with the same payload"]
    captured_at: Annotated[datetime, "time of that capture, UTC"]
    origin: Annotated[str, "'fetched by us', or 'imported from FILE (SHA-256 …), not fetched by us'"]
    source_kind: Annotated[str, "kind of the seed it was reached from"]
    official: Annotated[bool, "whether the host is one of the country's official domains"]
    format: Annotated[str, "html, pdf, docx, txt, md, …; by the bytes, not by the declared type"]
    status: Annotated[
        str, "read, or why not: no_text, encrypted, damaged, wrong_type, too_large, timeout, not_covered, low_quality"
    ]
    reason: Annotated[str, "a sentence for the reviewer when the status is not read, or when only part was read"]
    title: Annotated[str, "title of the document, or empty"]
    language: Annotated[str, "main language, ISO 639-1; und when unknown"]
    languages: Annotated[tuple[str, ...], "all languages that hold at least 5 % of the text"]
    published_on: Annotated[date | None, "publication date when the document states one"]
    pages: Annotated[int, "number of pages; 0 where the format has none"]
    characters: Annotated[int, "length of the text layer in code points"]
    reader_version: Annotated[str, "version of the reader; offsets depend on it"]
    text_layer_id: Annotated[str, "SHA-256 of reader version and text"]


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A readable unit of a text layer: a paragraph, heading, list item or table row; never a cut sentence."""

    ordinal: Annotated[int, "position in the document, from 0"]
    page: Annotated[int | None, "page number from 1; null where the format has none"]
    start: Annotated[int, "first code point in the text layer"]
    end: Annotated[int, "one past the last code point"]
    text: Annotated[str, "verbatim slice of the text layer"]
    reading_text: Annotated[
        str,
        "second layer for matching: hyphens, ligatures and broken lines mended; equals text when nothing was",
    ]
    sentences: Annotated[tuple[int, ...], "sentence borders as start, end, start, end … in the text layer"]
    kind: Annotated[str, "paragraph, heading, list_item, table_row, caption, contents, menu, title"]
    role: Annotated[str, "main or navigation"]
    section: Annotated[tuple[str, ...], "headings above, outermost first"]
    article: Annotated[str, "number of the article or section of an act that the passage stands in; empty otherwise"]
    head: Annotated[
        str,
        "head of the enumeration that a list item depends on, or beginning of the sentence that goes on; else empty",
    ]
    head_start: Annotated[int | None, "offset of that head"]
    head_end: Annotated[int | None, "end of that head"]
    language: Annotated[str, "ISO 639-1; und when unknown"]
    script: Annotated[str, "ISO 15924 code such as Latn, Arab, Hans, Cyrl"]
    ocr_confidence: Annotated[float | None, "0 to 1 for text read from a picture; null for a real text layer"]
    boxes: Annotated[tuple[float, ...], "x0, y0, x1, y1 a line, points from the page's top left; empty without pages"]
    goes_on: Annotated[bool, "whether its sentence began on the page before; head is that beginning"] = False
    unreliable_digits: Annotated[
        tuple[int, ...],
        "numbers that were read from a picture, start, end, start, end … in the text layer: check them on the page",
    ] = ()


@dataclass(frozen=True, kw_only=True)
class PassageRow(Passage):
    """A passage with the document it stands in."""

    country: Annotated[str, "ISO 3166-1 alpha-3 code of the country researched"]
    passage_id: Annotated[str, "SHA-256 of text layer and span"]
    document_id: Annotated[str, "the document"]
    text_layer_id: Annotated[str, "the text layer that the offsets point into"]


@dataclass(frozen=True, kw_only=True)
class EvidenceRow:
    """A span of a text layer that bears on a question."""

    country: Annotated[str, "ISO 3166-1 alpha-3 code of the country researched"]
    evidence_id: Annotated[str, "SHA-256 of text layer, span and question"]
    question: Annotated[str, "code of the question, such as L.1.1"]
    stance: Annotated[str, "in_place, partial, planned or absent"]
    score: Annotated[float, "calibrated probability that a careful reader agrees, 0 to 1"]
    quote: Annotated[str, "verbatim: text_layer[start:end], 12 to 600 characters"]
    prefix: Annotated[str, "up to 60 characters before the quote"]
    suffix: Annotated[str, "up to 60 characters after the quote"]
    page: Annotated[int | None, "page number from 1; null where the format has none"]
    start: Annotated[int, "first code point in the text layer"]
    end: Annotated[int, "one past the last code point"]
    language: Annotated[str, "language of the quote, ISO 639-1"]
    document_id: Annotated[str, "the document (payload digest)"]
    text_layer_id: Annotated[str, "the text layer that the offsets point into"]
    passage_id: Annotated[str, "the passage that holds the quote"]
    url: Annotated[str, "address of the document"]
    document_name: Annotated[str, "file name"]
    document_title: Annotated[str, "title of the document"]
    captured_at: Annotated[datetime, "time of the capture, UTC"]
    origin: Annotated[str, "'fetched by us', or 'imported from FILE (SHA-256 …), not fetched by us'"]
    source_strength: Annotated[str, "gazette, legal_database, official, intergovernmental, third_party"]
    dated_on: Annotated[date | None, "date of the document or of the act, when stated"]
    document_kind: Annotated[str, "act, bill, strategy, plan, page, list, other"]
    act: Annotated[str, "number and title of the act, when the quote stands in one"]
    act_status: Annotated[str, "in_force, adopted, bill, repealed, unknown; empty outside acts"]
    article: Annotated[str, "article of the act that the quote stands in"]
    rules: Annotated[tuple[str, ...], "names of the grammar rules that judged the passage, strongest first"]
    features: Annotated[str, "feature values of the scorer as a JSON object"]
    reader_version: Annotated[str, "version of the reader that made the text layer"] = ""
    ocr_confidence: Annotated[float | None, "0 to 1 when the quote was read from a picture"]
    unreliable_digits: Annotated[
        tuple[str, ...], "numbers of the quote that were read from a picture: check them on the page"
    ] = ()
    fact: Annotated[
        str,
        "'repository (verified YYYY-MM-DD)' or 'repository (verified: never)' when the quote is a row of a repository",
    ]
    matcher_version: Annotated[str, "version of grammars, weights and vectors"]
    in_force_from: Annotated[date | None, "day from which the act is in force, when stated"] = None
    amended_by: Annotated[str, "the act that last amended it, as its own head names it; empty when it names none"] = ""
    second_stance: Annotated[str, "stance by the second reader, shown beside and never used; empty when it is off"] = ""
    second_note: Annotated[str, "the second reader's quote, or why its answer was dropped"] = ""


@dataclass(frozen=True, kw_only=True)
class NearMissRow:
    """A passage that came near an answer and was not enough; the search log shows the best ones."""

    country: Annotated[str, "ISO 3166-1 alpha-3 code of the country researched"]
    question: Annotated[str, "code of the question"]
    quote: Annotated[str, "verbatim: text_layer[start:end]"]
    url: Annotated[str, "address of the document"]
    score: Annotated[float, "probability that a careful reader agrees, 0 to 1"]
    reason: Annotated[str, "why it was dropped, a few words"]
    document_id: Annotated[str, "the document (payload digest)"]
    text_layer_id: Annotated[str, "the text layer that the offsets point into"]
    start: Annotated[int, "first code point in the text layer"]
    end: Annotated[int, "one past the last code point"]


@dataclass(frozen=True, kw_only=True)
class DraftRow:
    """The drafted answer to one question."""

    country: Annotated[str, "ISO 3166-1 alpha-3 code"]
    instrument: Annotated[str, "id and version of the question bank"]
    question: Annotated[str, "code of the question"]
    answer: Annotated[str, "yes, partial, no or not_found"]
    confidence: Annotated[float, "0 to 1; of not_found it is the share of the search that was done"]
    rationale: Annotated[str, "one or two sentences that a reviewer can read"]
    evidence_ids: Annotated[tuple[str, ...], "evidence shown with the answer, best first"]
    independent_sources: Annotated[int, "number of hosts with evidence of the drafted stance"]
    contradiction: Annotated[str, "what speaks against the answer, side by side; empty when nothing does"]
    needs_look: Annotated[
        str, "why a person should look first, such as a child answered without its parent; empty otherwise"
    ]
    drafted_at: Annotated[datetime, "time of drafting, UTC"]
    matcher_version: Annotated[str, "version of the evidence step"]


@dataclass(frozen=True, kw_only=True)
class SearchLogRow:
    """What was searched for one question; the proof behind every 'not found'."""

    country: Annotated[str, "ISO 3166-1 alpha-3 code"]
    question: Annotated[str, "code of the question"]
    sources_tried: Annotated[tuple[str, ...], "hosts that were read, with the number of documents"]
    documents_read: Annotated[int, "documents whose text was searched"]
    documents_unreadable: Annotated[tuple[str, ...], "document and reason, a sentence each"]
    languages: Annotated[tuple[str, ...], "languages searched, ISO 639-1"]
    terms: Annotated[tuple[str, ...], "terms searched in these languages"]
    first_capture: Annotated[datetime | None, "oldest capture searched, UTC"]
    last_capture: Annotated[datetime | None, "newest capture searched, UTC"]
    nearest_misses: Annotated[tuple[str, ...], "best passages that were not enough, each with its address"]
    not_yet_searched: Annotated[tuple[str, ...], "best places that were not searched, with the reason"]


@dataclass(frozen=True, kw_only=True)
class IssueRow:
    """Something that went wrong and what it means."""

    country: Annotated[str, "ISO 3166-1 alpha-3 code, or the repository's name"]
    stage: Annotated[str, "crawl, replay, read, evidence, draft"]
    subject: Annotated[str, "address or file that it happened to"]
    code: Annotated[str, "stable short name, such as robots_disallowed"]
    message: Annotated[str, "a plain sentence: what happened, to what, what to do"]
    lasting: Annotated[bool, "whether trying again tomorrow is pointless"]
    offset: Annotated[int | None, "byte offset in the file, where it applies"]
    occurred_at: Annotated[datetime, "UTC"]


@dataclass(frozen=True, kw_only=True)
class QueueRow:
    """A drafted country on its way to validation."""

    country: Annotated[str, "ISO 3166-1 alpha-3 code"]
    status: Annotated[str, "awaiting_review, ready or sent"]
    questions: Annotated[int, "questions of the instrument"]
    answered: Annotated[int, "questions drafted yes, partial or no"]
    decided: Annotated[int, "questions with all their decisions"]
    missing: Annotated[tuple[str, ...], "what is missing before the file can be sent, a sentence each"]
    drafted_at: Annotated[datetime, "time of the newest draft, UTC"]


@dataclass(frozen=True, kw_only=True)
class FactRow:
    """One row of a repository about one country."""

    repository: Annotated[str, "name of the repository's contract"]
    fact_id: Annotated[str, "SHA-256 of payload, span and country"]
    country: Annotated[str, "ISO 3166-1 alpha-3 code"]
    questions: Annotated[tuple[str, ...], "codes that the row bears on"]
    stance: Annotated[str, "in_place, partial, planned or absent"]
    text: Annotated[str, "the row's own text, verbatim"]
    link: Annotated[str, "document or page that the row links to"]
    url: Annotated[str, "address of the repository page"]
    captured_at: Annotated[datetime, "time of the capture, UTC"]
    origin: Annotated[str, "'fetched by us', or 'imported from FILE (SHA-256 …), not fetched by us'"]
    payload_digest: Annotated[str, "SHA-256 of the page"]
    text_layer_id: Annotated[str, "text layer that start and end point into"]
    reader_version: Annotated[str, "version of the reader that made the text layer"] = ""
    start: Annotated[int, "first code point in the text layer"]
    end: Annotated[int, "one past the last code point"]
    part_start: Annotated[
        int | None, "first code point of all that the document says of the country, if more than the row"
    ] = None
    part_end: Annotated[int | None, "end of that part"] = None
    language: Annotated[str, "language of the row, ISO 639-1; und when unknown"] = "und"
    official: Annotated[bool, "whether the repository is the publisher of record; otherwise a lead to verify"]
    verified: Annotated[str, "date of the last check by hand, or never"]
    dated_on: Annotated[date | None, "date that the row states"]


@dataclass(frozen=True)
class Table:
    """A table: its name, the class of its rows and what one partition is."""

    name: str
    row: type
    partition: Literal["country", "repository"]
    key: tuple[str, ...]

    @property
    def doc(self) -> str:
        """One sentence on what a row is."""
        return (self.row.__doc__ or "").strip()


CAPTURES = Table("captures", CaptureRow, "country", ("capture_id",))
DOCUMENTS = Table("documents", DocumentRow, "country", ("country", "document_id"))
PASSAGES = Table("passages", PassageRow, "country", ("country", "passage_id"))
EVIDENCE = Table("evidence", EvidenceRow, "country", ("country", "evidence_id"))
NEAR_MISSES = Table("near_misses", NearMissRow, "country", ())
DRAFTS = Table("drafts", DraftRow, "country", ("country", "question"))
SEARCH_LOG = Table("search_log", SearchLogRow, "country", ("country", "question"))
ISSUES = Table("issues", IssueRow, "country", ())
VALIDATION_QUEUE = Table("validation_queue", QueueRow, "country", ("country",))
FACTS = Table("facts", FactRow, "repository", ("fact_id",))

TABLES: tuple[Table, ...] = (
    CAPTURES, DOCUMENTS, PASSAGES, EVIDENCE, NEAR_MISSES, DRAFTS, SEARCH_LOG, ISSUES, VALIDATION_QUEUE, FACTS,
)  # fmt: skip


def now() -> datetime:
    """Return the present moment, UTC, in whole microseconds as the lake stores it."""
    return datetime.now(UTC)
