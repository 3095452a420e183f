"""The lake as the site shows it: read once a version of a file, kept in memory, never written.

Belongs here: reading partitions with a cache that notices a replaced file, and saying what is missing. Does not belong
here: decisions, or what a page makes of the rows.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc

from review.desk import desk_settings
from store.errors import ExitCode, GcideskError, MissingDataError
from store.lake import Lake, open_lake
from store.settings import Settings
from store.tables import (
    CAPTURES,
    DOCUMENTS,
    DRAFTS,
    EVIDENCE,
    ISSUES,
    READ,
    SEARCH_LOG,
    DocumentRow,
    DraftRow,
    EvidenceRow,
    IssueRow,
    SearchLogRow,
    Table,
)

Made = TypeVar("Made")
_LARGEST = 400
_OF_THE_BOARD = (DRAFTS, SEARCH_LOG, CAPTURES)
"""Tables whose replacement changes the board."""


@dataclass(frozen=True)
class Stamp:
    """Which version of a file was read."""

    path: str
    changed: int
    size: int


@dataclass(frozen=True, kw_only=True)
class CountryFigures:
    """What the board shows of one country's research."""

    country: str
    questions: int
    answered: int
    not_found: int
    needs_look: int
    evidence: int
    drafted_at: datetime | None
    first_capture: datetime | None
    last_capture: datetime | None
    last_confirmed: datetime | None
    """When a page was last asked again and found unchanged; nothing where none was."""

    @property
    def last_seen(self) -> datetime | None:
        """Return when a page was last fetched or found unchanged: the age of the data."""
        return max((moment for moment in (self.last_capture, self.last_confirmed) if moment), default=None)


class LakeDamagedError(GcideskError):
    """A file of the lake that cannot be read."""

    exit_code = ExitCode.STORAGE

    def __init__(self, table: str, country: str) -> None:
        """Say which file, and the command that makes it anew."""
        self.command = f"gcidesk research {country}"
        super().__init__(f"The table {table} of {country} is damaged or of another version. Make it again.")


