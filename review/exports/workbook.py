"""The drafted questionnaire as an XLSX workbook.

Belongs here: which sheets there are and what stands in them: a cover, a sheet a pillar, the evidence annex, the search
log, the documents that could not be read. Does not belong here: how sheets look (`sheet_layout`), wording (`phrases`),
cleaning (`safe_text`).

The annex holds quotes, never whole documents. No reviewer is named, nor the person who made the file.
"""

from __future__ import annotations

import os
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from openpyxl.styles import Alignment, Font
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from questionnaire.instrument import Pillar
from review.exports.drafted_country import DraftedCountry
from review.exports.phrases import Phrases
from review.exports.sheet_layout import (
    Column,
    Value,
    add_sheet,
    lettering,
    link_within,
    mark_answer,
    prepare_print,
    put,
    write_table,
)
from store.tables import READ, DocumentRow, DraftRow, EvidenceRow

ANSWERS = ("yes", "partial", "no", "not_found")


@dataclass
class _Book:
    """A workbook being written."""

    found: DraftedCountry
    phrases: Phrases
    workbook: Workbook
    annex: list[tuple[DraftRow, EvidenceRow]] = field(default_factory=list)

    @property
    def headline(self) -> str:
        return f"{self.found.country.name(self.phrases.language)} · {self.phrases('title')}"

    @cached_property
    def first_number(self) -> dict[str, int]:
        """Number in the annex of the first evidence of each question; evidence of a question stands together."""
        numbers: dict[str, int] = {}
        for number, (draft, _) in enumerate(self.annex, start=1):
            numbers.setdefault(draft.question, number)
        return numbers


def write_workbook(path: Path, found: DraftedCountry, *, language: str = "en") -> None:
    """Write the questionnaire of one country with its evidence annex to `path`, beside and renamed.

    `language` is that of the headings (ar, en, es, fr, ru, zh); questions stay in the bank's language, quotes in their
    source's. Raises OSError when the file cannot be written, ValueError for another language.
    """
    workbook = build_workbook(found, language=language)
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        workbook.save(beside)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def build_workbook(found: DraftedCountry, *, language: str = "en") -> Workbook:
    """Return the workbook of `write_workbook` without writing it."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    workbook.properties.creator = "gcidesk"
    workbook.properties.lastModifiedBy = None
    book = _Book(found, Phrases(language), workbook)
    workbook.properties.title = book.headline
    workbook.properties.language = language
    book.annex = [
        (draft, evidence)
        for question in found.instrument.questions
        if (draft := found.by_question.get(question.code))
        for evidence in found.evidence_of(draft)
    ]
    cover = add_sheet(workbook, book.phrases("country"), book.phrases)
    pillars = [(add_sheet(workbook, f"{p.code} {p.name}", book.phrases), p) for p in found.instrument.pillars]
    annex = add_sheet(workbook, book.phrases("evidence"), book.phrases)
    log = add_sheet(workbook, book.phrases("search_log"), book.phrases)
    unread = add_sheet(workbook, book.phrases("unread"), book.phrases)
    _write_cover(book, cover, annex, log, [sheet for sheet, _ in pillars])
    for sheet, pillar in pillars:
        _write_pillar(book, sheet, pillar, annex)
    _write_annex(book, annex)
    lost = _write_unread(book, unread)
    _write_search_log(book, log, _unread_in_short(lost, book.phrases, unread))
    for sheet in workbook.worksheets:
        prepare_print(sheet, book.headline, book.phrases, repeat_head=sheet is not cover)
    return workbook


def _write_cover(
    book: _Book, sheet: Worksheet, annex: Worksheet, log: Worksheet, pillar_sheets: Sequence[Worksheet]
) -> None:
    found, phrases = book.found, book.phrases
    for column, width in zip("ABCDEF", (34, 16, 12, 12, 12, 14), strict=True):
        sheet.column_dimensions[column].width = width
    _put_wide(sheet, 1, phrases("title"), lettering(bold=True, size=16))
    _put_wide(sheet, 2, phrases("draft_notice"), lettering(italic=True))
    read = [row for row in found.documents if row.status == READ]
    languages = [code for code, _ in Counter(row.language for row in read).most_common()]
    facts: list[tuple[str, Value]] = [
        (phrases("country"), found.country.name(phrases.language)),
        (phrases("code"), found.country.iso3),
        (phrases("instrument"), found.instrument.id),
        (phrases("drafted_at"), max((draft.drafted_at for draft in found.drafts), default=None)),
        (phrases("documents_read"), len(read)),
        (phrases("documents_unread"), len(found.documents) - len(read)),
        (phrases("languages_read"), phrases.language_names(languages)),
    ]
    for row, (name, value) in enumerate(facts, start=4):
        put(sheet, row, 1, name).font = lettering(bold=True)
        cell = put(sheet, row, 2, value)
        cell.alignment = Alignment(
            horizontal="right" if phrases.right_to_left else "left", wrap_text=True, vertical="top"
        )
        sheet.merge_cells(start_row=row, start_column=2, end_row=row, end_column=6)
    sheet.row_dimensions[1].height = 26
    row = _write_counts(book, sheet, 5 + 1 + len(facts), pillar_sheets)
    notes = (
        phrases("note_not_found", sheet=log.title),
        phrases("note_quotes", sheet=annex.title),
        phrases("note_language"),
        phrases("note_apostrophe"),
    )
    put(sheet, row + 1, 1, phrases("notes")).font = lettering(bold=True)
    for number, note in enumerate(notes, start=row + 2):
        _put_wide(sheet, number, note, lettering())
        sheet.row_dimensions[number].height = 31


def _put_wide(sheet: Worksheet, row: int, text: str, font: Font) -> None:
    put(sheet, row, 1, text).font = font
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=6)


def _write_counts(book: _Book, sheet: Worksheet, row: int, pillar_sheets: Sequence[Worksheet]) -> int:
    """Write a table of answers a pillar; returns the row below it."""
    phrases = book.phrases
    heads = [phrases("pillar"), phrases("questions"), *(phrases.one_of("answer", answer) for answer in ANSWERS)]
    for place, head in enumerate(heads, start=1):
        cell = put(sheet, row, place, head)
        cell.font = lettering(bold=True)
        if place > 1:
            cell.alignment = Alignment(horizontal="center", wrap_text=True)
        if place > 2:
            mark_answer(cell, ANSWERS[place - 3])
    totals: Counter[str] = Counter()
    for pillar, target in zip(book.found.instrument.pillars, pillar_sheets, strict=True):
        row += 1
        counted = Counter(draft.answer for _, draft in _drafts_of(book.found, pillar))
        totals += counted
        name = put(sheet, row, 1, f"{pillar.code} {pillar.name}")
        link_within(name, target, 1)
        name.alignment = Alignment(horizontal="right" if phrases.right_to_left else "left")
        _put_counts(sheet, row, counted)
    row += 1
    put(sheet, row, 1, phrases("total")).font = lettering(bold=True)
    _put_counts(sheet, row, totals)
    return row + 1


def _put_counts(sheet: Worksheet, row: int, counted: Counter[str]) -> None:
    for place, count in enumerate((counted.total(), *(counted[answer] for answer in ANSWERS)), start=2):
        put(sheet, row, place, count).alignment = Alignment(horizontal="center")


def _drafts_of(found: DraftedCountry, pillar: Pillar) -> list[tuple[str, DraftRow]]:
    """Return text and draft of a pillar's questions that were drafted."""
    questions = [question for indicator in pillar.indicators for question in indicator.questions]
    return [(q.text, found.by_question[q.code]) for q in questions if q.code in found.by_question]


