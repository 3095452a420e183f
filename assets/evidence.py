"""The `evidence` asset: find the passages that bear on a question."""

from collections.abc import Iterator

import dagster as dg

from assets.documents import documents
from assets.partitions import COUNTRIES
from assets.workplace import AcceptConfig, Workplace, check_specs, passed_unchanged, publish
from evidence.matching_key import matching_key
from evidence.second_reader import read_country_again
from questionnaire.instrument import load_instrument
from store.facts import facts_about
from store.issues import replace_issues
from store.publication import CheckOutcome
from store.stage_keys import forget_key, is_unchanged, record_key
from store.tables import DOCUMENTS, EVIDENCE, NEAR_MISSES, DocumentRow
from store.verification import quote_faults


@dg.asset(
    partitions_def=COUNTRIES,
    group_name="research",
    deps=[documents],
    check_specs=check_specs("evidence", "quotes"),
    kinds={"spacy"},
)
def evidence(
    context: dg.AssetExecutionContext, config: AcceptConfig, workplace: dg.ResourceParam[Workplace]
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """One row a quote that bears on a question."""
    iso3 = context.partition_key
    instrument = load_instrument()
    found = workplace.lake.read(DOCUMENTS, iso3, DocumentRow)
    facts = facts_about(workplace.lake, iso3)
    key = matching_key(workplace.settings, instrument.id, found, facts, workplace.today)
    if is_unchanged(workplace.settings, workplace.lake, EVIDENCE, iso3, key):
        yield from passed_unchanged("quotes")
        yield dg.MaterializeResult(metadata={"unchanged": True})
        return
    from evidence.country import find_in_country
    from evidence.matcher import load_matcher

    matcher = load_matcher(instrument, workplace.settings)
    result = find_in_country(
        workplace.settings, matcher, found, facts, today=workplace.today, progress=workplace.tell("evidence")
    )
    replace_issues(workplace.lake, iso3, ["evidence"], result.issues)
    forget_key(workplace.settings, EVIDENCE, iso3)
    rows, second = read_country_again(workplace.settings, workplace.lake, iso3, result.evidence, instrument)
    workplace.lake.write(NEAR_MISSES, iso3, result.misses)
    lost = [fault.message for fault in quote_faults(workplace.settings, rows)]
    quotes = CheckOutcome("quotes", not lost, "; ".join(lost[:5]) or f"{len(rows)} quotes found again")
    yield from publish(workplace, EVIDENCE, iso3, rows, accepted=config.accepted, extra=[quotes])
    record_key(workplace.settings, EVIDENCE, iso3, key)
    yield dg.MaterializeResult(
        metadata={
            "quotes": len(rows),
            "questions with evidence": len({row.question for row in rows}),
            "near misses": len(result.misses),
            "facts from repositories": len(facts),
            **second.as_metadata(),
        }
    )
