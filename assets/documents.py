"""The `documents` asset: read each new payload of a country once."""

from collections.abc import Iterable, Iterator

import dagster as dg

from assets.captures import captures
from assets.partitions import COUNTRIES
from assets.workplace import AcceptConfig, Workplace, check_specs, passed_unchanged, publish
from extractors.documents import is_kept, read_country, reading_key
from extractors.reader import ReaderPool
from sources.country_files import load_country
from sources.schema import Country
from store.digests import identify
from store.issues import replace_issues
from store.kept_documents import KeptDocuments, readings_stand
from store.stage_keys import forget_key, is_unchanged, record_key
from store.tables import CAPTURES, DOCUMENTS, CaptureRow


@dg.asset(
    partitions_def=COUNTRIES,
    group_name="research",
    deps=[captures],
    check_specs=check_specs("documents"),
    kinds={"parquet"},
)
def documents(
    context: dg.AssetExecutionContext, config: AcceptConfig, workplace: dg.ResourceParam[Workplace]
) -> Iterator[dg.AssetCheckResult | dg.MaterializeResult[None]]:
    """One row a payload as it was read, with its passages beside."""
    iso3 = context.partition_key
    found = workplace.lake.read(CAPTURES, iso3, CaptureRow)
    country = load_country(iso3)
    key = documents_key(country, found)
    unchanged = is_unchanged(workplace.settings, workplace.lake, DOCUMENTS, iso3, key)
    if unchanged and readings_stand(workplace.settings, workplace.lake, iso3):
        yield from passed_unchanged()
        yield dg.MaterializeResult(metadata={"unchanged": True})
        return
    kept = KeptDocuments.of(workplace.settings, workplace.lake, iso3, is_kept)
    with ReaderPool() as pool:
        read = read_country(workplace.settings, country, found, pool, workplace.tell("read"), known=kept.documents)
    replace_issues(workplace.lake, iso3, ["read"], read.issues)
    forget_key(workplace.settings, DOCUMENTS, iso3)
    yield from publish(workplace, DOCUMENTS, iso3, read.documents, accepted=config.accepted)
    passages = kept.write_passages(workplace.lake, iso3, read.kept, read.passages)
    if not read.resumable:
        record_key(workplace.settings, DOCUMENTS, iso3, key)
    yield dg.MaterializeResult(
        metadata={
            "documents": len(read.documents),
            "not read": sum(document.status != "read" for document in read.documents),
            "taken over from the last run": len(read.kept),
            "passages": passages,
            "characters": sum(document.characters for document in read.documents),
            "pages left for the next run": read.resumable,
        }
    )


def documents_key(country: Country, captures: Iterable[CaptureRow]) -> str:
    """Return what a country's documents are made from: its captures, and the domains that speak for the state."""
    return identify(reading_key(captures), *country.official_domains)
