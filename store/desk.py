"""`desk.duckdb`: the one file that people query, rebuilt from the lake and renamed into place.

Belongs here: building that file under a lock. Does not belong here: any other writing to DuckDB; nothing else opens the
file for writing, so a reader in another program is never locked out and never locks us out.
"""

from __future__ import annotations

import fcntl
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from store.errors import StorageError
from store.lake import Lake, open_lake
from store.row_schema import arrow_schema, columns
from store.settings import Settings
from store.tables import TABLES, Table

VIEWS: dict[str, tuple[str, str]] = {
    "answers_with_quotes": (
        "One row a drafted answer and quote, best quote first: what most people open the file for.",
        """
        SELECT d.country, d.question, d.answer, d.confidence, d.rationale, e.stance, e.score, e.quote, e.document_title,
               e.url, e.page, e.captured_at, e.origin, e.document_id AS payload_digest
        FROM drafts d
        LEFT JOIN (SELECT country, question, unnest(evidence_ids) AS evidence_id,
                          generate_subscripts(evidence_ids, 1) AS place FROM drafts) listed
               ON listed.country = d.country AND listed.question = d.question
        LEFT JOIN evidence e ON e.country = listed.country AND e.evidence_id = listed.evidence_id
        ORDER BY d.country, d.question, listed.place
        """,
    ),
    "answers_by_country": (
        "One row a country: how many answers were drafted yes, partial, no and not found.",
        """
        SELECT country, count(*) FILTER (answer = 'yes') AS yes, count(*) FILTER (answer = 'partial') AS partial,
               count(*) FILTER (answer = 'no') AS no, count(*) FILTER (answer = 'not_found') AS not_found,
               max(drafted_at) AS drafted_at
        FROM drafts GROUP BY country ORDER BY country
        """,
    ),
}


@dataclass(frozen=True)
class DeskReport:
    """What a rebuild put into the file: rows by table, and the file's size in bytes."""

    file: Path
    rows: dict[str, int]
    bytes: int


def rebuild_desk(settings: Settings) -> DeskReport:
    """Build `desk.duckdb` anew from the lake; returns what it holds.

    The new file is built beside the old one and renamed, so a reader keeps the file it has open. Raises StorageError
    when the disk is full or read-only; the last good file then still stands.
    """
    target = settings.desk_file
    beside = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
    try:
        with _one_builder(target.with_name(f".{target.name}.lock")):
            try:
                rows = _build(beside, open_lake(settings))
                _flush(beside)
                os.replace(beside, target)
            finally:
                beside.unlink(missing_ok=True)
                beside.with_name(f"{beside.name}.wal").unlink(missing_ok=True)
    except (OSError, duckdb.IOException) as error:
        raise StorageError(
            f"{target} could not be rebuilt ({error}). The last good file stands. Free space or mend the folder's "
            "rights, then run 'gcidesk refresh' or any research again."
        ) from error
    return DeskReport(target, rows, target.stat().st_size)


def _build(file: Path, lake: Lake) -> dict[str, int]:
    with duckdb.connect(str(file)) as desk:
        rows = {table.name: _load(desk, lake, table) for table in TABLES}
        for name, (doc, query) in VIEWS.items():
            desk.execute(f"CREATE VIEW {name} AS {query}")
            desk.execute(f"COMMENT ON VIEW {name} IS {_literal(doc)}")
        desk.execute("CHECKPOINT")
    return rows


def _load(desk: duckdb.DuckDBPyConnection, lake: Lake, table: Table) -> int:
    empty = arrow_schema(table.row).empty_table()
    desk.register("incoming", empty)
    desk.execute(f"CREATE TABLE {table.name} AS SELECT * FROM incoming")
    desk.unregister("incoming")
    rows = 0
    for partition in lake.partitions(table):
        incoming = lake.read_arrow(table, partition)
        desk.register("incoming", incoming)
        desk.execute(f"INSERT INTO {table.name} BY NAME SELECT * FROM incoming")
        desk.unregister("incoming")
        rows += incoming.num_rows
    desk.execute(f"COMMENT ON TABLE {table.name} IS {_literal(table.doc)}")
    for column in columns(table.row):
        desk.execute(f'COMMENT ON COLUMN {table.name}."{column.name}" IS {_literal(column.doc)}')
    return rows


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _flush(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _one_builder(lock: Path) -> Iterator[None]:
    """Hold an exclusive file lock, so that two rebuilds follow each other; the kernel drops it with the process."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
