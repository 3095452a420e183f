"""Dagster's side: definitions load, the schedule picks who needs research, the desk is rebuilt once after a batch."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from assets.workplace import Workplace, publish
from pipelines.retention import DAYS_KEPT, forget_old_runs
from store.lake import open_lake
from store.settings import Settings
from store.tables import DRAFTS, DraftRow
from tests.pipelines.desk import Desk
from tests.store.test_lake import draft

ROOT = Path(__file__).parents[2]


def test_dg_check_defs_passes(data_dir: Path) -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "dg"), "check", "defs"],
        cwd=ROOT,
        env={**os.environ, "GCIDESK_DATA": str(data_dir), "DAGSTER_HOME": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert not data_dir.exists(), "loading the definitions must not touch the disk"


def test_a_run_that_finds_nothing_new_loads_neither_matcher_nor_crawler() -> None:
    program = (
        "import sys, pipelines.definitions, pipelines.research\n"
        "heavy = {'spacy', 'scrapy', 'evidence.matcher', 'pdfplumber', 'pypdfium2', 'trafilatura', 'pandas'}\n"
        "print(sorted(heavy & set(sys.modules)))\n"
    )
    command = [sys.executable, "-W", "ignore", "-c", program]
    assert subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_rows_that_fail_a_check_are_not_written(data_dir: Path) -> None:
    workplace = Workplace(Settings(data_dir=data_dir))
    workplace.lake.write(DRAFTS, "XDM", [draft(f"L.1.{number}") for number in range(20)])

    def write(rows: list[DraftRow], accepted: str = "") -> list[bool]:
        results: Iterator[dg.AssetCheckResult] = publish(workplace, DRAFTS, "XDM", rows, accepted=accepted)
        return [result.passed for result in results]

    with pytest.raises(dg.Failure, match="fewer"):
        write([draft()])
    assert len(open_lake(workplace.settings).read(DRAFTS, "XDM", DraftRow)) == 20
    assert write([draft()], accepted="the ministry closed its site") == [True, True]
    assert len(open_lake(workplace.settings).read(DRAFTS, "XDM", DraftRow)) == 1


def test_the_nightly_refresh_takes_who_needs_desk_research(data_dir: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(
        "iso3,focal_point_confirmed_on,reached_through_office,answered_on,note\n"
        "KEN,,no,,\nRWA,2025-05-01,no,2026-09-01,\nTCD,,no,,\n"
    )
    Desk(data_dir).run("roster", "import", str(roster))
    program = (
        "import datetime, dagster as dg\n"
        "from pipelines.definitions import defs\n"
        "night = datetime.datetime(2026, 11, 20, 22, tzinfo=datetime.UTC)\n"
        "with dg.DagsterInstance.ephemeral() as instance:\n"
        "    with dg.build_schedule_context(instance=instance, scheduled_execution_time=night,\n"
        "                                   repository_def=defs.get_repository_def(),\n"
        "                                   resources=defs.resources) as context:\n"
        "        schedule = defs.resolve_schedule_def('nightly_refresh')\n"
        "        data = schedule.evaluate_tick(context)\n"
        "print(data.skip_message or [request.partition_key for request in data.run_requests])\n"
    )

    def evaluate(contact: str) -> str:
        return subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program],
            cwd=ROOT,
            env={**os.environ, "GCIDESK_DATA": str(data_dir), "GCIDESK_CONTACT": contact},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    assert evaluate("desk@example.org") == "['KEN', 'TCD']"
    assert "GCIDESK_CONTACT" in evaluate("")


def test_the_desk_is_rebuilt_once_after_a_batch() -> None:
    from pipelines.schedules import desk_after_batch

    def look(cursor: str | None) -> tuple[object, str | None]:
        context = dg.build_sensor_context(instance=instance, cursor=cursor)
        return desk_after_batch(context), context.cursor

    with dg.instance_for_test() as instance:
        assert "Nothing has run" in str(look(None)[0])
        running = dg.DagsterRun(job_name="research_country", run_id="1" * 8, status=dg.DagsterRunStatus.STARTED)
        instance.add_run(running)
        assert "under way" in str(look(None)[0])
        instance.delete_run(running.run_id)
        instance.add_run(running.with_status(dg.DagsterRunStatus.SUCCESS))
        request, cursor = look(None)
        assert isinstance(request, dg.RunRequest)
        assert "current" in str(look(cursor)[0])


def test_old_ended_runs_are_forgotten_with_their_logs_and_running_ones_are_not() -> None:
    with dg.instance_for_test() as instance:
        for number, status in enumerate(("SUCCESS", "FAILURE", "STARTED")):
            run = dg.DagsterRun(job_name="research_country", run_id=str(number) * 8)
            instance.add_run(run.with_status(dg.DagsterRunStatus[status]))
            (Path(instance.storage_directory()) / run.run_id).mkdir(parents=True)
        soon = datetime.now(UTC) + timedelta(days=DAYS_KEPT - 1)
        assert forget_old_runs(instance, soon) == 0
        assert forget_old_runs(instance, soon + timedelta(days=2)) == 2
        assert [run.status.value for run in instance.get_runs()] == ["STARTED"]
        assert [path.name for path in Path(instance.storage_directory()).iterdir()] == ["2" * 8]


def test_every_asset_has_blocking_checks() -> None:
    from pipelines.definitions import defs

    graph = defs.resolve_asset_graph()
    checked = {key.asset_key.to_user_string() for key in graph.asset_check_keys if graph.get_check_spec(key).blocking}
    assert checked == {"captures", "documents", "evidence", "drafts", "validation_queue", "facts"}
