"""The archive: what is written can be read, by us and by others, also after a process was killed."""

from __future__ import annotations

import gzip
import os
import random
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from store.archive import (
    ArchivedResponse,
    ArchiveFault,
    ArchiveWriter,
    Exchange,
    read_index,
    read_response_at,
    read_responses,
)
from store.archive_coding import DecodingError, decode_body, undo_chunks
from store.digests import payload_digest
from store.errors import StorageError

MOMENT = datetime(2026, 11, 20, 10, 0, 0, 123456, tzinfo=UTC)


def exchange(number: int, payload: bytes = b"", **changes: object) -> Exchange:
    payload = payload or f"<p>page {number}</p>".encode()
    made = Exchange(
        url=f"http://site.example/{number}",
        captured_at=MOMENT,
        http_status=200,
        reason="OK",
        headers=(("Content-Type", "text/html"),),
        body=payload,
        payload=payload,
        request_headers=(("Host", "site.example"),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_records_are_warc_1_1_with_request_response_and_revisit(tmp_path: Path) -> None:
    folder = tmp_path / "XDM" / "crawl"
    packed = gzip.compress(b"<p>packed</p>")
    with ArchiveWriter(folder) as writer:
        first = writer.write(exchange(1, b"<p>same</p>"))
        again = writer.write(exchange(2, b"<p>same</p>"))
        coded = writer.write(
            exchange(
                3,
                b"<p>packed</p>",
                body=packed,
                headers=(("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")),
            )
        )
        same = writer.write(exchange(1, http_status=304, body=b"", payload=b"", earlier=first))
    assert [r.record_type for r in (first, again, coded, same)] == ["response", "revisit", "response", "revisit"]
    assert again.payload_offset == first.offset and same.digest == first.digest == payload_digest(b"<p>same</p>")
    with (tmp_path / first.file).open("rb") as source:
        records = list(ArchiveIterator(source, check_digests="raise"))
        kinds = [record.rec_type for record in records]
    assert kinds == [
        "warcinfo",
        "request",
        "response",
        "request",
        "revisit",
        "request",
        "response",
        "request",
        "revisit",
    ]
    assert {record.rec_headers.protocol for record in records} == {"WARC/1.1"}
    revisit = records[4].rec_headers
    assert revisit.get_header("WARC-Refers-To-Target-URI") == "http://site.example/1"
    assert revisit.get_header("WARC-Refers-To-Date") == "2026-11-20T10:00:00.123456Z"
    found = [item for item in read_responses(tmp_path / first.file) if isinstance(item, ArchivedResponse)]
    assert [item.payload for item in found] == [b"<p>same</p>", b"<p>same</p>", b"<p>packed</p>", b"<p>same</p>"]
    assert found[0].captured_at == MOMENT


@pytest.mark.parametrize("seed", range(12))
def test_a_set_cut_off_anywhere_keeps_every_whole_record_and_takes_new_ones(tmp_path: Path, seed: int) -> None:
    folder = tmp_path / "XDM" / "crawl"
    chance = random.Random(seed)
    with ArchiveWriter(folder) as writer:
        stored = [writer.write(exchange(number, os.urandom(chance.randrange(1, 4000)))) for number in range(20)]
    warc = tmp_path / stored[0].file
    cut = chance.randrange(200, warc.stat().st_size)
    os.truncate(warc, cut)
    index = folder / "index.jsonl"
    if seed % 3 == 0:
        os.truncate(index, chance.randrange(0, index.stat().st_size))
    elif seed % 3 == 1:
        index.unlink()
    writer = ArchiveWriter(folder)
    kept = writer.open()
    later = [*stored[1:], None]
    whole = [r for r, after in zip(stored, later, strict=True) if after and after.offset <= cut and r.offset < cut]
    assert kept[: len(whole)] == whole or {r.digest for r in whole} <= {r.digest for r in kept}
    assert all(r in stored for r in kept) and len(set(kept)) == len(kept)
    new = writer.write(exchange(99))
    writer.close()
    assert read_index(folder) == [*kept, new]
    for record in read_index(folder):
        response = read_response_at(tmp_path / record.file, record.offset)
        assert isinstance(response, ArchivedResponse) and payload_digest(response.payload) == record.digest
    assert not [item for item in read_responses(warc) if isinstance(item, ArchiveFault)]


def test_a_full_disk_is_a_clear_error_and_leaves_whole_records(tmp_path: Path) -> None:
    folder = tmp_path / "XDM" / "crawl"
    writer = ArchiveWriter(folder)
    writer.open()
    writer.write(exchange(1))

    class Full:
        def __init__(self, real: object) -> None:
            self.real = real
            self.left = 100

        def write(self, blob: memoryview) -> int:
            taken = bytes(blob[: self.left])
            if not taken:
                raise OSError(28, "No space left on device")
            self.left -= len(taken)
            return self.real.write(taken)  # type: ignore[attr-defined, no-any-return]

        def __getattr__(self, name: str) -> object:
            return getattr(self.real, name)

    real = writer._warc
    writer._warc = Full(real)
    with pytest.raises(StorageError, match="No space left on device"):
        writer.write(exchange(2))
    writer._warc = real
    writer.close()
    found = list(read_responses(folder / "00000.warc.gz"))
    assert [item.url for item in found if isinstance(item, ArchivedResponse)] == ["http://site.example/1"]
    assert not [item for item in found if isinstance(item, ArchiveFault)]


def test_files_handed_in_are_read_as_far_as_they_go(tmp_path: Path) -> None:
    folder = tmp_path / "XDM" / "crawl"
    with ArchiveWriter(folder) as writer:
        stored = [writer.write(exchange(number, os.urandom(3000))) for number in range(5)]
    blob = (folder / "00000.warc.gz").read_bytes()
    torn, plain, damaged, single = (tmp_path / name for name in ("torn.warc.gz", "p.warc", "d.warc.gz", "s.warc.gz"))
    torn.write_bytes(blob[: stored[3].offset + 40])
    plain.write_bytes(gzip.decompress(blob))
    single.write_bytes(gzip.compress(gzip.decompress(blob)))
    middle = stored[2].offset + 500
    damaged.write_bytes(blob[:middle] + b"\xff" * 300 + blob[middle + 300 :])
    assert _count(torn) == (3, [stored[3].offset])
    assert _count(plain)[0] == _count(single)[0] == 5
    found, faults = _count(damaged)
    assert found == 4 and faults == [stored[2].offset]
    other = tmp_path / "page.html"
    other.write_text("<html>no archive</html>")
    assert _count(other) == (0, [0])
    (tmp_path / "empty.warc.gz").write_bytes(b"")
    assert _count(tmp_path / "empty.warc.gz") == (0, [0])
    assert _count(tmp_path / "missing.warc.gz") == (0, [0])


def _count(path: Path) -> tuple[int, list[int]]:
    items = list(read_responses(path))
    return (
        sum(isinstance(item, ArchivedResponse) for item in items),
        [item.offset for item in items if isinstance(item, ArchiveFault)],
    )


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=3000))
def test_arbitrary_bytes_never_raise(tmp_path_factory: pytest.TempPathFactory, blob: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.warc.gz"
    path.write_bytes(blob)
    list(read_responses(path))
    path.write_bytes(gzip.compress(b"WARC/1.1\r\n") + blob)
    list(read_responses(path))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=5000), st.sampled_from(["gzip", "deflate", "br", "zstd", "gzip, br"]))
