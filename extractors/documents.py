"""From a country's captures to its documents and passages.

Belongs here: which captures are read, one reading a payload, and the rows that the lake keeps. Does not belong here:
parsing a format (the backends), or fetching.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any
from urllib.parse import unquote, urlsplit

from extractors.cache import PASSING, read_cached
from extractors.reader import ReaderPool
from extractors.version import READER_VERSION
from sources.schema import Country
from store.archive import read_payload
from store.captures import is_poor, is_readable
from store.digests import identify
from store.errors import GcideskError
from store.readings import Reading
from store.settings import Settings
from store.tables import READ, CaptureRow, DocumentRow, IssueRow, Passage, PassageRow, now

LOW_QUALITY = "low_quality"
"""Status of an answer that is not the page that its address stands for."""

Progress = Callable[[int, int, str], None]
"""Called with how many are done, how many there are, and a few words."""


@dataclass(frozen=True)
class ReadCountry:
    """Everything that was read for one country."""

    documents: tuple[DocumentRow, ...]
    passages: tuple[PassageRow, ...]
    """Passages of the documents that were read in this run."""
    issues: tuple[IssueRow, ...]
    resumable: bool
    """Whether pages were left for the next run."""
    kept: frozenset[str] = frozenset()
    """Documents whose passages stand in the last good run already."""


def reading_key(captures: Iterable[CaptureRow]) -> str:
    """Return what the documents of a country are made from: reader version, payloads, addresses and their kinds."""
    made_of = (
        f"{c.payload_digest} {c.url} {c.captured_at.isoformat()} {c.source_kind} {'' if is_readable(c) else c.quality}"
        for c in captures
        if is_readable(c) or is_poor(c)
    )
    parts = sorted(made_of)
    return identify(READER_VERSION, *parts)


def is_kept(document: DocumentRow) -> bool:
    """Whether a document of an earlier run that left no pages over would be read to the same row again."""
    return document.reader_version == READER_VERSION and document.status not in {*PASSING, LOW_QUALITY}


def read_country(
    settings: Settings,
    country: Country,
    captures: Sequence[CaptureRow],
    pool: ReaderPool,
    progress: Progress,
    *,
    known: Mapping[str, DocumentRow] = MappingProxyType({}),
) -> ReadCountry:
    """Read every payload of a country once; unreadable ones become documents with a reason, and issues.

    `known` holds documents of the last good run by payload digest: their row is taken over, with what the captures say
    now, and neither archive nor reading is opened for them.
    """
    payloads = _by_payload(captures, country)
    documents: list[DocumentRow] = []
    passages: list[PassageRow] = []
    issues: list[IssueRow] = []
    ocr_pages = settings.ocr_pages_per_run
    resumable = False
    kept = set()
    for done, group in enumerate(payloads, start=1):
        best = group[0]
        if best.payload_digest in known and is_readable(best):
            document = replace(known[best.payload_digest], **_facts_of_captures(country, group))
            kept.add(document.document_id)
        else:
            try:
                reading, ocr_used = _read(settings, pool, best, country, ocr_pages)
            except GcideskError as error:
                issues.append(_issue(country.iso3, best.url, "payload_lost", str(error)))
                continue
            ocr_pages -= ocr_used
            resumable = resumable or reading.resumable
            document = document_row(country, group, reading)
            if document.status == READ:
                passages += passage_rows(document, reading.passages)
        documents.append(document)
        if document.reason:
            issues.append(_issue(country.iso3, best.url, document.status, document.reason))
        progress(done, len(payloads), document.name)
    return ReadCountry(tuple(documents), tuple(passages), tuple(issues), resumable, frozenset(kept))


def _read(
    settings: Settings, pool: ReaderPool, capture: CaptureRow, country: Country, ocr_pages: int
) -> tuple[Reading, int]:
    """Return the reading of a capture's payload, and how many pages OCR read for it in this run."""
    payload = read_payload(settings, capture)
    reading, fresh = read_cached(
        settings,
        pool,
        payload,
        name=file_name(capture.url),
        declared_type=capture.declared_type,
        declared_charset=capture.declared_charset,
        language_hints=country.languages,
        ocr_pages=max(0, ocr_pages),
    )
    return reading, int(reading.metadata.get("ocr_pages_now", "0")) if fresh else 0


