"""What is remembered of a country's pages between crawls.

Belongs here: validators, the place of the last payload, stored links and signatures by address, and how often each host
was asked tonight (SQLite, one file a country). Does not belong here: the state of one crawl (`frontier`).
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from spiders.links import Link
from store.archive import StoredRecord
from store.errors import StorageError

MEMORY_FILE = "memory.sqlite"
KEPT_LINKS = 2000
"""Links of one page that are remembered for an answer 304."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    key TEXT PRIMARY KEY, etag TEXT NOT NULL, last_modified TEXT NOT NULL, record TEXT NOT NULL, kind TEXT NOT NULL,
    links TEXT NOT NULL, signature TEXT NOT NULL, worth REAL NOT NULL, head TEXT NOT NULL, checked_at REAL NOT NULL,
    changed_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS nights (authority TEXT PRIMARY KEY, began REAL NOT NULL, asked INTEGER NOT NULL);
"""


@dataclass(frozen=True, kw_only=True)
class KnownPage:
    """A page as it was last seen; times are seconds since the epoch."""

    key: str
    etag: str
    last_modified: str
    record: StoredRecord
    kind: str
    links: tuple[Link, ...]
    signature: str
    worth: float
    head: dict[str, Any]
    """Fields of the last capture that a 304 answer does not repeat: type, charset, size, quality."""
    checked_at: float
    changed_at: float


class Memory:
    """The memory of one country, in `folder`."""

    def __init__(self, folder: Path) -> None:
        """Open or create the file."""
        self._path = folder / MEMORY_FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self._path, isolation_level=None, timeout=30)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise self._failure(error) from error

    def _failure(self, error: Exception) -> StorageError:
        return StorageError(
            f"The memory of earlier crawls in {self._path} cannot be written ({error}). "
            "Free space or mend the folder's rights, then run again."
        )

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def recall(self, key: str) -> KnownPage | None:
        """Return what is known of an address, or None."""
        row = self._db.execute(
            "SELECT key, etag, last_modified, record, kind, links, signature, worth, head, checked_at, changed_at "
            "FROM pages WHERE key = ?",
            (key,),
        ).fetchone()
        if row is None:
            return None
        record = json.loads(row[3])
        record["captured_at"] = datetime.fromisoformat(record["captured_at"])
        return KnownPage(
            key=row[0], etag=row[1], last_modified=row[2], record=StoredRecord(**record), kind=row[4],
            links=tuple(Link(*link) for link in json.loads(row[5])), signature=row[6], worth=row[7],
            head=json.loads(row[8]), checked_at=row[9], changed_at=row[10],
        )  # fmt: skip

    def knows(self, key: str) -> bool:
        """Tell whether an address was captured before."""
        return self._db.execute("SELECT 1 FROM pages WHERE key = ?", (key,)).fetchone() is not None

    def remember(self, page: KnownPage) -> None:
        """Keep a page as it was just seen."""
        record = {**vars(page.record), "captured_at": page.record.captured_at.isoformat()}
        links = [list(vars(link).values()) for link in page.links[:KEPT_LINKS]]
        self._write(
            "INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                page.key, page.etag, page.last_modified, json.dumps(record), page.kind,
                json.dumps(links, ensure_ascii=False), page.signature, page.worth, json.dumps(page.head),
                page.checked_at, page.changed_at,
            ),
        )  # fmt: skip

    def last_change(self) -> float:
        """Return when any page last changed, seconds since the epoch; 0 when nothing is known."""
        return float(self._db.execute("SELECT coalesce(max(changed_at), 0) FROM pages").fetchone()[0])

    def night_of(self, authority: str) -> tuple[float, int]:
        """Return when a host's night began and how often it was asked since."""
        row = self._db.execute("SELECT began, asked FROM nights WHERE authority = ?", (authority,)).fetchone()
        return (float(row[0]), int(row[1])) if row else (0.0, 0)

    def keep_night(self, authority: str, began: float, asked: int) -> None:
        """Keep how often a host was asked tonight."""
        self._write("INSERT OR REPLACE INTO nights VALUES (?, ?, ?)", (authority, began, asked))

    def _write(self, statement: str, values: tuple[Any, ...]) -> None:
        try:
            self._db.execute(statement, values)
        except sqlite3.Error as error:
            raise self._failure(error) from error
