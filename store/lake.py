"""The lake: one Parquet file a table and partition, replaced atomically.

Belongs here: writing a partition beside the old one, renaming it into place, and reading it back. Does not belong here:
what the rows mean.

A failed or killed write leaves the last good file. Object storage works through fsspec by giving `root` as an address.
"""

from __future__ import annotations

import os
import posixpath
import uuid
from collections.abc import Sequence
from typing import Any, TypeVar

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from store.errors import MissingDataError, StorageError
from store.row_schema import arrow_schema, from_arrow, to_arrow
from store.settings import Settings
from store.tables import Table

Row = TypeVar("Row")


class Lake:
    """The Parquet files below one root folder or fsspec address."""

    def __init__(self, root: str) -> None:
        """Open the lake at `root`, a local path or an fsspec address; nothing is created yet."""
        self._fs, self._root = fsspec.core.url_to_fs(root)
        self._local = "file" in (self._fs.protocol if isinstance(self._fs.protocol, tuple) else (self._fs.protocol,))

    def path(self, table: Table, partition: str) -> str:
        """Return where a partition lies, inside the lake's file system."""
        return posixpath.join(self._root, table.name, f"{partition}.parquet")

    def write(self, table: Table, partition: str, rows: Sequence[Any]) -> int:
        """Replace one partition by `rows`; returns the number of bytes written. See `write_arrow`."""
        return self.write_arrow(table, partition, to_arrow(table.row, rows))

    def write_arrow(self, table: Table, partition: str, rows: pa.Table) -> int:
        """Replace one partition by `rows` of the table's schema; returns the number of bytes written.

        The new file is written beside the old one, flushed to disk and renamed. Raises StorageError when the disk is
        full or read-only; the last good file then still stands.
        """
        target = self.path(table, partition)
        beside = f"{target}.{uuid.uuid4().hex}.tmp"
        try:
            self._fs.makedirs(posixpath.dirname(target), exist_ok=True)
            try:
                with self._fs.open(beside, "wb") as sink:
                    pq.write_table(rows, sink, compression="zstd", row_group_size=50_000)
                    sink.flush()
                    if self._local:
                        os.fsync(sink.fileno())
                size = int(self._fs.size(beside))
                self._publish(beside, target)
            finally:
                if self._fs.exists(beside):
                    self._fs.rm(beside)
        except OSError as error:
            raise StorageError(
                f"Table {table.name}, partition {partition} could not be written to {target} "
                f"({error.strerror or error}). "
                "The last good file stands. Free space or mend the folder's rights, then run again."
            ) from error
        return size

    def _publish(self, beside: str, target: str) -> None:
        if self._local:
            os.replace(beside, target)
            folder = os.open(posixpath.dirname(target), os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        else:
            self._fs.mv(beside, target)

    def exists(self, table: Table, partition: str) -> bool:
        """Tell whether a partition has been written."""
        return bool(self._fs.exists(self.path(table, partition)))

    def partitions(self, table: Table) -> list[str]:
        """Return the partitions of a table that exist, in alphabetical order."""
        folder = posixpath.join(self._root, table.name)
        if not self._fs.exists(folder):
            return []
        names = (posixpath.basename(entry) for entry in self._fs.ls(folder, detail=False))
        return sorted(name.removesuffix(".parquet") for name in names if name.endswith(".parquet"))

    def read_arrow(self, table: Table, partition: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return a partition as an Arrow table; raises MissingDataError when it does not exist."""
        path = self.path(table, partition)
        if not self._fs.exists(path):
            raise MissingDataError(
                f"There is no table {table.name} for {partition} yet. Run 'gcidesk research {partition}' first."
            )
        with self._fs.open(path, "rb") as source:
            return pq.read_table(source, columns=list(columns) if columns else None)

    def read(self, table: Table, partition: str, row: type[Row]) -> list[Row]:
        """Return a partition as row objects of class `row`, which must be the table's own class."""
        if row is not table.row:
            raise TypeError(f"table {table.name} holds {table.row.__name__}, not {row.__name__}")
        return from_arrow(row, self.read_arrow(table, partition))

    def read_if_any(self, table: Table, partition: str, row: type[Row]) -> list[Row]:
        """Return a partition as row objects, or an empty list when it does not exist."""
        return self.read(table, partition, row) if self.exists(table, partition) else []

    def matches_schema(self, table: Table, partition: str) -> bool:
        """Tell whether a partition on disk has exactly the columns and types of the table's row class."""
        with self._fs.open(self.path(table, partition), "rb") as source:
            found = pq.read_schema(source)
        return bool(found.equals(arrow_schema(table.row), check_metadata=False))


def open_lake(settings: Settings) -> Lake:
    """Return the lake of a data directory."""
    return Lake(str(settings.lake_dir))
