"""The gate between computed rows and the lake: rows that fail a blocking check are never published.

Belongs here: the checks that every table shares (schema, key, counts against the last good run). Does not belong here:
checks that need to understand a row (each room has its own, such as `verification`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from store.lake import Lake
from store.row_schema import to_arrow
from store.tables import Table

FEWEST_TO_COMPARE = 10
"""Below this number of rows a fall says nothing."""

LARGEST_FALL = 0.4
"""A table that loses more than this share of its rows since the last good run is not published unasked."""


@dataclass(frozen=True)
class CheckOutcome:
    """What one blocking check found."""

    name: str
    passed: bool
    message: str


def check_schema(table: Table, rows: Sequence[Any]) -> CheckOutcome:
    """Check that rows fit the table's columns and that no key stands twice."""
    try:
        to_arrow(table.row, rows)
    except (pa.ArrowInvalid, pa.ArrowTypeError, AttributeError) as error:
        return CheckOutcome("schema", False, f"{table.name}: {error}")
    keys = [tuple(getattr(row, name) for name in table.key) for row in rows] if table.key else []
    doubles = len(keys) - len(set(keys))
    if doubles:
        return CheckOutcome("schema", False, f"{table.name}: {doubles} rows repeat the key {', '.join(table.key)}")
    return CheckOutcome("schema", True, f"{len(rows)} rows fit {table.name}")


def check_counts(lake: Lake, table: Table, partition: str, after: int, accepted: str = "") -> CheckOutcome:
    """Check that a partition does not lose many rows since the last good run, unless a person accepted it."""
    before = lake.read_arrow(table, partition, [table.key[0]]).num_rows if lake.exists(table, partition) else 0
    fall = 1 - after / before if before else 0.0
    found = f"{table.name} {partition}: {before} rows in the last good run, {after} now"
    if before < FEWEST_TO_COMPARE or fall <= LARGEST_FALL:
        return CheckOutcome("counts", True, found)
    if accepted:
        return CheckOutcome("counts", True, f"{found}; accepted: {accepted}")
    return CheckOutcome(
        "counts",
        False,
        f"{found}, {fall:.0%} fewer. The last good rows stand. If the fall is right, type: "
        f'gcidesk refresh --accept {partition} --reason "why"',
    )
