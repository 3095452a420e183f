"""WARC files as streams of records, torn ones included.

Belongs here: walking the gzip members or plain records of a file that may be cut off, damaged or no WARC at all, and
finding the end of its last whole member. Does not belong here: what a response says (`archive_reading`).
"""

from __future__ import annotations

import io
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecordLoader

from store.archive_coding import MAX_PAYLOAD

GZIP_MAGIC = b"\x1f\x8b\x08"
_STEP = 64 * 1024
_MAX_BLANKS = 16
MAX_HEAD = 1024 * 1024
"""Bytes of the lines before a record's body, its HTTP headers among them; more is no record but a flood."""


@dataclass(frozen=True)
class ArchiveFault:
    """A place in a WARC file that cannot be read; reading goes on behind it where that is possible."""

    file: Path
    offset: int
    message: str


@dataclass(frozen=True)
class RawRecord:
    """A record as warcio parses it, with the place it stands at."""

    record: Any
    offset: int
    ordinal: int
    """Position inside its gzip member, from 0; only files of one large member have others."""
    body: bytes
    """What follows the record's (and HTTP's) headers, at most one byte more than `MAX_PAYLOAD`."""


class TornMemberError(Exception):
    """A gzip member or record ends in the middle or is damaged."""


class _Member(io.RawIOBase):
    """The decompressed bytes of the gzip member at an offset."""

    def __init__(self, source: BinaryIO, offset: int) -> None:
        super().__init__()
        source.seek(offset)
        self._source = source
        self._inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self._pending = b""
        self.next_offset = offset

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._more(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _more(self, wanted: int) -> bytes:
        while not self._inflater.eof:
            if not self._pending:
                self._pending = self._source.read(_STEP)
                self.next_offset += len(self._pending)
                if not self._pending:
                    raise TornMemberError("the file ends inside a compressed record")
            try:
                chunk = self._inflater.decompress(self._pending, wanted)
            except zlib.error as error:
                raise TornMemberError(f"the compressed record is damaged ({error})") from error
            self._pending = self._inflater.unconsumed_tail
            if self._inflater.eof:
                self.next_offset -= len(self._inflater.unused_data)
            if chunk:
                return chunk
        return b""


def walk_records(path: Path, start: int = 0) -> Iterator[RawRecord | ArchiveFault]:
    """Yield the records of a WARC file from a member's offset on, and a fault for each stretch that cannot be read.

    Raises OSError when the file cannot be opened.
    """
    with path.open("rb") as source:
        size = os.fstat(source.fileno()).st_size
        if size == 0:
            yield ArchiveFault(path, 0, "the file is empty")
            return
        source.seek(start)
        if source.read(3) == GZIP_MAGIC:
            yield from _walk_members(path, source, start)
        else:
            yield from _walk_plain(path, source, start)


def _walk_members(path: Path, source: BinaryIO, offset: int) -> Iterator[RawRecord | ArchiveFault]:
    lost = False
    while True:
        source.seek(offset)
        magic = source.read(3)
        if not magic:
            return
        if magic != GZIP_MAGIC:
            fault = "what follows is not a compressed record"
        else:
            member = _Member(source, offset)
            stream = io.BufferedReader(member, _STEP)
            try:
                for record in _records_of(stream, offset):
                    lost = False
                    yield record
                offset = member.next_offset
                continue
            except (TornMemberError, ArchiveLoadFailed, ValueError) as error:
                fault = _reason(error)
        if not lost:  # one fault a stretch: what looks like a record in the midst of damage is no news
            yield ArchiveFault(path, offset, fault)
            lost = True
        following = _find(source, offset + 1, GZIP_MAGIC)
        if following is None:
            return
        offset = following


def _walk_plain(path: Path, source: BinaryIO, offset: int) -> Iterator[RawRecord | ArchiveFault]:
    while True:
        source.seek(offset)
        stream = io.BufferedReader(_Plain(source), _STEP)
        try:
            yield from _records_of(stream, offset, plain=True)
            return
        except _BrokenAtError as error:
            yield ArchiveFault(path, error.offset, error.reason)
            following = _find(source, error.offset + 1, b"\nWARC/1.")
            if following is None:
                return
            offset = following + 1


class _Plain(io.RawIOBase):
    def __init__(self, source: BinaryIO) -> None:
        super().__init__()
        self._source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        chunk = self._source.read(len(buffer))
        buffer[: len(chunk)] = chunk
        return len(chunk)


class _BrokenAtError(Exception):
    def __init__(self, offset: int, reason: str) -> None:
        super().__init__(reason)
        self.offset = offset
        self.reason = reason


class _Counted:
    """The reader that warcio parses from, counting what it took."""

    def __init__(self, stream: io.BufferedReader[Any]) -> None:
        self._stream = stream
        self._lines_left = MAX_HEAD
        self.taken = 0

    def expect_record(self) -> None:
        """Let the next record have its lines."""
        self._lines_left = MAX_HEAD

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self.taken += len(chunk)
        return chunk

    def readline(self, size: int = -1) -> bytes:
        most = self._lines_left + 1
        line = self._stream.readline(min(size, most) if size >= 0 else most)
        self.taken += len(line)
        self._lines_left -= len(line)
        if self._lines_left < 0:
            raise TornMemberError(f"the record has more than {MAX_HEAD} bytes of headers")
        return line

    def tell(self) -> int:
        return self.taken

    def peek(self) -> bytes:
        return self._stream.peek(1)[:1]


def _records_of(stream: io.BufferedReader[Any], offset: int, plain: bool = False) -> Iterator[RawRecord]:
    loader = ArcWarcRecordLoader()
    counted = _Counted(stream)
    ordinal = 0
    while True:
        counted.expect_record()
        begin = offset + counted.taken if plain else offset
        try:
            _skip_blank_lines(counted)
            if not counted.peek():
                return
            begin = offset + counted.taken if plain else offset
            record = loader.parse_record_stream(counted, known_format="warc")
            body = record.raw_stream.read(MAX_PAYLOAD + 1)
            _finish(record)
        except (TornMemberError, ArchiveLoadFailed, ValueError, EOFError) as error:
            if plain:
                raise _BrokenAtError(begin, _reason(error)) from error
            raise TornMemberError(_reason(error)) from error
        yield RawRecord(record, begin, 0 if plain else ordinal, body)
        ordinal += 1


def _skip_blank_lines(counted: _Counted) -> None:
    for _ in range(_MAX_BLANKS):
        if counted.peek() not in (b"\r", b"\n"):
            return
        counted.readline()


def _finish(record: Any) -> None:
    """Read to the end of the record; raises TornMemberError when the file ends before."""
    while record.raw_stream.read(_STEP):
        pass
    left = getattr(record.raw_stream, "limit", 0)
    if left:
        raise TornMemberError(f"the record ends {left} bytes before the length it states")


def _reason(error: BaseException) -> str:
    if isinstance(error, TornMemberError):
        return str(error)
    return "what stands here is not a WARC record"


def _find(source: BinaryIO, offset: int, mark: bytes) -> int | None:
    overlap = len(mark) - 1
    source.seek(offset)
    tail = b""
    position = offset
    while chunk := source.read(_STEP):
        window = tail + chunk
        found = window.find(mark)
        if found >= 0:
            return position - len(tail) + found
        position += len(chunk)
        tail = window[-overlap:] if overlap else b""
    return None


def end_of_whole_members(path: Path, start: int = 0) -> int:
    """Return the offset behind the last whole gzip member of a file, walking from a member's offset `start` on."""
    with path.open("rb") as source:
        offset = start
        while True:
            source.seek(offset)
            if source.read(3) != GZIP_MAGIC:
                return offset
            member = _Member(source, offset)
            buffer = bytearray(_STEP)
            try:
                while member.readinto(buffer):
                    pass
            except TornMemberError:
                return offset
            offset = member.next_offset
