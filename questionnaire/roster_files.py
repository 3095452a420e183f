"""Roster files as rows of cells: CSV and XLSX, read with limits.

Belongs here: turning the bytes of a table that a stranger sent into rows of plain cells, and refusing what is too
large, damaged or not a table. Does not belong here: what the columns mean (`roster`).

The format is told by the bytes, never by the file's name. Formulas are never computed and their stored results never
read: a formula cell arrives as `Formula`, for the caller to refuse.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from store.errors import BadInputError

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ZIP_FAULTS = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError,
    struct.error, ValueError,
)  # fmt: skip
_PLAIN_ENCODINGS = {"utf-8", "utf-16", "utf-16-le", "utf-16-be", "ascii"}


@dataclass(frozen=True, kw_only=True)
class TableLimits:
    """How much of a table file is read at most; beyond it the file is refused as a whole."""

    file_bytes: int = 4 * 2**20
    unpacked_bytes: int = 32 * 2**20
    """All members of an XLSX together."""
    members: int = 500
    rows: int = 2_000
    columns: int = 64
    cell_characters: int = 5_000


class TableFileError(BadInputError):
    """The file is not a table that can be read within the limits."""


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula instead of a value."""

    text: str


Cell = str | date | bool | Formula | None
"""A cell: trimmed text (numbers as they are written), a date, a truth value, a formula, or nothing."""


def read_table(payload: bytes, limits: TableLimits) -> Iterator[list[Cell]]:
    """Yield the rows of a CSV or XLSX file in order, empty rows included: counting gives a spreadsheet's row numbers.

    Raises TableFileError with what is wrong and what to do.
    """
    if len(payload) > limits.file_bytes:
        raise TableFileError(
            f"it holds {len(payload):,} bytes, more than the {limits.file_bytes:,} that a roster may have. "
            "Send the five columns only."
        )
    if payload.startswith((_ZIP, _EMPTY_ZIP)):
        return _rows_of_workbook(payload, limits)
    if payload.startswith(_OLE):
        raise TableFileError(
            "it is an old .xls file or a workbook with a password. Save it as .xlsx without a password, or as CSV."
        )
    return _rows_of_text(payload, limits)


def _rows_of_text(payload: bytes, limits: TableLimits) -> Iterator[list[Cell]]:
    text = _decode(payload)
    if "\x00" in text:
        raise TableFileError("it holds NUL characters, so it is no text. Save it as CSV (UTF-8) or as .xlsx.")
    head = text.lstrip("\r\n").splitlines()[:1]
    separator = max(",;\t", key=head[0].count) if head else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            _check_size(number, len(cells), limits)
            yield [_text_cell(cell, number, limits) for cell in cells]
    except csv.Error as error:
        raise TableFileError(f"row {number + 1} is not CSV ({error}). Check its quotation marks.") from error


def _decode(payload: bytes) -> str:
    encoding = "utf-16" if payload.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return payload.decode(encoding)
    except UnicodeDecodeError as error:
        line = payload[: error.start].count(b"\n") + 1
        raise TableFileError(
            f"line {line} is not {encoding.removesuffix('-sig').upper()} text. Save it as 'CSV UTF-8' or as .xlsx."
        ) from error


def _text_cell(raw: str, row: int, limits: TableLimits) -> Cell:
    text = raw.strip()
    if len(text) > limits.cell_characters:
        raise TableFileError(
            f"a cell of row {row} holds {len(text):,} characters, more than {limits.cell_characters:,}. Shorten it."
        )
    if text.startswith("="):
        return Formula(text)
    return text or None


def _check_size(row: int, width: int, limits: TableLimits) -> None:
    if row > limits.rows:
        raise TableFileError(f"it has more than {limits.rows:,} rows. A roster has one row a country.")
    if width > limits.columns:
        raise TableFileError(f"row {row} has {width} columns, more than {limits.columns}. Send the five columns only.")


def _rows_of_workbook(payload: bytes, limits: TableLimits) -> Iterator[list[Cell]]:
    payload = _unpack(payload, limits)
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that a roster does not need
            book = openpyxl.load_workbook(io.BytesIO(payload), read_only=True, data_only=False, keep_links=False)
            try:
                if not book.worksheets:
                    raise TableFileError("it has no worksheet. Send a workbook whose first sheet is the roster.")
                # One row and column more than allowed, so that too much is seen without reading all of it. The size
                # that the sheet states of itself is not believed.
                sheet: Any = book.worksheets[0]
                sheet.reset_dimensions()
                rows = sheet.iter_rows(max_row=limits.rows + 1, max_col=limits.columns + 1)
                for number, cells in enumerate(rows, start=1):
                    found = [_sheet_cell(cell, number, limits) for cell in cells]
                    while found and found[-1] is None:
                        found.pop()
                    _check_size(number if found else 0, len(found), limits)
                    yield found
            finally:
                book.close()
    except TableFileError:
        raise
    except Exception as error:  # openpyxl raises whatever its XML and its number parsing raise
        raise TableFileError(
            f"the workbook is damaged or no workbook ({type(error).__name__}: {str(error)[:120]}). "
            "Save it again as .xlsx."
        ) from error


def _unpack(payload: bytes, limits: TableLimits) -> bytes:
    """Return the same workbook uncompressed, refusing bombs and entity tricks before any XML parser sees a byte.

    A part is never unpacked beyond the size that it declares; one that declares too little fails its check sum.
    """
    sink = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(payload)) as archive, zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as plain:
            members = archive.infolist()
            _check_members(members, limits)
            for member in members:
                with archive.open(member) as source:
                    part = source.read(member.file_size + 1)
                if member.filename.lower().endswith((".xml", ".rels", ".vml")):
                    _check_xml(member.filename, part)
                plain.writestr(member.filename, part)
    except _ZIP_FAULTS as error:
        raise TableFileError(f"the workbook is damaged ({str(error)[:120]}). Save it again as .xlsx.") from error
    return sink.getvalue()


def _check_members(members: list[zipfile.ZipInfo], limits: TableLimits) -> None:
    if len(members) > limits.members:
        raise TableFileError(f"the workbook has {len(members):,} parts, more than {limits.members}.")
    if sum(member.file_size for member in members) > limits.unpacked_bytes:
        raise TableFileError(
            f"the workbook unpacks to more than {limits.unpacked_bytes:,} bytes. Send the five columns only."
        )
    if len({member.filename for member in members}) != len(members):
        raise TableFileError("two parts of the workbook have the same name. Save it again as .xlsx.")
    if any(member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for member in members):
        raise TableFileError("the workbook is packed in an unusual way. Save it again as .xlsx.")


def _check_xml(name: str, part: bytes) -> None:
    declared = _XML_ENCODING.match(part)
    if declared:
        try:
            encoding = codecs.lookup(declared.group(1).decode("ascii")).name
        except LookupError:
            encoding = "unknown"
        if encoding not in _PLAIN_ENCODINGS:
            raise TableFileError(f"part {name} of the workbook is in an unusual encoding. Save it again as .xlsx.")
    if b"<!DOCTYPE" in part.replace(b"\x00", b"") or b"<!ENTITY" in part.replace(b"\x00", b""):
        raise TableFileError(
            f"part {name} of the workbook declares entities, which no spreadsheet does. It was not opened."
        )


def _sheet_cell(cell: Any, row: int, limits: TableLimits) -> Cell:
    value = cell.value
    if value is None or isinstance(value, bool):
        return value
    if cell.data_type == "f":
        return Formula(str(value)[:80])
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else value.isoformat(sep=" ")
    if isinstance(value, date):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _text_cell(str(value), row, limits)
