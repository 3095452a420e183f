"""Findings: what one matcher version found in one document; an unchanged document is never matched twice.

Belongs here: the files `findings/<matcher version>/<dd>/<key>.*`. Does not belong here: matching (`evidence`), or the
`evidence` table of a country (`lake`). Findings can be deleted at any time; the next run makes them again.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from store.row_schema import from_arrow, to_arrow
from store.settings import Settings
from store.tables import EvidenceRow, NearMissRow


@dataclass(frozen=True)
class Findings:
    """What one document holds: evidence, near misses, and why it may speak of another country (empty: it does not)."""

    evidence: tuple[EvidenceRow, ...] = ()
    near_misses: tuple[NearMissRow, ...] = ()
    foreign: str = ""


def save_findings(settings: Settings, matcher_version: str, key: str, findings: Findings) -> None:
    """Write the findings of one document; the evidence comes last, so that a killed run leaves none or all."""
    path = _path(settings, matcher_version, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = {"foreign": findings.foreign, "near_misses": [asdict(miss) for miss in findings.near_misses]}
    _replace(path.with_suffix(".json"), json.dumps(beside, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    _replace(path, findings.evidence)


def load_findings(settings: Settings, matcher_version: str, key: str) -> Findings | None:
    """Return the findings of `key`, or None when they were not made yet."""
    path = _path(settings, matcher_version, key)
    if not path.exists():
        return None
    beside: dict[str, Any] = json.loads(path.with_suffix(".json").read_bytes().decode("utf-8", "surrogatepass"))
    return Findings(
        tuple(from_arrow(EvidenceRow, pq.read_table(path))),
        tuple(NearMissRow(**miss) for miss in beside["near_misses"]),
        beside["foreign"],
    )


def _path(settings: Settings, matcher_version: str, key: str) -> Path:
    """Return where the findings of `key` lie; the key must cover everything that a finding depends on."""
    return settings.data_dir / "findings" / matcher_version / key[:2] / f"{key}.parquet"


def _replace(path: Path, content: bytes | Sequence[EvidenceRow]) -> None:
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        if isinstance(content, bytes):
            beside.write_bytes(content)
        else:
            pq.write_table(to_arrow(EvidenceRow, content), beside, compression="zstd")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
