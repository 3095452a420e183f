"""The crawl of a repository asks its addresses, and the links that its contract wants."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from sources.country_files import load_countries
from sources.repository import load_repositories, load_repository
from spiders.plan import NoContactError
from spiders.repositories.plan import addresses_of, plan_repository
from spiders.scope import Scope
from store.errors import BadInputError
from store.settings import Settings

LIVE = Settings(contact="desk@example.org")


def test_a_template_is_asked_once_a_country() -> None:
    addresses = addresses_of(load_repository("first-teams"))
    assert len(addresses) == len(load_countries())
    assert "https://api.first.org/data/v1/teams?country=EE&limit=500" in addresses


def test_every_repository_has_a_plan_with_a_limit() -> None:
    for contract in load_repositories().values():
        job = plan_repository(LIVE, contract)
        assert job.country == contract.name
        assert len(job.seeds) <= job.max_pages
        assert re.compile(job.link_pattern)


def test_only_links_that_the_contract_wants_are_followed() -> None:
    scope = Scope(plan_repository(LIVE, load_repository("au-malabo")))
    assert scope.wants_link("https://au.int/sites/default/files/treaties/29560-sl-STATUS_LIST.pdf")
    assert not scope.wants_link("https://au.int/en/news")
    without = Scope(plan_repository(LIVE, load_repository("coe-185")))
    assert not without.wants_link("https://www.coe.int/en/web/conventions/about")


def test_a_repositorys_own_folder_is_in_scope_of_its_replay(tmp_path: Path) -> None:
    archive = tmp_path / "a.warc.gz"
    archive.write_bytes(b"x")
    job = plan_repository(LIVE, load_repository("itu-strategies"), (str(archive),))
    folder = "https://www.itu.int/en/ITU-D/Cybersecurity/Documents/National_Strategies_Repository/Kenya_2014.pdf"
    assert Scope(job).holds(folder)
    assert not Scope(replace(job, is_repository=False)).holds(folder)


def test_no_contact_no_crawl_and_no_archive_no_replay() -> None:
    with pytest.raises(NoContactError):
        plan_repository(Settings(), load_repository("coe-185"))
    with pytest.raises(BadInputError):
        plan_repository(Settings(), load_repository("coe-185"), ("/nowhere/a.warc.gz",))
