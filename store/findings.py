"""Findings: the evidence of one document by one matcher version; an unchanged document is never matched twice.

Belongs here: the files `findings/<matcher version>/<dd>/<key>.parquet`. Does not belong here: matching (`evidence`), or
the `evidence` table of a country (`lake`). Findings can be deleted at any time; the next run makes them again.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import pyarrow.parquet as pq

from store.row_schema import from_arrow, to_arrow
from store.settings import Settings
from store.tables import EvidenceRow

Row = TypeVar("Row")


def findings_path(settings: Settings, matcher_version: str, key: str) -> Path:
    """Return where the findings of `key` lie; the key must cover everything that a finding depends on."""
    return settings.data_dir / "findings" / matcher_version / key[:2] / f"{key}.parquet"


def save_findings(
    settings: Settings, matcher_version: str, key: str, rows: Sequence[Any], row: type = EvidenceRow
) -> None:
    """Write the findings of one document, rows of class `row`, beside and rename; an empty list is a finding too."""
    path = findings_path(settings, matcher_version, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        pq.write_table(to_arrow(row, rows), beside, compression="zstd")
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


def load_findings(settings: Settings, matcher_version: str, key: str, row: type[Row]) -> list[Row] | None:
    """Return the findings of `key` as rows of a class, or None when they were not made yet."""
    path = findings_path(settings, matcher_version, key)
    return from_arrow(row, pq.read_table(path)) if path.exists() else None
