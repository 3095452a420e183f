"""The partitions of the assets: one a country, one a repository.

Belongs here: the partition sets. Does not belong here: which of them run tonight (`pipelines.schedules`).
"""

import dagster as dg

from sources.country_files import DEMONSTRATION_CODE, country_codes
from sources.repository import repository_names

COUNTRIES = dg.StaticPartitionsDefinition([*country_codes(), DEMONSTRATION_CODE])
REPOSITORIES = dg.StaticPartitionsDefinition(list(repository_names()))
