"""The board: where every country stands, in a fixed number of queries.

Belongs here: bringing roster, file states, decisions, assignments and the lake's figures together. Does not belong
here: how it looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.db import connection
from django.db.models import Max

from questionnaire.roster import needs_research
from review.desk import desk_instrument, desk_settings
from review.lake_view import CountryFigures, LakeDamagedError, LakeView
from review.models import Assignment, CountryFile, Decision, DecisionHealth
from review.models.decisions import Health
from review.models.files import FileState
from review.models.research import ResearchRun
from review.services.rosters import roster_entries
from review.services.standing import Stand, decisions_needed, needs_another_look, stand_of
from sources.country_files import DEMONSTRATION_CODE, load_countries, load_country
from store.tables import now

REGIONS = ("Africa", "Americas", "Arab States", "Asia-Pacific", "CIS", "Europe", "Demonstration")


@dataclass(frozen=True, kw_only=True)
class BoardRow:
    """One country on the board."""

    iso3: str
    name: str
    region: str
    state: FileState
    reason: str
    """Why it needs desk research; empty when it does not, or no roster says so."""
    figures: CountryFigures | None
    settled: int
    disputed: int
    look_again: int
    people: tuple[str, ...]
    running: bool

    @property
    def is_active(self) -> bool:
        """Whether there is anything to do or to see."""
        return bool(self.figures or self.reason or self.running or self.state != FileState.NOT_STARTED)

    @property
    def age_from(self) -> datetime | None:
        """Newest capture that the draft rests on."""
        return self.figures.last_capture if self.figures else None


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a person wants to see of the board."""

    text: str = ""
    region: str = ""
    state: str = ""
    mine: bool = False
    look: bool = False
    everything: bool = False

    def keeps(self, row: BoardRow, mine: frozenset[str]) -> bool:
        """Tell whether a row stays."""
        if self.text and self.text.casefold() not in f"{row.iso3} {row.name}".casefold():
            return False
        if self.region and row.region != self.region:
            return False
        if self.state and row.state != self.state:
            return False
        if self.mine and row.iso3 not in mine:
            return False
        if self.look and not (row.look_again or row.disputed or (row.figures and row.figures.needs_look)):
            return False
        return self.everything or row.is_active


def board_rows(view: LakeView) -> list[BoardRow]:
    """Return all countries in alphabetical order of their names; six queries whatever their number."""
    drafted = set(view.drafted_countries())
    files = dict(CountryFile.objects.values_list("country", "state"))
    today, months = now().date(), desk_settings().roster_months
    reasons = {entry.iso3: needs_research(entry, today, months) for entry in roster_entries()}
    people = _people()
    running = set(ResearchRun.objects.filter(status=ResearchRun.Status.RUNNING).values_list("country", flat=True))
    counts = _decision_counts()
    countries = dict(load_countries())
    if DEMONSTRATION_CODE in drafted | set(files) | running:
        countries[DEMONSTRATION_CODE] = load_country(DEMONSTRATION_CODE)
    rows = []
    for code, country in countries.items():
        settled, disputed, look_again = counts.get(code, (0, 0, 0))
        reason = reasons.get(code)
        figures, damage = _figures(view, code) if code in drafted else (None, "")
        rows.append(
            BoardRow(
                iso3=code,
                name=country.name(),
                region="Demonstration" if code == DEMONSTRATION_CODE else country.itu_region,
                state=FileState(files.get(code, FileState.NOT_STARTED)),
                reason=damage or (reason.sentence if reason else ""),
                figures=figures,
                settled=settled,
                disputed=disputed,
                look_again=look_again,
                people=people.get(code, ()),
                running=code in running,
            )
        )
    return sorted(rows, key=lambda row: row.name.casefold())


def _figures(view: LakeView, country: str) -> tuple[CountryFigures | None, str]:
    """Return the figures of a draft, or what mends them when they cannot be read: one country hides no other."""
    try:
        return view.figures(country), ""
    except LakeDamagedError as error:
        return None, f"{error} Run '{error.command}'."


def _people() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for assignment in Assignment.objects.filter(person__is_active=True).select_related("person"):
        found[assignment.country].append(assignment.person.shown_name)
    return {country: tuple(sorted(names)) for country, names in found.items()}


def _decision_counts() -> dict[str, tuple[int, int, int]]:
    """Return settled, disputed, and to be looked at again, by country; counted anew when the record has grown."""
    decisions = Decision.objects.count()
    checked = DecisionHealth.objects.aggregate(newest=Max("checked_at"))["newest"]
    return _count_decisions(
        str(connection.settings_dict["NAME"]), decisions, checked, desk_settings().double_review_percent
    )


@lru_cache(maxsize=2)
def _count_decisions(store: str, count: int, checked: datetime | None, percent: int) -> dict[str, tuple[int, int, int]]:
    """Count over the whole record; the record only grows, so its length and the newest check say whether it changed."""
    by_question: dict[tuple[str, str], list[Decision]] = defaultdict(list)
    light = Decision.objects.defer("why", "rejected", "shown", "draft_mark")
    for decision in light.order_by("sequence"):
        by_question[decision.country, decision.question].append(decision)
    health = dict(DecisionHealth.objects.filter(state=Health.ORPHANED).values_list("decision_id", "state"))
    known = desk_instrument().by_code
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for (country, code), decisions in by_question.items():
        if code not in known:
            continue
        standing = stand_of(decisions, decisions_needed(country, code, percent))
        counts[country][0] += standing.stand == Stand.SETTLED
        counts[country][1] += standing.stand == Stand.DISPUTED
        counts[country][2] += needs_another_look(standing, health)
    return {country: (entry[0], entry[1], entry[2]) for country, entry in counts.items()}


def tiles(rows: Iterable[BoardRow]) -> list[tuple[str, list[BoardRow]]]:
    """Return the rows by region, for the map of tiles."""
    found: dict[str, list[BoardRow]] = defaultdict(list)
    for row in rows:
        found[row.region].append(row)
    order = [region for region in REGIONS if region in found] + sorted(set(found) - set(REGIONS))
    return [(region, sorted(found[region], key=lambda row: row.iso3)) for region in order]
