"""Which captures count after a refresh: confirmed ones keep the time at which their bytes were received."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from store.captures import FETCHED, is_page, is_readable, join_captures, last_seen
from store.tables import CaptureRow

FIRST = datetime(2026, 5, 12, 10, tzinfo=UTC)
LATER = FIRST + timedelta(days=30)


def capture(url: str = "https://s.example/law", **changes: object) -> CaptureRow:
    row = CaptureRow(
        country="XDM", capture_id=url, crawl="first", url=url, captured_at=FIRST, http_status=200,
        declared_type="text/html", declared_charset="utf-8", payload_digest="a" * 64, payload_bytes=900,
        record_type="response", warc_file="XDM/first/00000.warc.gz", warc_offset=10, origin=FETCHED, source_kind="",
        source_provenance="", source_confidence="", found_on="", link_text="", depth=0, etag='"one"', last_modified="",
        tls_exception="", quality=1.0, quality_reason="", substance="s" * 64,
    )  # fmt: skip
    return replace(row, **changes)  # type: ignore[arg-type]


def test_304_moves_the_day_last_seen_and_not_the_day_of_capture() -> None:
    confirmed = capture(http_status=304, confirmed_at=LATER, crawl="second", change="same", etag='"two"')
    (row,) = join_captures([capture()], [confirmed])
    assert (row.captured_at, row.confirmed_at, last_seen(row)) == (FIRST, LATER, LATER)
    assert (row.http_status, row.crawl, row.warc_offset, row.etag) == (200, "first", 10, '"two"')


def test_304_without_an_earlier_row_still_feeds_evidence() -> None:
    (row,) = join_captures([], [capture(http_status=304, confirmed_at=LATER, record_type="revisit")])
    assert is_readable(row) and row.captured_at == FIRST
    assert not is_readable(capture(http_status=304, payload_bytes=0))


def test_the_same_payload_and_the_same_substance_confirm() -> None:
    same = capture(captured_at=LATER, crawl="second", record_type="revisit")
    cosmetic = capture(captured_at=LATER, crawl="second", payload_digest="b" * 64, change="cosmetic")
    for answer in (same, cosmetic):
        (row,) = join_captures([capture()], [answer])
        assert (row.captured_at, row.payload_digest, row.confirmed_at) == (FIRST, "a" * 64, LATER)
    (row,) = join_captures(
        join_captures([capture()], [cosmetic]), [replace(cosmetic, captured_at=LATER, http_status=304)]
    )
    assert row.payload_digest == "a" * 64, "a page confirmed under a later payload is still the same text"


def test_what_the_country_file_says_now_of_a_source_holds_for_a_confirmed_page() -> None:
    seen_again = capture(captured_at=LATER, source_kind="gazette", source_provenance="asked", source_confidence="high")
    (row,) = join_captures([capture(source_kind="other")], [seen_again])
    assert (row.captured_at, row.source_kind, row.source_provenance) == (FIRST, "gazette", "asked")


def test_a_changed_page_is_a_new_capture() -> None:
    changed = capture(captured_at=LATER, payload_digest="b" * 64, substance="t" * 64, change="changed")
    assert join_captures([capture()], [changed]) == [changed]
    file = capture(substance="")
    other = replace(file, captured_at=LATER, payload_digest="b" * 64)
    assert join_captures([file], [other]) == [other], "files without substance are compared by their bytes alone"


def test_a_page_that_is_gone_or_walled_confirms_nothing() -> None:
    for answer in (capture(captured_at=LATER, quality=0.1), capture(captured_at=LATER, http_status=404)):
        (row,) = join_captures([capture()], [answer])
        assert row.confirmed_at is None and row.captured_at == FIRST


def test_what_we_fetched_takes_the_place_of_what_was_handed_in() -> None:
    imported = capture(origin="imported from a.warc.gz (SHA-256 …), not fetched by us")
    fetched = capture(captured_at=LATER, crawl="second")
    assert join_captures([imported], [fetched]) == [fetched]
    (row,) = join_captures([fetched], [replace(imported, captured_at=LATER + timedelta(days=1))])
    assert row.origin == FETCHED and row.confirmed_at == LATER + timedelta(days=1)


def test_of_pages_with_one_text_the_nearest_is_read() -> None:
    page = capture(depth=1)
    printed = capture("https://s.example/law?print=1", payload_digest="b" * 64, depth=1)
    elsewhere = capture("https://other.example/law", payload_digest="c" * 64, depth=1)
    same_bytes = capture("https://s.example/law/index.html", depth=2)
    rows = {row.url: row for row in join_captures([], [printed, page, elsewhere, same_bytes])}
    assert rows[printed.url].copy_of == page.url
    assert is_page(rows[printed.url]) and not is_readable(rows[printed.url])
    assert not rows[page.url].copy_of and not rows[elsewhere.url].copy_of, "two hosts are two sources to look at"
    assert not rows[same_bytes.url].copy_of, "the same payload is one document already"
    changed = capture(captured_at=LATER, payload_digest="d" * 64, substance="t" * 64, depth=1)
    rows = {row.url: row for row in join_captures(rows.values(), [changed])}
    assert not rows[printed.url].copy_of, "what was a copy is read again when the other page has another text"
