"""The `validation_queue` asset: each drafted country on its way to validation."""

from collections.abc import Iterator

import dagster as dg

from assets.drafts import drafts
from assets.partitions import COUNTRIES
from assets.workplace import AcceptConfig, Workplace, check_specs, publish
from review import services
from store.tables import DRAFTS, VALIDATION_QUEUE, DraftRow, QueueRow


@dg.asset(
    partitions_def=COUNTRIES,
    group_name="research",
    deps=[drafts],
    check_specs=check_specs("validation_queue"),
    kinds={"django"},
)
def validation_queue(
    context: dg.AssetExecutionContext, config: AcceptConfig, workplace: dg.ResourceParam[Workplace]
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """Status of a country's draft, and what is missing before it can be sent."""
    iso3 = context.partition_key
    found = workplace.lake.read(DRAFTS, iso3, DraftRow)
    drafted_at = max(row.drafted_at for row in found)
    services.prepare_database(workplace.settings)
    services.record_draft(iso3, drafted_at, workplace.settings)
    state = services.queue_state(iso3, workplace.settings)
    row = QueueRow(
        country=iso3,
        status=state.status,
        questions=len(found),
        answered=sum(draft.answer != "not_found" for draft in found),
        decided=services.decided_questions(iso3, workplace.settings),
        missing=state.missing,
        drafted_at=drafted_at,
    )
    yield from publish(workplace, VALIDATION_QUEUE, iso3, [row], accepted=config.accepted)
    yield dg.MaterializeResult(metadata={"status": row.status, "answered": row.answered, "missing": list(row.missing)})
