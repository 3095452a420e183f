"""Instruments load whole or are refused with file, line, field and reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from questionnaire.drafting import draft_country
from questionnaire.instrument import (
    INSTRUMENTS,
    Instrument,
    InstrumentError,
    UnknownQuestionError,
    load_instrument,
)
from questionnaire.search_log import SearchedCountry, log_search
from store.errors import ExitCode
from store.tables import DraftRow, EvidenceRow
from tests.questionnaire.conftest import TODAY

GCI = (INSTRUMENTS / "gci.yml").read_text(encoding="utf-8")
Row = Callable[..., EvidenceRow]


def refuse(tmp_path: Path, text: str) -> str:
    path = tmp_path / "bank.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InstrumentError) as caught:
        load_instrument(path)
    assert caught.value.exit_code == ExitCode.BAD_INPUT
    return str(caught.value)


def line_of(text: str, part: str, nth: int = 1) -> int:
    found = [number for number, line in enumerate(text.splitlines(), start=1) if part in line]
    return found[nth - 1]


def test_the_bank_has_its_84_questions() -> None:
    bank = load_instrument()
    assert len(bank.questions) == 84
    assert set(bank.languages) == {"en", "fr", "es", "ar", "zh", "ru", "pt"}
    assert all(question.terms.keys() == set(bank.languages) for question in bank.questions)


def test_a_duplicate_code_is_refused_with_the_line_of_the_second(tmp_path: Path) -> None:
    text = GCI.replace("- code: L.1.2\n", "- code: L.1.1\n", 1)
    assert f"bank.yml:{line_of(text, 'code: L.1.1', 2)}: " in refuse(tmp_path, text)


def test_an_unknown_parent_is_refused_with_its_line(tmp_path: Path) -> None:
    text = GCI.replace("requires: T.1.1\n", "requires: T.9.9\n", 1)
    message = refuse(tmp_path, text)
    assert f"bank.yml:{line_of(text, 'requires: T.9.9')}: " in message
    assert "unknown code T.9.9" in message


def test_a_wrong_value_and_an_unknown_field_are_refused_with_line_and_field(tmp_path: Path) -> None:
    text = GCI.replace("recency_years: 3", "recency_years: soon", 1)
    message = refuse(tmp_path, text)
    assert f"bank.yml:{line_of(text, 'recency_years: soon')}: " in message
    assert "recency_years" in message
    assert "Extra inputs" in refuse(tmp_path, GCI.replace("partial_allowed: true", "partialy_allowed: true", 1))


def test_what_is_not_yaml_or_not_there_is_refused(tmp_path: Path) -> None:
    assert "is not YAML" in refuse(tmp_path, "pillars: [")
    with pytest.raises(InstrumentError, match="cannot be read"):
        load_instrument(tmp_path / "none.yml")


def test_a_code_that_maps_to_nothing_is_refused_with_its_line(tmp_path: Path) -> None:
    text = (INSTRUMENTS / "unga-64-211.yml").read_text(encoding="utf-8").replace("[C.1.4, C.2.1]", "[C.1.4, C.9.9]")
    message = refuse(tmp_path, text)
    assert f"bank.yml:{line_of(text, 'C.9.9')}: " in message
    assert "LF.17" in message


def test_an_unknown_question_names_look_alikes() -> None:
    with pytest.raises(UnknownQuestionError, match=r"L\.1\.1"):
        load_instrument().question("L.1.99")


@pytest.mark.parametrize(("name", "count"), [("unga-64-211", 18), ("gca", 25)])
def test_other_instruments_take_terms_and_sources_from_the_codes_they_map_to(name: str, count: int) -> None:
    bank = load_instrument(name)
    gci = load_instrument()
    assert len(bank.questions) == count
    for question in bank.questions:
        assert question.gci_codes, question.code
        terms = {term for code in question.gci_codes for term in gci.by_code[code].terms["fr"]}
        assert set(question.terms["fr"]) == terms
        assert question.sources


def draft(bank: Instrument, rows: list[EvidenceRow]) -> dict[str, DraftRow]:
    searched = SearchedCountry("XDM", ("en",), ())
    drafts = draft_country(bank, "XDM", rows, searched, today=TODAY, matcher_version="test")
    return {item.question: item for item in drafts}


def test_an_item_that_needs_several_measures_is_yes_only_with_all_of_them(row: Row) -> None:
    bank = load_instrument("unga-64-211")
    codes = bank.question("LF.13").gci_codes
    one = draft(bank, [row("L.1.1", "in_place", act="Law 5/2019", article="4", act_status="in_force")])["LF.13"]
    assert one.answer == "partial"
    assert "1 of 8 measures" in one.needs_look
    assert "punishes unauthorised access" in one.rationale
    every = draft(bank, [row(code, "in_place", start=n) for n, code in enumerate(codes)])["LF.13"]
    assert every.answer == "yes"
    assert "unauthorised access" in every.rationale
    assert "interference" in every.rationale
    assert "says the same" not in every.rationale
    assert draft(bank, [])["LF.13"].answer == "not_found"


def test_an_item_with_alternatives_is_yes_with_one_of_them(row: Row) -> None:
    drafts = draft(load_instrument("unga-64-211"), [row("T.1.7", "in_place")])
    assert drafts["I.12"].answer == "yes"
    assert drafts["N.2"].answer == "not_found"


def test_an_item_keeps_the_recency_rule_of_the_code_it_maps_to(row: Row) -> None:
    old = row("D.1.2", "in_place", dated_on=TODAY.replace(year=2010))
    assert draft(load_instrument("gca"), [old])["GCA.4.i"].answer == "not_found"


def test_other_instruments_have_a_search_log() -> None:
    bank = load_instrument("gca")
    logs = log_search(bank, SearchedCountry("XDM", ("en",), ()))
    assert [log.question for log in logs] == [question.code for question in bank.questions]
    assert all(log.not_yet_searched for log in logs)


def test_instruments_are_plain_data() -> None:
    for path in INSTRUMENTS.glob("*.yml"):
        assert isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), dict)
