"""The roster: files in, faults out, and the rule that says who needs desk research."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaire.roster import (
    COLUMNS,
    Roster,
    RosterEntry,
    RosterError,
    RosterFault,
    counts_since,
    describe_standing,
    needs_research,
    parse_roster,
    parse_roster_bytes,
)
from questionnaire.roster_files import TableLimits
from store.errors import BadInputError, ExitCode

KNOWN = ("ARE", "BRA", "FRA", "KEN", "NPL", "ZWE")
TODAY = date(2026, 11, 20)
SMALL = TableLimits(file_bytes=20_000, unpacked_bytes=60_000, members=20, rows=10, columns=8, cell_characters=100)


def parse(payload: bytes, **options: Any) -> Roster:
    return parse_roster_bytes(payload, "roster", KNOWN, today=TODAY, **options)


def faults(payload: bytes, **options: Any) -> list[RosterFault]:
    with pytest.raises(RosterError) as caught:
        parse(payload, **options)
    return list(caught.value.faults)


def as_csv(rows: Sequence[Sequence[Any]], header: Sequence[str] = COLUMNS, **options: Any) -> bytes:
    sink = io.StringIO()
    writer = csv.writer(sink, **options)
    writer.writerow(header)
    writer.writerows(rows)
    return sink.getvalue().encode()


def as_xlsx(rows: Sequence[Sequence[Any]], header: Sequence[str] = COLUMNS) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (header, *rows):
        sheet.append(list(row))
    sink = io.BytesIO()
    book.save(sink)
    return sink.getvalue()


def repacked(payload: bytes, **parts: bytes) -> bytes:
    """A workbook with parts replaced or added, names given with `__` for `/` and a `.xml` ending."""
    sink = io.BytesIO()
    names = {name.replace("__", "/") + ".xml": part for name, part in parts.items()}
    with zipfile.ZipFile(io.BytesIO(payload)) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            new.writestr(member, names.pop(member, None) or old.read(member))
        for name, part in names.items():
            new.writestr(name, part)
    return sink.getvalue()


ROWS = [
    ["FRA", "2026-04-02", "no", "2026-09-14", "answered in French"],
    ["npl", "", "yes", "", ""],
    ["KEN", "2019-01-31", "", "", "letter came back"],
]
ENTRIES = (
    RosterEntry(
        iso3="FRA",
        focal_point_confirmed_on=date(2026, 4, 2),
        answered_on=date(2026, 9, 14),
        note="answered in French",
    ),
    RosterEntry(iso3="NPL", reached_through_office=True),
    RosterEntry(iso3="KEN", focal_point_confirmed_on=date(2019, 1, 31), note="letter came back"),
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_with_each_usual_separator(delimiter: str) -> None:
    assert parse(as_csv(ROWS, delimiter=delimiter)).entries == ENTRIES


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_csv_as_spreadsheets_save_it(encoding: str) -> None:
    text = as_csv([["ARE", "", "no", "", "لا رد"]]).decode()
    assert parse(text.encode(encoding)).entries[0].note == "لا رد"


def test_xlsx_with_text_and_with_real_dates() -> None:
    assert parse(as_xlsx(ROWS)).entries == ENTRIES
    typed = [["FRA", datetime(2026, 4, 2), False, date(2026, 9, 14), "answered in French"], *ROWS[1:]]
    assert parse(as_xlsx(typed)).entries == ENTRIES


def test_columns_in_any_order_and_empty_rows() -> None:
    header = tuple(reversed(COLUMNS))
    rows = [list(reversed(ROWS[0])), ["", "", "", "", ""], list(reversed(ROWS[1])), list(reversed(ROWS[2]))]
    assert parse(as_csv(rows, header)).entries == ENTRIES
    assert parse(as_xlsx(rows, header)).entries == ENTRIES


def test_every_fault_is_listed_with_its_row_and_nothing_is_imported() -> None:
    found = faults(
        as_csv(
            [
                ["FRA", "", "", "", ""],
                ["XYZ", "", "", "", ""],
                ["BRA", "03/04/2026", "perhaps", "2026-02-30", ""],
                ["", "", "", "", "who is this"],
                ["FRA", "2027-01-01", "", "1970-01-01", ""],
            ]
        )
    )
    assert [(fault.row, fault.column) for fault in found] == [
        (3, "iso3"), (4, "focal_point_confirmed_on"), (4, "reached_through_office"), (4, "answered_on"),
        (5, "iso3"), (6, "focal_point_confirmed_on"), (6, "answered_on"), (6, "iso3"),
    ]  # fmt: skip
    assert "Nearest" in found[0].message
    assert found[-1].message == "FRA stands in row 2 already."


def test_row_numbers_are_those_of_the_spreadsheet() -> None:
    for payload in (
        b"\n" + as_csv([["FRA"] + [""] * 4, [""] * 5, ["XXX"] + [""] * 4]),
        as_xlsx([COLUMNS, ["FRA"], [], ["XXX"]], header=()),
    ):
        assert [fault.row for fault in faults(payload)] == [5]


def test_wrong_columns_are_all_listed() -> None:
    found = faults(as_csv([["FRA", "", "", "", ""]], ("iso3", "iso3", "answerd_on", "note", "phone")))
    assert {(fault.column, fault.message.split(".")[0]) for fault in found} == {
        ("iso3", "this column occurs twice"),
        ("answerd_on", "this column is unknown"),
        ("phone", "this column is unknown"),
        ("focal_point_confirmed_on", "this column is missing"),
        ("reached_through_office", "this column is missing"),
        ("answered_on", "this column is missing"),
    }
    assert any("Did you mean answered_on?" in fault.message for fault in found)


def test_cells_beyond_the_header() -> None:
    assert "has 6 cells" in faults(as_csv([["FRA", "", "", "", "", "x"]]))[0].message


@pytest.mark.parametrize("payload", [b"", b"\n\n", as_xlsx([], header=())])
def test_an_empty_file(payload: bytes) -> None:
    assert "empty" in faults(payload)[0].message


def test_a_header_alone() -> None:
    assert "names no country" in faults(as_csv([]))[0].message


def test_formulas_are_refused_not_computed() -> None:
    rows = [["FRA", "", "no", "=TODAY()", '=HYPERLINK("http://evil.example","x")']]
    for payload in (as_csv(rows), as_xlsx(rows)):
        assert [fault.column for fault in faults(payload)] == ["answered_on", "note"]
        assert all("formula" in fault.message for fault in faults(payload))


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "password"),
        (b"iso3,note\nFRA,caf\xe9\n", "line 2 is not UTF-8"),
        (b"iso3\x00,note\n", "NUL"),
        (b'iso3,note\n"FRA,x\n', "row 2 is not CSV"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (as_xlsx(ROWS)[:-400], "damaged"),
        (as_csv([["FRA"]] * 11), "more than 10 rows"),
        (as_xlsx([["FRA"]] * 11), "more than 10 rows"),
        (as_csv([["FRA"] + [""] * 40]), "41 columns"),
        (as_csv([["FRA", "", "", "", "x" * 101]]), "101 characters"),
        (as_xlsx([["FRA", "", "", "", "x" * 101]]), "101 characters"),
        (b"x" * 20_001, "20,001 bytes"),
    ],
)
def test_hostile_and_broken_files_end_in_one_plain_fault(payload: bytes, words: str) -> None:
    found = faults(payload, limits=SMALL)
    assert len(found) == 1 and words in found[0].message


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = repacked(as_xlsx(ROWS), xl__media__bomb=b"\x00" * 5_000_000)
    assert len(bomb) < SMALL.file_bytes
    assert "unpacks to more than" in faults(bomb, limits=SMALL)[0].message


def test_a_part_that_lies_about_its_size_is_not_unpacked_further() -> None:
    bomb = repacked(as_xlsx(ROWS), xl__media__bomb=b"\x00" * 5_000_000)
    honest = (5_000_000).to_bytes(4, "little")
    lying = bomb.replace(honest, (5_000).to_bytes(4, "little"))
    assert lying != bomb
    assert "damaged" in faults(lying, limits=SMALL)[0].message


def test_a_cell_far_away_costs_nothing_and_is_refused() -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/>'
        b'<sheetData><row r="1048576"><c r="A1048576" t="inlineStr"><is><t>FRA</t></is></c></row></sheetData>'
        b"</worksheet>"
    )
    assert faults(repacked(as_xlsx(ROWS), xl__worksheets__sheet1=sheet))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(encoding: str) -> None:
    sheet = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'.encode(encoding)
    assert "entities" in faults(repacked(as_xlsx(ROWS), xl__worksheets__sheet1=sheet))[0].message


def test_an_unusual_encoding_is_refused() -> None:
    sheet = b'<?xml version="1.0" encoding="cp037"?><worksheet/>'
    assert "unusual encoding" in faults(repacked(as_xlsx(ROWS), xl__worksheets__sheet1=sheet))[0].message


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="cannot be opened") as caught:
        parse_roster(tmp_path / "none.csv", KNOWN)
    assert caught.value.exit_code == ExitCode.BAD_INPUT


def test_the_format_is_told_by_the_bytes(tmp_path: Path) -> None:
    lying = tmp_path / "roster.csv"
    lying.write_bytes(as_xlsx(ROWS))
    roster = parse_roster(lying, KNOWN, today=TODAY)
    assert roster.entries == ENTRIES and len(roster.file_digest) == 64


def test_a_hostile_cell_cannot_forge_lines_of_the_message() -> None:
    message = faults(as_csv([["X\nrow 9, iso3: fine\x1b[31m", "", "", "", ""]]))[0].message
    assert "\n" not in message and "\x1b" not in message


days = st.none() | st.dates(date(2000, 1, 1), TODAY)
notes = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=60)
entries = st.builds(
    RosterEntry,
    iso3=st.sampled_from(KNOWN),
    focal_point_confirmed_on=days,
    reached_through_office=st.booleans(),
    answered_on=days,
    note=notes.map(str.strip).filter(lambda text: not text.startswith("=")),
)


@given(st.lists(entries, min_size=1, max_size=6, unique_by=lambda entry: entry.iso3), st.booleans())
def test_what_is_written_is_read_back(written: list[RosterEntry], workbook: bool) -> None:
    rows = [
        [
            entry.iso3,
            (entry.focal_point_confirmed_on and entry.focal_point_confirmed_on.isoformat()) or "",
            "yes" if entry.reached_through_office else "no",
            (entry.answered_on and entry.answered_on.isoformat()) or "",
            entry.note,
        ]
        for entry in written
    ]
    assert list(parse(as_xlsx(rows) if workbook else as_csv(rows)).entries) == written


@given(st.binary(max_size=400) | st.binary(max_size=200).map(lambda tail: as_csv([]) + tail))
def test_any_bytes_end_in_a_roster_or_in_faults(payload: bytes) -> None:
    try:
        assert parse(payload).entries
    except RosterError as error:
        assert error.faults and str(error)


@given(st.integers(0, 6000), st.integers(0, 255))
def test_a_workbook_with_one_wrong_byte_ends_in_a_roster_or_in_faults(place: int, value: int) -> None:
    payload = bytearray(as_xlsx(ROWS))
    payload[place % len(payload)] = value
    try:
        parse(bytes(payload))
    except RosterError as error:
        assert error.faults


@pytest.mark.parametrize(
    ("entry", "months", "needs"),
    [
        (RosterEntry(iso3="KEN"), 0, "no_contact"),
        (RosterEntry(iso3="KEN", reached_through_office=True), 0, None),
        (RosterEntry(iso3="KEN", answered_on=date(2026, 11, 20)), 0, None),
        (RosterEntry(iso3="KEN", answered_on=date(2026, 11, 21)), 0, "no_contact"),
        (RosterEntry(iso3="KEN", focal_point_confirmed_on=date(2021, 10, 1)), 0, None),
        (RosterEntry(iso3="KEN", focal_point_confirmed_on=date(2021, 9, 30)), 0, "contact_too_old"),
        (RosterEntry(iso3="KEN", focal_point_confirmed_on=date(2026, 5, 20)), 6, None),
        (RosterEntry(iso3="KEN", focal_point_confirmed_on=date(2026, 5, 19)), 6, "contact_too_old"),
        (RosterEntry(iso3="KEN", focal_point_confirmed_on=date(2026, 12, 1)), 6, "no_contact"),
    ],
)
def test_the_rule(entry: RosterEntry, months: int, needs: str | None) -> None:
    reason = needs_research(entry, TODAY, months)
    assert (reason.code if reason else None) == needs
    if reason:
        assert describe_standing(entry, TODAY, months) == reason.sentence


def test_months_end_where_the_calendar_ends() -> None:
    assert counts_since(date(2026, 8, 31), 6) == date(2026, 2, 28)
    assert counts_since(date(2026, 1, 15), 1) == date(2025, 12, 15)
    assert counts_since(date(2026, 1, 15), 10**6) == date.min


@given(entries, st.integers(0, 60))
def test_every_country_stands_somewhere(entry: RosterEntry, months: int) -> None:
    reason = needs_research(entry, TODAY, months)
    assert describe_standing(entry, TODAY, months).endswith(".")
    if entry.answered_on or entry.reached_through_office:
        assert reason is None
    if not (entry.answered_on or entry.reached_through_office or entry.focal_point_confirmed_on):
        assert reason is not None
