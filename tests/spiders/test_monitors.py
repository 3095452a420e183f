"""Monitors: each figure against its threshold."""

from __future__ import annotations

import pytest

from sources.schema import Thresholds
from spiders.monitors import MONITORS, check_crawl

GOOD: dict[str, float | str] = {
    "captures": 100, "requests": 130, "errors_permanent": 3, "errors_transient": 2, "code_403": 1, "code_404": 9,
    "finish_reason": "finished", "pages_readable": 95, "days_without_new_content": 3.5,
}  # fmt: skip
STRICT = Thresholds(
    min_pages=50, max_transient_error_share=0.1, max_permanent_error_share=0.1, unwanted_codes={403: 2, 429: 0},
    min_readable_share=0.8, max_days_without_new_content=30, max_requests_an_item=2.0,
)  # fmt: skip


def failing(**changes: float | str) -> list[str]:
    return [result.name for result in check_crawl({**GOOD, **changes}, STRICT) if not result.passed]


def test_a_good_crawl_passes_every_monitor() -> None:
    results = check_crawl(GOOD, STRICT)
    assert tuple(result.name for result in results) == MONITORS
    assert all(result.passed for result in results)
    assert all(result.message for result in results)


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"captures": 49, "pages_readable": 49, "requests": 60}, "pages"),
        ({"errors_permanent": 14}, "errors_permanent"),
        ({"errors_transient": 14}, "errors_transient"),
        ({"code_403": 3}, "unwanted_codes"),
        ({"code_429": 1}, "unwanted_codes"),
        ({"finish_reason": "memory"}, "finish_reason"),
        ({"finish_reason": ""}, "finish_reason"),
        ({"pages_readable": 79}, "readable_pages"),
        ({"days_without_new_content": 31}, "new_content"),
        ({"requests": 201}, "requests_an_item"),
    ],
)
def test_each_monitor_fails_at_its_own_threshold(changes: dict[str, float | str], name: str) -> None:
    assert failing(**changes) == [name]


def test_the_message_names_figure_and_threshold() -> None:
    (result,) = [r for r in check_crawl({**GOOD, "code_403": 3}, STRICT) if not r.passed]
    assert "3 x 403" in result.message and "2 x 403" in result.message


def test_a_crawl_that_never_ran_fails_without_dividing_by_zero() -> None:
    names = [result.name for result in check_crawl({}, STRICT) if not result.passed]
    assert names == ["pages", "finish_reason"]


def test_a_replay_has_nothing_to_compare_with() -> None:
    figures = {name: value for name, value in GOOD.items() if name != "days_without_new_content"}
    assert all(result.passed for result in check_crawl(figures, STRICT))
