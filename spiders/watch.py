"""Watching a crawl from outside, while its process runs.

Belongs here: reading a crawl's growing state for progress. Does not belong here: changing anything in it.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from spiders.outcome import STATE_FILE

SECONDS_BETWEEN_LOOKS = 0.5


@contextmanager
def watch_progress(folder: Path, expected: int, tell: Callable[[int, int, str], None]) -> Iterator[None]:
    """Tell the number of captures in a crawl's state folder until the block ends.

    `expected` is the most pages the crawl may take; 0 when nobody knows, and then the pages seen so far stand for it.
    """
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(SECONDS_BETWEEN_LOOKS):
            captures = count_captures(folder)
            tell(captures, max(expected, captures + 1), "pages")

    watcher = threading.Thread(target=look, name="crawl watcher", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
    captures = count_captures(folder)
    tell(captures, captures, "pages")


def count_captures(folder: Path) -> int:
    """Return how many captures a crawl has made so far; 0 before it has opened its state."""
    try:
        with closing(sqlite3.connect(f"file:{folder / STATE_FILE}?mode=ro", uri=True, timeout=1)) as state:
            return int(state.execute("SELECT count(*) FROM captures").fetchone()[0])
    except sqlite3.OperationalError:  # not opened yet, or held by the writer: the next look will tell
        return 0
