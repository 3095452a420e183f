"""The proof behind every 'not found'."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from questionnaire.instrument import Instrument
from questionnaire.search_log import NearMiss, SearchedCountry, describe_search, log_search, share_searched
from sources.country_files import load_country
from store.tables import CaptureRow, DocumentRow, IssueRow, SearchLogRow

Document = Callable[..., DocumentRow]


def log(gci: Instrument, searched: SearchedCountry, question: str) -> SearchLogRow:
    return next(row for row in log_search(gci, searched) if row.question == question)


def test_it_names_sources_languages_terms_and_times(gci: Instrument, searched: SearchedCountry) -> None:
    row = log(gci, searched, "T.1.1")
    assert row.sources_tried == ("ministry.gov.maravelle.example (2 documents)",)
    assert row.documents_read == 2
    assert row.languages == ("en", "fr")
    assert set(gci.question("T.1.1").terms["fr"]) <= set(row.terms)
    assert not set(gci.question("T.1.1").terms["zh"]) & set(row.terms)
    assert row.first_capture == row.last_capture == datetime(2026, 11, 1, tzinfo=UTC)


def test_it_names_what_could_not_be_read(gci: Instrument, searched: SearchedCountry, document: Document) -> None:
    partly = document("d.pdf", reason="Pages 41 to 80 are pictures and were left for the next run.")
    issue = IssueRow(
        country="XDM",
        stage="crawl",
        subject="https://gazette.gov.maravelle.example/",
        code="robots_disallowed",
        message="robots.txt of gazette.gov.maravelle.example forbids it.",
        lasting=True,
        offset=None,
        occurred_at=datetime(2026, 11, 1, tzinfo=UTC),
    )
    changed = replace(searched, documents=(*searched.documents, partly), issues=(issue,))
    row = log(gci, changed, "T.1.1")
    assert "c.pdf: The file asks for a password." in row.documents_unreadable
    assert any("d.pdf: only in part" in line for line in row.documents_unreadable)
    assert any("forbids it" in line for line in row.documents_unreadable)
    assert any("forbids it" in line for line in log(gci, changed, "L.1.1").not_yet_searched)


def test_many_unreadable_documents_are_counted_not_lost(
    gci: Instrument, searched: SearchedCountry, document: Document
) -> None:
    many = tuple(document(f"{n}.pdf", status="damaged") for n in range(500))
    row = log(gci, replace(searched, documents=many), "T.1.1")
    assert len(row.documents_unreadable) == 40
    assert row.documents_unreadable[-1].startswith("and 461 more")


def test_the_best_places_not_searched_come_in_the_order_of_the_bank(gci: Instrument, searched: SearchedCountry) -> None:
    row = log(gci, searched, "L.1.1")
    assert row.not_yet_searched[0].startswith("National official gazette")
    assert "https://gazette.gov.maravelle.example/" in row.not_yet_searched[0]
    assert any("sherloc.unodc.org" in place for place in row.not_yet_searched)
    assert any("no address is known" in place for place in row.not_yet_searched), "the country has no parliament seed"


def test_a_repository_whose_rows_were_taken_in_counts_as_searched(gci: Instrument, searched: SearchedCountry) -> None:
    question = gci.question("T.1.6")
    before = share_searched(gci, question, searched)
    after = replace(searched, repository_hosts=frozenset({"api.first.org"}))
    assert share_searched(gci, question, after) > before
    assert not any("api.first.org" in place for place in log(gci, after, "T.1.6").not_yet_searched)
    assert any("api.first.org" in tried for tried in log(gci, after, "T.1.6").sources_tried)


def test_nearest_misses_are_the_best_of_their_question(gci: Instrument, searched: SearchedCountry) -> None:
    misses = tuple(
        NearMiss("T.1.1", f"Passage number {n} on teams.", f"https://a.example/{n}", n / 10, "topic only")
        for n in range(9)
    )
    other = NearMiss("T.1.2", "Another question's passage.", "https://a.example/x", 0.99, "topic only")
    row = log(gci, replace(searched, misses=(*misses, other)), "T.1.1")
    assert len(row.nearest_misses) == 5
    assert row.nearest_misses[0] == "“Passage number 8 on teams.” (topic only; score 0.80) https://a.example/8"


def test_nothing_read_is_nothing_searched(gci: Instrument, searched: SearchedCountry) -> None:
    empty = replace(searched, documents=())
    assert all(share_searched(gci, question, empty) == 0 for question in gci.questions)
    assert log(gci, empty, "T.1.1").first_capture is None


def test_it_is_described_from_a_country_file(gci: Instrument, document: Document) -> None:
    country = load_country("XDM")
    searched = describe_search(country, [document("a", url="https://cirt.maravelle.example/en")])
    assert "national_cirt" in searched.kinds_read
    assert not any("cirt.maravelle.example" in place for place in log(gci, searched, "T.1.1").not_yet_searched)


def test_hosts_that_answered_without_readable_text_are_named(gci: Instrument, searched: SearchedCountry) -> None:
    changed = replace(
        searched, captures=(capture("https://cirt.maravelle.example/"), capture(searched.documents[0].url))
    )
    tried = log(gci, changed, "T.1.1").sources_tried
    assert "cirt.maravelle.example (1 page fetched, nothing readable)" in tried
    assert len([line for line in tried if line.startswith("ministry")]) == 1


def capture(url: str) -> CaptureRow:
    return CaptureRow(
        country="XDM", capture_id=url, crawl="c", url=url, captured_at=datetime(2026, 11, 1, tzinfo=UTC),
        http_status=200, declared_type="text/html", declared_charset="", payload_digest="", payload_bytes=0,
        record_type="response", warc_file="", warc_offset=0, origin="fetched by us", source_kind="",
        source_provenance="", source_confidence="", found_on="", link_text="", depth=0, etag="", last_modified="",
        tls_exception="", quality=0.1, quality_reason="bot wall",
    )  # fmt: skip


def test_many_lost_addresses_of_one_kind_are_one_line(gci: Instrument, searched: SearchedCountry) -> None:
    issues = tuple(
        IssueRow(
            country="XDM", stage="replay", subject=f"https://a.example/{n}", code="not_in_archive",
            message=f"https://a.example/{n} is not in the archive.", lasting=True, offset=None,
            occurred_at=datetime(2026, 11, 1, tzinfo=UTC),
        )
        for n in range(30)
    )  # fmt: skip
    lines = log(gci, replace(searched, issues=issues), "T.1.1").documents_unreadable
    assert "30 addresses for the same reason, such as: https://a.example/0 is not in the archive." in lines
    assert len(lines) == 2
