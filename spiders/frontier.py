"""The frontier: every address of one crawl with its state, in a file that survives a kill at any moment.

Belongs here: the SQLite state of one crawl (requests, hosts, captures, issues, statistics) and the question which
request comes next on a host. Does not belong here: when a host may be asked (`pace`), what an answer means (`crawl`).

SQLite in WAL mode: every settled request is one transaction. A request that was asked and not settled when the process
died is asked again; nothing else is.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from spiders.lessons import Lesson
from spiders.outcome import STATE_FILE, encode_row
from store.errors import StorageError
from store.tables import CaptureRow, IssueRow

State = Literal["waiting", "asked", "done", "failed", "skipped", "missed"]
Kind = Literal["page", "robots", "sitemap", "feed"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS requests (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, url TEXT NOT NULL, authority TEXT NOT NULL, kind TEXT NOT NULL,
    state TEXT NOT NULL, priority REAL NOT NULL, depth INTEGER NOT NULL, seed INTEGER NOT NULL, found_on TEXT NOT NULL,
    link_text TEXT NOT NULL, worth REAL NOT NULL, redirects INTEGER NOT NULL, attempts INTEGER NOT NULL,
    not_before REAL NOT NULL, place TEXT NOT NULL, record TEXT NOT NULL, purpose TEXT NOT NULL,
    base REAL NOT NULL, shape TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS requests_next ON requests (authority, priority DESC, id) WHERE state = 'waiting';
CREATE INDEX IF NOT EXISTS requests_shape ON requests (shape) WHERE state = 'waiting' AND shape != '';
CREATE INDEX IF NOT EXISTS requests_record ON requests (record) WHERE record != '';
CREATE TABLE IF NOT EXISTS captures (
    id INTEGER PRIMARY KEY, request INTEGER NOT NULL UNIQUE, substance TEXT NOT NULL, repeats INTEGER NOT NULL,
    row TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS captures_substance ON captures (substance) WHERE substance != '';
CREATE TABLE IF NOT EXISTS sketches (id INTEGER PRIMARY KEY, url TEXT NOT NULL, signature TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS bands (band INTEGER, sketch INTEGER, PRIMARY KEY (band, sketch)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS issues (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, subject TEXT NOT NULL, place INTEGER NOT NULL, weight REAL NOT NULL,
    row TEXT NOT NULL, UNIQUE (code, subject, place));
CREATE TABLE IF NOT EXISTS hosts (authority TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS lessons (shape TEXT PRIMARY KEY, seen INTEGER, total REAL, applied REAL);
CREATE TABLE IF NOT EXISTS statistics (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

MOST_ALIKE = 8
"""Pages of one band that a new page is compared with: where a template fills a band, the newest stand for it."""

_COLUMNS = (
    "id", "key", "url", "authority", "kind", "state", "priority", "depth", "seed", "found_on", "link_text", "worth",
    "redirects", "attempts", "not_before", "place", "record", "purpose", "base", "shape",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One address in the frontier."""

    key: str
    url: str
    authority: str
    kind: Kind = "page"
    state: State = "waiting"
    priority: float = 0.0
    depth: int = 0
    seed: int = -1
    """Number of the job's seed that it was reached from; -1 when unknown."""
    found_on: str = ""
    link_text: str = ""
    worth: float = 0.0
    """What the page that linked here was worth, 0 to 1."""
    redirects: int = 0
    attempts: int = 0
    not_before: float = 0.0
    """Seconds since the epoch before which it is not asked again."""
    place: str = ""
    """Replay only: file number, offset and ordinal of the payload's record, and the time of the capture."""
    record: str = ""
    """File and offset of the record that settled it, in our own archive."""
    purpose: str = ""
    """For robots.txt and its redirects: the authority that it speaks for."""
    base: float = 0.0
    """Priority before any correction by lessons."""
    shape: str = ""
    """Shape of the address, for lessons; empty for seeds, robots.txt and lists."""
    id: int = 0


