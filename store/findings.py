"""Findings: what one matcher version found in one document; an unchanged document is never matched twice.

Belongs here: the files `findings/<matcher version>/<dd>/<key>.json`. Does not belong here: matching (`evidence`), or
the `evidence` table of a country (`lake`). Findings can be deleted at any time; the next run makes them again.

They are small and read by the thousand, so they are JSON: opening a
Parquet file of as few rows costs 1.2 ms against 0.02 ms.
"""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from store.row_schema import from_plain, to_plain
from store.settings import Settings
from store.tables import EvidenceRow, NearMissRow


@dataclass(frozen=True)
class Findings:
    """What one document holds: evidence, near misses, and why it may speak of another country (empty: it does not)."""

    evidence: tuple[EvidenceRow, ...] = ()
    near_misses: tuple[NearMissRow, ...] = ()
    foreign: str = ""


def save_findings(settings: Settings, matcher_version: str, key: str, findings: Findings) -> None:
    """Write the findings of one document beside and rename, so that a killed run leaves none or all."""
    path = _path(settings, matcher_version, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {
        "foreign": findings.foreign,
        "near_misses": [asdict(miss) for miss in findings.near_misses],
        "evidence": [to_plain(row) for row in findings.evidence],
    }
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        beside.write_bytes(json.dumps(values, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def load_findings(settings: Settings, matcher_version: str, key: str) -> Findings | None:
    """Return the findings of `key`, or None when they were not made yet."""
    try:
        payload = _path(settings, matcher_version, key).read_bytes()
    except FileNotFoundError:
        return None
    try:
        values: dict[str, Any] = json.loads(payload.decode("utf-8", "surrogatepass"))
    except ValueError:
        return None  # a power cut left half a file: the findings are made again
    return Findings(
        tuple(from_plain(EvidenceRow, row) for row in values["evidence"]),
        tuple(NearMissRow(**miss) for miss in values["near_misses"]),
        values["foreign"],
    )


def _path(settings: Settings, matcher_version: str, key: str) -> Path:
    """Return where the findings of `key` lie; the key must cover everything that a finding depends on."""
    return settings.data_dir / "findings" / matcher_version / key[:2] / f"{key}.json"
