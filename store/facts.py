"""Facts of repositories, by country.

Belongs here: collecting one country's rows over all repositories. Does not belong here: reading a repository.
"""

from __future__ import annotations

from store.lake import Lake
from store.row_schema import from_arrow
from store.tables import FACTS, FactRow


def facts_about(lake: Lake, country: str) -> list[FactRow]:
    """Return the facts that any repository states about a country, in the repositories' alphabetical order."""
    found: list[FactRow] = []
    for repository in lake.partitions(FACTS):
        rows = from_arrow(FactRow, lake.read_arrow(FACTS, repository))
        found += [row for row in rows if row.country == country]
    return found
