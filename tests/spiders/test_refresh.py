"""Refresh: what did not change is neither fetched whole nor stored twice, and keeps its links."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from spiders.likeness import resemblance, sign_text
from spiders.outcome import CrawlOutcome
from store.archive import read_payload
from store.archive_members import RawRecord, walk_records
from store.settings import Settings
from tests.spiders.still_web import BEGAN, Answer, StillWeb, Web, job_for

HOST = "https://s.example"
LAW = "The cybersecurity act obliges operators of essential services to report incidents to the response team. "
DAY = 86400.0


def law_page(menu: str = "Home", date: str = "12 May 2026", views: int = 7, text: str = LAW) -> bytes:
    blocks = "".join(f"<p>{number}. {text * 2}</p>" for number in range(1, 5))
    return (
        f"<!doctype html><title>Act</title><nav>{menu}</nav><main><p>Last updated: {date}</p>{blocks}"
        f"<p>Page views: {views}</p><a href=/child>Cybercrime regulation</a></main>"
    ).encode()


CHILD = (
    b"<p>The child page has enough text to be taken for a page of its own, "
    b"and says one thing about incident response.</p>"
)


def site(page: bytes, etag: str, child: bytes = CHILD) -> Web:
    def web(url: str, headers: dict[str, str]) -> Answer:
        if url == f"{HOST}/":
            if headers.get("If-None-Match") == etag:
                return Answer(b"", 304, {"ETag": etag})
            return Answer(page, headers={"ETag": etag, "Last-Modified": "Tue, 12 May 2026 10:00:00 GMT"})
        return Answer(child) if url == f"{HOST}/child" else Answer(b"", 404)

    return web


def crawl(data: Path, web: Web, name: str, moment: float, **changes: object) -> tuple[StillWeb, CrawlOutcome]:
    still = StillWeb(replace(job_for(data, f"{HOST}/"), crawl=name, **changes), web, moment)  # type: ignore[arg-type]
    return still, still.run()


def test_304_keeps_the_links_and_becomes_a_revisit_record(tmp_path: Path) -> None:
    crawl(tmp_path, site(law_page(), '"one"'), "first", BEGAN)
    still, outcome = crawl(tmp_path, site(law_page(), '"one"'), "second", BEGAN + DAY)
    assert still.headers[still.urls.index(f"{HOST}/")] == {
        "If-None-Match": '"one"', "If-Modified-Since": "Tue, 12 May 2026 10:00:00 GMT"
    }  # fmt: skip
    assert f"{HOST}/child" in still.urls
    rows = {row.url: row for row in outcome.captures}
    page = rows[f"{HOST}/"]
    assert (page.http_status, page.record_type, page.change) == (304, "revisit", "same")
    assert page.warc_file.startswith("XDM/first/")
    assert page.declared_type == "text/html" and page.payload_bytes == len(law_page())
    assert read_payload(Settings(data_dir=tmp_path), page) == law_page()
    assert rows[f"{HOST}/child"].record_type == "revisit", "the same payload is not stored again"
    kinds = [
        item.record.rec_headers.get_header("WARC-Profile").rsplit("/", 1)[-1]
        for item in walk_records(tmp_path / "archive/XDM/second/00000.warc.gz")
        if isinstance(item, RawRecord) and item.record.rec_type == "revisit"
    ]
    assert kinds == ["server-not-modified", "identical-payload-digest"]
    assert outcome.statistics["answers_304"] == 1 and outcome.statistics["pages_same"] == 2


def test_a_page_that_only_changed_date_counter_or_menu_is_unchanged(tmp_path: Path) -> None:
    crawl(tmp_path, site(law_page(), '"one"'), "first", BEGAN)
    later = law_page(menu="Home Contact Jobs", date="13 May 2026", views=812)
    _, outcome = crawl(tmp_path, site(later, '"two"'), "second", BEGAN + DAY)
    row = next(row for row in outcome.captures if row.url == f"{HOST}/")
    assert (row.change, row.record_type) == ("cosmetic", "response")
    assert "pages_changed" not in outcome.statistics
    assert outcome.statistics["days_without_new_content"] == 1.0


def test_a_changed_sentence_is_a_change(tmp_path: Path) -> None:
    crawl(tmp_path, site(law_page(), '"one"'), "first", BEGAN)
    _, outcome = crawl(tmp_path, site(law_page(text=LAW.replace("obliges", "exempts")), '"two"'), "second", BEGAN + DAY)
    assert next(row for row in outcome.captures if row.url == f"{HOST}/").change == "changed"
    assert outcome.statistics["days_without_new_content"] == 0.0


def test_a_bot_wall_is_no_change_and_the_page_behind_it_is_remembered(tmp_path: Path) -> None:
    crawl(tmp_path, site(law_page(), '"one"'), "first", BEGAN)
    wall = b"<title>Just a moment...</title><p>Checking your browser before accessing the site.</p>"
    _, outcome = crawl(tmp_path, site(wall, '"wall"'), "second", BEGAN + DAY)
    row = outcome.captures[0]
    assert (row.quality_reason, row.change) == ("bot wall", "same") and row.quality < 0.5
    _, outcome = crawl(tmp_path, site(law_page(), '"one"'), "third", BEGAN + 2 * DAY)
    assert outcome.captures[0].http_status == 304


def test_fresh_asks_for_every_page_anew(tmp_path: Path) -> None:
    crawl(tmp_path, site(law_page(), '"one"'), "first", BEGAN)
    still, outcome = crawl(tmp_path, site(law_page(), '"one"'), "second", BEGAN + DAY, fresh=True)
    assert not any("If-None-Match" in headers for headers in still.headers)
    assert outcome.captures[0].http_status == 200


def test_near_duplicates_are_recognised_and_their_shape_is_left(tmp_path: Path) -> None:
    body = "".join(f"<p>Paragraph {word} of a page that is served under many names.</p>" for word in "abcdef")

    def web(url: str, headers: dict[str, str]) -> Answer:
        if url == f"{HOST}/":
            return Answer("".join(f"<a href=/view/{n}/print>copy {n}</a>" for n in range(40)).encode())
        if "/view/" in url:
            return Answer(f"<nav>visit {url}</nav><main>{body}<a href=/view/{len(url)}9/print>x</a></main>".encode())
        return Answer(b"", 404)

    _, outcome = crawl(tmp_path, web, "first", BEGAN)
    assert outcome.statistics["near_duplicates"] >= 5
    assert outcome.statistics["traps_refused"] >= 1


def test_resemblance_is_the_share_of_common_blocks() -> None:
    lines = [f"Sentence number {word} about information security and law." for word in "abcdefghijklmnopqrst"]
    one, same = sign_text("\n".join(lines)), sign_text("\n".join(reversed(lines)))
    other = sign_text("\n".join(lines[:10] + [line.upper() for line in lines[10:]]))
    assert one.digest == same.digest and resemblance(one, same) == 1.0
    assert 0.2 < resemblance(one, other) < 0.5


def test_the_same_crawl_asked_for_again_is_a_refresh(tmp_path: Path) -> None:
    crawl(tmp_path, site(law_page(), '"one"'), "today", BEGAN)
    _, outcome = crawl(tmp_path, site(law_page(), '"one"'), "today", BEGAN + 60)
    assert outcome.captures[0].http_status == 304 and len(outcome.captures) == 2
