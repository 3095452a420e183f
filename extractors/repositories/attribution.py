"""From rows to facts: whose a row is, and what it says.

Belongs here: resolving a row's country, applying the contract's rules. Does not belong here: parsing pages, or scores
of evidence (`evidence.facts`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from urllib.parse import unquote, urlsplit

from extractors.repositories.found import FoundRow
from sources.country_files import load_countries
from sources.country_names import countries_in, country_at_start, country_named, country_of_file
from sources.repository import Repository, Rule, Stance, filled_address
from sources.schema import Country
from sources.written_dates import find_date, find_year


@dataclass(frozen=True)
class Statement:
    """What one row says about its country: a stance and the questions it bears on."""

    stance: Stance
    questions: tuple[str, ...]


def country_of_row(contract: Repository, row: FoundRow) -> str | None:
    """Return the country that a row is about: the first way that gives one counts; None when none does."""
    for way, text in row.country:
        found = _resolve(contract, way, text) if text else None
        if found:
            return found
    return None


def _resolve(contract: Repository, way: str, text: str) -> str | None:
    if way in {"iso2", "iso3", "m49"}:
        return _codes().get((way, text.strip().upper().zfill(3) if way == "m49" else text.strip().upper()))
    if way == "file_name":
        return country_of_file(text)
    if way == "address":
        return _of_address(contract, text)
    if way == "start":
        mention = country_at_start(text)
        return mention.country if mention else None
    return country_named(text) or _only_mention(text)


def _only_mention(text: str) -> str | None:
    named = {mention.country for mention in countries_in(text)} if len(text) <= 80 else set()
    return named.pop() if len(named) == 1 else None


@cache
def _codes() -> dict[tuple[str, str], str]:
    known: dict[tuple[str, str], str] = {}
    for country in load_countries().values():
        known["iso2", country.iso2] = known["iso3", country.iso3] = known["m49", country.m49] = country.iso3
    return known


def _of_address(contract: Repository, address: str) -> str | None:
    filled = _addresses(contract.addresses).get(address)
    if filled:
        return filled
    for part in reversed(urlsplit(address).path.strip("/").split("/")):
        found = country_named(unquote(part).replace("-", " ").replace("_", " "))
        if found:
            return found
    return None


@cache
def _addresses(templates: tuple[str, ...]) -> dict[str, str]:
    return {
        filled_address(template, country): country.iso3
        for template in templates
        if "{" in template
        for country in load_countries().values()
    }


def statements_of(contract: Repository, row: FoundRow, iso3: str, seen_on: date) -> list[Statement]:
    """Return what a row says, by stance; for each question the first rule that matches counts.

    A row that no rule matches says nothing about these questions: no statement.
    """
    country = load_countries()[iso3]
    by_stance: dict[Stance, list[str]] = {}
    answered: set[str] = set()
    for rule in contract.rules:
        open_questions = [q for q in rule.questions or contract.questions if q not in answered]
        if open_questions and _holds(rule, row, country, seen_on):
            by_stance.setdefault(rule.stance, []).extend(open_questions)
            answered.update(open_questions)
    return [Statement(stance, tuple(questions)) for stance, questions in by_stance.items()]


def date_of_row(row: FoundRow) -> date | None:
    """Return the date that a row states; the first of January where it, its file or link names only a year."""
    stated = find_date(row.fields.get("date", "") or row.text)
    if stated:
        return stated
    year = find_year(f"{row.text} {unquote(urlsplit(row.link).path.rsplit('/', 1)[-1])}")
    return date(year, 1, 1) if year else None


def _holds(rule: Rule, row: FoundRow, country: Country, seen_on: date) -> bool:
    if rule.official_link and not country.is_official((urlsplit(row.link).hostname or "").lower()):
        return False
    if rule.older_than_years is not None:
        stated = date_of_row(row)
        if stated is None or seen_on.year - stated.year <= rule.older_than_years:
            return False
    if rule.undated and date_of_row(row) is not None:
        return False
    if not rule.matches:
        return True
    text = row.fields.get(rule.field, "") if rule.field else row.text
    return bool(re.search(_for_country(rule.matches, country), text)) != rule.absent


def _for_country(pattern: str, country: Country) -> str:
    filled = pattern.replace("{iso2}", re.escape(country.iso2)).replace("{iso3}", re.escape(country.iso3))
    return filled.replace("{name}", re.escape(country.name("en")))
