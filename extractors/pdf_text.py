"""The text layer of one PDF page as printed lines with boxes, read from PDFium in bulk.

Belongs here: calls of PDFium's text interface, and the data classes of a printed line and a page. Does not belong here:
reading order and columns (`pdf_columns`), running headers (`pdf_furniture`), blocks (`pdf_blocks`).

One call a page fetches the text and a few calls a line fetch its rectangles and font; single characters are asked for
their
boxes only in lines that run across a column border. That keeps this above half the speed of raw extraction.
"""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.bidi import Glyph
from extractors.pdfium_calls import (
    address_of,
    count_rectangles,
    get_character_box,
    get_font_name,
    get_loose_box,
    get_rectangle,
    get_text,
)

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points from the page's top left corner."""

HYPHEN_MARKS = "\ufffe\x02"
"""What PDFium gives for a hyphen at the end of a line; the page shows a hyphen there."""

MAX_CHARACTERS_A_PAGE = 400_000
"""A page with more characters than this is cut off: a printed page has some thousands."""

_WIDE_GAP = 0.4
"""A gap inside a line that is wider than this many line heights may be a column border: narrow gutters have 8
points.
"""
_NAME_BYTES = 128
_BLOCK = 16384
"""Buffers for text come in few sizes: ctypes makes a type for each."""
_FINE = 64
_STEP = 1000.0
_BOLD_WORDS = ("bold", "black", "heavy", "demi")
_PICTURES = (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_FORM, pdfium.FPDF_PAGEOBJ_SHADING)


class PageTextError(Exception):
    """A page cannot be opened; `pdf` marks it as not read and names it."""


class PrintedLine(NamedTuple):
    """A printed line, or the part of one that stands in a column. Points from the page's top left corner."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    """Height of a line of its font."""
    bold: bool = False
    spans: tuple[tuple[float, float], ...] = ()
    """Where the line has wide gaps inside: the printed pieces between them as x0, x1, left to right; else empty."""
    origin: int = 0
    """Index of the first character on PDFium's page: the way back to single characters."""
    confidence: float | None = None
    """0 to 1 when read from a picture."""

    @property
    def middle(self) -> float:
        """Vertical middle."""
        return (self.y0 + self.y1) / 2

    @property
    def width(self) -> float:
        """Width in points."""
        return self.x1 - self.x0

    @property
    def box(self) -> Box:
        """The box, to a tenth of a point."""
        return round(self.x0, 1), round(self.y0, 1), round(self.x1, 1), round(self.y1, 1)


