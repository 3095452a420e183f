"""What is broken right now, as `gcidesk doctor` tells it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from pipelines.instance import open_instance
from pipelines.standing import examine_runs
from store.settings import Settings


def run(instance: dg.DagsterInstance, number: int, country: str, status: dg.DagsterRunStatus) -> None:
    made = dg.DagsterRun(job_name="research_country", run_id=str(number) * 8, tags={"dagster/partition": country})
    instance.add_run(made.with_status(status))


def test_a_failure_counts_until_the_country_ran_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    settings, moment = Settings(data_dir=tmp_path), datetime.now(UTC) + timedelta(seconds=5)
    assert examine_runs(settings, moment) == []
    with open_instance(settings) as instance:
        run(instance, 1, "KEN", dg.DagsterRunStatus.FAILURE)
        run(instance, 2, "TCD", dg.DagsterRunStatus.FAILURE)
        run(instance, 3, "KEN", dg.DagsterRunStatus.SUCCESS)
        run(instance, 4, "RWA", dg.DagsterRunStatus.STARTED)
    found = {finding.name: finding for finding in examine_runs(settings, moment)}
    assert found["newest runs"].detail == "failed: TCD"
    assert "gcidesk refresh TCD" in found["newest runs"].mend
    assert found["stuck runs"].present
    assert "nightly_refresh" in found["nightly schedules"].detail
    assert not found["Dagster's daemon"].present
    later = {finding.name: finding for finding in examine_runs(settings, moment + timedelta(hours=7))}
    assert later["stuck runs"].detail.endswith("44444444")
