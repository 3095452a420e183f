"""Progress of long work: bars on a terminal, plain lines elsewhere; always on stderr.

Belongs here: showing progress. Does not belong here: doing or measuring work.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bars

from review.exports.safe_text import for_terminal

if TYPE_CHECKING:
    from assets.workplace import Progress

STAGES = {
    "crawl": "Crawling",
    "read": "Reading",
    "evidence": "Finding evidence",
    "draft": "Drafting",
    "desk": "Building desk.duckdb",
    "check": "Asking sources",
}
SECONDS_BETWEEN_LINES = 5.0


@contextmanager
def shown_progress() -> Iterator[Progress]:
    """Give a progress function for the time of some work."""
    console = Console(stderr=True)
    if console.is_terminal:
        with _bars(console) as show:
            yield show
    else:
        yield _Lines()


@contextmanager
def _bars(console: Console) -> Iterator[Progress]:
    columns = (
        TextColumn("{task.description:<22}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[words]}", style="dim"),
    )
    with Bars(*columns, console=console, transient=False) as bars:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int, words: str) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(STAGES.get(stage, stage), total=total, words="")
            bars.update(
                tasks[stage], completed=done, total=total, words=for_terminal(words)[:40] if done < total else ""
            )

        yield show


class _Lines:
    """One plain line when a stage begins, at most one every few seconds, and one when it ends."""

    def __init__(self) -> None:
        self._last: dict[str, float] = {}

    def __call__(self, stage: str, done: int, total: int, words: str) -> None:
        moment = time.monotonic()
        begun = stage in self._last
        if begun and done < total and moment - self._last[stage] < SECONDS_BETWEEN_LINES:
            return
        self._last[stage] = moment
        under_way = f" ({for_terminal(words)})" if words and done < total else ""
        print(f"{STAGES.get(stage, stage)}: {done} of {total}{under_way}", file=sys.stderr)
