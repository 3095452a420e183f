"""What of a country's file becomes a seed of its crawl."""

from __future__ import annotations

from questionnaire.instrument import load_instrument
from sources.country_files import load_countries
from spiders.plan import CrawlOptions, plan_crawl
from store.settings import Settings

LIVE = Settings(contact="desk@example.org")


def test_a_suspect_address_is_kept_in_the_file_and_not_asked() -> None:
    instrument = load_instrument()
    with_suspects = [one for one in load_countries().values() if any(seed.suspect for seed in one.seeds)]
    assert with_suspects
    for country in with_suspects:
        asked = {seed.url for seed in plan_crawl(LIVE, country, instrument, CrawlOptions()).seeds}
        assert not asked & {seed.url for seed in country.seeds if seed.suspect}
        assert asked == {seed.url for seed in country.seeds if not seed.suspect}


def test_a_seed_carries_why_it_is_believed() -> None:
    country = load_countries()["EST"]
    (first, *_) = plan_crawl(LIVE, country, load_instrument(), CrawlOptions()).seeds
    assert (first.provenance, first.confidence) == (country.seeds[0].provenance, country.seeds[0].confidence)
