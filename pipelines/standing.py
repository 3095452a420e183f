"""What of the nightly work is broken right now.

Belongs here: the newest run of each country and repository, the schedules and the daemon, as findings for `gcidesk
doctor`. Does not belong here: the machine (`doctor`), or mending.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import dagster as dg

from pipelines.doctor import Finding
from pipelines.instance import open_instance
from pipelines.jobs import READ_REPOSITORY, RESEARCH_COUNTRY
from pipelines.schedules import desk_after_batch, nightly_refresh, nightly_repositories
from store.settings import Settings

NIGHTLY = (nightly_repositories.name, nightly_refresh.name, desk_after_batch.name)
DAYS_BACK = 7
LONGEST_RUN = timedelta(hours=6)
"""As `max_runtime_seconds` in `dagster.yaml`."""
SILENT_DAEMON = timedelta(minutes=5)
PARTITION_TAG = "dagster/partition"


def examine_runs(settings: Settings, moment: datetime) -> list[Finding]:
    """Look at what Dagster recorded in a data directory; nothing where nothing ever ran."""
    if not (settings.dagster_dir / "history").exists():
        return []
    with open_instance(settings) as instance:
        return [_failed(instance, moment), _stuck(instance, moment), _schedules(instance), _daemon(instance, moment)]


def _newest(instance: dg.DagsterInstance, moment: datetime) -> dict[str, dg.DagsterRun]:
    """Return the newest run of each country and repository within the last days."""
    newest: dict[str, dg.DagsterRun] = {}
    for job in (RESEARCH_COUNTRY.name, READ_REPOSITORY.name):
        wanted = dg.RunsFilter(job_name=job, updated_after=moment - timedelta(days=DAYS_BACK))
        for run in instance.get_runs(wanted):
            newest.setdefault(run.tags.get(PARTITION_TAG, run.run_id), run)
    return newest


def _failed(instance: dg.DagsterInstance, moment: datetime) -> Finding:
    newest = _newest(instance, moment)
    failed = sorted(name for name, run in newest.items() if run.status is dg.DagsterRunStatus.FAILURE)
    detail = f"failed: {', '.join(failed)}" if failed else f"{len(newest)} ran in {DAYS_BACK} days, none failed last"
    mend = f"gcidesk refresh {' '.join(failed)}  (the reason stands in the menu under Runs)"
    return Finding("newest runs", not failed, True, detail, mend)


def _stuck(instance: dg.DagsterInstance, moment: datetime) -> Finding:
    under_way = dg.RunsFilter(statuses=[dg.DagsterRunStatus.STARTED], created_before=moment - LONGEST_RUN)
    stuck = [run.run_id[:8] for run in instance.get_runs(under_way)]
    detail = f"under way for over six hours: {', '.join(stuck)}" if stuck else "none"
    return Finding("stuck runs", not stuck, True, detail, "gcidesk serve: its daemon ends them; or end them under Runs")


def _schedules(instance: dg.DagsterInstance) -> Finding:
    states = instance.all_instigator_state()
    running = {state.instigator_name for state in states if state.is_running}
    idle = [name for name in NIGHTLY if name not in running]
    mend = "switch on in the menu under Automation, or as docs/operating.md says"
    return Finding("nightly schedules", not idle, False, f"off: {', '.join(idle)}" if idle else "all on", mend)


def _daemon(instance: dg.DagsterInstance, moment: datetime) -> Finding:
    beats = [beat.timestamp for beat in instance.get_daemon_heartbeats().values()]
    alive = bool(beats) and moment.timestamp() - max(beats) < SILENT_DAEMON.total_seconds()
    return Finding("Dagster's daemon", alive, False, "answers" if alive else "does not run", "gcidesk serve")
