"""Readings: what a reader version made of a payload, kept so that unchanged bytes are never read twice.

Belongs here: the data classes of a reading, and their files. A reading is immutable: its text is the text layer that
quotes point into. Does not belong here: reading a payload (`extractors`).
"""

from __future__ import annotations

import gzip
import json
import os
import uuid
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from store.digests import identify
from store.errors import MissingDataError
from store.settings import Settings
from store.tables import READ, Passage


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of a document with its span in the text layer; sizes in points."""

    number: int
    start: int
    end: int
    width: float = 0.0
    height: float = 0.0
    layer: str = "text"
    """text, ocr (read from a picture), or none (not read; see the reading's reason)."""


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One payload as read by one reader version.

    `status` is `read` or the reason's short name (see `DocumentRow.status`); `reason` is a sentence for a reviewer.
    `text` is the immutable first layer. Every passage satisfies `text[start:end] == passage.text`.
    """

    payload_digest: str
    reader_version: str
    format: str
    status: str
    reason: str = ""
    title: str = ""
    language: str = "und"
    languages: tuple[str, ...] = ()
    published_on: date | None = None
    text: str = ""
    pages: tuple[Page, ...] = ()
    passages: tuple[Passage, ...] = ()
    outline: tuple[str, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    resumable: bool = False
    """True when pages are left for a later run (OCR budget); such a reading is read again next time."""

    @cached_property
    def text_layer_id(self) -> str:
        """SHA-256 of reader version and text."""
        return identify(self.reader_version, self.text)

    @property
    def is_read(self) -> bool:
        """Whether evidence may come from this reading."""
        return self.status == READ


def reading_path(settings: Settings, reader_version: str, payload_digest: str) -> Path:
    """Return where the reading of a payload lies."""
    return settings.readings_dir / reader_version / payload_digest[:2] / f"{payload_digest}.json.gz"


def save_reading(settings: Settings, reading: Reading) -> Path:
    """Write a reading beside and rename; returns its path."""
    path = reading_path(settings, reading.reader_version, reading.payload_digest)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        beside.write_bytes(gzip.compress(encode_reading(reading), compresslevel=4, mtime=0))
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return path


def load_reading(settings: Settings, reader_version: str, payload_digest: str) -> Reading:
    """Return a reading; raises MissingDataError when the payload was not read by that version."""
    return decode_reading(_stored(settings, reader_version, payload_digest))


def load_text(settings: Settings, reader_version: str, payload_digest: str) -> str:
    """Return the text layer of a reading alone, twice as quick as the whole; raises MissingDataError likewise."""
    values = json.loads(_stored(settings, reader_version, payload_digest).decode("utf-8", "surrogatepass"))
    return str(values["text"])


def has_reading(settings: Settings, reader_version: str, payload_digest: str) -> bool:
    """Tell whether a payload was read by that version."""
    return reading_path(settings, reader_version, payload_digest).exists()


def _stored(settings: Settings, reader_version: str, payload_digest: str) -> bytes:
    path = reading_path(settings, reader_version, payload_digest)
    if not path.exists():
        raise MissingDataError(
            f"Payload {payload_digest} has no reading by version {reader_version}. Run 'gcidesk research' again."
        )
    return gzip.decompress(path.read_bytes())


def encode_reading(reading: Reading) -> bytes:
    """Return a reading as UTF-8 JSON; the worker processes answer in this form too."""
    return json.dumps(asdict(reading), ensure_ascii=False, default=_encode_date).encode("utf-8", "surrogatepass")


def _encode_date(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not belong in a reading")


def decode_reading(payload: bytes) -> Reading:
    """Return the reading that `encode_reading` wrote."""
    values = json.loads(payload.decode("utf-8", "surrogatepass"))
    values["pages"] = tuple(Page(**page) for page in values["pages"])
    values["passages"] = tuple(Passage(**_tuples(passage)) for passage in values["passages"])
    if values["published_on"]:
        values["published_on"] = date.fromisoformat(values["published_on"])
    return Reading(**_tuples(values))


def _tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
