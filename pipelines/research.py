"""Running the research job in this process, for the command line.

Belongs here: one run a country through Dagster, the desk once after the batch. Does not belong here: printing (`cli`).
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from assets.captures import CaptureConfig
from assets.workplace import Progress, Workplace
from pipelines.definitions import build_defs
from pipelines.django_setup import prepare_decisions
from pipelines.instance import open_instance
from pipelines.jobs import READ_REPOSITORY, REBUILD_DESK, RESEARCH_COUNTRY
from store.errors import ExitCode, GcideskError
from store.settings import Settings, prepare_data_dir


class RunFailedError(GcideskError):
    """One or more runs failed; the last good files stand."""

    exit_code = ExitCode.RUN_FAILED


@dataclass(frozen=True)
class RunOutcome:
    """How the run of one country or repository ended."""

    subject: str
    run_id: str
    succeeded: bool
    reason: str


_STAGES = ("documents", "evidence", "drafts", "validation_queue")


def research(
    settings: Settings, countries: Sequence[str], config: CaptureConfig, progress: Progress
) -> list[RunOutcome]:
    """Research countries one after another, then rebuild the desk; a country that fails does not stop the others."""
    workplace = Workplace(settings, progress)
    return _run_batch(workplace, RESEARCH_COUNTRY.name, countries, _research_config(config))


def read_repositories(settings: Settings, names: Sequence[str], replay: Sequence[str]) -> list[RunOutcome]:
    """Read repositories one after another, then rebuild the desk."""
    config = {**_QUIET, "ops": {"facts": {"config": {"replay": list(replay)}}}}
    return _run_batch(Workplace(settings), READ_REPOSITORY.name, names, config)


def _run_batch(
    workplace: Workplace, job_name: str, partitions: Sequence[str], run_config: dict[str, Any]
) -> list[RunOutcome]:
    prepare_data_dir(workplace.settings)
    prepare_decisions(workplace.settings)
    _silence_dagster()
    with open_instance(workplace.settings) as instance:
        definitions = build_defs(workplace)
        job = definitions.resolve_job_def(job_name)
        outcomes = [_run(job, instance, partition, run_config) for partition in partitions]
        workplace.progress("desk", 0, 1, "desk.duckdb")
        desk = _run(definitions.resolve_job_def(REBUILD_DESK.name), instance, None, _QUIET)
        workplace.progress("desk", 1, 1, "desk.duckdb")
    return outcomes if desk.succeeded else [*outcomes, desk]


def _silence_dagster() -> None:
    """Keep Dagster's log and its notes on its own unfinished parts away from a user's terminal."""
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    for category in (dg.PreviewWarning, dg.BetaWarning):
        warnings.filterwarnings("ignore", category=category)


_QUIET: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def _research_config(config: CaptureConfig) -> dict[str, Any]:
    shared = {"config": {"accepted": config.accepted}}
    ops = {"captures": {"config": config.model_dump()}, **dict.fromkeys(_STAGES, shared)}
    return {**_QUIET, "ops": ops}


def _run(
    job: dg.JobDefinition, instance: dg.DagsterInstance, partition: str | None, run_config: dict[str, Any]
) -> RunOutcome:
    result = job.execute_in_process(
        partition_key=partition, instance=instance, run_config=run_config, raise_on_error=False
    )
    reason = "" if result.success else _reason(result)
    return RunOutcome(partition or "desk.duckdb", result.run_id, result.success, reason)


def _reason(result: dg.ExecuteInProcessResult) -> str:
    """Return the plain message of the failed step: our own words where the error is ours."""
    for event in result.all_events:
        if not event.is_step_failure:
            continue
        failure = event.step_failure_data
        if failure.user_failure_data and failure.user_failure_data.description:
            return str(failure.user_failure_data.description)
        error = failure.error
        while error is not None and error.cause is not None:
            error = error.cause
        return error.message.strip() if error is not None else "no reason given"
    return "the run ended without saying why; see Dagster's log"
