"""The roster: who has a focal point, who was reached, who answered, and therefore who needs desk research.

Belongs here: the columns of a roster, its checks, and the rule of the country guide. Does not belong here: reading the
file's bytes (`roster_files`) or keeping rosters (`review.services`).

A roster is taken whole or not at all: every fault is listed with its row, and nothing is imported until all are mended.
"""

from __future__ import annotations

import calendar
import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from questionnaire.roster_files import Cell, Formula, TableFileError, TableLimits, read_table
from store.digests import payload_digest
from store.errors import BadInputError
from store.tables import now

COLUMNS = ("iso3", "focal_point_confirmed_on", "reached_through_office", "answered_on", "note")
LETTER_PERIOD_START = date(2021, 10, 1)
"""By the Director's letter a contact counts when confirmed since this day; by the guide, within the past six months."""

_EARLIEST = date(2000, 1, 1)
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_YES = {"yes", "y", "true", "1"}
_NO = {"", "no", "n", "false", "0"}
_LISTED_FAULTS = 500


@dataclass(frozen=True, kw_only=True)
class RosterEntry:
    """What is known of one country's contact."""

    iso3: str
    focal_point_confirmed_on: date | None = None
    reached_through_office: bool = False
    answered_on: date | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Roster:
    """A roster without a fault, in the order of its rows."""

    entries: tuple[RosterEntry, ...]
    file_digest: str
    """SHA-256 of the file."""


@dataclass(frozen=True)
class RosterFault:
    """One thing to mend. `row` counts as a spreadsheet shows it, the header is row 1; 0 means the whole file."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        place = f"row {self.row}" if self.row else "the file"
        return f"{place}, {self.column}: {self.message}" if self.column else f"{place}: {self.message}"


class RosterError(BadInputError):
    """A roster that was not imported; `faults` holds every fault in the order of the rows."""

    def __init__(self, name: str, faults: Sequence[RosterFault]) -> None:
        """Say of file `name` what is wrong with it."""
        self.faults = tuple(faults)
        listed = "\n".join(f"  {fault}" for fault in self.faults[:_LISTED_FAULTS])
        more = f"\n  and {len(self.faults) - _LISTED_FAULTS:,} more" if len(self.faults) > _LISTED_FAULTS else ""
        count = "1 fault" if len(self.faults) == 1 else f"{len(self.faults):,} faults"
        super().__init__(
            f"Roster {name} was not imported: {count}.\n{listed}{more}\nMend them and import the file again."
        )


@dataclass(frozen=True)
class Reason:
    """Why a country needs desk research: a stable short name and a sentence for people."""

    code: str
    sentence: str


def parse_roster(
    path: Path, known: Collection[str], *, today: date | None = None, limits: TableLimits | None = None
) -> Roster:
    """Read a roster from a CSV or XLSX file.

    `known` holds the codes of the countries that may stand in it; `today` is the last day that a date may name
    (default: the present day, wherever it came first). Raises RosterError with every fault, BadInputError when the file
    cannot be opened.
    """
    limits = limits or TableLimits()
    try:
        with path.open("rb") as source:
            payload = source.read(limits.file_bytes + 1)
    except OSError as error:
        raise BadInputError(f"Roster {path} cannot be opened: {error.strerror or error}.") from error
    return parse_roster_bytes(payload, path.name, known, today=today, limits=limits)


def parse_roster_bytes(
    payload: bytes,
    name: str,
    known: Collection[str],
    *,
    today: date | None = None,
    limits: TableLimits | None = None,
) -> Roster:
    """Read a roster from bytes, such as an upload; `name` is for messages only. Else as `parse_roster`."""
    try:
        rows = list(read_table(payload, limits or TableLimits()))
    except TableFileError as error:
        raise RosterError(name, [RosterFault(0, "", str(error))]) from error
    faults: list[RosterFault] = []
    entries = _check_rows(rows, set(known), today or _newest_day(), faults)
    if faults:
        raise RosterError(name, sorted(faults, key=lambda fault: fault.row))
    return Roster(entries=tuple(entries), file_digest=payload_digest(payload))


def _newest_day() -> date:
    """Return the present day in the zone where it starts first, so that nobody's own today is called tomorrow."""
    return (now() + timedelta(hours=14)).date()


