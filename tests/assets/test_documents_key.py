"""The key of a country's documents: a host that becomes official makes new rows of the same captures."""

from __future__ import annotations

from assets.documents import documents_key
from sources.country_files import load_country
from sources.schema import Country


def test_a_domain_that_becomes_official_is_noticed() -> None:
    country = load_country("FJI")
    domains = (*country.official_domains, "parliament.example.org")
    changed = Country.model_validate({**country.model_dump(by_alias=True), "official_domains": domains})
    assert changed.official_domains != country.official_domains
    assert documents_key(changed, []) != documents_key(country, [])
    assert documents_key(load_country("FJI"), []) == documents_key(country, [])
