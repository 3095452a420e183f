"""The `desk_database` asset: the DuckDB file that people query, rebuilt once after a batch of runs."""

import dagster as dg

from assets.workplace import Workplace
from store.desk import rebuild_desk


@dg.asset(group_name="desk", kinds={"duckdb"})
def desk_database(workplace: dg.ResourceParam[Workplace]) -> dg.MaterializeResult[None]:
    """All tables of the lake in one file; readers keep the file they have open."""
    report = rebuild_desk(workplace.settings)
    return dg.MaterializeResult(
        metadata={
            "file": dg.MetadataValue.path(str(report.file)),
            "megabytes": round(report.bytes / 1e6, 1),
            **{f"rows of {table}": rows for table, rows in report.rows.items()},
        }
    )