def _check_rows(
    rows: Sequence[Sequence[Cell]], known: set[str], today: date, faults: list[RosterFault]
) -> list[RosterEntry]:
    header_row = next((number for number, row in enumerate(rows, start=1) if any(cell is not None for cell in row)), 0)
    if not header_row:
        faults.append(RosterFault(0, "", f"it is empty. The first row names the columns: {', '.join(COLUMNS)}."))
        return []
    places = _check_header(rows[header_row - 1], header_row, faults)
    entries: list[RosterEntry] = []
    seen: dict[str, int] = {}
    filled = 0
    for number, row in enumerate(rows[header_row:], start=header_row + 1):
        if all(cell is None for cell in row):
            continue
        filled += 1
        if len(row) > (width := len(rows[header_row - 1])) and any(cell is not None for cell in row[width:]):
            faults.append(RosterFault(number, "", f"has {len(row)} cells, but the header names {width} columns."))
        cells = {column: row[place] if place < len(row) else None for column, place in places.items()}
        entry = _check_row(cells, number, known, today, faults)
        if entry.iso3 and entry.iso3 in seen:
            faults.append(RosterFault(number, "iso3", f"{entry.iso3} stands in row {seen[entry.iso3]} already."))
        elif entry.iso3:
            seen[entry.iso3] = number
        entries.append(entry)
    if not filled:
        faults.append(RosterFault(0, "", "it names no country."))
    return entries


def _check_header(row: Sequence[Cell], number: int, faults: list[RosterFault]) -> dict[str, int]:
    names = [_shown(cell).lower() for cell in row]
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if name in places:
            faults.append(RosterFault(number, name, "this column occurs twice."))
        elif name in COLUMNS:
            places[name] = place
        elif name or place < max((i for i, other in enumerate(names) if other), default=0):
            faults.append(RosterFault(number, name or f"column {place + 1}", _unknown_column(name)))
    missing = [column for column in COLUMNS if column not in places]
    faults.extend(RosterFault(number, column, "this column is missing.") for column in missing)
    return places


def _unknown_column(name: str) -> str:
    near = difflib.get_close_matches(name, COLUMNS, n=1, cutoff=0.6)
    hint = f" Did you mean {near[0]}?" if near else f" The columns are {', '.join(COLUMNS)}."
    return ("this column is unknown." if name else "this column has no name.") + hint


def _check_row(
    cells: Mapping[str, Cell], number: int, known: set[str], today: date, faults: list[RosterFault]
) -> RosterEntry:
    found: list[RosterFault] = []
    for column, cell in cells.items():
        if isinstance(cell, Formula):
            found.append(RosterFault(number, column, f"{_quote(cell.text)} is a formula. Write its value instead."))
        elif column == "note" and _CONTROL.search(_shown(cell)):
            found.append(RosterFault(number, column, "it holds control characters. Type it again."))
    plain = {column: None if isinstance(cell, Formula) else cell for column, cell in cells.items()}
    iso3 = ""
    if "iso3" in cells and not isinstance(cells["iso3"], Formula):
        iso3 = _country(plain["iso3"], number, known, found)
    entry = RosterEntry(
        iso3=iso3,
        focal_point_confirmed_on=_day(plain, "focal_point_confirmed_on", number, today, found),
        reached_through_office=_yes_or_no(plain.get("reached_through_office"), number, found),
        answered_on=_day(plain, "answered_on", number, today, found),
        note=_shown(plain.get("note")),
    )
    faults.extend(found)
    return entry


def _country(cell: Cell, number: int, known: set[str], faults: list[RosterFault]) -> str:
    code = _shown(cell).upper()
    if code in known:
        return code
    if not code:
        faults.append(RosterFault(number, "iso3", "the code is missing."))
        return ""
    near = difflib.get_close_matches(code[:12], sorted(known), n=3, cutoff=0.0) if known else []
    hint = f" Nearest: {', '.join(near)}." if near else ""
    faults.append(RosterFault(number, "iso3", f"{_quote(code)} is no country of this desk.{hint}"))
    return ""


