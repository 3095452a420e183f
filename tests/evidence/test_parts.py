"""A part of a document is searched under the name of the state that it is about, and nothing outside it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast

import pytest

from evidence.matcher import Matcher, load_matcher
from evidence.parts import TRUST, evidence_in_parts
from extractors.reader import ReaderPool
from extractors.repositories.pages import Page
from extractors.repositories.reading import read_page
from questionnaire.instrument import load_instrument
from sources.repository import load_repository
from store.errors import MissingDataError
from store.readings import Reading, save_reading
from store.settings import Settings
from store.tables import FactRow

TODAY = date(2026, 11, 20)
NOT_ASKED = cast(Matcher, None)
CRIME = "The Computer Misuse Act of 2020 is in force and punishes unauthorised access to a computer system."
TEXT = f"""Replies received from Governments

Kenya

[Original: English]

[16 April 2024]

{CRIME}

Norway

[Original: English]

[17 April 2024]

The national cybersecurity strategy was adopted by the Government in 2023 and covers the years 2023 to 2028.
"""


@pytest.fixture(scope="module")
def reading() -> Reading:
    with ReaderPool() as pool:
        return pool.read(TEXT.encode(), name="replies.txt")


@pytest.fixture(scope="module")
def facts(reading: Reading) -> tuple[FactRow, ...]:
    page = Page(
        url="https://undocs.org/en/A/79/81", captured_at=datetime(2026, 11, 1, tzinfo=UTC), origin="fetched by us",
        payload=TEXT.encode(), reading=reading,
    )  # fmt: skip
    return read_page(page, load_repository("un-replies"), TODAY).rows


def test_each_state_gets_what_its_own_reply_says(tmp_path: Path, reading: Reading, facts: tuple[FactRow, ...]) -> None:
    settings = Settings(data_dir=tmp_path)
    save_reading(settings, reading)
    found = evidence_in_parts(settings, load_matcher(load_instrument()), facts, today=TODAY)
    assert {(row.country, row.question) for row in found} >= {("KEN", "L.1.1"), ("NOR", "O.1.1")}
    spans = {fact.country: (fact.part_start, fact.part_end) for fact in facts}
    for row in found:
        start, end = spans[row.country]
        assert start is not None and end is not None and start <= row.start < row.end <= end
        assert reading.text[row.start : row.end] == row.quote
        assert row.fact.startswith("un-replies (verified")
        assert row.score <= TRUST


def test_a_row_without_a_part_is_not_searched(tmp_path: Path, facts: tuple[FactRow, ...]) -> None:
    rows = [replace(fact, part_start=None, part_end=None) for fact in facts]
    assert evidence_in_parts(Settings(data_dir=tmp_path), NOT_ASKED, rows, today=TODAY) == []


def test_a_lost_reading_is_named(tmp_path: Path, facts: tuple[FactRow, ...]) -> None:
    with pytest.raises(MissingDataError):
        evidence_in_parts(Settings(data_dir=tmp_path), NOT_ASKED, facts, today=TODAY)
