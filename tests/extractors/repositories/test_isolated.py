"""Parsing in a worker process gives the same rows, and what breaks a worker breaks nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from extractors.reader import ReaderPool
from extractors.repositories.found import UnknownShapeError
from extractors.repositories.isolated import isolated_parse
from extractors.repositories.parsing import parse_rows
from extractors.request import ReadLimits
from sources.repository import load_repository

PAGES = Path(__file__).parent / "pages"
FILES = [
    ("itu-strategies", "itu-strategies.html"), ("itu-cirts", "itu-cirts.html"), ("first-teams", "first-teams.json"),
    ("coe-185", "coe-185.html"), ("untc-xviii-16", "untc-xviii-16.xml"), ("unctad-cyberlaw", "unctad-cyberlaw.csv"),
    ("ncsi", "ncsi.html"), ("sherloc", "sherloc.html"),
]  # fmt: skip


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool() as made:
        yield made


@pytest.mark.parametrize(("name", "file"), FILES)
def test_the_same_rows_come_out_of_a_worker(pool: ReaderPool, name: str, file: str) -> None:
    payload, shape = (PAGES / file).read_bytes(), load_repository(name).shapes[0]
    assert isolated_parse(pool)(payload, shape, "https://a.example/") == parse_rows(
        payload, shape, "https://a.example/"
    )


def test_the_selector_is_named_across_the_border(pool: ReaderPool) -> None:
    shape = load_repository("coe-185").shapes[0]
    with pytest.raises(UnknownShapeError, match="table: no such table has the header cells States") as caught:
        isolated_parse(pool)(b"<html><body></body></html>", shape, "https://a.example/")
    assert caught.value.selector == "table"


def test_a_page_that_eats_the_worker_is_of_an_unknown_shape() -> None:
    shape = load_repository("itu-cirts").shapes[0]
    page = b"<html><body>" + b"<li>Kenya <a href=x>y</a></li>" * 600_000
    with ReaderPool(ReadLimits(cpu_seconds=2, wall_seconds=20.0)) as small, pytest.raises(UnknownShapeError):
        isolated_parse(small)(page, shape, "https://a.example/")
