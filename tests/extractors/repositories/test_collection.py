"""All pages together: assertions guard the last good rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from extractors.repositories.collection import Collected, collect
from extractors.repositories.pages import Page
from sources.country_files import load_countries
from sources.repository import Repository, load_repository
from store.lake import Lake, open_lake
from store.settings import Settings
from store.tables import FACTS, FactRow

TODAY = date(2026, 11, 20)


def chart(rows: list[tuple[str, str, str]]) -> bytes:
    cells = "".join(f"<tr><td>{c}</td><td>{s}</td><td>{r}</td><td></td></tr>" for c, s, r in rows)
    head = "<tr><th>States</th><th>Signature</th><th>Ratification</th><th>Entry into Force</th></tr>"
    return f"<html><head><title>Chart</title></head><body><table>{head}{cells}</table></body></html>".encode()


def page(payload: bytes, url: str = "") -> Page:
    contract = load_repository("coe-185")
    return Page(
        url=url or contract.addresses[0], captured_at=datetime(2026, 11, 1, tzinfo=UTC), origin="fetched by us",
        payload=payload,
    )  # fmt: skip


def whole_chart() -> bytes:
    names = [country.name("en") for country in load_countries().values()][:70]
    return chart([(name, "01/01/2010", "02/02/2012") for name in names])


def contract() -> Repository:
    return load_repository("coe-185")


def test_a_whole_chart_may_be_published() -> None:
    collected = collect(contract(), [page(whole_chart())], today=TODAY)
    assert collected.publishable
    assert len(collected.rows) == 70


@pytest.mark.parametrize(
    ("payload", "check"),
    [
        (chart([("Estonia", "01/01/2010", "02/02/2012")]), "min_rows is 60"),
        (b"<html><body><table><tr><th>State</th><th>Party since</th></tr></table></body></html>", "States, Signature"),
        (b"<html><body>Please enable JavaScript</body></html>", "table"),
        (chart([(f"Place {n}", "01/01/2010", "") for n in range(70)]), "max_unattributed_share"),
    ],
)
def test_a_different_table_fails_a_check(payload: bytes, check: str) -> None:
    collected = collect(contract(), [page(payload)], today=TODAY)
    assert not collected.publishable
    assert any(check in outcome.message for outcome in collected.checks if not outcome.passed)


def test_the_last_good_rows_stay_when_the_table_changed(tmp_path: Path) -> None:
    lake = open_lake(Settings(data_dir=tmp_path))
    keep(lake, collect(contract(), [page(whole_chart())], today=TODAY))
    before = lake.read_if_any(FACTS, "coe-185", FactRow)
    keep(lake, collect(contract(), [page(chart([("Estonia", "", "02/02/2012")]))], today=TODAY))
    assert lake.read_if_any(FACTS, "coe-185", FactRow) == before
    assert len(before) == 70


def keep(lake: Lake, collected: Collected) -> None:
    if collected.publishable:
        lake.write(FACTS, "coe-185", list(collected.rows))


def test_no_page_at_all_fails() -> None:
    collected = collect(contract(), [], today=TODAY)
    assert [outcome.passed for outcome in collected.checks] == [False, False]


def test_an_unknown_shape_is_an_issue_with_the_selector_and_what_to_do() -> None:
    (issue,) = collect(contract(), [page(b"<html><body></body></html>")], today=TODAY).issues
    assert issue.code == "unknown_shape"
    assert "table" in issue.message and "coe-185.yml" in issue.message


def test_an_index_page_is_fetched_for_its_links_alone() -> None:
    malabo = load_repository("au-malabo")
    collected = collect(malabo, [page(b"<html><body>links</body></html>", malabo.addresses[0])], today=TODAY)
    assert not collected.issues
    assert collected.checks[0].message.endswith("no page was fetched")
