"""Excel: sheets as sections, rows with their header cells.

Belongs here: SpreadsheetML through openpyxl, values as last computed. Does not belong here: formulas (never evaluated).
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from typing import Any

from extractors.layout import Layout, LayoutBuilder, unreadable
from extractors.office_package import Package, PackageError
from extractors.office_tables import Cells, add_table
from extractors.request import ReadRequest

FORMAT = "xlsx"
KIND = "Excel file"
_MAX_COLUMNS = 300
_MAX_EMPTY_ROWS = 5000
_PERCENT = re.compile(r"0(?:\.(0{1,9}))?%")


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of a workbook; bad input is a layout with a status and a sentence."""
    try:
        Package(payload, request.limits, KIND)
    except PackageError as error:
        return unreadable(FORMAT, error.status, str(error))
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        workbook = load_workbook(io.BytesIO(payload), read_only=True, data_only=True, keep_links=False)
        try:
            return _lay_out(workbook, request)
        finally:
            workbook.close()
    except (InvalidFileException, KeyError, ValueError, TypeError, zipfile.BadZipFile, SyntaxError) as error:
        return unreadable(FORMAT, "damaged", f"The {KIND} is damaged: {type(error).__name__}: {str(error)[:120]}.")


def _lay_out(workbook: Any, request: ReadRequest) -> Layout:
    builder = LayoutBuilder()
    left = request.limits.nodes
    reason = ""
    for sheet in workbook.worksheets:
        rows, used, cut = _rows(sheet, left)
        left -= used
        if rows:
            builder.add(sheet.title, kind="heading", level=1)
            add_table(builder, rows, titled=True)
        if cut or left <= 0 or builder.position > request.limits.characters:
            reason = f"The {KIND} has more cells than the limit; only its first part was read."
            break
    text = builder.text
    if not text.strip():
        return unreadable(FORMAT, "no_text", f"The {KIND} holds no text.")
    properties = workbook.properties
    metadata = {"title": properties.title or "", "author": properties.creator or ""}
    return Layout(
        format=FORMAT, text=text, blocks=builder.blocks, title=properties.title or "", reason=reason,
        outline=tuple(text[block.start : block.end] for block in builder.blocks if block.kind == "heading"),
        metadata={name: value[:500] for name, value in metadata.items() if value},
    )  # fmt: skip


def _rows(sheet: Any, left: int) -> tuple[list[Cells], int, bool]:
    """Return filled rows, the number of cells looked at, and whether the limit cut the sheet."""
    rows: list[Cells] = []
    used = empty = 0
    for values in sheet.iter_rows(max_col=_MAX_COLUMNS):
        used += max(1, len(values))
        cells = [(_shown(cell), 1) for cell in values]
        while cells and not cells[-1][0]:
            cells.pop()
        if cells:
            rows.append(cells)
            empty = 0
        else:
            empty += 1
        if used > left:
            return rows, used, True
        if empty > _MAX_EMPTY_ROWS:
            break
    return rows, used, False


def _shown(cell: Any) -> str:
    """Return the value of a cell as Excel shows it, as it is stored where its style or its size is impossible."""
    try:
        return _formatted(cell.value, cell)
    except (IndexError, OverflowError):
        return " ".join(str(cell.value).split())


def _formatted(value: Any, cell: Any) -> str:
    """Return a value as its cell shows it: shares in per cent, no digits that only the machine has."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        percent = _PERCENT.fullmatch(cell.number_format or "")
        if percent:
            return f"{value:.{len(percent.group(1) or '')}%}"
        if isinstance(value, float):
            return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    return " ".join(str(value).split())