def _day(cells: Mapping[str, Cell], column: str, number: int, today: date, faults: list[RosterFault]) -> date | None:
    cell = cells.get(column)
    if cell is None:
        return None
    day = cell if isinstance(cell, date) else _iso_day(_shown(cell))
    if day is None:
        faults.append(
            RosterFault(number, column, f"{_quote(_shown(cell))} is no date. Write YYYY-MM-DD, such as 2026-03-31.")
        )
    elif day > today:
        faults.append(RosterFault(number, column, f"{day.isoformat()} lies after today, {today.isoformat()}."))
    elif day < _EARLIEST:
        faults.append(RosterFault(number, column, f"{day.isoformat()} lies before {_EARLIEST.year}."))
    else:
        return day
    return None


def _iso_day(text: str) -> date | None:
    """Read YYYY-MM-DD and nothing else: 03/04/2026 is two different days."""
    if not _ISO_DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _yes_or_no(cell: Cell, number: int, faults: list[RosterFault]) -> bool:
    if isinstance(cell, bool):
        return cell
    word = _shown(cell).lower()
    if word not in _YES | _NO:
        faults.append(RosterFault(number, "reached_through_office", f"{_quote(word)} is neither yes nor no."))
    return word in _YES


def _shown(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Formula):
        return cell.text
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _quote(text: str) -> str:
    """Return a cell's text for a message: printable and short."""
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
    return f"'{shown[:60]}…'" if len(shown) > 60 else f"'{shown}'"


def counts_since(today: date, roster_months: int = 0) -> date:
    """Return the first day from which a focal point's confirmation counts.

    `roster_months` is the setting of that name: that many calendar months before `today`; 0 means 1 October 2021.
    """
    if roster_months <= 0:
        return LETTER_PERIOD_START
    months = today.year * 12 + today.month - 1 - roster_months
    year, month = divmod(months, 12)
    if year < 1:
        return date.min
    return date(year, month + 1, min(today.day, calendar.monthrange(year, month + 1)[1]))


def needs_research(entry: RosterEntry, today: date, roster_months: int = 0) -> Reason | None:
    """Return why a country needs desk research on day `today`, or None when it does not.

    The rule (country guide): a country that neither answered, nor has a focal point confirmed in the period, nor was
    reached through the regional office. Dates after `today` do not count yet.
    """
    if _happened(entry.answered_on, today) or entry.reached_through_office:
        return None
    since = counts_since(today, roster_months)
    confirmed = entry.focal_point_confirmed_on
    if confirmed is not None and since <= confirmed <= today:
        return None
    rest = "it has not answered and was not reached through the regional office."
    if confirmed is None or confirmed > today:
        return Reason("no_contact", f"No focal point is confirmed, {rest}")
    return Reason(
        "contact_too_old",
        f"Its focal point was last confirmed on {confirmed.isoformat()}, before {since.isoformat()}, {rest}",
    )


def describe_standing(entry: RosterEntry, today: date, roster_months: int = 0) -> str:
    """Return one sentence on where a country stands: why it needs research, or why it does not."""
    reason = needs_research(entry, today, roster_months)
    if reason:
        return reason.sentence
    if entry.answered_on is not None and entry.answered_on <= today:
        return f"It answered on {entry.answered_on.isoformat()}."
    confirmed = entry.focal_point_confirmed_on
    if confirmed is not None and counts_since(today, roster_months) <= confirmed <= today:
        return f"Its focal point was confirmed on {confirmed.isoformat()}."
    return "It was reached through the regional office."


def countries_in_need(
    entries: Iterable[RosterEntry], today: date, roster_months: int = 0
) -> list[tuple[RosterEntry, Reason]]:
    """Return the entries that need desk research, with the reason, in the order given."""
    judged = ((entry, needs_research(entry, today, roster_months)) for entry in entries)
    return [(entry, reason) for entry, reason in judged if reason is not None]


def _happened(day: date | None, today: date) -> bool:
    return day is not None and day <= today
