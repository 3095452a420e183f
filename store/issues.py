"""The `issues` table: what went wrong, kept by stage.

Belongs here: replacing the issues of one stage without losing those of the others. Does not belong here: deciding what
is an issue (the room where it happens does).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from store.lake import Lake
from store.tables import ISSUES, IssueRow


def replace_issues(lake: Lake, country: str, stages: Collection[str], rows: Sequence[IssueRow]) -> None:
    """Write `rows` as the issues of `stages`; issues of other stages stay."""
    kept = [row for row in lake.read_if_any(ISSUES, country, IssueRow) if row.stage not in stages]
    lake.write(ISSUES, country, [*kept, *rows])
