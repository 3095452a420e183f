"""The `handed_in` asset: read the files and texts that people handed in for a country.

What comes of it is kept beside the decisions, never in the lake: uploads are no captures.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import dagster as dg

from assets.partitions import COUNTRIES
from assets.workplace import Workplace
from extractors.reader import ReaderPool
from questionnaire.instrument import load_instrument
from review import services
from sources.country_files import load_country
from sources.schema import Country
from store.tables import now

if TYPE_CHECKING:
    from evidence.matcher import Matcher


@dg.asset(partitions_def=COUNTRIES, group_name="review", kinds={"django"})
def handed_in(context: dg.AssetExecutionContext, workplace: dg.ResourceParam[Workplace]) -> dg.MaterializeResult[None]:
    """Quotes out of uploads, each for the question it was handed in for."""
    services.prepare_database(workplace.settings)
    read, quotes = read_uploads(workplace, context.partition_key)
    return dg.MaterializeResult(metadata={"uploads read": read, "quotes": quotes})


def read_uploads(workplace: Workplace, iso3: str) -> tuple[int, int]:
    """Read what waits for a country and check its decisions again; returns uploads and quotes."""
    waiting = services.uploads_to_read(iso3, workplace.settings)
    if not waiting:
        return 0, 0
    from evidence.matcher import load_matcher

    matcher = load_matcher(load_instrument(), workplace.settings)
    with ReaderPool() as pool:
        quotes = _read_all(workplace, matcher, pool, load_country(iso3), waiting)
    services.look_again(iso3, workplace.settings)
    return len(waiting), quotes


def _read_all(
    workplace: Workplace,
    matcher: "Matcher",
    pool: ReaderPool,
    country: Country,
    waiting: Sequence[services.OpenRequest],
) -> int:
    from evidence.act_life import with_act_life
    from evidence.find import find_evidence

    quotes = 0
    for request in waiting:
        payload = services.take_upload(request, workplace.settings)
        if payload is None:
            continue
        reading = pool.read(
            payload,
            name=request.file_name,
            language_hints=country.languages,
            ocr_pages=workplace.settings.ocr_pages_per_run,
        )
        document = services.handed_in_document(request, reading, now())
        found = with_act_life(
            find_evidence(matcher, document, reading, today=workplace.today), reading, workplace.today
        )
        quotes += services.keep_handed_in(request, reading, found)
    return quotes
