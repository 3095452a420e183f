"""The `captures` asset: crawl or replay one country into the archive."""

from collections.abc import Iterator

import dagster as dg

from assets.handed_in import read_uploads
from assets.partitions import COUNTRIES
from assets.workplace import AcceptConfig, Workplace, crawl_check_specs, monitors_check, publish
from questionnaire.instrument import load_instrument
from review import services
from sources.country_files import load_country
from spiders.launch import command, write_job
from spiders.monitors import check_crawl
from spiders.outcome import load_outcome, outcome_folder
from spiders.plan import CrawlOptions, plan_crawl
from spiders.watch import watch_progress
from store.captures import NOT_MODIFIED, is_readable, join_captures
from store.issues import replace_issues
from store.tables import CAPTURES, CaptureRow


class CaptureConfig(AcceptConfig):
    """What a person may say about one crawl; the defaults are those of the nightly refresh."""

    replay: list[str] = []
    seeds: list[str] = []
    from_seeds: bool = False
    max_pages: int = 300
    fresh: bool = False


@dg.asset(
    partitions_def=COUNTRIES,
    group_name="research",
    check_specs=crawl_check_specs("captures"),
    kinds={"scrapy"},
)
def captures(
    context: dg.AssetExecutionContext,
    config: CaptureConfig,
    workplace: dg.ResourceParam[Workplace],
    pipes: dg.PipesSubprocessClient,
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """One row an address seen, archived as WARC."""
    country = load_country(context.partition_key)
    services.prepare_database(workplace.settings)
    options = CrawlOptions(
        replay_files=tuple(config.replay),
        extra_seeds=(*config.seeds, *services.addresses_asked_for(country.iso3)),
        from_seeds=config.from_seeds,
        max_pages=config.max_pages,
        fresh=config.fresh,
    )
    job = plan_crawl(workplace.settings, country, load_instrument(), options)
    folder = outcome_folder(workplace.settings, job.country, job.crawl)
    with watch_progress(folder, job.max_pages, workplace.tell("crawl")):
        pipes.run(command=command(write_job(workplace.settings, job)), context=context)
    outcome = load_outcome(folder)
    earlier = [] if config.fresh else workplace.lake.read_if_any(CAPTURES, country.iso3, CaptureRow)
    rows = join_captures(earlier, outcome.captures)
    replace_issues(workplace.lake, country.iso3, ["crawl", "replay"], outcome.issues)
    yield monitors_check(check_crawl(outcome.statistics, country.monitors))
    yield from publish(workplace, CAPTURES, country.iso3, rows, accepted=config.accepted)
    services.settle_addresses(
        country.iso3,
        {row.url for row in outcome.captures if row.http_status in (200, NOT_MODIFIED)},
        {issue.subject: issue.message for issue in outcome.issues},
    )
    read_uploads(workplace, country.iso3)
    yield dg.MaterializeResult(
        metadata={
            "pages this run": len(outcome.captures),
            "pages in all": len(rows),
            "readable pages": sum(is_readable(row) for row in rows),
            "bytes": sum(row.payload_bytes for row in rows),
            "issues": len(outcome.issues),
            **{f"crawl {name}": value for name, value in outcome.statistics.items()},
        }
    )
