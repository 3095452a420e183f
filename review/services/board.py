"""The board: where every country stands, in a fixed number of queries.

Belongs here: bringing roster, file states, decisions, assignments and the lake's figures together. Does not belong
here: how it looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache

from django.db.models import Max

from questionnaire.roster import needs_research
from review.desk import desk_instrument, desk_settings
from review.lake_view import CountryFigures, LakeDamagedError, LakeView
from review.models import Assignment, CountryFile, DecisionHealth
from review.models.decisions import Health
from review.models.files import FileState
from review.models.research import ResearchRun
from review.services.gate import RecordMark, record_marks, standings_at
from review.services.rosters import roster_entries
from review.services.standing import Stand, needs_another_look
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
    board = view.board()
    drafted = set(board)
    files = dict(CountryFile.objects.values_list("country", "state"))
    today, months = now().date(), desk_settings().roster_months
    reasons = {entry.iso3: needs_research(entry, today, months) for entry in roster_entries()}
    people = _people()
    running = set(ResearchRun.objects.filter(status=ResearchRun.Status.RUNNING).values_list("country", flat=True))
    counts = _decision_counts()
    rows = []
    for code, name, region in _countries(DEMONSTRATION_CODE in drafted | set(files) | running):
        settled, disputed, look_again = counts.get(code, (0, 0, 0))
        reason = reasons.get(code)
        figures, damage = _figures(board.get(code))
        rows.append(
            BoardRow(
                iso3=code,
                name=name,
                region=region,
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
    return rows


@cache
def _countries(with_demonstration: bool) -> tuple[tuple[str, str, str], ...]:
    """Return code, name and region of all countries in alphabetical order of their names."""
    rows = [(code, country.name(), str(country.itu_region)) for code, country in load_countries().items()]
    if with_demonstration:
        rows.append((DEMONSTRATION_CODE, load_country(DEMONSTRATION_CODE).name(), "Demonstration"))
    return tuple(sorted(rows, key=lambda row: row[1].casefold()))


def _figures(found: CountryFigures | LakeDamagedError | None) -> tuple[CountryFigures | None, str]:
    """Return the figures of a draft, or what mends them when they cannot be read: one country hides no other."""
    if isinstance(found, LakeDamagedError):
        return None, f"{found} Run '{found.command}'."
    return found, ""


def _people() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    rows = Assignment.objects.filter(person__is_active=True)
    for country, name, username in rows.values_list("country", "person__name", "person__username"):
        found[country].append(name or username)
    return {country: tuple(sorted(names)) for country, names in found.items()}


def _decision_counts() -> dict[str, tuple[int, int, int]]:
    """Return settled, disputed, and to be looked at again; a country is counted anew when its record grew."""
    checked = dict(DecisionHealth.objects.values_list("country").annotate(newest=Max("checked_at")))
    percent = desk_settings().double_review_percent
    return {mark.country: _count_country(mark, checked.get(mark.country), percent) for mark in record_marks()}


@lru_cache(maxsize=1024)
def _count_country(mark: RecordMark, checked: datetime | None, percent: int) -> tuple[int, int, int]:
    found = standings_at(mark, percent, desk_instrument().id).values()
    orphaned = DecisionHealth.objects.filter(country=mark.country, state=Health.ORPHANED)
    health = dict(orphaned.values_list("decision_id", "state"))
    return (
        sum(entry.stand == Stand.SETTLED for entry in found),
        sum(entry.stand == Stand.DISPUTED for entry in found),
        sum(needs_another_look(entry, health) for entry in found),
    )


def tiles(rows: Iterable[BoardRow]) -> list[tuple[str, list[BoardRow]]]:
    """Return the rows by region, for the map of tiles."""
    found: dict[str, list[BoardRow]] = defaultdict(list)
    for row in rows:
        found[row.region].append(row)
    order = [region for region in REGIONS if region in found] + sorted(set(found) - set(REGIONS))
    return [(region, sorted(found[region], key=lambda row: row.iso3)) for region in order]
