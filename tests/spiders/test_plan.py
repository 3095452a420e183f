"""The plan of a country's crawl."""

from __future__ import annotations

from pathlib import Path

import pytest

from questionnaire.instrument import load_instrument
from sources.country_files import load_countries, load_country
from spiders.plan import CrawlOptions, NoContactError, plan_crawl
from store.settings import Settings


def test_a_host_that_publishes_about_all_countries_is_shared(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, contact="desk@example.org")
    with_itu_document = next(
        country for country in load_countries().values() if any(seed.host == "www.itu.int" for seed in country.seeds)
    )
    job = plan_crawl(settings, with_itu_document, load_instrument(), CrawlOptions())
    assert "www.itu.int" in job.shared_hosts
    assert not any(host in job.shared_hosts for host in with_itu_document.official_domains)


def test_a_live_crawl_without_contact_is_not_planned(tmp_path: Path) -> None:
    with pytest.raises(NoContactError, match="GCIDESK_CONTACT"):
        plan_crawl(Settings(data_dir=tmp_path), load_country("KEN"), load_instrument(), CrawlOptions())
