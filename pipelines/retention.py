"""How long Dagster's own records of ended runs stay.

Belongs here: forgetting old runs with their events and logs. Does not belong here: what runs made; the lake, the
archive and people's decisions are never touched.
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg

DAYS_KEPT = 90
MOST_AT_ONCE = 100
"""A sensor has a minute; what is left goes the next night."""

ENDED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


def forget_old_runs(instance: dg.DagsterInstance, moment: datetime, *, days: int = DAYS_KEPT) -> int:
    """Delete the records of runs that ended more than `days` days ago, oldest first; returns how many."""
    old = dg.RunsFilter(statuses=ENDED, updated_before=moment - timedelta(days=days))
    runs = instance.get_runs(old, limit=MOST_AT_ONCE, ascending=True)
    for run in runs:
        instance.delete_run(run.run_id)
        shutil.rmtree(Path(instance.storage_directory()) / run.run_id, ignore_errors=True)
    return len(runs)
