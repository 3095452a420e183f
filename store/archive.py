"""The archive: what was seen, as WARC 1.1, one set of files a country and crawl.

Belongs here: writing request, response and revisit records, their index (`index.jsonl`: file, offset, digest), repair
of a set that a killed process left, and reading a capture's payload back. Does not belong here: fetching (`spiders`),
or what a payload says (`extractors`).

A payload digest is the SHA-256 of the body after transfer and content decoding; a capture is address, time and payload.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from store.archive_members import ArchiveFault, end_of_whole_members, walk_records
from store.archive_places import PayloadPlaces
from store.archive_reading import (
    ArchivedResponse,
    first_header,
    read_response_at,
    read_responses,
)
from store.archive_records import Exchange, StoredRecord, entry_from_headers, exchange_members, warcinfo_member
from store.digests import identify, payload_digest
from store.errors import ExitCode, GcideskError, MissingDataError, StorageError
from store.settings import Settings
from store.tables import CaptureRow

__all__ = [
    "ArchiveDamagedError", "ArchiveFault", "ArchiveWriter", "ArchivedResponse", "Exchange", "StoredRecord",
    "capture_id", "header_of", "read_index", "read_payload", "read_response_at", "read_responses",
]  # fmt: skip

ROLL_AT = 1024 * 1024 * 1024
"""A WARC file of this size is closed and the next one begun."""

INDEX = "index.jsonl"


class ArchiveDamagedError(GcideskError):
    """A stored payload is not what its digest says."""

    exit_code = ExitCode.CHECK_FAILED


def capture_id(url: str, captured_at: datetime, digest: str) -> str:
    """Return the identity of a capture: SHA-256 of address, time in UTC and payload digest."""
    return identify(url, captured_at.astimezone(UTC).isoformat(), digest)


class ArchiveWriter:
    """Appends to the WARC set in one folder; opening it mends what a killed process left.

    `folder` is `archive/<country>/<crawl>`; file names in records are relative to the archive folder two levels up.
    One writer a folder at a time. Raises StorageError when the disk is full or read-only: the set then ends with the
    last whole record.
    """

    def __init__(self, folder: Path, roll_at: int = ROLL_AT) -> None:
        """Name the folder; nothing is touched before `open` or the `with` statement."""
        self.folder = folder
        self._base = folder.parent.parent
        self._roll_at = roll_at
        self._places = PayloadPlaces()
        self._warc: Any = None
        self._index: Any = None
        self._path = folder
        self._number = 0

    def __enter__(self) -> ArchiveWriter:
        """Open and repair the set."""
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Flush to disk and close."""
        self.close()

    def open(self) -> list[StoredRecord]:
        """Create or repair the set and return the records it holds, oldest first."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            records = _repair(self.folder, self._base)
            self._index = (self.folder / INDEX).open("ab", buffering=0)
            self._number = max((_number(path) for path in self.folder.glob("*.warc.gz")), default=0)
            self._open_file()
        except OSError as error:
            raise self._failure(error) from error
        for record in records:
            self._remember(record)
        return records

    def _open_file(self) -> None:
        self._path = self.folder / f"{self._number:05d}.warc.gz"
        self._warc = self._path.open("ab", buffering=0)
        if self._warc.tell() == 0:
            self._append(warcinfo_member(self._path.name))

    def write(self, exchange: Exchange) -> StoredRecord:
        """Store an exchange and return where its payload lies.

        A 304 answer, or a payload that this set already holds, becomes a `revisit` record that refers to the first.
        """
        if self._warc is None:
            raise StorageError(f"The archive {self.folder} is not open. Use ArchiveWriter as a context manager.")
        digest = exchange.earlier.digest if exchange.earlier else payload_digest(exchange.payload)
        known = exchange.earlier or (self._first_with(digest) if exchange.payload else None)
        try:
            if self._warc.tell() >= self._roll_at:
                self.flush()
                self._warc.close()
                self._number += 1
                self._open_file()
            request, response, place = exchange_members(exchange, digest, known)
            start = self._append(request + response)
            record = self._stored(exchange, digest, known, start + len(request), place)
            self._write_all(self._index, _index_line(record))
        except OSError as error:
            raise self._failure(error) from error
        self._remember(record)
        return record

    def _stored(
        self, exchange: Exchange, digest: str, known: StoredRecord | None, offset: int, date: str
    ) -> StoredRecord:
        file = self._path.relative_to(self._base).as_posix()
        if known is None:
            return StoredRecord(exchange.url, exchange.captured_at, digest, "response", file, offset, file, offset)
        return StoredRecord(
            exchange.url, exchange.captured_at, digest, "revisit", file, offset,
            known.payload_file, known.payload_offset, known.refers_to_url or known.url, date,
        )  # fmt: skip

    def _remember(self, record: StoredRecord) -> None:
        if record.record_type == "response":
            self._places.add(record.digest, _number(Path(record.file)), record.offset)

    def _first_with(self, digest: str) -> StoredRecord | None:
        """Return the record of this set that holds a payload, or None."""
        place = self._places.find(digest)
        if place is None:
            return None
        path = self.folder / f"{place[0]:05d}.warc.gz"
        found = read_response_at(path, place[1])
        if isinstance(found, ArchiveFault) or payload_digest(found.payload) != digest:
            return None
        file = path.relative_to(self._base).as_posix()
        return StoredRecord(found.url, found.captured_at, digest, "response", file, place[1], file, place[1])

    def _append(self, blob: bytes) -> int:
        start = int(self._warc.tell())
        try:
            self._write_all(self._warc, blob)
        except OSError:
            self._warc.truncate(start)
            self._warc.seek(start)
            raise
        return start

    @staticmethod
    def _write_all(sink: Any, blob: bytes) -> None:
        view = memoryview(blob)
        while view:
            view = view[sink.write(view) :]

    def flush(self) -> None:
        """Force what was written to disk, so that it survives a loss of power."""
        try:
            os.fsync(self._warc.fileno())
            os.fsync(self._index.fileno())
        except OSError as error:
            raise self._failure(error) from error

    def close(self) -> None:
        """Flush and close; safe to call twice."""
        if self._warc is not None:
            try:
                self.flush()
            finally:
                self._warc.close()
                self._index.close()
                self._warc = self._index = None

    def _failure(self, error: OSError) -> StorageError:
        return StorageError(
            f"The archive {self.folder} cannot be written ({error.strerror or error}). "
            "What was stored before is whole. Free space or mend the folder's rights, then run again: "
            "the crawl goes on where it stopped."
        )


def _number(path: Path) -> int:
    stem = path.name.split(".")[0]
    return int(stem) if stem.isdigit() else 0


def _index_line(record: StoredRecord) -> bytes:
    values = {**vars(record), "captured_at": record.captured_at.astimezone(UTC).isoformat()}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def read_index(folder: Path) -> list[StoredRecord]:
    """Return the index of a WARC set, oldest first; a torn last line is left out."""
    path = folder / INDEX
    if not path.exists():
        return []
    records = []
    for line in path.read_bytes().split(b"\n"):
        try:
            values = json.loads(line)
            values["captured_at"] = datetime.fromisoformat(values["captured_at"])
            records.append(StoredRecord(**values))
        except (ValueError, TypeError, KeyError):
            continue
    return records


def _repair(folder: Path, base: Path) -> list[StoredRecord]:
    """Cut a torn last member off, make the index agree with the files, and return the records."""
    listed = read_index(folder)
    paths = sorted(folder.glob("*.warc.gz"))
    kept: list[StoredRecord] = []
    for path in paths:
        file = path.relative_to(base).as_posix()
        mine = [record for record in listed if record.file == file]
        start = mine[-1].offset if mine else 0
        size = path.stat().st_size
        while mine and start >= size:
            mine.pop()
            start = mine[-1].offset if mine else 0
        end = end_of_whole_members(path, start)
        if mine and end == start:
            mine.pop()
        kept.extend(mine)
        if end < size:
            os.truncate(path, end)
        kept.extend(_unlisted(path, file, start, {record.offset for record in mine}))
    if kept != listed or not _ends_whole(folder / INDEX):
        _rewrite_index(folder, kept)
    return kept


def _ends_whole(path: Path) -> bool:
    blob = path.read_bytes() if path.exists() else b""
    return not blob or blob.endswith(b"\n")


def _rewrite_index(folder: Path, records: list[StoredRecord]) -> None:
    beside = folder / f"{INDEX}.tmp"
    with beside.open("wb") as sink:
        sink.writelines(_index_line(record) for record in records)
        sink.flush()
        os.fsync(sink.fileno())
    os.replace(beside, folder / INDEX)


def _unlisted(path: Path, file: str, start: int, known: set[int]) -> list[StoredRecord]:
    if path.stat().st_size <= start:
        return []
    found = []
    for item in walk_records(path, start):
        if isinstance(item, ArchiveFault) or item.offset in known:
            continue
        record = entry_from_headers(item.record, file, item.offset)
        if record is not None:
            found.append(record)
    return found


def read_payload(settings: Settings, capture: CaptureRow) -> bytes:
    """Return the payload of a capture, its digest checked.

    Raises MissingDataError when the file is gone and ArchiveDamagedError when what lies there is something else.
    """
    path = settings.archive_dir / capture.warc_file
    if not path.is_file():
        raise MissingDataError(
            f"The archive file {path} with the payload of {capture.url} is missing. Restore it or research again."
        )
    found = read_response_at(path, capture.warc_offset)
    if isinstance(found, ArchiveFault):
        raise ArchiveDamagedError(f"{path}, offset {found.offset}: {found.message}. Restore the file from a copy.")
    if payload_digest(found.payload) != capture.payload_digest:
        raise ArchiveDamagedError(
            f"{path}, offset {capture.warc_offset}: the payload of {capture.url} has another SHA-256 than its capture "
            f"says ({capture.payload_digest}). Restore the file from a copy."
        )
    return found.payload


def header_of(response: ArchivedResponse, name: str) -> str:
    """Return the first header of that name of a stored response, or an empty string."""
    return first_header(response.headers, name)
