"""What a reviewer reads beside an answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from questionnaire.drafting import draft_country
from questionnaire.drafting_rationale import describe_reading, phrase_of
from questionnaire.instrument import Instrument
from questionnaire.search_log import SearchedCountry
from store.tables import EvidenceRow
from tests.questionnaire.conftest import TODAY

Row = Callable[..., EvidenceRow]


def rationale(gci: Instrument, rows: list[EvidenceRow], searched: SearchedCountry, question: str) -> str:
    drafts = draft_country(gci, "XDM", rows, searched, today=TODAY, matcher_version="test")
    return next(draft.rationale for draft in drafts if draft.question == question)


def test_an_article_of_a_law_in_force(gci: Instrument, row: Row, searched: SearchedCountry) -> None:
    law = row(
        "L.1.1",
        "in_place",
        act="Law 60/2018",
        article="16",
        act_status="in_force",
        in_force_from=date(2018, 9, 25),
    )
    assert rationale(gci, [law], searched, "L.1.1") == (
        "Article 16 of Law 60/2018, in force since 25 September 2018, "
        "punishes unauthorised access to computers or data."
    )


def test_an_act_whose_dates_are_not_known(gci: Instrument, row: Row, searched: SearchedCountry) -> None:
    law = row("L.1.1", "in_place", act="Law 60/2018", article="第十六条", act_status="unknown")
    assert rationale(gci, [law], searched, "L.1.1").startswith("第十六条 of Law 60/2018 punishes unauthorised access")


def test_a_page_names_host_page_and_date(gci: Instrument, row: Row, searched: SearchedCountry) -> None:
    page = row("T.1.1", "in_place", page=12, dated_on=date(2024, 2, 1))
    assert rationale(gci, [page], searched, "T.1.1") == (
        "“Cybersecurity in Maravelle” (ministry.gov.maravelle.example, page 12, 1 February 2024) "
        "shows that a national incident response team operates."
    )


def test_a_second_source_is_named(gci: Instrument, row: Row, searched: SearchedCountry) -> None:
    rows = [
        row("T.1.1", "in_place"),
        row("T.1.1", "in_place", url="https://cirt.example/", quote="The team answers day and night.", score=0.7),
    ]
    assert rationale(gci, rows, searched, "T.1.1").endswith(
        "“Cybersecurity in Maravelle” (cirt.example) says the same."
    )


def test_a_row_of_a_repository_is_named_as_such(gci: Instrument, row: Row, searched: SearchedCountry) -> None:
    fact = row("T.1.6", "in_place", fact="FIRST teams (verified: never)")
    assert rationale(gci, [fact], searched, "T.1.6") == (
        "The list of FIRST teams (verified: never) shows that the national team is a member of FIRST."
    )


def test_not_found_says_what_was_searched(gci: Instrument, searched: SearchedCountry) -> None:
    assert rationale(gci, [], searched, "T.1.1") == (
        "Nothing that answers the question was found. "
        "2 documents in English and French from 1 source were searched; 1 could not be read."
    )
    assert describe_reading(SearchedCountry("XDM", ("en",), ())) == "No document was read."


def test_long_quotes_are_cut_and_newlines_joined(gci: Instrument, row: Row, searched: SearchedCountry) -> None:
    plan = row("O.1.1", "planned", quote="The Ministry\nwill " + "very " * 100 + "soon act.")
    told = rationale(gci, [plan], searched, "O.1.1")
    assert "The Ministry will very" in told
    assert len(told) < 600


def test_every_question_has_its_own_phrase(gci: Instrument) -> None:
    for question in gci.questions:
        phrase = phrase_of(gci, question, question.code)
        assert not phrase["act"].startswith("bears on"), question.code
        assert not phrase["fact"].endswith((".", "?"))


def test_a_year_alone_is_not_told_as_a_day_and_the_site_is_no_part_of_a_title(
    gci: Instrument, row: Row, searched: SearchedCountry
) -> None:
    page = row("T.1.1", "in_place", dated_on=date(2024, 1, 1), document_title="The national team | Ministry of Things")
    told = rationale(gci, [page], searched, "T.1.1")
    assert told.startswith("“The national team” (ministry.gov.maravelle.example, 2024) shows")
    plan = row("T.1.1", "in_place", document_title="Cybersecurity Strategy - 2018 to 2023")
    assert "“Cybersecurity Strategy - 2018 to 2023”" in rationale(gci, [plan], searched, "T.1.1")


def test_evidence_that_carries_no_answer_says_why(gci: Instrument, row: Row, searched: SearchedCountry) -> None:
    old = row("D.1.1", "in_place", dated_on=date(2014, 5, 1))
    assert "older than the 3 years" in rationale(gci, [old], searched, "D.1.1")
