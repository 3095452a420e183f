"""Contracts of repositories: all load; what cannot hold is refused with file and line."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from questionnaire.instrument import load_instrument
from sources.country_files import load_country
from sources.repository import (
    PERIODS,
    Repository,
    UnknownRepositoryError,
    filled_address,
    is_due,
    load_repositories,
    load_repository,
)
from sources.typed_yaml import SourceFileError, load_typed

GOOD = """\
name: example-list
title: An example list
publisher: Nobody
official: true
languages: [en]
schedule: weekly
addresses: ['https://list.example/{iso2_lower}?c={iso3}']
shapes:
- kind: table
  columns: {country: Country, state: State}
  country: country
shape_from: written for a test
questions: [C.2.1]
rules:
- {stance: in_place}
assertions: {min_rows: 5, max_rows: 50, min_countries: 5}
manual_check: never
verified: 2026-11-01
"""


def load(tmp_path: Path, text: str) -> Repository:
    path = tmp_path / "example-list.yml"
    path.write_text(text, encoding="utf-8")
    return load_typed(path, Repository)


def test_every_contract_loads_and_names_questions_of_the_bank() -> None:
    known = {question.code for question in load_instrument().questions}
    contracts = load_repositories()
    assert len(contracts) >= 13
    for contract in contracts.values():
        named = {*contract.questions, *(code for rule in contract.rules for code in rule.questions)}
        assert named <= known, contract.name
        assert contract.shape_from


def test_every_pattern_of_a_rule_compiles_for_every_kind_of_name() -> None:
    for contract in load_repositories().values():
        for rule in contract.rules:
            re.compile(rule.matches.replace("{iso2}", "CI").replace("{iso3}", "CIV").replace("{name}", "Côte d’Ivoire"))


def test_an_address_is_filled_for_a_country(tmp_path: Path) -> None:
    contract = load(tmp_path, GOOD)
    assert filled_address(contract.addresses[0], load_country("EST")) == "https://list.example/ee?c=EST"
    assert (
        filled_address("https://x.example/{slug}/", load_country("BIH")) == "https://x.example/bosnia-and-herzegovina/"
    )


def test_what_is_shown_wherever_a_fact_is_used(tmp_path: Path) -> None:
    assert load(tmp_path, GOOD).verified_text == "example-list (verified 2026-11-01)"
    never = GOOD.replace("verified: 2026-11-01", "verified: never")
    assert load(tmp_path, never).verified_text == "example-list (verified: never)"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "max_rows: 50",
            "max_rows: 4",
            "example-list.yml:16: assertions: cannot hold: min_rows 5 is more than max_rows 4",
        ),
        (
            "min_countries: 5",
            "min_countries: 60",
            "16: assertions: cannot hold: min_countries 60 is more than max_rows 50",
        ),
        ("max_rows: 50, min_countries: 5", "max_rows: 500, min_countries: 300", "cannot hold: there are 195 countries"),
        ("min_rows: 5", "min_rows: 0", "16: assertions.min_rows: Input should be greater than or equal to 1"),
        ("official: true", "official: true\nprice: 3", "5: price: Extra inputs are not permitted"),
        ("https://list", "gopher://list", "is not an http or https address"),
        ("{iso2_lower}", "{country}", "placeholder other than"),
        ("kind: table", "kind: chart", "9: shapes.0"),
        (
            "- {stance: in_place}",
            "- {stance: in_place, matches: '('}",
            "15: rules.0.matches: '(' is not a regular expression",
        ),
        ("  country: country", "  country: country\n  selector: 'main,'", "'main,' is not a CSS selector"),
        ("stance: in_place", "stance: yes", "15: rules.0.stance"),
        ("schedule: weekly", "schedule: sometimes", "6: schedule"),
    ],
)
def test_a_wrong_contract_is_refused_with_file_and_line(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    with pytest.raises(SourceFileError) as caught:
        load(tmp_path, GOOD.replace(old, new))
    assert expected in str(caught.value)


def test_every_repository_is_due_once_in_its_period() -> None:
    for contract in load_repositories().values():
        period = PERIODS[contract.schedule]
        nights = [date(2026, 8, 1) + timedelta(days=n) for n in range(2 * period)]
        due = [night for night in nights if is_due(contract, night)]
        assert len(due) == 2
        assert (due[1] - due[0]).days == period


def test_an_unknown_repository_names_those_there_are() -> None:
    with pytest.raises(UnknownRepositoryError, match="first-teams"):
        load_repository("../countries/est")