def _write_pillar(book: _Book, sheet: Worksheet, pillar: Pillar, annex: Worksheet) -> None:
    phrases = book.phrases
    columns = (
        Column(phrases("code"), 7), Column(phrases("question"), 30), Column(phrases("answer"), 11),
        Column(phrases("confidence"), 11, "share"), Column(phrases("stance"), 12), Column(phrases("quote"), 46),
        Column(phrases("document"), 20), Column(phrases("address"), 26),
        Column(phrases("archived"), 16, "moment"), Column(phrases("page"), 6, "number"),
        Column(phrases("rationale"), 30), Column(phrases("look_first"), 22), Column(phrases("evidence"), 9),
    )  # fmt: skip
    drafts = _drafts_of(book.found, pillar)
    write_table(sheet, columns, [_pillar_row(book, text, draft) for text, draft in drafts])
    for number, (_, draft) in enumerate(drafts, start=2):
        answer = sheet.cell(number, 3)
        mark_answer(answer, draft.answer)  # type: ignore[arg-type]  # a plain cell: nothing is merged here
        evidence = book.found.evidence_of(draft)
        if evidence:
            link_within(sheet.cell(number, len(columns)), annex, book.first_number[draft.question] + 1)  # type: ignore[arg-type]


def _pillar_row(book: _Book, text: str, draft: DraftRow) -> list[Value]:
    phrases = book.phrases
    evidence = book.found.evidence_of(draft)
    best = evidence[0] if evidence else None
    return [
        draft.question,
        text,
        phrases.one_of("answer", draft.answer),
        draft.confidence,
        phrases.one_of("stance", best.stance) if best else None,
        best.quote if best else None,
        (best.document_title or best.document_name) if best else None,
        best.url if best else None,
        best.captured_at if best else None,
        best.page if best else None,
        draft.rationale,
        "\n".join(part for part in (draft.contradiction, draft.needs_look) if part) or None,
        _numbers(book, draft, evidence),
    ]


