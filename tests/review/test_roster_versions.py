"""Rosters are kept in versions; who answers leaves research and keeps its drafts."""

from __future__ import annotations

from datetime import date

import pytest

from questionnaire.roster import Roster, RosterEntry
from review import services
from review.models import AuditEntry, CountryFile, RosterVersion

pytestmark = pytest.mark.django_db


def roster(*entries: RosterEntry) -> Roster:
    return Roster(entries=entries, file_digest="0" * 64)


def test_the_newest_version_counts_and_the_older_stay(desk):
    first = services.import_roster(roster(RosterEntry(iso3="TON"), RosterEntry(iso3="FJI")), "a.csv")
    second = services.import_roster(
        roster(RosterEntry(iso3="FJI", focal_point_confirmed_on=date(2026, 5, 1), note="ok")), "b.xlsx"
    )
    assert second > first
    assert [entry.iso3 for entry in services.roster_entries()] == ["FJI"]
    assert services.roster_entries()[0].note == "ok"
    assert RosterVersion.objects.get(pk=first).nominations.count() == 2
    assert AuditEntry.objects.filter(action="roster_imported").count() == 2


def test_entries_keep_the_order_and_values_of_the_file(desk):
    entries = (
        RosterEntry(iso3="WSM", reached_through_office=True),
        RosterEntry(iso3="FJI", answered_on=date(2026, 9, 2)),
        RosterEntry(iso3="KIR", focal_point_confirmed_on=date(2020, 1, 1), note="by phone"),
    )
    services.import_roster(roster(*entries), "a.csv")
    assert tuple(services.roster_entries()) == entries
    assert [entry.iso3 for entry, _ in services.countries_to_research(date(2026, 11, 20))] == ["KIR"]


def test_a_country_that_answers_later_leaves_research_and_keeps_its_drafts(fiji):
    services.import_roster(roster(RosterEntry(iso3="FJI")), "a.csv")
    assert "FJI" in services.open_countries()
    services.start_research("FJI")
    services.import_roster(roster(RosterEntry(iso3="FJI", answered_on=date(2026, 10, 1))), "b.csv")
    assert services.countries_to_research(date(2026, 11, 20)) == []
    assert services.file_state("FJI") == "draft"
    assert "FJI" not in services.open_countries()
    assert CountryFile.objects.get(country="FJI").drafted_at is not None
    assert "answered itself on 2026-10-01" in services.queue_state("FJI").missing[0]


def test_an_answer_taken_back_brings_the_country_back(fiji):
    services.import_roster(roster(RosterEntry(iso3="FJI", answered_on=date(2026, 10, 1))), "a.csv")
    services.import_roster(roster(RosterEntry(iso3="FJI")), "b.csv")
    assert services.open_countries() == ["FJI"]
