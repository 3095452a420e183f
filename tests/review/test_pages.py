"""Pages: what they show, how often they ask the database, and what they say when the lake is not there."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from review import services
from review.lake_view import lake_view
from review.services.decisions import standing_of
from store.lake import open_lake
from store.tables import CAPTURES, SEARCH_LOG, CaptureRow, SearchLogRow

pytestmark = pytest.mark.django_db
SOME = ["FJI", "TON", "WSM", "KIR", "RWA", "ARE", "KEN", "PER", "NPL", "LAO", "TGO", "MLI"]


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_no_query_count_grows_with_countries_people_or_decisions(fiji, synthetic, person, browse, accept):
    from review.desk import desk_instrument

    client = browse(person("cleo", "coordinator"))
    addresses = [
        "/", "/countries/FJI/", "/countries/FJI/questions/L.1.1/", "/countries/FJI/changes/", "/countries/FJI/audit/",
        "/agreement/", "/countries/FJI/documents/",
    ]  # fmt: skip
    rita, ravi = person("rita"), person("ravi")
    for who in (rita, ravi):
        accept(who, "L.1.1")
    before = {address: queries(client, address) for address in addresses}
    for country in SOME[1:]:
        synthetic.build_country(fiji, synthetic.Plan(iso3=country, archived=False))
        services.record_draft(country)
    for country in SOME[:3]:
        for who in (rita, ravi):
            services_assign(who, country)
            for question in desk_instrument().questions[1::4]:
                accept(who, question.code, country=country)
    after = {address: queries(client, address) for address in addresses}
    assert after == before
    assert max(before.values()) <= 22


def services_assign(person, country):
    from review.services.people import assign

    assign(person, country, "test")


def test_the_desk_shows_states_filters_and_tiles(fiji, person, browse):
    client = browse(person("rita"))
    page = client.get("/").content.decode()
    assert "Fiji" in page and "1 country" in page and ">RWA<" in page and "Asia-Pacific" in page
    assert "Rwanda" not in page.split("By region")[0]
    assert "Rwanda" in client.get("/?everything=1").content.decode().split("By region")[0]
    assert "No country fits" in client.get("/?region=Europe").content.decode()
    assert "Fiji" in client.get("/?mine=1").content.decode()
    part = client.get("/?text=fij", headers={"HX-Request": "true"}).content.decode()
    assert "Fiji" in part and "<html" not in part


def test_a_question_shows_rule_draft_log_and_evidence(fiji, person, browse):
    client = browse(person("rita"))
    page = client.get("/countries/FJI/questions/L.1.1/").content.decode()
    row = lake_view().evidence("FJI")["L.1.1"][0]
    for text in (row.quote, "Documents read", "in place", "archived 2026-09-01", "Decide and next"):
        assert text in page
    assert 'sandbox=""' in page and row.document_id in page


def test_deciding_by_form_leads_to_the_next_open_question(fiji, person, browse):
    client = browse(person("rita"))
    mark = client.get("/countries/FJI/questions/L.1.1/").content.decode().split('name="seen_mark" value="')[1][:64]
    answer = client.post(
        "/countries/FJI/questions/L.1.1/decide/", {"answer": "yes", "seen_mark": mark, "go": "next", "f-pillar": "L"}
    )
    assert answer.headers["Location"] == "/countries/FJI/questions/L.1.2/?pillar=L"
    assert standing_of("FJI", "L.1.1").reviews[0].answer == "yes"


def test_what_was_entered_stays_when_the_draft_was_replaced(fiji, synthetic, person, browse):
    client = browse(person("rita"))
    mark = client.get("/countries/FJI/questions/L.1.1/").content.decode().split('name="seen_mark" value="')[1][:64]
    synthetic.build_country(fiji, synthetic.Plan(iso3="FJI", seed=5))
    answer = client.post(
        "/countries/FJI/questions/L.1.1/decide/",
        {"answer": "no", "why": "It was repealed in 2020, see the gazette.", "seen_mark": mark},
    )
    page = answer.content.decode()
    assert answer.status_code == 409 and "replaced" in page
    assert "It was repealed in 2020" in page and 'value="no" checked' in page


def test_bulk_accepts_only_what_was_previewed(fiji, synthetic, person, browse):
    client = browse(person("rita"))
    page = client.get("/countries/FJI/bulk/?pillar=L&answer=yes&confident=60").content.decode()
    chosen = [part.split('"')[0] for part in page.split('name="accept" value="')[1:]]
    assert chosen and all(entry.startswith("L.") for entry in chosen)
    assert not standing_of("FJI", "L.1.1").reviews
    stale = chosen[0].split("@")[0] + "@" + "0" * 64
    client.post("/countries/FJI/bulk/", {"accept": [stale, *chosen[1:]]})
    assert not standing_of("FJI", chosen[0].split("@")[0]).reviews
    assert standing_of("FJI", chosen[1].split("@")[0]).reviews


def test_search_finds_words_in_any_order_and_marks_them(fiji, person, browse):
    client = browse(person("rita"))
    word = lake_view().evidence("FJI")["L.1.1"][0].quote.split()[3]
    page = client.get("/countries/FJI/search/", {"q": word.upper()}).content.decode()
    assert f"<mark>{word}</mark>" in page
    assert "0 passages" in client.get("/countries/FJI/search/", {"q": "xyzzy"}).content.decode()


def test_a_page_that_was_found_unchanged_keeps_the_data_young(fiji, person, browse):
    lake, now = open_lake(fiji), datetime.now(UTC).replace(microsecond=0)
    old = replace_all(lake, captured_at=now - timedelta(days=40))
    client = browse(person("rita"))
    assert "last found unchanged" not in client.get("/countries/FJI/").content.decode()
    lake.write(CAPTURES, "FJI", [replace(row, confirmed_at=now - timedelta(days=3)) for row in old])
    page = client.get("/countries/FJI/").content.decode()
    assert f"last found unchanged {(now - timedelta(days=3)):%Y-%m-%d}" in page
    assert lake_view().figures("FJI").last_seen == now - timedelta(days=3)
    assert lake_view().board()["FJI"].last_seen == now - timedelta(days=3)


def test_copies_and_pages_of_nearly_the_same_text_are_named(fiji, person, browse):
    lake = open_lake(fiji)
    first, second, *rest = lake.read(CAPTURES, "FJI", CaptureRow)
    client = browse(person("rita"))
    assert "The same text at two addresses" not in client.get("/countries/FJI/documents/").content.decode()
    same = [replace(first, copy_of="https://a.example/x"), replace(second, resembles="https://a.example/<y>")]
    lake.write(CAPTURES, "FJI", [*same, *rest])
    page = client.get("/countries/FJI/documents/").content.decode()
    assert "The same text at two addresses: 2" in page
    assert "nearly the same" in page
    assert "https://a.example/&lt;y&gt;" in page


def replace_all(lake, captured_at):
    """Make a country's data old: its captures and what its search log says of them."""
    captures = [replace(row, captured_at=captured_at) for row in lake.read(CAPTURES, "FJI", CaptureRow)]
    lake.write(CAPTURES, "FJI", captures)
    log = lake.read(SEARCH_LOG, "FJI", SearchLogRow)
    lake.write(SEARCH_LOG, "FJI", [replace(row, first_capture=captured_at, last_capture=captured_at) for row in log])
    return captures