class OpenPage:
    """A page whose text layer is open (PDFium's handles of both); use it inside `open_page`."""

    def __init__(self, page: Any, textpage: Any, number: int) -> None:
        self.number = number
        """From 1."""
        self.width, self.height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
        self.count = max(0, min(pdfium.FPDFText_CountChars(textpage), MAX_CHARACTERS_A_PAGE))
        """Characters of the text layer."""
        self._page = page
        self._raw = textpage
        self._map = _placement(page, self.width, self.height)
        self._turned = bool(self._map[1] or self._map[2] or self._map[0] <= 0 or self._map[3] >= 0)
        self._fonts: dict[tuple[bytes, int], bool] = {}
        self._corners = (ctypes.c_double * 4)()
        self._loose = pdfium.FS_RECTF()
        self._flags = ctypes.c_int()
        self._name = ctypes.create_string_buffer(_NAME_BYTES)
        self._reach_x, self._reach_y = 2 * self.width + 2, 2 * self.height + 2
        self._handle = address_of(self._raw)
        first = ctypes.addressof(self._corners)
        self._into = (first, first + 8, first + 16, first + 24)
        self._into_loose = ctypes.addressof(self._loose)
        self._into_font = (ctypes.addressof(self._name), _NAME_BYTES, ctypes.addressof(self._flags))

    def text(self) -> str:
        """Return the page's text with one code point a PDFium character, so that indices agree."""
        if not self.count:
            return ""
        size = 2 * (self.count + 1)
        buffer = ctypes.create_string_buffer(-(-size // _BLOCK) * _BLOCK)
        got = get_text(self._handle, 0, self.count, ctypes.addressof(buffer))
        text = ctypes.string_at(buffer, 2 * max(0, got - 1)).decode("utf-16-le", "surrogatepass")
        if len(text) == self.count:
            return text
        codes = (pdfium.FPDFText_GetUnicode(self._raw, index) for index in range(self.count))
        return "".join(chr(code) if 0 < code <= 0x10FFFF else "\x00" for code in codes)

    def lines(self) -> list[PrintedLine]:
        """Return the printed lines in PDFium's order; lines of white space and text outside the page are left out."""
        found = []
        position = 0
        for raw_line in self.text().split("\n"):
            start = position
            for part in _split_hyphens(raw_line) if not raw_line.isascii() else (raw_line,):
                if part and not part.isspace():
                    line = self._line(part.removesuffix("\r"), start)
                    if line is not None:
                        found.append(line)
                start += len(part)
            position += len(raw_line) + 1
        return found

    def _line(self, text: str, start: int) -> PrintedLine | None:
        """Return one line; None where nothing is printed, or outside the page's box: no quote may come from there."""
        length = len(text)
        pieces = self._rectangles(start, length)
        if not pieces:
            return None
        if len(pieces) == 1:
            x0, y0, x1, y1 = self.place(*pieces[0])
        else:
            lefts, tops, rights, bottoms = zip(*pieces, strict=True)
            x0, y0, x1, y1 = self.place(min(lefts), max(tops), max(rights), min(bottoms))
        if not (-2 <= x0 + x1 <= self._reach_x and -2 <= y0 + y1 <= self._reach_y):
            return None
        size, bold = self._font(start, text, y1 - y0)
        spans: tuple[tuple[float, float], ...] = ()
        if len(pieces) > 1:
            if self._turned or _has_gap(pieces, _WIDE_GAP * size):
                spans = printed_pieces(_edges([self.place(*piece) for piece in pieces]), _WIDE_GAP * size)
        elif x1 - x0 > 1.1 * size * length:
            spans = printed_pieces(_edges(self.characters(start, length)), _WIDE_GAP * size)
        return PrintedLine(text if text.isprintable() else clean(text), x0, y0, x1, y1, size, bold, spans, start)

    def _rectangles(self, start: int, length: int) -> list[list[float]]:
        """Return left, top, right, bottom of the rectangles around characters, in PDF space."""
        handle, into = self._handle, self._into
        count = count_rectangles(handle, start, length)
        if count == 1:
            return [self._corners[:]] if get_rectangle(handle, 0, *into) else []
        return [self._corners[:] for index in range(count) if get_rectangle(handle, index, *into)]

    def _font(self, start: int, text: str, height: float) -> tuple[float, bool]:
        """Return the size of a line's first letter, and whether its first and last are bold."""
        first = start + len(text) - len(text.lstrip()) if text[0].isspace() else start
        size = height
        if get_loose_box(self._handle, first, self._into_loose):
            box = self._loose
            size = abs(box.right - box.left) if self._map[1] else abs(box.top - box.bottom)
            if not 0.5 * height <= size <= 6 * height:
                size = height
        if not self._is_bold(first):
            return size or 1.0, False
        last = start + len(text.rstrip()) - 1
        return size or 1.0, last == first or self._is_bold(last)

    def _is_bold(self, index: int) -> bool:
        length = get_font_name(self._handle, index, *self._into_font)
        name = self._name.value if 0 < length <= _NAME_BYTES else b""
        known = self._fonts.get((name, length))
        if known is None:
            lower = name.decode("latin-1").lower()
            known = any(word in lower for word in _BOLD_WORDS) or (
                pdfium.FPDFText_GetFontWeight(self._raw, index) >= 600
            )
            self._fonts[name, length] = known
        return known

    def place(self, left: float, top: float, right: float, bottom: float) -> Box:
        """Return a box of PDF space in points from the visible top left corner."""
        a, b, c, d, x, y = self._map
        if not self._turned:
            return a * left + x, d * top + y, a * right + x, d * bottom + y
        x0, x1 = a * left + c * top + x, a * right + c * bottom + x
        y0, y1 = b * left + d * top + y, b * right + d * bottom + y
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)

    def characters(self, start: int, count: int) -> list[Box]:
        """Return a box for every character of a span; an empty box where a character is not printed."""
        left, top, right, bottom = self._into
        boxes = []
        for index in range(start, min(start + count, self.count)):
            if get_character_box(self._handle, index, left, right, bottom, top):
                boxes.append(self.place(*self._corners[:]))
            else:
                boxes.append((0.0, 0.0, 0.0, 0.0))
        return boxes

    def glyphs(self, spans: Iterable[tuple[int, int]] | None = None) -> list[Glyph]:
        """Return the printed characters of spans (first index, length) of the page, all by default."""
        text = self.text()
        x, y = ctypes.c_double(), ctypes.c_double()
        found = []
        for start, length in spans if spans is not None else ((0, self.count),):
            boxes = self.characters(start, length)
            for index, box in enumerate(boxes, start):
                char = text[index]
                if char in "\r\n" or pdfium.FPDFText_IsGenerated(self._raw, index) == 1:
                    continue
                if not pdfium.FPDFText_GetCharOrigin(self._raw, index, x, y):
                    continue
                origin = self.place(x.value, y.value, x.value, y.value)
                left, right = self._advance(index) or (box[0], box[2])
                inked = box if box[3] > box[1] else (origin[0], origin[1], origin[0], origin[1])
                found.append(Glyph(clean(char), left, inked[1], right, inked[3], origin[1], index))
        return found

    @property
    def page_handle(self) -> Any:
        """PDFium's handle of the page, for its objects."""
        return self._page

    def glyphs_by_object(self) -> dict[int, list[Glyph]]:
        """Return the printed characters of the page by the address of the text object that prints them."""
        found: dict[int, list[Glyph]] = {}
        for glyph in self.glyphs():
            owner = address_of(pdfium.FPDFText_GetTextObject(self._raw, glyph.place))
            found.setdefault(owner, []).append(glyph)
        return found

    def print_size(self, index: int) -> float:
        """Return the height of a line of a character's font from the font size and its scaling, in points."""
        matrix = pdfium.FS_MATRIX()
        scale = 1.0
        if pdfium.FPDFText_GetMatrix(self._raw, index, matrix):
            scale = math.hypot(matrix.c, matrix.d) or 1.0
        return max(1.0, 1.2 * scale * float(pdfium.FPDFText_GetFontSize(self._raw, index)))

    def _advance(self, index: int) -> tuple[float, float] | None:
        """Return where a character begins and where the next may: its width with the white around the ink."""
        if not get_loose_box(self._handle, index, self._into_loose):
            return None
        box = self._loose
        x0, _, x1, _ = self.place(box.left, box.top, box.right, box.bottom)
        return (x0, x1) if x1 > x0 else None

    def split(self, line: PrintedLine, borders: tuple[float, ...]) -> list[PrintedLine]:
        """Return the parts of a line between column borders (x in points), each with its own box; no word is cut."""
        boxes = self.characters(line.origin, len(line.text))
        parts: list[PrintedLine] = []
        begin, column, reach = 0, -1, line.x0
        for index, box in enumerate(boxes):
            if box[2] <= box[0] or line.text[index].isspace():
                continue
            here = sum(border < (box[0] + box[2]) / 2 for border in borders)
            if column not in (-1, here) and (line.text[index - 1].isspace() or box[0] - reach > 0.25 * line.size):
                parts.extend(_part(line, begin, index, boxes))
                begin = index
            column, reach = here, box[2]
        parts.extend(_part(line, begin, len(boxes), boxes))
        return parts or [line]

    def picture_share(self) -> float:
        """Return the share of the page that its pictures cover, counting overlaps twice, at most 1."""
        area = self.width * self.height
        if area <= 0:
            return 0.0
        corners = tuple(ctypes.c_float() for _ in range(4))
        covered = 0.0
        for index in range(min(pdfium.FPDFPage_CountObjects(self._page), 500)):
            item = pdfium.FPDFPage_GetObject(self._page, index)
            if pdfium.FPDFPageObj_GetType(item) in _PICTURES and pdfium.FPDFPageObj_GetBounds(item, *corners):
                left, bottom, right, top = (corner.value for corner in corners)
                covered += max(0.0, right - left) * max(0.0, top - bottom)
        return min(1.0, covered / float(area))

    def drawn(self, most: int = 400) -> list[tuple[float, float]]:
        """Return width and height of the first `most` drawn paths of the page: rules of tables, frames, outlined
        letters.
        """
        corners = tuple(ctypes.c_float() for _ in range(4))
        found = []
        for index in range(min(pdfium.FPDFPage_CountObjects(self._page), 5000)):
            item = pdfium.FPDFPage_GetObject(self._page, index)
            if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_PATH:
                continue
            if pdfium.FPDFPageObj_GetBounds(item, *corners):
                left, bottom, right, top = (corner.value for corner in corners)
                found.append((right - left, top - bottom))
                if len(found) >= most:
                    break
        return found


@contextmanager
def open_page(document: pypdfium2.PdfDocument, index: int) -> Iterator[OpenPage]:
    """Open page `index` (from 0) with its text layer; raises PageTextError when PDFium cannot.

    Without pypdfium2's page objects, which watch over handles that are closed here at once.
    """
    page = pdfium.FPDF_LoadPage(document.raw, index)
    if not page:
        raise PageTextError(f"page {index + 1} cannot be loaded")
    try:
        textpage = pdfium.FPDFText_LoadPage(page)
        if not textpage:
            raise PageTextError(f"page {index + 1} has no text layer that can be loaded")
        try:
            yield OpenPage(page, textpage, index + 1)
        finally:
            pdfium.FPDFText_ClosePage(textpage)
    finally:
        pdfium.FPDF_ClosePage(page)


def _split_hyphens(line: str) -> list[str]:
    """PDFium joins the next printed line to one that ends in a hyphen, and marks the place."""
    for mark in HYPHEN_MARKS:
        line = line.replace(mark, mark + "\n")
    return line.split("\n")


def clean(text: str) -> str:
    """Return the line as it is printed: PDFium's hyphen marks become hyphens, control characters spaces.

    The length never changes, so indices into PDFium's page stay right.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else _plain(char) for char in text)


def _plain(char: str) -> str:
    if char in HYPHEN_MARKS:
        return "-"
    category = unicodedata.category(char)
    if category in ("Cf", "Co"):
        return char
    return "\ufffd" if category in ("Cn", "Cs") else " "


def _part(line: PrintedLine, begin: int, end: int, boxes: list[Box]) -> list[PrintedLine]:
    solid = [box for box in boxes[begin:end] if box[2] > box[0]]
    if not solid or not line.text[begin:end].strip():
        return []
    lefts, tops, rights, bottoms = zip(*solid, strict=True)
    return [
        line._replace(
            text=line.text[begin:end], x0=min(lefts), y0=min(tops), x1=max(rights), y1=max(bottoms),
            spans=(), origin=line.origin + begin,
        )
    ]  # fmt: skip


def _edges(boxes: Iterable[Box]) -> list[tuple[float, float]]:
    """Return where boxes with a width begin and end."""
    return [(box[0], box[2]) for box in boxes if box[2] > box[0]]


def printed_pieces(edges: Iterable[tuple[float, float]], gap: float) -> tuple[tuple[float, float], ...]:
    """Return the printed pieces of a line (x0, x1, left to right) between gaps wider than `gap`, as `PrintedLine.spans`
    has them: none where there is no such gap. `edges` are those of what is printed.
    """
    ordered = sorted(edges)
    if not ordered:
        return ()
    pieces = [ordered[0]]
    for x0, x1 in ordered[1:]:
        if x0 - pieces[-1][1] > gap:
            pieces.append((x0, x1))
        elif x1 > pieces[-1][1]:
            pieces[-1] = (pieces[-1][0], x1)
    return tuple(pieces) if len(pieces) > 1 else ()


def _has_gap(pieces: list[list[float]], gap: float) -> bool:
    """Tell whether pieces, in PDF space and text order, may leave a gap; `printed_pieces` clears false alarms."""
    reach = pieces[0][2]
    for piece in pieces:
        if piece[0] - reach > gap or piece[2] < reach - gap:
            return True
        reach = piece[2]
    return False


def _placement(page: Any, width: float, height: float) -> tuple[float, float, float, float, float, float]:
    """Return the affine map from PDF page space to points from the visible top left corner, rotation included."""
    across, down = ctypes.c_int(), ctypes.c_int()
    size_x, size_y = int(width * _FINE), int(height * _FINE)
    points = []
    for x, y in ((0.0, 0.0), (_STEP, 0.0), (0.0, _STEP)):
        pdfium.FPDF_PageToDevice(page, 0, 0, size_x, size_y, 0, x, y, across, down)
        points.append((across.value / _FINE, down.value / _FINE))
    (ox, oy), (ax, ay), (bx, by) = points
    return (ax - ox) / _STEP, (ay - oy) / _STEP, (bx - ox) / _STEP, (by - oy) / _STEP, ox, oy
