"""The jobs: research one country, read one repository, rebuild the desk.

Belongs here: which assets run together. Does not belong here: when (`schedules`), or with which options (`research`).
"""

import dagster as dg

RESEARCH_COUNTRY = dg.define_asset_job(
    "research_country",
    selection=dg.AssetSelection.assets("captures", "documents", "evidence", "drafts", "validation_queue"),
    description="The whole way for one country: crawl or replay, read, find, draft, queue for validation.",
)

READ_REPOSITORY = dg.define_asset_job(
    "read_repository",
    selection=dg.AssetSelection.assets("facts"),
    description="Fetch one repository and keep its rows as facts about countries.",
)

REBUILD_DESK = dg.define_asset_job(
    "rebuild_desk",
    selection=dg.AssetSelection.assets("desk_database"),
    description="Rebuild desk.duckdb from the lake, once after a batch.",
)
READ_HANDED_IN = dg.define_asset_job(
    "read_handed_in",
    selection=dg.AssetSelection.assets("handed_in"),
    description="Read the files and texts that people handed in for one country; the lake is not touched.",
)
"""Names of the jobs are part of the contract with the review site, which starts them through GraphQL."""
