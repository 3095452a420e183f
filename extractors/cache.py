"""Readings are kept: unchanged bytes are never read twice by the same reader version.

Belongs here: when a kept reading serves and when a payload is read again. Does not belong here: the files
(`store.readings`), reading itself (`reader`).
"""

from __future__ import annotations

from extractors.reader import ReaderPool
from extractors.version import READER_VERSION
from store.digests import payload_digest
from store.readings import Reading, has_reading, load_reading, save_reading
from store.settings import Settings

PASSING = frozenset({"timeout"})
"""Statuses that may be the machine's fault of the moment; such a payload is read again next time."""


def read_cached(
    settings: Settings,
    pool: ReaderPool,
    payload: bytes,
    *,
    name: str,
    declared_type: str = "",
    declared_charset: str = "",
    language_hints: tuple[str, ...] = (),
    ocr_pages: int = 0,
) -> tuple[Reading, bool]:
    """Return the kept reading of a payload, or read and keep it; and whether it was read just now.

    Keyed by payload digest and reader version: name, declared type and hints of the first address decide. A resumable
    reading (pages left for OCR) is read again when `ocr_pages` allows some; one that ran out of time is read again.
    """
    digest = payload_digest(payload)
    if has_reading(settings, READER_VERSION, digest):
        kept = load_reading(settings, READER_VERSION, digest)
        if kept.status not in PASSING and not (kept.resumable and ocr_pages > 0):
            return kept, False
    reading = pool.read(
        payload, name=name, declared_type=declared_type, declared_charset=declared_charset,
        language_hints=language_hints, ocr_pages=ocr_pages, ocr_dir=settings.readings_dir / "ocr",
    )  # fmt: skip
    save_reading(settings, reading)
    return reading, True
