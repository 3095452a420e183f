"""How a sheet of the workbook looks and prints.

Belongs here: columns with widths and formats, writing cells safely, frozen panes, print set-up. Does not belong here:
what stands in the cells (`workbook`).

Addresses stay text: a workbook that travels by mail should not carry links to pages of strangers, and LibreOffice cuts
linked cells when it prints.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.header_footer import HeaderFooter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from review.exports.phrases import Phrases
from review.exports.safe_text import for_cell, reads_right_to_left

Value = str | int | float | datetime | None

ANSWER_FILLS = {"yes": "D5EBD6", "partial": "FBECC4", "no": "F3CFC9", "not_found": "E7E7E7"}
_HEAD_FILL = "1F3A5F"
_LINK = "1A5FB4"
_LINE_HEIGHT = 13.2
_TALLEST_ROW = 409.0
_MOMENT = "yyyy-mm-dd hh:mm"
_LINE = Side(style="thin", color="C8CDD3")
_GRID = Border(bottom=_LINE)


@dataclass(frozen=True)
class Column:
    """One column: heading, width in characters, and what its cells are."""

    heading: str
    width: float
    kind: Literal["text", "share", "number", "moment", "code"] = "text"


def lettering(*, name: str = "Calibri", size: float = 10, **traits: Any) -> Font:
    """Return the font of every cell, with traits such as bold or color."""
    return Font(name=name, size=size, **traits)


def add_sheet(book: Workbook, title: str, phrases: Phrases) -> Worksheet:
    """Add a sheet whose title is made legal, short and unique."""
    legal = re.sub(r"[\[\]:*?/\\'\x00-\x1f]", " ", title).strip()[:31].rstrip() or "Sheet"
    names = {name.casefold() for name in book.sheetnames}
    number = 2
    unique = legal
    while unique.casefold() in names:
        unique = f"{legal[:27]} {number}"
        number += 1
    sheet: Worksheet = book.create_sheet(unique)
    sheet.sheet_view.rightToLeft = phrases.right_to_left
    sheet.sheet_view.showGridLines = False
    return sheet


def write_table(sheet: Worksheet, columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> None:
    """Write a heading row and the rows, frozen below the headings and right of the first column, with a filter."""
    for place, column in enumerate(columns, start=1):
        head = put(sheet, 1, place, column.heading)
        head.font = lettering(bold=True, color="FFFFFF")
        head.fill = PatternFill("solid", fgColor=_HEAD_FILL)
        head.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(place)].width = column.width
    sheet.row_dimensions[1].height = _height([(column.heading, column.width) for column in columns]) + 4
    for number, row in enumerate(rows, start=2):
        for place, (column, value) in enumerate(zip(columns, row, strict=True), start=1):
            _format(put(sheet, number, place, value), column)
        sheet.row_dimensions[number].height = _height(
            [(value, column.width) for column, value in zip(columns, row, strict=True) if isinstance(value, str)]
        )
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"


def _height(cells: Sequence[tuple[str, float]]) -> float:
    """Estimate the height of a row in points: no spreadsheet does it by itself for a file that was not saved by it."""
    lines = max((sum(_wrapped(line, width) for line in text.split("\n")) for text, width in cells), default=1)
    return min(_TALLEST_ROW, lines * _LINE_HEIGHT + 3)


def _wrapped(line: str, width: float) -> int:
    letters = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)
    return max(1, math.ceil(letters / (width * 0.97)))


def put(sheet: Worksheet, row: int, column: int, value: Value) -> Cell:
    """Write one value; text is made harmless, aligned by its own direction, and never a formula."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    if isinstance(value, datetime):
        cell.value = value.astimezone(UTC).replace(tzinfo=None, microsecond=0)
        cell.number_format = _MOMENT
    elif isinstance(value, str):
        cell.value = for_cell(value)
        cell.data_type = "s"
    else:
        cell.value = value
    cell.font = lettering()
    right = isinstance(value, str) and reads_right_to_left(value)
    cell.alignment = Alignment(
        wrap_text=True,
        vertical="top",
        readingOrder=2 if right else (1 if isinstance(value, str) else 0),
        horizontal="right" if right else ("left" if isinstance(value, str) else None),
    )
    return cell


def _format(cell: Cell, column: Column) -> None:
    cell.border = _GRID
    if column.kind in {"share", "number"}:
        cell.number_format = "0.00" if column.kind == "share" else "0"
        cell.alignment = Alignment(horizontal="center", vertical="top")
    elif column.kind == "code":
        cell.font = lettering(name="Consolas", size=8)


def link_within(cell: Cell, sheet: Worksheet, row: int) -> None:
    """Let a cell lead to a row of another sheet of the same workbook."""
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{sheet.title}'!A{row}")
    cell.font = lettering(color=_LINK, underline="single")


def mark_answer(cell: Cell, answer: str) -> None:
    """Colour a cell by its answer; the word stays, so that colour alone says nothing."""
    if answer in ANSWER_FILLS:
        cell.fill = PatternFill("solid", fgColor=ANSWER_FILLS[answer])
    cell.font = lettering(bold=answer != "not_found")


def prepare_print(sheet: Worksheet, headline: str, phrases: Phrases, *, repeat_head: bool = True) -> None:
    """Set up printing: A4 across, one page wide, headings on each page, country and page number."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.75
    sheet.page_margins.header = sheet.page_margins.footer = 0.35
    if repeat_head:
        sheet.print_title_rows = "1:1"
    margin = HeaderFooter()
    assert margin.oddHeader is not None and margin.oddFooter is not None
    margin.oddHeader.left.text = for_cell(headline).replace("&", "&&")[:200]
    margin.oddFooter.center.text = f"{phrases('footer_page')} &P / &N"
    sheet.HeaderFooter = margin
