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
"""Names of the jobs are part of the contract with the review site, which starts them through GraphQL."""