def test_a_lake_that_is_missing_or_half_there(fiji, person, browse):
    client = browse(person("rita"))
    for table in ("evidence", "search_log", "documents", "captures", "passages", "drafts"):
        shutil.rmtree(fiji.lake_dir / table)
        for address in ("/", "/countries/FJI/", "/countries/FJI/questions/L.1.1/", "/countries/FJI/documents/"):
            answer = client.get(address)
            assert answer.status_code == 200, f"{address} without {table}"
    assert "gcidesk research FJI" in client.get("/countries/FJI/").content.decode()
    shutil.rmtree(fiji.lake_dir)
    assert "gcidesk demo" in client.get("/").content.decode()


def test_a_damaged_partition_says_which_command_mends_it(fiji, person, browse):
    client = browse(person("rita"))
    (fiji.lake_dir / "drafts" / "FJI.parquet").write_bytes(b"torn")
    for address, status in (("/", 200), ("/countries/FJI/", 503), ("/countries/FJI/questions/L.1.1/", 503)):
        answer = client.get(address)
        assert answer.status_code == status
        assert "gcidesk research FJI" in answer.content.decode()


def test_a_source_whose_archive_is_gone_shows_its_text(fiji, person, browse):
    shutil.rmtree(fiji.archive_dir)
    row = lake_view().evidence("FJI")["L.1.1"][0]
    page = (
        browse(person("rita"))
        .get(f"/countries/FJI/sources/{row.document_id}/page/?evidence={row.evidence_id}")
        .content.decode()
    )
    assert "is missing" in page and f'<mark id="quote">{row.quote}' in page


def test_exports_name_no_reviewer(fiji, person, browse, accept):
    accept(person("zebulon"), "L.1.1", why="ZEBRA is my reason for it")
    client = browse(person("cleo", "coordinator"))
    for form in ("json", "xlsx"):
        answer = client.get(f"/countries/FJI/export.{form}")
        assert answer.status_code == 200 and answer.headers["Content-Disposition"].startswith("attachment")
        assert b"zebulon" not in answer.content.lower() and b"ZEBRA" not in answer.content


def test_an_unknown_country_question_or_document_is_not_found(fiji, person, browse):
    client = browse(person("rita"))
    for address in ("/countries/ZZZ/", "/countries/FJI/questions/Q.9/", f"/countries/FJI/sources/{'0' * 64}/", "/x/"):
        assert client.get(address).status_code == 404