def _by_payload(captures: Iterable[CaptureRow], country: Country) -> list[list[CaptureRow]]:
    """Group captures by payload, the best capture of each group first, groups in order of capture.

    Answers that are not the page come along: what a reviewer misses among the documents is named as unread.
    """
    groups: dict[str, list[CaptureRow]] = {}
    for capture in captures:
        if is_readable(capture) or is_poor(capture):
            groups.setdefault(capture.payload_digest, []).append(capture)
    for group in groups.values():
        group.sort(
            key=lambda c: (not is_readable(c), not country.is_official(_host(c.url)), c.depth, len(c.url), c.url)
        )
    return list(groups.values())


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def file_name(url: str) -> str:
    """Return the last part of an address's path, or its host when the path is empty."""
    parts = urlsplit(url)
    return unquote(PurePosixPath(parts.path).name) or parts.hostname or url


def document_row(country: Country, group: Sequence[CaptureRow], reading: Reading) -> DocumentRow:
    """Return the row of a payload that was captured once or more; the first capture is the best.

    Text of an answer that is not the page (a login form, a page that says "not found") is no document's.
    """
    facts = _facts_of(reading)
    if is_poor(group[0]) and reading.status in {READ, "not_covered"}:
        facts |= {"status": LOW_QUALITY, "reason": f"Not the page that was asked for: {group[0].quality_reason}."}
    return DocumentRow(
        country=country.iso3, document_id=reading.payload_digest, **_facts_of_captures(country, group), **facts
    )


def _facts_of_captures(country: Country, group: Sequence[CaptureRow]) -> dict[str, Any]:
    best = group[0]
    return {
        "name": file_name(best.url),
        "url": best.url,
        "other_urls": tuple(dict.fromkeys(c.url for c in group[1:] if c.url != best.url)),
        "captured_at": best.captured_at,
        "origin": best.origin,
        "source_kind": best.source_kind,
        "official": country.is_official(_host(best.url)),
    }


def local_document(country: str, path_name: str, reading: Reading, *, opened_at: datetime) -> DocumentRow:
    """Return the row of a local file that no crawl captured."""
    return DocumentRow(
        country=country,
        document_id=reading.payload_digest,
        name=path_name,
        url="",
        other_urls=(),
        captured_at=opened_at,
        origin=f"local file {path_name}, not fetched by us",
        source_kind="",
        official=False,
        **_facts_of(reading),
    )


def _facts_of(reading: Reading) -> dict[str, Any]:
    return {
        "format": reading.format,
        "status": reading.status,
        "reason": reading.reason,
        "title": reading.title,
        "language": reading.language,
        "languages": reading.languages,
        "published_on": reading.published_on,
        "pages": len(reading.pages),
        "characters": len(reading.text),
        "reader_version": reading.reader_version,
        "text_layer_id": reading.text_layer_id,
    }


_PASSAGE_FIELDS = tuple(spec.name for spec in fields(Passage))


def passage_rows(document: DocumentRow, passages: Iterable[Passage]) -> list[PassageRow]:
    """Return passages with the document that they stand in."""
    return [
        PassageRow(
            country=document.country,
            passage_id=identify(document.text_layer_id, str(passage.start), str(passage.end)),
            document_id=document.document_id,
            text_layer_id=document.text_layer_id,
            **{name: getattr(passage, name) for name in _PASSAGE_FIELDS},
        )
        for passage in passages
    ]


def _issue(country: str, url: str, code: str, message: str) -> IssueRow:
    return IssueRow(
        country=country,
        stage="read",
        subject=url,
        code=code,
        message=message,
        lasting=code not in {"timeout", "ocr_pending"},
        offset=None,
        occurred_at=now(),
    )
