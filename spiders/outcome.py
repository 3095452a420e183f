"""What a crawl left behind, as rows of the lake.

Belongs here: reading captures, issues and statistics out of a crawl's state. Does not belong here: writing them
(`frontier`), or putting them into the lake (`assets`).
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from store.errors import MissingDataError, StorageError
from store.settings import Settings
from store.tables import CaptureRow, IssueRow

STATE_FILE = "crawl.sqlite"
MAX_ISSUES_A_CODE = 200
"""Issues of one code that are listed one by one; the rest is one issue with their number."""


@dataclass(frozen=True)
class CrawlOutcome:
    """Captures in the order they were made, what went wrong, and figures of the crawl."""

    captures: list[CaptureRow]
    issues: list[IssueRow]
    statistics: dict[str, float | str] = field(default_factory=dict)


def outcome_folder(settings: Settings, country: str, crawl: str) -> Path:
    """Return the folder that holds the state of a crawl."""
    return settings.crawl_state_dir / country / crawl


def load_outcome(folder: Path) -> CrawlOutcome:
    """Return what the crawl in a state folder left; raises MissingDataError when no crawl ran there."""
    path = folder / STATE_FILE
    if not path.is_file():
        raise MissingDataError(f"There is no crawl in {folder}. Run 'gcidesk research' first.")
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as state:
            captures = [decode_capture(row[0]) for row in state.execute("SELECT row FROM captures ORDER BY id")]
            issues = _issues(state)
            figures = state.execute("SELECT name, value FROM statistics ORDER BY name").fetchall()
    except sqlite3.Error as error:
        raise StorageError(f"The state of the crawl in {folder} cannot be read ({error}). Research again.") from error
    return CrawlOutcome(captures, issues, {name: json.loads(value) for name, value in figures})


def _issues(state: sqlite3.Connection) -> list[IssueRow]:
    shown: dict[str, int] = {}
    beyond: dict[str, IssueRow] = {}
    rows: list[IssueRow] = []
    for (text,) in state.execute("SELECT row FROM issues ORDER BY weight DESC, id"):
        issue = decode_issue(text)
        shown[issue.code] = shown.get(issue.code, 0) + 1
        if shown[issue.code] <= MAX_ISSUES_A_CODE:
            rows.append(issue)
        else:
            beyond[issue.code] = issue
    for code, issue in beyond.items():
        more = shown[code] - MAX_ISSUES_A_CODE
        message = f"{more} more of this kind are not listed one by one; all stand in the state of the crawl."
        rows.append(IssueRow(**{**asdict(issue), "subject": f"{more} more", "message": message, "offset": None}))
    return rows


def encode_row(row: CaptureRow | IssueRow) -> str:
    """Return a row as JSON, times in ISO 8601."""
    return json.dumps(vars(row), ensure_ascii=False, default=datetime.isoformat)


def decode_capture(text: str) -> CaptureRow:
    """Return the capture that `encode_row` wrote."""
    values: dict[str, Any] = json.loads(text)
    told = {name: values.get(name) for name in ("captured_at", "confirmed_at")}
    moments = {name: datetime.fromisoformat(moment) for name, moment in told.items() if moment}
    return CaptureRow(**{**values, **moments})


def decode_issue(text: str) -> IssueRow:
    """Return the issue that `encode_row` wrote."""
    values: dict[str, Any] = json.loads(text)
    return IssueRow(**{**values, "occurred_at": datetime.fromisoformat(values["occurred_at"])})
