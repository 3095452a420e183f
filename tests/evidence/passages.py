"""Passages and readings made by hand, for tests of what needs no reader."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from evidence.units import Unit
from store.readings import Reading
from store.tables import DocumentRow, Passage


def make_passage(text: str, start: int = 0, **values: Any) -> Passage:
    """Return a main paragraph of one sentence; `values` replace any field."""
    fields: dict[str, Any] = {
        "ordinal": 20, "page": None, "start": start, "end": start + len(text), "text": text, "reading_text": text,
        "sentences": (start, start + len(text)), "kind": "paragraph", "role": "main", "section": (), "article": "",
        "head": "", "head_start": None, "head_end": None, "language": "en", "script": "Latn", "ocr_confidence": None,
        "boxes": (),
    }  # fmt: skip
    return Passage(**{**fields, **values})


def make_unit(text: str, **values: Any) -> Unit:
    """Return a passage as one unit."""
    passage = make_passage(text, **values)
    return Unit(passage.start, passage.end, text, passage, passage.language, passage.head, 0)


def make_reading(*passages: tuple[str, dict[str, Any]] | str, **values: Any) -> Reading:
    """Return a reading of passages in order, one a line; each is a text or a text with fields."""
    text, made = "", []
    for ordinal, given in enumerate(passages):
        words, fields = given if isinstance(given, tuple) else (given, {})
        made.append(make_passage(words, len(text), ordinal=ordinal, **fields))
        text += words + "\n"
    fields = {
        "payload_digest": "d", "reader_version": "1", "format": "txt", "status": "read", "language": "en",
        "languages": ("en",), "text": text, "passages": tuple(made),
    }  # fmt: skip
    return Reading(**{**fields, **values})


def make_document(country: str) -> DocumentRow:
    """Return the row of a document filed under a country."""
    return DocumentRow(
        country=country, document_id="d", name="act.pdf", url="https://x.example/act.pdf", other_urls=(),
        captured_at=datetime(2026, 11, 1, tzinfo=UTC), origin="fetched by us", source_kind="", official=False,
        format="pdf", status="read", reason="", title="", language="en", languages=("en",), published_on=None, pages=1,
        characters=1, reader_version="1", text_layer_id="t",
    )  # fmt: skip
