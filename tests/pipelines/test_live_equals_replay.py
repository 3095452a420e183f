"""A site crawled live over loopback gives the same drafts as the replay of the archive that the crawl wrote."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.pipelines.desk import ROOT, Desk

PAGES = {
    "index.html": "<h1>Laws</h1><p>The laws of the country in force, as published in the gazette.</p>"
    "<a href='/act.html'>Cybercrime Act</a> <a href='/team.html'>Incident response team</a>",
    "act.html": "<h1>Cybercrime Act, No. 7 of 2021</h1><p>In force since 1 March 2021.</p>"
    "<h2>4. Illegal access</h2><p>A person who intentionally and without authority gains access to a computer system "
    "commits an offence and is liable on conviction to imprisonment for two years.</p>"
    "<h2>5. Interference with data</h2><p>A person who without authority damages, deletes or alters computer data "
    "commits an offence and is liable on conviction to imprisonment for three years.</p>",
    "team.html": "<h1>The national incident response team</h1><p>The national computer incident response team has been "
    "operating since 2019 and answers reports of incidents from all public bodies around the clock.</p>",
}


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: the test's output is its own."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    folder = tmp_path / "site"
    folder.mkdir()
    for name, body in PAGES.items():
        (folder / name).write_text(f"<!doctype html><html lang=en><title>{name}</title><body>{body}</body></html>")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()


def test_the_same_drafts_come_from_the_live_crawl_and_its_replay(site: str, tmp_path: Path) -> None:
    live, replayed = Desk(tmp_path / "live"), Desk(tmp_path / "replayed")
    live.run(
        "research",
        "XDM",
        "--seed",
        site,
        GCIDESK_CONTACT="desk@example.org",
        GCIDESK_ALLOW_LOOPBACK="1",
        PYTHONPATH=str(ROOT),
    )
    archives = sorted((live.data_dir / "archive" / "XDM").rglob("*.warc.gz"))
    replayed.run("research", "XDM", "--seed", site, *(word for file in archives for word in ("--replay", str(file))))
    answers = {code: (draft["answer"], quotes(draft)) for code, draft in live.drafts("XDM").items()}
    assert any(found for _, found in answers.values()), "the pages hold evidence"
    assert answers == {code: (draft["answer"], quotes(draft)) for code, draft in replayed.drafts("XDM").items()}


def quotes(draft: dict[str, list[dict[str, str]]]) -> list[tuple[str, str, str]]:
    return [(row["stance"], row["quote"], row["url"]) for row in draft["evidence"]]