def test_content_coding_is_undone(payload: bytes, coding: str) -> None:
    import zlib

    import brotli
    import zstandard

    body = payload
    for name in coding.split(", "):
        body = {
            "gzip": gzip.compress,
            "deflate": zlib.compress,
            "br": brotli.compress,
            "zstd": zstandard.ZstdCompressor().compress,
        }[name](body)
    assert decode_body(body, coding) == payload


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "deflate"])
def test_bombs_are_refused_before_they_unfold(coding: str) -> None:
    import zlib

    import brotli
    import zstandard

    zeros = bytes(80 * 1024 * 1024)
    body = {
        "gzip": lambda b: gzip.compress(b, 6),
        "deflate": zlib.compress,
        "br": lambda b: brotli.compress(b, quality=3),
        "zstd": zstandard.ZstdCompressor().compress,
    }[coding](zeros)
    with pytest.raises(DecodingError) as caught:
        decode_body(body, coding)
    assert caught.value.code in {"decompression_bomb", "too_large"}


def test_a_lying_or_torn_coding_is_stated() -> None:
    assert decode_body(b"<html>", "gzip") == b"<html>"
    torn = gzip.compress(os.urandom(500)), brotli.compress(os.urandom(500)), zstandard.compress(os.urandom(500))
    for coding, body in zip(("gzip", "br", "zstd"), torn, strict=True):
        for cut in (1, 8, 40):
            with pytest.raises(DecodingError) as caught:
                decode_body(body[:-cut], coding)
            assert caught.value.code == "truncated"
    for coding, body in (("gzip", b"\x1f\x8b\x08\0" + b"\xff" * 30), ("br", b"\xff\xff\xff")):
        with pytest.raises(DecodingError) as caught:
            decode_body(body, coding)
        assert caught.value.code == "broken_encoding"
    frames = zstandard.compress(b"one ") + zstandard.compress(b"two")
    assert decode_body(frames, "zstd") == b"one two"


def test_chunked_bodies_of_other_archives_are_joined() -> None:
    assert undo_chunks(b"4\r\nWiki\r\n5;x=1\r\npedia\r\n0\r\n\r\n") == b"Wikipedia"
    assert undo_chunks(b"plain text") == b"plain text"


RECORD = (
    b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nWARC-Date: 2026-01-01T00:00:00Z\r\n"
    b"Content-Type: application/http;msgtype=response\r\nContent-Length: 400000000\r\n\r\nHTTP/1.1 200 OK\r\nX: "
)


@pytest.mark.parametrize("start", [b"", b"\r", b"WARC/1.1\r\nX: ", RECORD])
def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path: Path, start: bytes) -> None:
    path = tmp_path / "flood.warc.gz"
    path.write_bytes(gzip.compress(start + b"A" * 40_000_000, 9))
    tracemalloc.start()
    try:
        found = list(read_responses(path))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [type(item) for item in found] == [ArchiveFault]
    assert peak < 10_000_000


def test_no_word_of_a_stranger_becomes_a_header_of_a_record(tmp_path: Path) -> None:
    folder = tmp_path / "archive" / "XXX" / "one"
    evil = "x\r\nWARC-Type: evil\r\rX-Evil: 1\n"
    with ArchiveWriter(folder) as writer:
        writer.write(exchange(1, reason=evil, origin=evil, headers=((evil, evil), ("Kept", "yes"))))
    with next(folder.glob("*.warc.gz")).open("rb") as source:
        for record in ArchiveIterator(source):
            names = [name for name, _ in record.rec_headers.headers]
            assert len(names) == len(set(names))
            assert "X-Evil" not in names
            if record.rec_type == "response":
                assert not any(name.startswith(("WARC", "X-Evil")) for name, _ in record.http_headers.headers)
    assert b"\rX-Evil" not in gzip.decompress(next(folder.glob("*.warc.gz")).read_bytes())
