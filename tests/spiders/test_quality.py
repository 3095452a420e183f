"""Quality: golden pages, named by the score that they must get (in hundredths)."""

from __future__ import annotations

from pathlib import Path

import pytest

from spiders.links import is_html, read_links
from spiders.quality import FLOOR, judge_file, judge_page
from store.archive import ArchivedResponse, read_responses

PAGES = sorted((Path(__file__).parent / "quality_pages").glob("*.html"))


def score_of(payload: bytes) -> float:
    return judge_page(payload, read_links(payload, "https://s.example/", "text/html; charset=utf-8")).score


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_golden_page(file: Path) -> None:
    assert score_of(file.read_bytes()) == pytest.approx(int(file.name[:3]) / 100)


def test_there_are_pages_on_both_sides_of_the_floor() -> None:
    scores = [int(file.name[:3]) / 100 for file in PAGES]
    assert sum(score < FLOOR for score in scores) >= 12 and sum(score >= FLOOR for score in scores) >= 5


def test_files_that_hold_nothing() -> None:
    assert judge_file(b"").score == 0.0 and judge_file(b"\0\0\n").score == 0.0
    assert judge_file(b"%PDF-1.4 ...").score == 1.0


def test_the_type_is_told_by_the_bytes() -> None:
    assert not is_html(b"%PDF-1.7 <html>", "text/html")
    assert not is_html(b"PK\x03\x04<html>", "text/html")
    assert is_html(b"\xef\xbb\xbf<!DOCTYPE html><p>x", "application/pdf")
    assert is_html("<html><body>x".encode("utf-16"), "application/octet-stream")


@pytest.mark.realdata
@pytest.mark.parametrize("name", ["rwanda", "emirates", "govpages"])
def test_real_pages_are_good(shared: Path, name: str) -> None:
    judged = [
        score_of(item.payload)
        for item in read_responses(shared / "realweb" / f"{name}.warc.gz")
        if isinstance(item, ArchivedResponse) and is_html(item.payload, "")
    ]
    assert len(judged) > 20 and min(judged) >= FLOOR
