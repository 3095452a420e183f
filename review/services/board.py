"""The board: where every country stands, in a fixed number of queries.

Belongs here: bringing roster, file states, decisions, assignments and the lake's figures together. Does not belong
here: how it looks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache

from questionnaire.roster import needs_research
from review.desk import desk_instrument, desk_settings
from review.lake_view import CountryFigures, LakeDamagedError, LakeView
from review.models import DecisionHealth
from review.models.decisions import Health
from review.models.files import FileState
from review.models.research import ResearchRun
from review.services.gate import standings_at
from review.services.marks import RecordMark, fetch_rows, findings_marks, record_marks, store_name
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
        """When a page of the country was last fetched or found unchanged."""
        return self.figures.last_seen if self.figures else None


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


@dataclass(frozen=True)
class BoardMark:
    """Everything that the board is made from but the lake; equal marks make equal boards."""

    store: str
    files: tuple[tuple[str, str], ...]
    people: tuple[tuple[str, str, str], ...]
    running: tuple[str, ...]
    roster: tuple[object, ...]
    records: tuple[RecordMark, ...]
    findings: tuple[tuple[str, tuple[int, object]], ...]
    today: date


def board_mark() -> BoardMark:
    """Return what the board is made from; six queries whatever the number of countries."""
    return BoardMark(
        store=store_name(),
        files=fetch_rows("SELECT country, state FROM review_countryfile"),
        people=fetch_rows(
            "SELECT a.country, p.name, p.username FROM review_assignment a JOIN review_person p ON p.id = a.person_id"
            " WHERE p.is_active"
        ),
        running=tuple(
            country
            for (country,) in fetch_rows(
                "SELECT country FROM review_researchrun WHERE status = %s", ResearchRun.Status.RUNNING.value
            )
        ),
        roster=fetch_rows("SELECT id, imported_at FROM review_rosterversion ORDER BY id DESC LIMIT 1"),
        records=tuple(record_marks()),
        findings=tuple(findings_marks().items()),
        today=now().date(),
    )


@lru_cache(maxsize=16)
def rows_at(view: LakeView, version: str, mark: BoardMark, months: int) -> tuple[BoardRow, ...]:
    """Return the rows of the board when the record had this mark and the lake this version."""
    board = view.board()
    files = dict(mark.files)
    reasons = {entry.iso3: needs_research(entry, mark.today, months) for entry in roster_entries()}
    people = _people(mark.people)
    running = set(mark.running)
    counts = _decision_counts(mark)
    rows = []
    for code, name, region in _countries(DEMONSTRATION_CODE in set(board) | set(files) | running):
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
    return tuple(rows)


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


def _people(assigned: Iterable[tuple[str, str, str]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for country, name, username in assigned:
        found[country].append(name or username)
    return {country: tuple(sorted(names)) for country, names in found.items()}


def _decision_counts(mark: BoardMark) -> dict[str, tuple[int, int, int]]:
    """Return settled, disputed, and to be looked at again; a country is counted anew when its record grew."""
    findings = dict(mark.findings)
    percent = desk_settings().double_review_percent
    return {record.country: _count_country(record, findings.get(record.country), percent) for record in mark.records}


@lru_cache(maxsize=1024)
def _count_country(mark: RecordMark, checked: tuple[int, object] | None, percent: int) -> tuple[int, int, int]:
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
