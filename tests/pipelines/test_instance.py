"""Dagster's instance in a data directory that several programs open at once."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from pipelines.instance import open_instance
from store.settings import Settings


def _open(data_dir: str, begin: object) -> None:
    begin.wait()  # type: ignore[attr-defined]
    with open_instance(Settings(data_dir=Path(data_dir))) as instance:
        instance.get_runs_count()


def test_programs_that_start_together_in_a_new_data_directory_all_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    processes = multiprocessing.get_context("fork")
    begin = processes.Barrier(4)
    started = [processes.Process(target=_open, args=(os.fspath(tmp_path / "data"), begin)) for _ in range(4)]
    for process in started:
        process.start()
    for process in started:
        process.join(300)
    assert [process.exitcode for process in started] == [0, 0, 0, 0]
