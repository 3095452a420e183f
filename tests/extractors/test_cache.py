"""Unchanged bytes are never read twice by the same reader version."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from extractors.cache import read_cached
from extractors.reader import ReaderPool
from extractors.version import READER_VERSION
from store.digests import payload_digest
from store.readings import load_reading, save_reading
from store.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PROSE = b"The national authority is established by law and reports on incidents each year.\n"


class CountingPool(ReaderPool):
    reads = 0

    def read(self, payload: bytes, **circumstances: object):  # type: ignore[no-untyped-def, override]
        self.reads += 1
        return super().read(payload, **circumstances)  # type: ignore[arg-type]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def test_a_payload_is_read_once(settings: Settings) -> None:
    with CountingPool() as pool:
        first, fresh = read_cached(settings, pool, PROSE, name="a.txt")
        again, stale = read_cached(settings, pool, PROSE, name="b.txt")
    assert (fresh, stale, pool.reads) == (True, False, 1)
    assert first == again == load_reading(settings, READER_VERSION, payload_digest(PROSE))


def test_another_version_reads_again(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    with CountingPool() as pool:
        read_cached(settings, pool, PROSE, name="a.txt")
        monkeypatch.setattr("extractors.cache.READER_VERSION", "of another day")
        read_cached(settings, pool, PROSE, name="a.txt")
    assert pool.reads == 2


def test_offsets_of_another_version_are_another_text_layer(settings: Settings) -> None:
    with ReaderPool() as pool:
        reading, _ = read_cached(settings, pool, PROSE, name="a.txt")
    before = replace(reading, reader_version="1")
    save_reading(settings, before)

    assert reading.reader_version == READER_VERSION != before.reader_version
    assert reading.text_layer_id != before.text_layer_id
    assert load_reading(settings, "1", payload_digest(PROSE)) == before


def test_each_reader_version_is_a_recorded_decision() -> None:
    decisions = (ROOT / "docs" / "decisions").glob("*.md")
    recorded = {
        match.group(1)
        for path in decisions
        for match in re.finditer(r'READER_VERSION = "(\S+)"', path.read_text("utf-8"))
    }
    assert READER_VERSION in recorded


def test_pages_left_for_later_are_read_later(settings: Settings) -> None:
    with CountingPool() as pool:
        reading, _ = read_cached(settings, pool, PROSE, name="a.txt")
        save_reading(settings, replace(reading, resumable=True))
        kept, _ = read_cached(settings, pool, PROSE, name="a.txt", ocr_pages=0)
        assert kept.resumable and pool.reads == 1
        done, fresh = read_cached(settings, pool, PROSE, name="a.txt", ocr_pages=5)
    assert fresh and not done.resumable


def test_what_ran_out_of_time_is_tried_again(settings: Settings) -> None:
    with CountingPool() as pool:
        reading, _ = read_cached(settings, pool, PROSE, name="a.txt")
        save_reading(settings, replace(reading, status="timeout"))
        again, fresh = read_cached(settings, pool, PROSE, name="a.txt")
    assert fresh and again.status == "read"
