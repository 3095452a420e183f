"""When work runs by itself: repositories, then countries, every night; the desk once after a batch.

Belongs here: schedules and sensors. Does not belong here: which countries need research (`review.services` knows).
"""

from collections.abc import Iterator
from datetime import date

import dagster as dg

from assets.workplace import Workplace
from pipelines.jobs import READ_HANDED_IN, READ_REPOSITORY, REBUILD_DESK, RESEARCH_COUNTRY
from pipelines.retention import forget_old_runs
from sources.repository import is_due, load_repositories
from store.settings import Settings
from store.tables import FACTS, now

_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


@dg.schedule(job=READ_REPOSITORY, cron_schedule="0 20 * * *", execution_timezone="UTC")
def nightly_repositories(
    context: dg.ScheduleEvaluationContext, workplace: dg.ResourceParam[Workplace]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Read the repositories that are due by their contract or have no good rows yet, before the countries."""
    night = context.scheduled_execution_time.date()
    if not workplace.settings.contact:
        yield dg.SkipReason("GCIDESK_CONTACT is not set: a live crawl must say who asks.")
        return
    lake = workplace.lake
    due = [
        name
        for name, contract in load_repositories().items()
        if is_due(contract, night) or not lake.exists(FACTS, name)
    ]
    if not due:
        yield dg.SkipReason("No repository is due tonight.")
    for name in due:
        yield dg.RunRequest(run_key=f"{night.isoformat()} {name}", partition_key=name)


@dg.schedule(job=RESEARCH_COUNTRY, cron_schedule="0 22 * * *", execution_timezone="UTC")
def nightly_refresh(
    context: dg.ScheduleEvaluationContext, workplace: dg.ResourceParam[Workplace]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Refresh every country that needs desk research and whose file is still open."""
    night = context.scheduled_execution_time.date()
    chosen = countries_of_the_night(night, workplace.settings)
    if not chosen:
        yield dg.SkipReason("No country needs desk research. Import a roster with 'gcidesk roster import FILE'.")
        return
    if not workplace.settings.contact:
        yield dg.SkipReason("GCIDESK_CONTACT is not set: a live crawl must say who asks.")
        return
    for iso3 in chosen:
        yield dg.RunRequest(run_key=f"{night.isoformat()} {iso3}", partition_key=iso3)


def countries_of_the_night(night: date, settings: Settings) -> list[str]:
    """Return the countries that a refresh takes: in need of desk research, and not final yet."""
    from review import services

    services.prepare_database(settings)
    wanted = services.countries_to_research(night, settings.roster_months)
    return [entry.iso3 for entry, _ in wanted if services.file_state(entry.iso3) != "final"]


@dg.sensor(job=REBUILD_DESK, minimum_interval_seconds=60)
def desk_after_batch(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Rebuild the desk when research has ended since the last rebuild and none is under way; forget old runs then."""
    instance = context.instance
    jobs = (RESEARCH_COUNTRY.name, READ_REPOSITORY.name)
    if any(instance.get_runs_count(dg.RunsFilter(job_name=job, statuses=_UNDER_WAY)) for job in jobs):
        return dg.SkipReason("A batch is under way.")
    newest = [
        record.storage_id for job in jobs for record in instance.get_run_records(dg.RunsFilter(job_name=job), limit=1)
    ]
    if not newest:
        return dg.SkipReason("Nothing has run yet.")
    mark = str(max(newest))
    if context.cursor == mark:
        return dg.SkipReason("The desk is current.")
    context.update_cursor(mark)
    forget_old_runs(instance, now())
    return dg.RunRequest(run_key=f"desk after run {mark}")


@dg.sensor(job=READ_HANDED_IN, minimum_interval_seconds=20, default_status=dg.DefaultSensorStatus.RUNNING)
def uploads_waiting(
    context: dg.SensorEvaluationContext, workplace: dg.ResourceParam[Workplace]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Read the files and texts that people handed in, a run a country; what a run left is tried again the next day."""
    from review import services

    services.prepare_database(workplace.settings)
    countries = services.countries_with_uploads()
    if not countries:
        yield dg.SkipReason("Nothing was handed in.")
    for iso3 in countries:
        newest = services.uploads_to_read(iso3, workplace.settings)[-1].id
        yield dg.RunRequest(run_key=f"{workplace.today.isoformat()} {iso3} {newest}", partition_key=iso3)
