"""Finding every quote again: the proof behind rule 1.

Belongs here: comparing evidence with the text layers and the archive. Does not belong here: making either.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from store.archive import read_payload
from store.digests import identify, payload_digest
from store.errors import GcideskError
from store.readings import load_text
from store.settings import Settings
from store.tables import CaptureRow, EvidenceRow


@dataclass(frozen=True)
class Fault:
    """A quote or payload that could not be found again: what, and why."""

    subject: str
    message: str


@dataclass(frozen=True)
class Verification:
    """The outcome for one country."""

    country: str
    quotes: int
    payloads: int
    faults: tuple[Fault, ...]


def verify_country(
    settings: Settings, country: str, captures: Sequence[CaptureRow], evidence: Sequence[EvidenceRow]
) -> Verification:
    """Find every quote of a country in its text layer again, and check the digest of every payload in the archive."""
    faults = [*quote_faults(settings, evidence), *_payload_faults(settings, captures)]
    return Verification(country, len(evidence), len(captures), tuple(faults))


def quote_faults(settings: Settings, evidence: Sequence[EvidenceRow]) -> Iterator[Fault]:
    """Yield a fault for every quote that does not stand in its text layer at its offsets."""
    by_layer: dict[tuple[str, str], list[EvidenceRow]] = {}
    for row in evidence:
        by_layer.setdefault((row.reader_version, row.document_id), []).append(row)
    for (reader_version, document_id), rows in by_layer.items():
        try:
            text = load_text(settings, reader_version, document_id)
        except GcideskError as error:
            yield Fault(rows[0].url, str(error))
            continue
        yield from _faults_in_layer(rows, text, identify(reader_version, text))


def _faults_in_layer(rows: Sequence[EvidenceRow], text: str, layer: str) -> Iterator[Fault]:
    for row in rows:
        if row.text_layer_id != layer:
            yield Fault(row.url, f"{row.question}: the text layer changed since the quote was taken")
        elif text[row.start : row.end] != row.quote:
            yield Fault(row.url, f"{row.question}: the quote does not stand at {row.start} to {row.end} any more")


def _payload_faults(settings: Settings, captures: Sequence[CaptureRow]) -> Iterator[Fault]:
    for capture in captures:
        try:
            payload = read_payload(settings, capture)
        except GcideskError as error:
            yield Fault(capture.url, str(error))
            continue
        if payload_digest(payload) != capture.payload_digest:
            yield Fault(capture.url, f"the payload in {capture.warc_file} differs from its digest")
