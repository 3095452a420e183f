"""The `facts` asset: the rows of one repository about countries."""

from collections.abc import Iterator

import dagster as dg

from assets.partitions import REPOSITORIES
from assets.workplace import AcceptConfig, Workplace, crawl_check_specs, monitors_check, publish
from extractors.reader import ReaderPool
from extractors.repositories.collection import collect
from extractors.repositories.isolated import isolated_parse
from extractors.repositories.pages import captured_pages, general_reading
from sources.repository import load_repository
from spiders.launch import command, write_job
from spiders.monitors import check_crawl
from spiders.outcome import load_outcome, outcome_folder
from spiders.repositories.plan import plan_repository
from store.issues import replace_issues
from store.readings import save_reading
from store.tables import FACTS


class FactsConfig(AcceptConfig):
    """What a person may say about one reading of a repository."""

    replay: list[str] = []


@dg.asset(
    partitions_def=REPOSITORIES,
    group_name="repositories",
    check_specs=crawl_check_specs("facts", "shape", "assertions"),
    kinds={"scrapy"},
)
def facts(
    context: dg.AssetExecutionContext,
    config: FactsConfig,
    workplace: dg.ResourceParam[Workplace],
    pipes: dg.PipesSubprocessClient,
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """One row a statement of a repository about a country, with its own text as quote."""
    contract = load_repository(context.partition_key)
    job = plan_repository(workplace.settings, contract, tuple(config.replay))
    pipes.run(command=command(write_job(workplace.settings, job)), context=context)
    outcome = load_outcome(outcome_folder(workplace.settings, job.country, job.crawl))
    with ReaderPool() as pool:
        pages = captured_pages(workplace.settings, outcome.captures)
        collected = collect(
            contract,
            pages,
            general_reading(workplace.settings, pool),
            parse=isolated_parse(pool),
            today=workplace.today,
            accepted=config.accepted,
        )
    for reading in collected.readings:
        save_reading(workplace.settings, reading)
    replace_issues(
        workplace.lake, contract.name, ["crawl", "replay", "repository"], [*outcome.issues, *collected.issues]
    )
    yield monitors_check(check_crawl(outcome.statistics, contract.monitors))
    yield from publish(
        workplace, FACTS, contract.name, collected.rows, accepted=config.accepted, extra=collected.checks
    )
    yield dg.MaterializeResult(
        metadata={
            "facts": len(collected.rows),
            "countries": len({row.country for row in collected.rows}),
            "rows without a country": len(collected.unattributed),
            "checked by hand": contract.verified_text,
        }
    )