class Frontier:
    """The state of one crawl in `folder`; one process at a time."""

    def __init__(self, folder: Path) -> None:
        """Open or create the state; requests that were under way at a kill wait again."""
        self.folder = folder
        self.path = folder / STATE_FILE
        self._added: dict[str, float] = {}
        """What the transaction under way adds to figures; written once, at its end."""
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(self.path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA)
            self._db.execute(
                "UPDATE requests SET state = 'waiting', attempts = max(attempts - 1, 0) WHERE state = 'asked'"
            )
        except (OSError, sqlite3.Error) as error:
            raise self.failure(error) from error

    def failure(self, error: Exception) -> StorageError:
        """Return what to tell a person when the state cannot be written."""
        return StorageError(
            f"The state of the crawl in {self.folder} cannot be written ({error}). What was settled before stands. "
            "Free space or mend the folder's rights, then run again: the crawl goes on where it stopped."
        )

    @contextmanager
    def settling(self) -> Iterator[None]:
        """Make everything inside one transaction; raises StorageError when it cannot be stored, and nothing is then."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
        except sqlite3.Error as error:
            raise self.failure(error) from error
        try:
            yield
            self._store_added()
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            self._rollback()
            raise self.failure(error) from error
        except BaseException:
            self._rollback()
            raise

    def _rollback(self) -> None:
        self._added.clear()
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._db.close()

    # requests

    def add(self, wanted: Iterable[Wanted]) -> int:
        """Add addresses that are not known yet; a known one that still waits keeps the higher priority."""
        names = ", ".join(_COLUMNS[1:])
        marks = ", ".join(f":{name}" for name in _COLUMNS[1:])
        before = self._db.total_changes
        self._db.executemany(
            f"INSERT INTO requests ({names}) VALUES ({marks}) ON CONFLICT (key) DO UPDATE SET "  # noqa: S608
            "priority = excluded.priority, base = excluded.base, found_on = excluded.found_on, "
            "link_text = excluded.link_text, worth = excluded.worth, "
            "depth = min(depth, excluded.depth), seed = max(seed, excluded.seed) "
            "WHERE state IN ('waiting', 'missed') AND excluded.priority > priority + 0.001 AND kind = excluded.kind "
            "AND excluded.state = state",
            [vars(one) for one in wanted],
        )
        return self._db.total_changes - before

    def next_on(self, authority: str, moment: float) -> Wanted | None:
        """Return the waiting request of the highest priority on a host whose time has come, or None."""
        row = self._db.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM requests WHERE authority = ? AND state = 'waiting' "  # noqa: S608
            "AND not_before <= ? ORDER BY priority DESC, id LIMIT 1",
            (authority, moment),
        ).fetchone()
        return self._wanted(row) if row else None

    @staticmethod
    def _wanted(row: tuple[Any, ...]) -> Wanted:
        return Wanted(**dict(zip(_COLUMNS, row, strict=True)))

    def mark_asked(self, wanted: Wanted) -> Wanted:
        """Note that a request is under way and count the attempt."""
        self._db.execute("UPDATE requests SET state = 'asked', attempts = attempts + 1 WHERE id = ?", (wanted.id,))
        return replace(wanted, state="asked", attempts=wanted.attempts + 1)

    def mark(self, wanted: Wanted, state: State, *, record: str = "", not_before: float = 0.0) -> None:
        """Set the state of a request and, where it was archived, the record that settled it."""
        self._db.execute(
            "UPDATE requests SET state = ?, record = coalesce(nullif(?, ''), record), not_before = ? WHERE id = ?",
            (state, record, not_before, wanted.id),
        )

    def skip_waiting(self, authority: str) -> int:
        """Skip everything that waits on a host; returns how many requests that were."""
        cursor = self._db.execute(
            "UPDATE requests SET state = 'skipped' WHERE authority = ? AND state = 'waiting'", (authority,)
        )
        return int(cursor.rowcount)

    def waiting_for(self, url: str) -> Wanted | None:
        """Return the unsettled request for exactly this address, or None."""
        row = self._db.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM requests WHERE url = ? AND state = 'waiting' LIMIT 1",  # noqa: S608
            (url,),
        ).fetchone()
        return self._wanted(row) if row else None

    def known(self, key: str) -> Wanted | None:
        """Return the request with this key, or None."""
        row = self._db.execute(f"SELECT {', '.join(_COLUMNS)} FROM requests WHERE key = ?", (key,)).fetchone()  # noqa: S608
        return self._wanted(row) if row else None

    def has_record(self, record: str) -> bool:
        """Tell whether a record of the archive settled a request."""
        query = "SELECT 1 FROM requests WHERE record = ? AND record != ''"
        return self._db.execute(query, (record,)).fetchone() is not None

    def waiting(self) -> dict[str, float]:
        """Return for each host with waiting requests the earliest time of one."""
        rows = self._db.execute(
            "SELECT authority, min(not_before) FROM requests WHERE state = 'waiting' GROUP BY authority"
        )
        return {authority: float(earliest) for authority, earliest in rows}

    def earliest_on(self, authority: str) -> float | None:
        """Return the earliest time of a waiting request on a host, or None when none waits."""
        row = self._db.execute(
            "SELECT min(not_before) FROM requests WHERE authority = ? AND state = 'waiting'", (authority,)
        ).fetchone()
        return None if row[0] is None else float(row[0])

    def addresses(self) -> Iterator[str]:
        """Yield the addresses with a query that were added so far, in order."""
        for (url,) in self._db.execute("SELECT url FROM requests WHERE state != 'missed' ORDER BY id"):
            yield url

    def count(self, state: State) -> int:
        """Return the number of requests in a state."""
        return int(self._db.execute("SELECT count(*) FROM requests WHERE state = ?", (state,)).fetchone()[0])

    def in_state(self, state: State, limit: int) -> list[Wanted]:
        """Return the requests of the highest priority in a state."""
        rows = self._db.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM requests WHERE state = ? ORDER BY priority DESC, id LIMIT ?",  # noqa: S608
            (state, limit),
        )
        return [self._wanted(row) for row in rows]

    # lessons

    def lessons(self) -> Iterator[tuple[str, int, float, float]]:
        """Yield what was learned of shapes: shape, pages seen, their total worth, the correction applied."""
        yield from self._db.execute("SELECT shape, seen, total, applied FROM lessons")

    def keep_lesson(self, shape: str, lesson: Lesson, moved: bool) -> None:
        """Keep a lesson and, when its correction moved, give it to the requests of that shape that wait."""
        values = (shape, lesson.seen, lesson.total, lesson.applied)
        self._db.execute("INSERT OR REPLACE INTO lessons VALUES (?, ?, ?, ?)", values)
        if moved:
            self._db.execute(
                "UPDATE requests SET priority = max(0.001, base + ?) "
                "WHERE shape = ? AND shape != '' AND state = 'waiting'",
                (lesson.applied, shape),
            )

    # captures, issues, hosts, statistics

    def add_capture(self, wanted: Wanted, row: CaptureRow, substance: str = "", repeats: bool = False) -> bool:
        """Add the capture of a request; False when that request has one already."""
        cursor = self._db.execute(
            "INSERT OR IGNORE INTO captures (request, substance, repeats, row) VALUES (?, ?, ?, ?)",
            (wanted.id, substance, repeats, encode_row(row)),
        )
        return cursor.rowcount == 1

    def of_substance(self, substance: str) -> str:
        """Return the address of a page of this substance that was captured in this crawl, or an empty string."""
        # The second condition lets SQLite use the partial index; without it every page would read all captures.
        found = self._db.execute(
            "SELECT url FROM captures JOIN requests ON captures.request = requests.id "
            "WHERE substance = ? AND substance != '' ORDER BY captures.id LIMIT 1",
            (substance,),
        ).fetchone()
        return str(found[0]) if found else ""

    def alike(self, bands: Iterable[int]) -> Iterator[tuple[str, str]]:
        """Yield address and signature of pages that share a band, the newest few of each band."""
        for band in bands:
            yield from self._db.execute(
                "SELECT url, signature FROM bands JOIN sketches ON bands.sketch = sketches.id "
                "WHERE band = ? ORDER BY sketch DESC LIMIT ?",
                (band, MOST_ALIKE),
            )

    def add_sketch(self, url: str, signature: str, bands: Iterable[int]) -> None:
        """Keep the signature of a page under its bands."""
        row = self._db.execute("INSERT INTO sketches (url, signature) VALUES (?, ?)", (url, signature)).lastrowid
        self._db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, row) for band in bands])

    def has_capture(self, wanted: Wanted) -> bool:
        """Tell whether a request led to a capture."""
        return self._db.execute("SELECT 1 FROM captures WHERE request = ?", (wanted.id,)).fetchone() is not None

    def repeating(self) -> Iterator[str]:
        """Yield the addresses of captures that repeat the substance of another."""
        joined = "requests JOIN captures ON captures.request = requests.id"
        for (url,) in self._db.execute(f"SELECT url FROM {joined} WHERE repeats ORDER BY requests.id"):  # noqa: S608
            yield url

    def captures_by_host(self) -> dict[str, int]:
        """Return the number of captures of each host."""
        joined = "captures JOIN requests ON captures.request = requests.id"
        rows = self._db.execute(f"SELECT authority, count(*) FROM {joined} GROUP BY authority")  # noqa: S608
        return {authority: int(count) for authority, count in rows}

    def begin_anew(self) -> None:
        """Forget everything: the crawl is run once more from its seeds."""
        for table in ("requests", "captures", "sketches", "bands", "issues", "hosts", "statistics", "lessons"):
            self._db.execute(f"DELETE FROM {table}")  # noqa: S608

    def captures(self) -> int:
        """Return the number of captures."""
        return int(self._db.execute("SELECT count(*) FROM captures").fetchone()[0])

    def add_issue(self, issue: IssueRow, weight: float = 0.0) -> None:
        """Add an issue; the same code for the same subject and place stands once, with its newest message."""
        self._db.execute(
            "INSERT INTO issues (code, subject, place, weight, row) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (code, subject, place) DO UPDATE SET row = excluded.row, weight = excluded.weight",
            (issue.code, issue.subject, -1 if issue.offset is None else issue.offset, weight, encode_row(issue)),
        )

    def drop_issue(self, code: str, subject: str) -> None:
        """Remove an issue that no longer holds, such as a failure that a later try mended."""
        self._db.execute("DELETE FROM issues WHERE code = ? AND subject = ?", (code, subject))

    def host_note(self, authority: str) -> dict[str, Any]:
        """Return what is kept about a host, or an empty dictionary."""
        row = self._db.execute("SELECT value FROM hosts WHERE authority = ?", (authority,)).fetchone()
        note: dict[str, Any] = json.loads(row[0]) if row else {}
        return note

    def keep_host_note(self, authority: str, note: dict[str, Any]) -> None:
        """Keep something about a host."""
        self._db.execute(
            "INSERT INTO hosts VALUES (?, ?) ON CONFLICT (authority) DO UPDATE SET value = excluded.value",
            (authority, json.dumps(note, ensure_ascii=False)),
        )

    def statistic(self, name: str) -> float | str | None:
        """Return a figure of the crawl, or None."""
        row = self._db.execute("SELECT value FROM statistics WHERE name = ?", (name,)).fetchone()
        value: float | str | None = json.loads(row[0]) if row else None
        return value

    def keep_statistics(self, figures: dict[str, float | str]) -> None:
        """Set figures of the crawl."""
        self._db.executemany(
            "INSERT INTO statistics VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [(name, json.dumps(value)) for name, value in figures.items()],
        )

    def add_to_statistic(self, name: str, amount: float) -> None:
        """Add to a figure of the crawl; inside a transaction, at whose end it is written."""
        self._added[name] = self._added.get(name, 0) + amount

    def _store_added(self) -> None:
        if self._added:
            self._db.executemany(
                "INSERT INTO statistics VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = value + ?2",
                self._added.items(),
            )
            self._added.clear()
