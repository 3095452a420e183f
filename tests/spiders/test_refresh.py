"""Refresh: what did not change is neither fetched whole nor stored twice, and keeps its links."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from extractors.documents import reading_key
from extractors.repositories.pages import captured_pages
from spiders.likeness import resemblance, sign_text
from spiders.outcome import CrawlOutcome
from store.archive import read_payload
from store.archive_members import RawRecord, walk_records
from store.captures import is_readable, join_captures, last_seen
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
    assert (page.confirmed_at - page.captured_at).days == 1, "the bytes were received a day before they were confirmed"
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


def test_an_unchanged_page_is_not_read_again(tmp_path: Path) -> None:
    _, first = crawl(tmp_path, site(law_page(), '"one"'), "first", BEGAN)
    known = join_captures([], first.captures)
    _, second = crawl(tmp_path, site(law_page(), '"one"'), "second", BEGAN + DAY)
    third_page = law_page(menu="Home Contact", date="14 May 2026", views=9)
    _, third = crawl(tmp_path, site(third_page, '"three"'), "third", BEGAN + 2 * DAY)
    _, fourth = crawl(tmp_path, site(third_page, '"three"'), "fourth", BEGAN + 3 * DAY)
    for days, outcome in enumerate((second, third, fourth), start=1):
        joined = join_captures(known, outcome.captures)
        assert reading_key(joined) == reading_key(known), "nothing is read again"
        row = next(row for row in joined if row.url == f"{HOST}/")
        assert (last_seen(row) - row.captured_at).days == days
        known = joined
    _, fifth = crawl(tmp_path, site(law_page(text="Repealed. " + LAW), '"five"'), "fifth", BEGAN + 4 * DAY)
    assert reading_key(join_captures(known, fifth.captures)) != reading_key(known)


def test_a_list_that_was_confirmed_is_read_again_from_the_archive(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    _, first = crawl(tmp_path, site(law_page(), '"one"'), "first", BEGAN, is_repository=True)
    _, second = crawl(tmp_path, site(law_page(), '"one"'), "second", BEGAN + DAY, is_repository=True)
    assert second.captures[0].http_status == 304
    before, after = (list(captured_pages(settings, outcome.captures)) for outcome in (first, second))
    assert [page.payload for page in after] == [page.payload for page in before] and before
    assert after[0].captured_at == before[0].captured_at, (
        "the quote stays that of the day on which its bytes were received"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Last updated: 12 May 2026", "Last updated: 3 June 2026"), ("Page views: 7", "Page views: 1,204"),
        ("12/05/2026", "03/06/2026"), ("© 2025 Ministry", "© 2026 Ministry"), ("Mis à jour le 3 mai 2026", "Mis à jour le 4 mai 2026"),
        ("آخر تحديث: 2026/05/03", "آخر تحديث: 2026/06/03"), ("更新时间：2026年5月3日", "更新时间：2026年6月1日"),
    ],
)  # fmt: skip
def test_stamps_and_counters_are_no_substance(before: str, after: str) -> None:
    assert sign_text(f"{LAW}\n{before}").digest == sign_text(f"{LAW}\n{after}").digest
    assert sign_text(LAW, before).digest == sign_text(LAW, after).digest


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Entry into force: 1 July 2026", "Entry into force: 1 July 2027"),
        ("National Strategy 2018-2022", "National Strategy 2023-2028"), ("Bill No 12 of 2025", "Act No 12 of 2026"),
        ("Act No 12", "Act No 12 Repealed 12 May 2026"), ("Loi modifiée le 3 mai 2025", "Loi modifiée le 3 mai 2026"),
    ],
)  # fmt: skip
def test_dates_that_say_something_are_substance(before: str, after: str) -> None:
    assert sign_text(f"{LAW}\n{before}").digest != sign_text(f"{LAW}\n{after}").digest
    assert sign_text(LAW, before).digest != sign_text(LAW, after).digest


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
    rows = [row for row in outcome.captures if "/view/" in row.url]
    assert rows[0].resembles == "" and all(row.resembles == rows[0].url for row in rows[1:])
    joined = join_captures([], rows)
    assert sum(is_readable(row) for row in joined) == 1, "one of the pages with the same text is read"


def test_pages_that_are_nearly_alike_name_each_other_and_are_both_read(tmp_path: Path) -> None:
    blocks = [f"<p>Article {number}. {LAW}{number}</p>" for number in range(30)]
    other = [*blocks[:29], "<p>Article 29. This law repeals the law of the year before.</p>"]
    far = [*blocks[:20], *(f"<p>Schedule {number} of another act altogether.</p>" for number in range(10))]
    site_of = {"/a": blocks, "/b": other, "/c": far}

    def web(url: str, headers: dict[str, str]) -> Answer:
        path = url.removeprefix(HOST)
        if path == "/":
            return Answer("".join(f"<a href={name}>{name}</a>" for name in site_of).encode())
        return Answer("".join(site_of[path]).encode()) if path in site_of else Answer(b"", 404)

    _, outcome = crawl(tmp_path, web, "first", BEGAN)
    rows = {row.url.removeprefix(HOST): row for row in join_captures([], outcome.captures)}
    named = {path: rows[path].resembles.removeprefix(HOST) for path in site_of}
    assert {named["/a"], named["/b"]} in ({"", "/a"}, {"", "/b"}) and named["/c"] == ""
    assert all(is_readable(rows[path]) for path in site_of)


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
