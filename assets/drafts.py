"""The `drafts` asset: one answer a question, with its search log."""

from collections.abc import Iterator

import dagster as dg

from assets.evidence import evidence
from assets.partitions import COUNTRIES
from assets.workplace import AcceptConfig, Workplace, check_specs, passed_unchanged, publish
from evidence.version import MATCHER_VERSION
from questionnaire.draft_table import as_markdown, count_answers
from questionnaire.drafting import draft_country
from questionnaire.drafting_key import drafting_key
from questionnaire.instrument import load_instrument
from questionnaire.search_log import NearMiss, describe_search, host_of, log_search
from sources.country_files import load_country
from store.facts import facts_about
from store.stage_keys import forget_key, is_unchanged, record_key
from store.tables import (
    CAPTURES,
    DOCUMENTS,
    DRAFTS,
    EVIDENCE,
    ISSUES,
    NEAR_MISSES,
    SEARCH_LOG,
    CaptureRow,
    DocumentRow,
    EvidenceRow,
    IssueRow,
    NearMissRow,
    now,
)


@dg.asset(
    partitions_def=COUNTRIES,
    group_name="research",
    deps=[evidence],
    check_specs=check_specs("drafts"),
    kinds={"parquet"},
)
def drafts(
    context: dg.AssetExecutionContext, config: AcceptConfig, workplace: dg.ResourceParam[Workplace]
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """One row a question: answer, confidence, rationale and the quotes behind it."""
    country = load_country(context.partition_key)
    instrument = load_instrument()
    lake = workplace.lake
    searched = describe_search(
        country,
        lake.read(DOCUMENTS, country.iso3, DocumentRow),
        captures=lake.read(CAPTURES, country.iso3, CaptureRow),
        issues=lake.read_if_any(ISSUES, country.iso3, IssueRow),
        misses=[
            NearMiss(row.question, row.quote, row.url, row.score, row.reason)
            for row in lake.read_if_any(NEAR_MISSES, country.iso3, NearMissRow)
        ],
        repository_hosts={host_of(fact.url) for fact in facts_about(lake, country.iso3)},
    )
    found = lake.read(EVIDENCE, country.iso3, EvidenceRow)
    key = drafting_key(instrument, found, searched, today=workplace.today, matcher_version=MATCHER_VERSION)
    if is_unchanged(workplace.settings, lake, DRAFTS, country.iso3, key) and lake.exists(SEARCH_LOG, country.iso3):
        yield from passed_unchanged()
        yield dg.MaterializeResult(metadata={"unchanged": True})
        return
    forget_key(workplace.settings, DRAFTS, country.iso3)
    rows = draft_country(
        instrument,
        country.iso3,
        found,
        searched,
        today=workplace.today,
        matcher_version=MATCHER_VERSION,
        drafted_at=now(),
    )
    lake.write(SEARCH_LOG, country.iso3, log_search(instrument, searched))
    yield from publish(workplace, DRAFTS, country.iso3, rows, accepted=config.accepted)
    record_key(workplace.settings, DRAFTS, country.iso3, key)
    yield dg.MaterializeResult(
        metadata={
            **count_answers(rows),
            "questionnaire": dg.MetadataValue.md(as_markdown(instrument, rows, found)),
        }
    )
