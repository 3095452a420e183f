"""Pages of a PDF before they are laid out: their lines, their columns, and whether their picture must be read.

Belongs here: one page from PDFium or OCR to lines with gutters; what pages of one document share. Does not belong
here: the geometry itself (`pdf_columns`, `pdf_furniture`), blocks and text layer (`pdf`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import pypdfium2

from extractors.language_detection import detect_language
from extractors.languages import UNKNOWN
from extractors.pdf_columns import (
    common_gutters,
    crosses_gap,
    drop_margin,
    find_gutters,
    fits,
    same_gutters,
    stands_in,
)
from extractors.pdf_furniture import find_furniture
from extractors.pdf_leftwards import needs_rebuilding, rebuild_lines, runs_leftwards
from extractors.pdf_quality import needs_ocr
from extractors.pdf_scans import ScanReader
from extractors.pdf_tables import CellTable, TableFinder, borders, holds_rows, inside, is_candidate, looks_tabular
from extractors.pdf_text import Box, OpenPage, PageTextError, PrintedLine, open_page


@dataclass(slots=True)
class Sheet:
    """One page under way. Where it was turned to be read, lines stand on the upright page."""

    number: int
    width: float
    height: float
    lines: list[PrintedLine] = field(default_factory=list)
    furniture: list[PrintedLine] = field(default_factory=list)
    margin: list[PrintedLine] = field(default_factory=list)
    gutters: tuple[float, ...] = ()
    layer: Literal["text", "ocr", "none"] = "text"
    scan: str = ""
    """Why the page's picture must be read; empty when its text layer serves."""
    leftwards: bool = False
    """Whether the page is read from right to left."""
    turned: int = 0
    """Degrees clockwise that make the page upright: 0, 90, 180, 270."""

    @property
    def upright(self) -> tuple[float, float]:
        """Width and height of the upright page."""
        return (self.height, self.width) if self.turned in (90, 270) else (self.width, self.height)

    def make_upright(self, line: PrintedLine) -> PrintedLine:
        """Return a line of the page as it is where it stands on the upright page."""
        x0, y0, x1, y1 = line[1:5]
        if self.turned == 90:
            return line._replace(x0=self.height - y1, y0=x0, x1=self.height - y0, y1=x1, size=x1 - x0, spans=())
        if self.turned == 270:
            return line._replace(x0=y0, y0=self.width - x1, x1=y1, y1=self.width - x0, size=x1 - x0, spans=())
        return line

    def on_page(self, box: Box) -> Box:
        """Return where a box of the upright page stands on the page as it is."""
        x0, y0, x1, y1 = box
        if self.turned == 90:
            return _rounded(y0, self.height - x1, y1, self.height - x0)
        if self.turned == 180:
            return _rounded(self.width - x1, self.height - y1, self.width - x0, self.height - y0)
        if self.turned == 270:
            return _rounded(self.width - y1, x0, self.width - y0, x1)
        return box


def _rounded(x0: float, y0: float, x1: float, y1: float) -> Box:
    return round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1)


