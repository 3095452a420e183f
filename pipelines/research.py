"""Running the research job in this process, for the command line.

Belongs here: one run a country through Dagster, the desk once after the batch. Does not belong here: printing (`cli`).
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import dagster as dg

from assets.captures import CaptureConfig
from assets.workplace import Progress, Workplace
from pipelines.definitions import build_defs
from pipelines.django_setup import prepare_decisions
from pipelines.instance import open_instance
from pipelines.jobs import REBUILD_DESK, RESEARCH_COUNTRY
from store.errors import ExitCode, GcideskError
from store.settings import Settings, prepare_data_dir


class RunFailedError(GcideskError):
    """One or more runs failed; the last good files stand."""

    exit_code = ExitCode.RUN_FAILED


@dataclass(frozen=True)
class RunOutcome:
    """How the run of one country ended."""

    country: str
    run_id: str
    succeeded: bool
    reason: str


_STAGES = ("documents", "evidence", "drafts", "validation_queue")


def research(
    settings: Settings, countries: Sequence[str], config: CaptureConfig, progress: Progress
) -> list[RunOutcome]:
    """Research countries one after another, then rebuild the desk; a country that fails does not stop the others."""
    prepare_data_dir(settings)
    prepare_decisions(settings)
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    workplace = Workplace(settings, progress)
    with open_instance(settings) as instance:
        definitions = build_defs(workplace)
        job = definitions.resolve_job_def(RESEARCH_COUNTRY.name)
        outcomes = [_run(job, instance, country, _run_config(config)) for country in countries]
        progress("desk", 0, 1, "desk.duckdb")
        desk = definitions.resolve_job_def(REBUILD_DESK.name).execute_in_process(
            instance=instance, raise_on_error=False, run_config=_QUIET
        )
        progress("desk", 1, 1, "desk.duckdb")
        if not desk.success:
            outcomes.append(RunOutcome("desk.duckdb", desk.run_id, False, _reason(desk)))
    return outcomes


_QUIET: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def _run_config(config: CaptureConfig) -> dict[str, Any]:
    shared = {"config": {"accepted": config.accepted}}
    ops = {"captures": {"config": config.model_dump()}, **{stage: shared for stage in _STAGES}}
    return {**_QUIET, "ops": ops}


def _run(job: dg.JobDefinition, instance: dg.DagsterInstance, country: str, run_config: dict[str, Any]) -> RunOutcome:
    result = job.execute_in_process(
        partition_key=country, instance=instance, run_config=run_config, raise_on_error=False
    )
    return RunOutcome(country, result.run_id, result.success, "" if result.success else _reason(result))


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
