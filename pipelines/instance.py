"""Dagster's instance in the data directory.

Belongs here: DAGSTER_HOME and the copy of `dagster.yaml` in it. Does not belong here: what runs (`definitions`).
"""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

import dagster as dg

from store.errors import StorageError
from store.settings import Settings

TEMPLATE = Path(__file__).resolve().parents[1] / "dagster.yaml"


def prepare_instance_folder(settings: Settings) -> Path:
    """Create `data/dagster` with the current `dagster.yaml`, and point DAGSTER_HOME there."""
    folder = settings.dagster_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(TEMPLATE, folder / "dagster.yaml")
    except OSError as error:
        raise StorageError(f"Dagster's folder {folder} cannot be written ({error.strerror}).") from error
    os.environ["DAGSTER_HOME"] = str(folder)
    os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")
    _make_tables(folder)
    return folder


def _make_tables(folder: Path) -> None:
    """Let Dagster make its tables, one process at a time: two that start together in a new folder would both try."""
    made = folder / ".tables-made"
    if made.exists():
        return
    with (folder / ".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            dg.DagsterInstance.get().dispose()
            made.touch()


def open_instance(settings: Settings) -> dg.DagsterInstance:
    """Return the instance that keeps runs, events and schedules of a data directory."""
    prepare_instance_folder(settings)
    return dg.DagsterInstance.get()
