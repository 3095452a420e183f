"""Stage keys: what a stage's last good output was made from, so that a refresh skips a stage whose input is the same.

Belongs here: one small file a table and partition, taken away before the partition is replaced and written after it.
Does not belong here: what a key covers (the stage's room decides).
"""

from __future__ import annotations

import os
import uuid
from pathlib import Path

from store.lake import Lake
from store.settings import Settings
from store.tables import Table


def is_unchanged(settings: Settings, lake: Lake, table: Table, partition: str, key: str) -> bool:
    """Tell whether a partition stands and was made from the input that `key` names."""
    path = _path(settings, table, partition)
    return lake.exists(table, partition) and path.exists() and path.read_text(encoding="utf-8") == key


def has_key(settings: Settings, table: Table, partition: str) -> bool:
    """Tell whether the last run of a stage came to its end with everything done."""
    return _path(settings, table, partition).exists()


def forget_key(settings: Settings, table: Table, partition: str) -> None:
    """Forget what a partition was made from; call it before the partition is replaced, so that a kill leaves none."""
    _path(settings, table, partition).unlink(missing_ok=True)


def record_key(settings: Settings, table: Table, partition: str, key: str) -> None:
    """Record what a partition was made from; call it after the partition was written."""
    path = _path(settings, table, partition)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
    beside.write_text(key, encoding="utf-8")
    os.replace(beside, path)


def _path(settings: Settings, table: Table, partition: str) -> Path:
    return settings.data_dir / "stages" / table.name / f"{partition}.key"
