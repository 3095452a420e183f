"""Monitors: is the crawl that just ended one to trust.

Belongs here: comparing a crawl's figures with the thresholds of its source. Does not belong here: counting (`pages`,
`crawl`), thresholds (`sources`), or what a failed monitor stops (`assets`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sources.schema import Thresholds

Statistics = Mapping[str, float | str]


@dataclass(frozen=True)
class MonitorResult:
    """What one monitor found: a stable name, whether it holds, and a sentence with figure and threshold."""

    name: str
    passed: bool
    message: str


MONITORS = (
    "pages", "errors_permanent", "errors_transient", "unwanted_codes", "finish_reason", "readable_pages",
    "new_content", "requests_an_item",
)  # fmt: skip
"""Names of all monitors, in the order of `check_crawl`."""


def check_crawl(statistics: Statistics, thresholds: Thresholds) -> list[MonitorResult]:
    """Return one result a monitor, in the order of `MONITORS`; a figure that the crawl did not keep counts as zero."""
    return list(_results(statistics, thresholds))


def _results(statistics: Statistics, thresholds: Thresholds) -> Iterator[MonitorResult]:
    requests, pages = _number(statistics, "requests"), _number(statistics, "captures")
    yield MonitorResult(
        "pages", pages >= thresholds.min_pages, f"{pages:.0f} pages; at least {thresholds.min_pages} are expected"
    )
    for kind, most in (
        ("permanent", thresholds.max_permanent_error_share),
        ("transient", thresholds.max_transient_error_share),
    ):
        errors = _number(statistics, f"errors_{kind}")
        share = errors / requests if requests else 0.0
        told = f"{errors:.0f} {kind} errors in {requests:.0f} requests ({share:.0%}); at most {most:.0%} are accepted"
        yield MonitorResult(f"errors_{kind}", share <= most, told)
    yield _unwanted_codes(statistics, thresholds)
    yield _finish_reason(statistics, thresholds)
    readable = _number(statistics, "pages_readable")
    share = readable / pages if pages else 0.0
    told = (
        f"{readable:.0f} of {pages:.0f} pages are readable ({share:.0%}); at least {thresholds.min_readable_share:.0%}"
    )
    yield MonitorResult("readable_pages", not pages or share >= thresholds.min_readable_share, told)
    yield _new_content(statistics, thresholds)
    cost = requests / pages if pages else requests
    most = thresholds.max_requests_an_item
    yield MonitorResult("requests_an_item", cost <= most, f"{cost:.1f} requests a page; at most {most:g} are accepted")


def _unwanted_codes(statistics: Statistics, thresholds: Thresholds) -> MonitorResult:
    seen = {code: _number(statistics, f"code_{code}") for code in thresholds.unwanted_codes}
    over = {code: count for code, count in seen.items() if count > thresholds.unwanted_codes[code]}
    counted = ", ".join(f"{count:.0f} x {code}" for code, count in seen.items())
    allowed = ", ".join(f"{thresholds.unwanted_codes[code]} x {code}" for code in over)
    told = f"answers: {counted or 'none is watched'}" + (f"; at most {allowed} are accepted" if over else "")
    return MonitorResult("unwanted_codes", not over, told)


def _finish_reason(statistics: Statistics, thresholds: Thresholds) -> MonitorResult:
    reason = str(statistics.get("finish_reason", "")) or "no reason: the crawl did not come to its end"
    accepted = ", ".join(thresholds.finish_reasons)
    return MonitorResult("finish_reason", reason in thresholds.finish_reasons, f"{reason}; accepted are {accepted}")


def _new_content(statistics: Statistics, thresholds: Thresholds) -> MonitorResult:
    if "days_without_new_content" not in statistics:
        return MonitorResult("new_content", True, "not known: a first crawl or a replay has nothing to compare with")
    days, most = _number(statistics, "days_without_new_content"), thresholds.max_days_without_new_content
    return MonitorResult(
        "new_content", days <= most, f"{days:.0f} days without new content; at most {most} are accepted"
    )


def _number(statistics: Statistics, name: str) -> float:
    value = statistics.get(name, 0)
    return float(value) if isinstance(value, int | float) else 0.0
