"""Rosters kept in versions.

Belongs here: storing an import, reading the newest back, and what an answer means for a country's file. Does not belong
here: parsing and the rule (`questionnaire.roster`).
"""

from __future__ import annotations

from datetime import date

from django.db import transaction

from questionnaire.roster import Reason, Roster, RosterEntry, countries_in_need
from review.models import CountryAnswer, CountryFile, Nomination, RosterVersion
from review.services.auditing import write_audit
from review.services.file_states import stop_research


def import_roster(roster: Roster, source_name: str, by: str) -> int:
    """Store all entries as a new version, or none of them."""
    with transaction.atomic():
        version = RosterVersion.objects.create(
            source_name=source_name[:300], file_digest=roster.file_digest, imported_by=by
        )
        Nomination.objects.bulk_create(
            Nomination(
                version=version,
                position=position,
                country=entry.iso3,
                focal_point_confirmed_on=entry.focal_point_confirmed_on,
                reached_through_office=entry.reached_through_office,
                note=entry.note,
            )
            for position, entry in enumerate(roster.entries)
        )
        answers = {entry.iso3: entry.answered_on for entry in roster.entries if entry.answered_on}
        CountryAnswer.objects.bulk_create(
            CountryAnswer(version=version, country=country, answered_on=day) for country, day in answers.items()
        )
        _leave_research(answers, by)
        write_audit(
            "roster_imported",
            by=by,
            subject=version.pk,
            new={"source": source_name, "entries": len(roster.entries), "answered": len(answers)},
        )
    return version.pk


def _leave_research(answers: dict[str, date], by: str) -> None:
    """A country that answers itself leaves research and keeps its drafts; without the answer it comes back."""
    CountryFile.objects.filter(left_research_on__isnull=False).exclude(country__in=answers).update(
        left_research_on=None
    )
    for file in CountryFile.objects.filter(country__in=answers):
        file.left_research_on = answers[file.country]
        file.save()
        stop_research(file.country, f"the country answered on {answers[file.country].isoformat()}", by)


def newest_version() -> RosterVersion | None:
    """Return the version that counts."""
    return RosterVersion.objects.order_by("-pk").first()


def roster_entries() -> list[RosterEntry]:
    """Return the newest version as entries, in the order of its file."""
    version = newest_version()
    if version is None:
        return []
    answers = dict(version.answers.values_list("country", "answered_on"))
    return [
        RosterEntry(
            iso3=nomination.country,
            focal_point_confirmed_on=nomination.focal_point_confirmed_on,
            reached_through_office=nomination.reached_through_office,
            answered_on=answers.get(nomination.country),
            note=nomination.note,
        )
        for nomination in version.nominations.order_by("position")
    ]


def countries_to_research(today: date, roster_months: int) -> list[tuple[RosterEntry, Reason]]:
    """Return who needs desk research by the newest version."""
    return countries_in_need(roster_entries(), today, roster_months)
