"""Everything that Dagster knows: assets, jobs, the nightly schedule, the sensor that rebuilds the desk.

Belongs here: putting the parts together. Does not belong here: any part's logic.
"""

import os
import warnings

import dagster as dg

from assets.captures import captures
from assets.desk_database import desk_database
from assets.documents import documents
from assets.drafts import drafts
from assets.evidence import evidence
from assets.facts import facts
from assets.handed_in import handed_in
from assets.validation_queue import validation_queue
from assets.workplace import Workplace
from pipelines.django_setup import set_django_up
from pipelines.jobs import READ_HANDED_IN, READ_REPOSITORY, REBUILD_DESK, RESEARCH_COUNTRY
from pipelines.schedules import desk_after_batch, nightly_refresh, nightly_repositories, uploads_waiting
from store.settings import load_settings

os.environ.setdefault("DAGSTER_DISABLE_TELEMETRY", "1")


def build_defs(workplace: Workplace | None = None) -> dg.Definitions:
    """Return Dagster's definitions; a test or the command line brings its own workplace."""
    set_django_up()
    return dg.Definitions(
        assets=[facts, captures, documents, evidence, drafts, validation_queue, desk_database, handed_in],
        jobs=[RESEARCH_COUNTRY, READ_REPOSITORY, REBUILD_DESK, READ_HANDED_IN],
        schedules=[nightly_repositories, nightly_refresh],
        sensors=[desk_after_batch, uploads_waiting],
        resources={
            "workplace": workplace or Workplace(load_settings()),
            "pipes": dg.PipesSubprocessClient(),
        },
        executor=dg.in_process_executor,
    )


with warnings.catch_warnings():
    warnings.simplefilter("ignore", dg.BetaWarning)
    defs = build_defs()
