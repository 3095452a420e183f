"""Facts of repositories, by country.

Belongs here: collecting one country's rows over all repositories. Does not belong here: reading a repository.
"""

from __future__ import annotations

import pyarrow.compute as pc

from store.lake import Lake
from store.row_schema import from_arrow
from store.tables import FACTS, FactRow


def facts_about(lake: Lake, country: str) -> list[FactRow]:
    """Return the facts that any repository states about a country, in the repositories' alphabetical order."""
    found: list[FactRow] = []
    for repository in lake.partitions(FACTS):
        rows = lake.read_arrow(FACTS, repository)
        found += from_arrow(FactRow, rows.filter(pc.field("country") == country))
    return found