class PageReader:
    """Reads the pages of one document, a run of pages at a time."""

    def __init__(self, document: pypdfium2.PdfDocument, scans: ScanReader) -> None:
        self._document = document
        self._scans = scans
        self.faults: list[int] = []
        """Numbers of pages that cannot be opened."""
        self._known: tuple[float, tuple[float, ...]] = (0.0, ())

    def read(self, first: int, last: int) -> list[Sheet]:
        """Return the pages from index `first` to before `last`, furniture taken out, columns found."""
        sheets = [self._open(index) for index in range(first, last)]
        self._read_pictures(sheets)
        furniture = find_furniture([(sheet.number, sheet.upright[1], sheet.lines) for sheet in sheets])
        for sheet in sheets:
            gone = furniture.get(sheet.number)
            if gone:
                sheet.furniture = [line for index, line in enumerate(sheet.lines) if index in gone]
                sheet.lines = [line for index, line in enumerate(sheet.lines) if index not in gone]
        self._share_columns(sheets)
        return sheets

    def find_tables(self, sheet: Sheet, finder: TableFinder) -> list[CellTable]:
        """Return the ruled tables of a page, with its lines split at their column borders."""
        if sheet.layer != "text" or sheet.turned or not (sheet.gutters or looks_tabular(sheet.lines)):
            return []
        with open_page(self._document, sheet.number - 1) as page:
            found = finder.find(sheet.number) if is_candidate(page) else []
            tables = [table for table in found if holds_rows(table, sheet.lines)]
            for table in tables:
                edges = borders(table)
                sheet.lines = [
                    part
                    for line in sheet.lines
                    for part in (
                        page.split(line, edges) if inside(line, table.box) and _spreads(line, edges) else (line,)
                    )
                ]
        return tables

    def _open(self, index: int) -> Sheet:
        try:
            with open_page(self._document, index) as page:
                sheet = Sheet(page.number, page.width, page.height, page.lines())
                sheet.scan = needs_ocr(page, sheet.lines)
                if sheet.scan:
                    return sheet
                sheet.lines, sheet.margin = drop_margin(sheet.lines)
                sheet.turned = _turn_of_print(page, sheet.lines)
                if sheet.turned:
                    sheet.lines = [sheet.make_upright(line) for line in sheet.lines]
                    sheet.gutters = find_gutters(sheet.lines, sheet.upright[0])
                else:
                    self._find_columns(page, sheet)
                return sheet
        except PageTextError:
            self.faults.append(index + 1)
            return Sheet(index + 1, 0.0, 0.0, layer="none")

    def _find_columns(self, page: OpenPage, sheet: Sheet) -> None:
        width, gutters = self._known
        low, high = 0.1 * sheet.height, 0.9 * sheet.height
        if (
            gutters
            and width == sheet.width
            and stands_in([line for line in sheet.lines if low < line.y0 < high], gutters)
        ):
            sheet.gutters = gutters
        else:
            sheet.gutters = find_gutters(sheet.lines, sheet.width)
            self._known = (sheet.width, sheet.gutters)
        if sheet.gutters:
            sheet.lines = _split_lines(page, sheet.lines, sheet.gutters)
        if needs_rebuilding(sheet.lines):
            sheet.leftwards = runs_leftwards(sheet.lines)
            sheet.lines = rebuild_lines(page, sheet.lines, sheet.gutters)

    def _read_pictures(self, sheets: Sequence[Sheet]) -> None:
        waiting = [sheet for sheet in sheets if sheet.scan]
        if not waiting:
            return
        self._scans.hint(_languages_of([sheet for sheet in sheets if not sheet.scan]))
        for sheet in waiting:
            found = self._scans.read(sheet.number)
            if found is None:
                sheet.layer = "none"
                if sheet.scan != "a picture of text":
                    sheet.lines = []  # a text layer that is not trusted feeds nothing
                continue
            sheet.layer = "ocr"
            sheet.turned = found.turned
            sheet.lines = list(found.lines)
            sheet.gutters = find_gutters(sheet.lines, sheet.upright[0])
            sheet.leftwards = runs_leftwards(sheet.lines)

    def _share_columns(self, sheets: Sequence[Sheet]) -> None:
        """Give pages without columns of their own the document's columns, where these fit."""
        common = common_gutters([(sheet.upright[0], sheet.gutters) for sheet in sheets if sheet.lines])
        for sheet in sheets:
            gutters = common.get(round(sheet.upright[0]))
            if not gutters or sheet.turned or same_gutters(gutters, sheet.gutters) or len(sheet.gutters) > len(gutters):
                continue
            if fits(sheet.lines, gutters):
                sheet.gutters = gutters
                if any(crosses_gap(line, gutters) for line in sheet.lines):
                    with open_page(self._document, sheet.number - 1) as page:
                        sheet.lines = _split_lines(page, sheet.lines, gutters)


def _turn_of_print(page: OpenPage, lines: Sequence[PrintedLine]) -> int:
    """Return the degrees clockwise that make print upright that runs up or down the page (tables printed sideways)."""
    upended = [line for line in lines if line.y1 - line.y0 > 2 * (line.x1 - line.x0) and len(line.text) > 5]
    if 2 * len(upended) <= len(lines):
        return 0
    longest = max(upended, key=lambda line: len(line.text))
    inked = [box for box in page.characters(longest.origin, len(longest.text)) if box[2] > box[0]]
    return 90 if inked and inked[0][1] > inked[-1][1] else 270


def _spreads(line: PrintedLine, edges: Sequence[float]) -> bool:
    return line.confidence is None and any(line.x0 + 2 < edge < line.x1 - 2 for edge in edges)


def _languages_of(sheets: Sequence[Sheet]) -> tuple[str, ...]:
    """Return the language of the pages that have a trusted text layer."""
    text = "\n".join(line.text for sheet in sheets[:20] for line in sheet.lines)[:20_000]
    if len(text) < 200:
        return ()
    language = detect_language(text).language
    return () if language == UNKNOWN else (language,)


def _split_lines(page: OpenPage, lines: Sequence[PrintedLine], gutters: tuple[float, ...]) -> list[PrintedLine]:
    return [part for line in lines for part in (page.split(line, gutters) if crosses_gap(line, gutters) else (line,))]
