"""What every asset works with: settings, lake, today's date, and where progress is told.

Belongs here: the one Dagster resource, and publishing rows behind their checks. Does not belong here: what a stage
does.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import dagster as dg

from spiders.monitors import MonitorResult
from store.lake import Lake, open_lake
from store.publication import CheckOutcome, check_counts, check_schema
from store.settings import Settings
from store.tables import Table, now

Progress = Callable[[str, int, int, str], None]
"""Called with stage, how many are done, how many there are, and a few words."""


def _silent(stage: str, done: int, total: int, words: str) -> None:
    """Tell nobody: Dagster's own log is enough."""


@dataclass(frozen=True)
class Workplace:
    """The data directory that a run works on."""

    settings: Settings
    progress: Progress = field(default=_silent)

    @property
    def lake(self) -> Lake:
        """The lake of the data directory."""
        return open_lake(self.settings)

    @property
    def today(self) -> date:
        """The day of the run, UTC."""
        return now().date()

    def tell(self, stage: str) -> Callable[[int, int, str], None]:
        """Return a progress function for one stage."""
        return lambda done, total, words: self.progress(stage, done, total, words)


class AcceptConfig(dg.Config):
    """Options that every stage of a run shares."""

    accepted: str = ""
    """Why a person accepts a fall in counts; empty blocks it."""


def check_specs(asset: str, *extra: str) -> list[dg.AssetCheckSpec]:
    """Return the blocking checks of an asset: schema, counts, and what the stage adds."""
    return [dg.AssetCheckSpec(name, asset=asset, blocking=True) for name in ("schema", "counts", *extra)]


def crawl_check_specs(asset: str, *extra: str) -> list[dg.AssetCheckSpec]:
    """Return the checks of an asset that crawls: the blocking ones, and the monitors of the crawl, which warn."""
    return [*check_specs(asset, *extra), dg.AssetCheckSpec("monitors", asset=asset)]


def publish(
    workplace: Workplace,
    table: Table,
    partition: str,
    rows: Sequence[Any],
    *,
    accepted: str = "",
    extra: Sequence[CheckOutcome] = (),
) -> Iterator[dg.AssetCheckResult]:
    """Yield the checks of a stage's rows and write them when all pass; raises dg.Failure when one blocks.

    Nothing is written then, so the last good partition stands.
    """
    outcomes = [check_schema(table, rows), check_counts(workplace.lake, table, partition, len(rows), accepted), *extra]
    for outcome in outcomes:
        yield dg.AssetCheckResult(
            check_name=outcome.name, passed=outcome.passed, metadata={"found": dg.MetadataValue.text(outcome.message)}
        )
    blocking = [outcome.message for outcome in outcomes if not outcome.passed]
    if blocking:
        raise dg.Failure(description=" ".join(blocking), allow_retries=False)
    workplace.lake.write(table, partition, rows)


def passed_unchanged(*names: str) -> Iterator[dg.AssetCheckResult]:
    """Yield passed checks for a stage whose input did not change: its partition was checked when it was written."""
    for name in ("schema", "counts", *names):
        yield dg.AssetCheckResult(
            check_name=name, passed=True, metadata={"found": "input unchanged since the last good run"}
        )


def monitors_check(results: Sequence[MonitorResult]) -> dg.AssetCheckResult:
    """Return the monitors of a crawl as one check that warns and does not block: what was captured is still true."""
    failing = [f"{result.name}: {result.message}" for result in results if not result.passed]
    return dg.AssetCheckResult(
        check_name="monitors",
        passed=not failing,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(failing) or "all monitors hold",
        metadata={result.name: result.message for result in results},
    )
