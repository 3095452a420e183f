"""Every repository's page, in the shape of the real one, to facts; an unknown shape is an error naming the selector."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.repositories.found import UnknownShapeError, UnreadablePageError
from extractors.repositories.pages import Page, PageFacts
from extractors.repositories.reading import read_page
from sources.country_files import load_country
from sources.repository import Repository, filled_address, load_repositories, load_repository

PAGES = Path(__file__).parent / "pages"
SEEN = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def page(contract: Repository, payload: bytes, country: str = "") -> Page:
    address = contract.addresses[0]
    url = filled_address(address, load_country(country or "KEN"))
    return Page(url=url, captured_at=SEEN, origin="fetched by us", payload=payload)


def read(name: str, file: str, country: str = "") -> PageFacts:
    contract = load_repository(name)
    return read_page(page(contract, (PAGES / file).read_bytes(), country), contract, TODAY)


def said(facts: PageFacts) -> set[tuple[str, str, str]]:
    return {(row.country, question, row.stance) for row in facts.rows for question in row.questions}


def test_a_strategy_belongs_to_the_country_that_its_file_name_begins_with_before_its_row() -> None:
    facts = read("itu-strategies", "itu-strategies.html")
    assert said(facts) == {
        ("EST", "O.1.1", "in_place"),
        ("KEN", "O.1.1", "partial"),  # older than six years
        ("SAU", "O.1.1", "planned"),  # a draft
        ("MLT", "O.1.1", "in_place"),  # no country in the file name: the row's
        ("RWA", "O.1.1", "partial"),  # without a year
        ("NZL", "O.1.1", "partial"),  # the file name, not the row under Switzerland
    }
    assert len(facts.unattributed) == 1
    assert "CHE" not in {row.country for row in facts.rows}


def test_national_teams_by_country_with_those_that_are_not_yet() -> None:
    facts = read("itu-cirts", "itu-cirts.html")
    assert said(facts) == {
        ("BEN", "T.1.1", "in_place"),
        ("TCD", "T.1.1", "partial"),
        ("FJI", "T.1.1", "planned"),
        ("NRU", "T.1.1", "absent"),
    }


def test_a_company_or_university_is_not_the_national_team() -> None:
    facts = read("first-teams", "first-teams.json", "EST")
    assert said(facts) == {("EST", "T.1.6", "in_place"), ("EST", "T.2.1", "in_place")}
    assert [row.text.split("\t")[0] for row in facts.rows] == ["CERT-EE", "BankCERT"]


def test_a_country_without_member_teams_is_an_answer() -> None:
    contract = load_repository("first-teams")
    answer = b'{"status": "OK", "status-code": 200, "total": 0, "data": []}'
    assert read_page(page(contract, answer, "TCD"), contract, TODAY).rows == ()


@pytest.mark.parametrize("file", ["coe-185.html", "coe-185.json"])
def test_signature_is_not_ratification_on_the_chart(file: str) -> None:
    facts = read("coe-185", file)
    stances = {country: stance for country, _, stance in said(facts)}
    assert stances["EST"] == "in_place"
    assert stances["IRL"] == "partial"
    assert stances["CHL"] == "in_place"  # accession without signature
    assert "KIR" not in stances  # listed without any date: it said nothing
    if file.endswith("json"):
        assert stances["PER"] == "absent"  # denounced
    else:
        assert facts.unattributed == ("European Union",)


def test_the_chart_with_an_empty_cell_over_its_states_is_read_too() -> None:
    def row(*cells: str, tag: str = "td") -> str:
        return "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in cells) + "</tr>"

    head = ("", "Signature", "Ratification", "Entry into Force", "Notes", "R.", "D.")
    chart = (
        "<table><tr><th colspan=7>Members of Council of Europe</th></tr>" + row(*head, tag="th")
        + row("Estonia", "23/11/2001", "12/05/2003", "01/07/2004", "", "", "") + row("Ireland", "28/02/2002", *[""] * 5)
        + row("", *[""] * 6) + row("Total number of signatures", "2", *[""] * 5) + "</table><table>" + row(*head)
        + row("Chile", "", "20/04/2017 a", "01/08/2017", "", "", "") + "</table>"
    )  # fmt: skip
    contract = load_repository("coe-185")
    facts = read_page(page(contract, chart.encode()), contract, TODAY)
    stances = {country: stance for country, _, stance in said(facts)}
    assert stances == {"EST": "in_place", "IRL": "partial", "CHL": "in_place"}


def test_signature_is_not_ratification_in_the_treaty_collection() -> None:
    facts = read("untc-xviii-16", "untc-xviii-16.xml")
    assert {country: stance for country, _, stance in said(facts)} == {
        "BOL": "partial",
        "CIV": "in_place",
        "VNM": "in_place",  # accession
        "QAT": "in_place",  # definitive signature
    }
    ratified = next(row for row in facts.rows if row.country == "CIV")
    assert ratified.dated_on == date(2026, 5, 11)
    assert ratified.text == "Côte d'Ivoire\t25 Oct 2025\t11 May 2026"


def test_the_tracker_tells_legislation_draft_and_none_apart() -> None:
    assert said(read("unctad-cyberlaw", "unctad-cyberlaw.csv")) == {
        ("AFG", "L.2.1", "absent"),
        ("AFG", "L.2.7", "in_place"),
        ("AFG", "L.1.1", "in_place"),
        ("KHM", "L.2.1", "planned"),
        ("KHM", "L.2.7", "in_place"),
        ("KHM", "L.1.1", "planned"),
    }


def test_an_indicator_without_points_says_nothing() -> None:
    facts = read("ncsi", "ncsi.html", "KEN")
    assert said(facts) == {("KEN", "O.1.1", "in_place"), ("KEN", "L.2.1", "in_place")}
    assert next(row for row in facts.rows if "O.1.1" in row.questions).link == "https://ict.example/strategy.pdf"


def test_an_indicator_made_of_boxes_is_read_too() -> None:
    page_of_boxes = (PAGES / "ncsi.html").read_bytes().replace(b"<p>", b"<div>").replace(b"</p>", b"</div>")
    contract = load_repository("ncsi")
    facts = read_page(page(contract, page_of_boxes, "KEN"), contract, TODAY)
    assert said(facts) == {("KEN", "O.1.1", "in_place"), ("KEN", "L.2.1", "in_place")}


@pytest.mark.parametrize(
    ("points", "says"), [("333", True), ("3 3 3", True), ("3 3", True), ("003", False), ("0 0 3", False), ("0 3 3", False),
                         ("133", False), ("1 3", False)],
)  # fmt: skip
def test_an_indicator_speaks_only_with_all_its_points(points: str, says: bool) -> None:
    text = f"<p>1.3. Cyber security strategy {points} Requirements Criteria The central government has a strategy.</p>"
    contract = load_repository("ncsi")
    filler = "<p>2.3. Cyber safety and security website 111 Requirements</p>"
    facts = read_page(page(contract, f"<h1>Kenya</h1>{text}{filler}".encode(), "KEN"), contract, TODAY)
    assert (("KEN", "O.1.1", "in_place") in said(facts)) == says


def test_a_project_never_proves_a_national_programme() -> None:
    facts = read("cybil", "cybil.html", "KEN")
    assert said(facts) == {("KEN", "O.1.1", "planned"), ("KEN", "D.2.4", "partial"), ("KEN", "D.2.1", "partial")}


def test_in_progress_is_a_plan() -> None:
    stances = {(question, stance) for _, question, stance in said(read("unidir-portal", "unidir-portal.html", "KEN"))}
    assert ("O.1.1", "in_place") in stances
    assert ("O.2.1", "in_place") in stances
    assert ("L.2.6", "planned") in stances
    assert ("L.2.6", "in_place") not in stances


def test_the_country_stands_in_the_address_of_an_extract() -> None:
    facts = read("sherloc", "sherloc.html")
    assert ("BOL", "L.1.1", "in_place") in said(facts)
    assert ("KEN", "L.1.5", "in_place") in said(facts)
    assert facts.unattributed == ("xkx",)


def test_a_profile_page_is_about_the_country_of_its_title() -> None:
    facts = read("octopus-country-wiki", "octopus-country-wiki.html")
    assert {(country, question) for country, question, _ in said(facts)} == {
        ("SEN", "C.2.1"),
        ("SEN", "L.1.1"),
        ("SEN", "L.1.10"),
    }


@pytest.mark.parametrize(
    ("name", "payload", "selector"),
    [
        ("coe-185", b"<html><body><table><tr><th>Country</th></tr></table></body></html>", "table"),
        ("coe-185", b"<html><body><div id=app></div></body></html>", "table"),
        ("coe-185", b'{"error": "token"}', r"\*"),
        ("first-teams", b'{"status": "error"}', "data"),
        ("first-teams", b'{"data": [{"team": "X"}]}', "data.country"),
        ("first-teams", b"<html><body>Attention required</body></html>", "json"),
        ("untc-xviii-16", b"<?xml version='1.0'?><Document/>", "Treaty/Participants"),
        ("untc-xviii-16", b"<html><body>urgent maintenance</body></html>", "Treaty/Participants"),
        ("unctad-cyberlaw", b"code,country\n004,Afghanistan\n", "Electronic Transactions"),
        ("itu-strategies", b"<html><body><a href='/other.pdf'>Estonia</a></body></html>", "National_Strategies"),
        ("itu-cirts", b"<html><body><p>Estonia</p></body></html>", "tr, li"),
        ("sherloc", (PAGES / "sherloc-empty.html").read_bytes(), "legislation"),
        ("ncsi", b"<html><body><p>Kenya</p></body></html>", r"\\d"),
        ("unidir-portal", b"<html><body><div></div></body></html>", "h1 to h6"),
        ("itu-strategies", b"PK\x03\x04\x00\x00", "file"),
    ],
)
def test_an_unknown_shape_is_an_error_that_names_the_selector(name: str, payload: bytes, selector: str) -> None:
    contract = load_repository(name)
    with pytest.raises((UnknownShapeError), match=selector) if selector != "file" else pytest.raises(Exception):
        read_page(page(contract, payload, "KEN"), contract, TODAY)


MARKUP = st.lists(
    st.sampled_from(
        ["<table>", "<tr>", "<td>", "<th>States", "<th>Signature", "</table>", "<li>Kenya", "<h2>Chad", "<a href=x>",
         "<a href='//[bad'>", "</a>", "<body>", "<html>", "\x00", "<!--", "{", "[", '"data":', "]", "}", ",", "1.1. x"]
    ),
    max_size=30,
)  # fmt: skip


@given(
    st.sampled_from(sorted(load_repositories())),
    st.one_of(st.binary(max_size=200), MARKUP.map("".join).map(str.encode)),
)
def test_any_bytes_end_in_rows_or_in_a_stated_error(name: str, payload: bytes) -> None:
    contract = load_repository(name)
    try:
        facts = read_page(page(contract, payload, "KEN"), contract, TODAY)
    except (UnknownShapeError, UnreadablePageError) as error:
        assert str(error)
    else:
        assert all(facts.reading.text[row.start : row.end] == row.text for row in facts.rows)


def test_a_link_that_is_no_address_is_no_link() -> None:
    contract = load_repository("itu-cirts")
    markup = (
        b"<html><body><table><tr><td>Kenya</td><td><a href='//[bad'>KE-CIRT, the national team</a></td></tr></table>"
    )
    (row,) = read_page(page(contract, markup), contract, TODAY).rows
    assert row.link == ""


@pytest.mark.parametrize("website", ["javascript:alert(1)", "http://[::1", "ftp://a.example/", "https:///x", ""])
def test_a_website_that_is_no_web_address_is_no_link(website: str) -> None:
    team = {"team": "CERT-EE", "team-full": "Estonian CERT", "host": "RIA", "country": "EE", "website": website}
    contract = load_repository("first-teams")
    (row,) = read_page(page(contract, json.dumps({"data": [team]}).encode(), "EST"), contract, TODAY).rows
    assert row.link == ""


FILES = [
    ("itu-strategies", "itu-strategies.html", ""), ("itu-cirts", "itu-cirts.html", ""),
    ("first-teams", "first-teams.json", "EST"), ("coe-185", "coe-185.html", ""), ("coe-185", "coe-185.json", ""),
    ("untc-xviii-16", "untc-xviii-16.xml", ""), ("unctad-cyberlaw", "unctad-cyberlaw.csv", ""),
    ("ncsi", "ncsi.html", "KEN"), ("cybil", "cybil.html", "KEN"), ("unidir-portal", "unidir-portal.html", "KEN"),
    ("sherloc", "sherloc.html", ""), ("octopus-country-wiki", "octopus-country-wiki.html", ""),
]  # fmt: skip


@pytest.mark.parametrize(("name", "file", "country"), FILES)
def test_every_quote_is_a_slice_of_its_text_layer(name: str, file: str, country: str) -> None:
    facts = read(name, file, country)
    assert facts.rows
    for row in facts.rows:
        assert facts.reading.text[row.start : row.end] == row.text
        assert 12 <= len(row.text) <= 600
        assert row.text_layer_id == facts.reading.text_layer_id
        assert row.reader_version == facts.reading.reader_version
    assert len({row.fact_id for row in facts.rows}) == len(facts.rows)
    assert all(facts.reading.text[p.start : p.end] == p.text for p in facts.reading.passages)


def test_entities_and_deep_markup_do_no_harm() -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    bomb += b"<Document>&b;</Document>"
    contract = load_repository("untc-xviii-16")
    with pytest.raises(UnknownShapeError):
        read_page(page(contract, bomb), contract, TODAY)
    deep = b"<html><body>" + b"<div>" * 20_000 + b"x"
    with pytest.raises(UnknownShapeError):
        read_page(page(load_repository("itu-cirts"), deep), load_repository("itu-cirts"), TODAY)
    with pytest.raises(UnknownShapeError):
        read_page(page(load_repository("first-teams"), b"[" * 200_000, "KEN"), load_repository("first-teams"), TODAY)