class LakeView:
    """Reads for pages; every method returns rows of the newest file, or nothing where there is no file."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.lake: Lake = open_lake(settings)
        self._kept: OrderedDict[tuple[str, str], tuple[Any, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def drafted_countries(self) -> list[str]:
        """Return the countries that have drafts, in alphabetical order."""
        return self.lake.partitions(DRAFTS)

    def has_draft(self, country: str) -> bool:
        """Tell whether a country has drafts."""
        return self.lake.exists(DRAFTS, country)

    def drafts(self, country: str) -> dict[str, DraftRow]:
        """Return drafted answers by question."""
        return self._rows(DRAFTS, country, lambda rows: {row.question: row for row in rows}, {}, DraftRow)

    def evidence(self, country: str) -> dict[str, list[EvidenceRow]]:
        """Return evidence by question, best score first."""
        return self._rows(EVIDENCE, country, _by_question, {}, EvidenceRow)

    def search_log(self, country: str) -> dict[str, SearchLogRow]:
        """Return what was searched, by question."""
        return self._rows(SEARCH_LOG, country, lambda rows: {row.question: row for row in rows}, {}, SearchLogRow)

    def documents(self, country: str) -> dict[str, DocumentRow]:
        """Return documents by id."""
        return self._rows(DOCUMENTS, country, lambda rows: {row.document_id: row for row in rows}, {}, DocumentRow)

    def issues(self, country: str) -> list[IssueRow]:
        """Return recorded issues."""
        return self._rows(ISSUES, country, list, [], IssueRow)

    def figures(self, country: str) -> CountryFigures:
        """Return the figures of the board."""
        stamps = tuple(self._stamp(table, country) for table in (DRAFTS, SEARCH_LOG, EVIDENCE, CAPTURES))
        return self._keep(("figures", country), stamps, lambda: self._count(country))

    def _count(self, country: str) -> CountryFigures:
        drafts = self.drafts(country).values()
        log = self.search_log(country).values()
        return CountryFigures(
            country=country,
            questions=len(drafts),
            answered=sum(draft.answer != "not_found" for draft in drafts),
            not_found=sum(draft.answer == "not_found" for draft in drafts),
            needs_look=sum(bool(draft.needs_look or draft.contradiction) for draft in drafts),
            evidence=sum(len(draft.evidence_ids) for draft in drafts),
            drafted_at=max((draft.drafted_at for draft in drafts), default=None),
            first_capture=min((row.first_capture for row in log if row.first_capture), default=None),
            last_capture=max((row.last_capture for row in log if row.last_capture), default=None),
            last_confirmed=self._last_confirmed(country),
        )

    def _last_confirmed(self, country: str) -> datetime | None:
        if not self.lake.exists(CAPTURES, country):
            return None
        try:
            moments = self.lake.read_arrow(CAPTURES, country, ["confirmed_at"])["confirmed_at"]
        except (pa.ArrowException, KeyError):
            return None  # a file of before this column; a damaged one is told where its rows are shown
        newest: datetime | None = pc.max(moments).as_py()
        return newest

    def board(self) -> dict[str, CountryFigures | LakeDamagedError]:
        """Return the figures of all drafted countries, or why they cannot be read.

        Stamps of three folders tell whether anything was replaced: a rename changes its folder.
        """
        folders = tuple(self._folder_stamp(table) for table in _OF_THE_BOARD)
        return self._keep(("board", ""), folders, lambda: {c: self._try_figures(c) for c in self.drafted_countries()})

    def board_version(self) -> str:
        """Return a mark that changes when a draft, a search log or the captures of any country are replaced."""
        return " ".join(str(self._folder_stamp(table)) for table in _OF_THE_BOARD)

    def _try_figures(self, country: str) -> CountryFigures | LakeDamagedError:
        try:
            return self.figures(country)
        except LakeDamagedError as error:
            return error

    def _folder_stamp(self, table: Table) -> int:
        try:
            return Path(self.lake.path(table, "x")).parent.stat().st_mtime_ns
        except OSError:
            return 0

    def unreadable(self, country: str) -> list[DocumentRow]:
        """Return documents from which no evidence comes, with their reasons."""
        stamp = self._stamp(DOCUMENTS, country)
        rows = self.documents(country).values()
        return self._keep(("unreadable", country), stamp, lambda: [row for row in rows if row.status != READ])

    def doubles(self, country: str) -> list[tuple[str, str, bool]]:
        """Return address, the address it repeats, and whether it is a copy (read there) or only nearly the same."""
        stamp = self._stamp(CAPTURES, country)
        return self._keep(("doubles", country), stamp, lambda: self._list_doubles(country))

    def _list_doubles(self, country: str) -> list[tuple[str, str, bool]]:
        if not self.lake.exists(CAPTURES, country):
            return []
        try:
            table = self.lake.read_arrow(CAPTURES, country, ["url", "copy_of", "resembles"])
        except (pa.ArrowException, KeyError):
            return []  # a file of before these columns; a damaged one is told where its rows are shown
        rows = zip(*(table[name].to_pylist() for name in ("url", "copy_of", "resembles")), strict=True)
        return sorted((url, copy or like, bool(copy)) for url, copy, like in rows if copy or like)

    def hosts_tried(self, country: str) -> list[tuple[str, int, int]]:
        """Return each host with its captures and how many of them answered 200."""
        stamp = self._stamp(CAPTURES, country)
        return self._keep(("hosts", country), stamp, lambda: self._count_hosts(country))

    def _count_hosts(self, country: str) -> list[tuple[str, int, int]]:
        from urllib.parse import urlsplit

        if not self.lake.exists(CAPTURES, country):
            return []
        table = self._read_arrow(CAPTURES, country, ["url", "http_status"])
        counts: dict[str, list[int]] = {}
        for url, status in zip(table["url"].to_pylist(), table["http_status"].to_pylist(), strict=True):
            try:
                host = urlsplit(str(url)).hostname or str(url)
            except ValueError:
                host = str(url)
            entry = counts.setdefault(host, [0, 0])
            entry[0] += 1
            entry[1] += status == 200
        return sorted(((host, total, good) for host, (total, good) in counts.items()), key=lambda row: -row[1])

    def arrow(self, table: Table, country: str, columns: list[str]) -> pa.Table | None:
        """Return columns of a partition, or None when it does not exist; kept for the last few countries."""
        if not self.lake.exists(table, country):
            return None
        stamp = self._stamp(table, country)
        key = (f"arrow {table.name} {','.join(columns)}", country)
        return self._keep(key, stamp, lambda: self._read_arrow(table, country, columns))

    def _read_arrow(self, table: Table, country: str, columns: list[str]) -> pa.Table:
        try:
            return self.lake.read_arrow(table, country, columns)
        except (pa.ArrowException, KeyError) as error:
            raise LakeDamagedError(table.name, country) from error

    def version(self, country: str) -> str:
        """Return a mark that changes when drafts, evidence or documents of a country are replaced."""
        return str(hash(tuple(self._stamp(table, country) for table in (DRAFTS, EVIDENCE, SEARCH_LOG, DOCUMENTS))))

    def _rows(
        self, table: Table, country: str, make: Callable[[list[Any]], Made], nothing: Made, row: type[Any]
    ) -> Made:
        stamp = self._stamp(table, country)
        if stamp is None:
            return nothing
        return self._keep((table.name, country), stamp, lambda: make(self._read(table, country, row)))

    def _read(self, table: Table, country: str, row: type[Any]) -> list[Any]:
        try:
            return self.lake.read(table, country, row)
        except (pa.ArrowException, KeyError, MissingDataError) as error:  # the last: a column is lacking
            raise LakeDamagedError(table.name, country) from error

    def _stamp(self, table: Table, country: str) -> Stamp | None:
        path = Path(self.lake.path(table, country))
        try:
            found = path.stat()
        except OSError:
            return None
        return Stamp(str(path), found.st_mtime_ns, found.st_size)

    def _keep(self, key: tuple[str, str], stamp: Any, make: Callable[[], Made]) -> Made:
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None and kept[0] == stamp:
                self._kept.move_to_end(key)
                made: Made = kept[1]
                return made
        made = make()
        with self._lock:
            self._kept[key] = (stamp, made)
            while len(self._kept) > _LARGEST * 5:
                self._kept.popitem(last=False)
        return made


def _by_question(rows: list[EvidenceRow]) -> dict[str, list[EvidenceRow]]:
    found: dict[str, list[EvidenceRow]] = {}
    for row in sorted(rows, key=lambda row: -row.score):
        found.setdefault(row.question, []).append(row)
    return found


@cache
def _view_of(settings: Settings) -> LakeView:
    return LakeView(settings)


def lake_view(settings: Settings | None = None) -> LakeView:
    """Return this process's view of the lake of a data directory."""
    return _view_of(settings or desk_settings())
