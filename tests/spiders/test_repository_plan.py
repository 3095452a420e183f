"""The crawl of a repository asks its addresses, and the links that its contract wants."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sources.country_files import load_countries
from sources.repository import Repository, load_repositories, load_repository
from spiders.plan import NoContactError
from spiders.repositories.plan import addresses_of, plan_repository
from spiders.scope import Scope
from store.errors import BadInputError
from store.settings import Settings
from tests.spiders.crawling import QUICK, outcome_of, run

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


class _Publisher(BaseHTTPRequestHandler):
    """A publisher with an index, a status list, and much else."""

    asked: list[str]

    def do_GET(self) -> None:
        links = "".join(
            f"<a href='/{name}'>{name}</a> " for name in ("status-list.pdf", "news", "about", "treaty.html")
        )
        pages = {
            "/treaty": f"<html><title>Treaty</title><body><p>{'The treaty and its parties. ' * 20}</p>{links}</html>",
            "/status-list.pdf": "COUNTRY DATE OF SIGNATURE\nKenya 01/01/2020\n" * 30,
        }
        type(self).asked.append(self.path)
        payload = pages.get(self.path, "nothing here").encode()
        self.send_response(200 if self.path in pages else 404)
        self.send_header("Content-Type", "text/html" if self.path == "/treaty" else "text/plain")
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, format: str, *arguments: object) -> None:
        """Be silent."""


@pytest.fixture
def publisher() -> Iterator[str]:
    _Publisher.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Publisher)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_real_crawl_asks_the_index_and_the_wanted_link_and_nothing_else(tmp_path: Path, publisher: str) -> None:
    malabo = load_repository("au-malabo").model_dump()
    contract = Repository.model_validate(
        {**malabo, "name": "example-treaty", "addresses": [f"{publisher}/treaty"], "follow": {"href": "\\.pdf$"}}
    )
    settings = Settings(data_dir=tmp_path, contact="desk@example.org", allow_loopback=True)
    job = replace(plan_repository(settings, contract), pace=QUICK)
    code, errors = run(job)
    assert code == 0, errors
    assert {capture.url for capture in outcome_of(job).captures} == {
        f"{publisher}/treaty",
        f"{publisher}/status-list.pdf",
    }
    assert set(_Publisher.asked) <= {"/robots.txt", "/treaty", "/status-list.pdf"}
