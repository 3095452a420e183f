"""Addresses that people asked for count as fetched only when the crawl's rows stand in the lake."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

import dagster as dg
import pytest

from review import services
from spiders.outcome import CrawlOutcome
from store.lake import open_lake
from store.tables import CAPTURES

BASE = "/countries/FJI/questions/L.1.1/evidence/"
ADDRESS = "https://www.gov.example/law"


def _crawl(desk, monkeypatch, http_status):
    """Run the asset over a crawl that brought one page; yields what it yields."""
    from assets import captures as module
    from assets.workplace import Workplace

    before = open_lake(desk).read(CAPTURES, "FJI", CAPTURES.row)
    fetched = [SimpleNamespace(url=ADDRESS, http_status=http_status)]
    job = SimpleNamespace(country="FJI", crawl="test", max_pages=1)
    for name, value in {
        "plan_crawl": job, "write_job": "", "command": [], "outcome_folder": "", "watch_progress": nullcontext(),
        "load_outcome": CrawlOutcome(fetched, []), "join_captures": before[:1],
    }.items():  # fmt: skip
        monkeypatch.setattr(module, name, lambda *a, made=value, **k: made)
    monkeypatch.setattr(module, "check_crawl", lambda *a: [])
    pipes = SimpleNamespace(run=lambda **k: None)
    run = module.captures.op.compute_fn.decorated_fn
    return list(run(SimpleNamespace(partition_key="FJI"), module.CaptureConfig(), Workplace(desk), pipes))


def test_a_crawl_that_is_not_published_leaves_the_request_open(fiji, person, browse, monkeypatch):
    monkeypatch.setattr("store.publication.FEWEST_TO_COMPARE", 2)
    browse(person("rita")).post(BASE, {"address": ADDRESS})
    with pytest.raises(dg.Failure, match="fewer"):
        _crawl(fiji, monkeypatch, 200)
    assert services.addresses_asked_for("FJI") == [ADDRESS]


@pytest.mark.parametrize(("http_status", "left"), [(200, []), (304, []), (404, [ADDRESS])])
def test_a_page_that_came_or_was_confirmed_settles_the_request(fiji, person, browse, monkeypatch, http_status, left):
    browse(person("rita")).post(BASE, {"address": ADDRESS})
    _crawl(fiji, monkeypatch, http_status)
    assert services.addresses_asked_for("FJI") == left