def _numbers(book: _Book, draft: DraftRow, evidence: Sequence[EvidenceRow]) -> str | None:
    """Return the numbers of a draft's evidence in the annex, such as `12` or `12 – 15`."""
    if not evidence:
        return None
    first = book.first_number[draft.question]
    return str(first) if len(evidence) == 1 else f"{first} – {first + len(evidence) - 1}"


def _write_annex(book: _Book, sheet: Worksheet) -> None:
    phrases = book.phrases
    columns = (
        Column(phrases("number"), 6, "number"), Column(phrases("code"), 7), Column(phrases("stance"), 12),
        Column(phrases("score"), 8, "share"), Column(phrases("quote"), 54), Column(phrases("document"), 22),
        Column(phrases("act_article"), 18), Column(phrases("address"), 30), Column(phrases("page"), 6, "number"),
        Column(phrases("start"), 10, "number"), Column(phrases("end"), 10, "number"),
        Column(phrases("archived"), 16, "moment"), Column(phrases("sha256"), 34, "code"),
        Column(phrases("origin"), 28), Column(phrases("language"), 11),
    )  # fmt: skip
    rows: list[list[Value]] = [
        [
            number,
            draft.question,
            phrases.one_of("stance", row.stance),
            row.score,
            row.quote,
            row.document_title or row.document_name,
            ", ".join(part for part in (row.act, row.article) if part) or None,
            row.url,
            row.page,
            row.start,
            row.end,
            row.captured_at,
            row.document_id,
            _origin(row, phrases),
            phrases.language_name(row.language),
        ]
        for number, (draft, row) in enumerate(book.annex, start=1)
    ]
    write_table(sheet, columns, rows)


def _origin(row: EvidenceRow, phrases: Phrases) -> str:
    """Return where the capture comes from, and what else weakens or strengthens it."""
    picture = row.ocr_confidence is not None
    read = phrases("read_from_picture", share=f"{row.ocr_confidence:.2f}") if picture else ""
    digits = phrases("digits_to_check", digits=", ".join(row.unreliable_digits)) if row.unreliable_digits else ""
    return "\n".join(part for part in (row.origin, row.fact, read, digits) if part)


def _write_search_log(book: _Book, sheet: Worksheet, unread: str) -> None:
    """Write what was searched for every question that is not found; `unread` says what could not be."""
    phrases, found = book.phrases, book.found
    columns = (
        Column(phrases("code"), 7), Column(phrases("question"), 30), Column(phrases("sources_tried"), 28),
        Column(phrases("documents_read"), 11, "number"), Column(phrases("languages_searched"), 13),
        Column(phrases("terms"), 34), Column(phrases("first_capture"), 16, "moment"),
        Column(phrases("last_capture"), 16, "moment"), Column(phrases("nearest_misses"), 46),
        Column(phrases("not_yet_searched"), 30), Column(phrases("documents_unread"), 18),
    )  # fmt: skip
    rows: list[list[Value]] = []
    for question in found.instrument.questions:
        draft, log = found.by_question.get(question.code), found.log_by_question.get(question.code)
        if draft and draft.answer == "not_found" and log:
            rows.append([
                question.code, question.text, "\n".join(log.sources_tried), log.documents_read,
                phrases.language_names(log.languages), ", ".join(log.terms), log.first_capture, log.last_capture,
                _lines(log.nearest_misses, phrases), _lines(log.not_yet_searched, phrases),
                unread,
            ])  # fmt: skip
    write_table(sheet, columns, rows)


def _lines(items: Sequence[str], phrases: Phrases) -> str:
    return "\n".join(items) or phrases("none")


def _unread_in_short(count: int, phrases: Phrases, unread: Worksheet) -> str:
    """Return how many rows the sheet of unread documents has: the same for every question, so they stand there once."""
    return phrases("see_sheet", count=str(count), sheet=unread.title) if count else phrases("none")


def _write_unread(book: _Book, sheet: Worksheet) -> int:
    """Write the documents that were not read or only in part, then the addresses that gave none; return how many."""
    phrases, found = book.phrases, book.found
    columns = (
        Column(phrases("document"), 30), Column(phrases("address"), 44), Column(phrases("status"), 18),
        Column(phrases("reason"), 60), Column(phrases("archived"), 16, "moment"), Column(phrases("sha256"), 34, "code"),
        Column(phrases("origin"), 28),
    )  # fmt: skip
    documents = sorted((row for row in found.documents if row.status != READ or row.reason), key=_read_last)
    rows: list[list[Value]] = [
        [
            row.title or row.name,
            row.url,
            phrases.one_of("status", row.status),
            row.reason,
            row.captured_at,
            row.document_id,
            row.origin,
        ]
        for row in documents
    ]
    named = {row.url for row in documents}
    rows += [
        [None, issue.subject, phrases("status_not_reached"), issue.message, None, None, None]
        for issue in found.issues
        if issue.stage in {"crawl", "replay"} and issue.subject not in named
    ]
    write_table(sheet, columns, rows)
    return len(rows)


def _read_last(row: DocumentRow) -> bool:
    return row.status == READ
