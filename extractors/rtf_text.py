"""Rich text to paragraphs and rows: a tokenizer and the state of groups.

Belongs here: control words of RTF that bear on text: destinations, encodings, paragraphs, cells, notes, styles. Does
not belong here: layouts (`office_rtf`).

Text that a reader of the file does not see is left out: pictures, fields' codes, headers and footers, hidden and
deleted text, properties. One pass, no recursion: groups may nest as deep as the file likes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import NamedTuple

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\(.)|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.DOTALL
)
_UNSEEN = re.compile(rb"[^\\{}]*")
_SKIPPED = frozenset(
    b"colortbl themedata datastore listtable listoverridetable revtbl rsidtbl generator xmlnstbl filetbl pict objdata "
    b"header headerl headerr headerf footer footerl footerr footerf fldinst bkmkstart bkmkend xe tc rxe txe sp shprslt "
    b"nonshppict annotation atnid atnauthor atnref ftnsep ftnsepc aftnsep ftncn aftncn aftnsepc mmathPr pgdsctbl "
    b"latentstyles template formfield private pnseclvl author operator company keywords subject doccomm comment "
    b"creatim revtim printim buptim category manager userprops propname staticval hlinkbase objclass objname upr "
    b"panose falt".split()
)
"""Destinations whose content is no text of the document."""
_SHOWN = frozenset(b"shpinst shptxt footnote listtext pntext shppict fldrslt title nesttableprops".split())
"""Destinations that are entered though the file says that they may be passed over."""
_CHARACTERS = {
    b"line": "\n", b"softline": "\n", b"lbr": "\n", b"tab": "\t", b"emdash": "—", b"endash": "–", b"emspace": "\u2003",
    b"enspace": "\u2002", b"qmspace": "\u2005", b"bullet": "•", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“",
    b"rdblquote": "”", b"zwj": "\u200d", b"zwnj": "\u200c", b"ltrmark": "\u200e", b"rtlmark": "\u200f",
}  # fmt: skip
_SYMBOLS = {b"~": "\u00a0", b"_": "\u2011", b"-": "\u00ad", b"\\": "\\", b"{": "{", b"}": "}", b"\t": "\t"}
_CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip
_PAGES = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850", b"ansi": "cp1252"}
_SYMBOL_FONT = "symbol"
_BULLETS = "·•§\u00a7\u00b7o"


class Paragraph(NamedTuple):
    """A paragraph: its text, the number or sign of its list, the name of its style, its outline level (1 highest)."""

    text: str
    marker: str = ""
    style: str = ""
    level: int = 0


@dataclass
class RichText:
    """What a file holds in order: paragraphs, and tables as rows of cells of paragraphs; notes come last."""

    parts: list[Paragraph | list[list[list[Paragraph]]]] = field(default_factory=list)
    notes: list[Paragraph] = field(default_factory=list)
    title: str = ""


@dataclass(frozen=True)
class _Group:
    """The state that a group inherits and its end restores."""

    sink: str = "text"
    font: int | None = None
    skip: int = 1
    """Bytes to pass over after a Unicode character."""
    hidden: bool = False
    style: int | None = None
    level: int = 0
    in_table: bool = False


class RichTextTooLongError(Exception):
    """The text is longer than was allowed."""


def read_rich_text(payload: bytes, most: int) -> RichText:
    """Return the text of an RTF file; raises RichTextTooLongError past `most` characters."""
    return _Reader(payload, most).read()


class _Reader:
    def __init__(self, payload: bytes, most: int) -> None:
        self._payload = payload
        self._most = most
        self._found = RichText()
        self._group = _Group()
        self._stack: list[_Group] = []
        self._page = "cp1252"
        self._fonts: dict[int, str] = {}
        self._default_font: int | None = None
        self._font_read = 0
        self._styles: dict[int, tuple[str, int]] = {}
        self._style_read, self._style_level = 0, 0
        self._raw = bytearray()
        self._parts: dict[str, list[str]] = {}
        self._length = 0
        self._pass_over = 0
        self._cell: list[Paragraph] = []
        self._row: list[list[Paragraph]] = []
        self._table: list[list[list[Paragraph]]] = []
        self._fresh = False  # just after an opening brace, where a destination may stand

    def read(self) -> RichText:
        position, end = 0, len(self._payload)
        starred = False
        while position < end:
            match = _TOKEN.match(self._payload, position)
            if match is None:
                position += 1
                continue
            position = match.end()
            word, number, byte, symbol, brace, text = match.groups()
            if brace:
                self._brace(brace)
                starred = False
            elif word:
                if word == b"bin":
                    position += max(0, int(number or 0))
                else:
                    self._word(word, int(number) if number else None, starred)
                self._fresh = starred = False
            elif symbol == b"*" and self._fresh:
                starred = True
            elif text and self._group.sink == "skip":  # lines of a picture in hexadecimal are most of many files
                unseen = _UNSEEN.match(self._payload, position)
                position, self._fresh = unseen.end() if unseen else position, False
            elif byte or symbol or text:
                self._fresh = False
                self._literal(byte, symbol, text)
        self._end_paragraph()
        self._end_table()
        self._found.title = " ".join(_joined(self._parts.get("title", [])).split())
        return self._found

    def _brace(self, brace: bytes) -> None:
        self._flush()
        self._pass_over = 0
        if brace == b"{":
            self._stack.append(self._group)
            self._fresh = True
            return
        self._fresh = False
        if not self._stack:
            return
        before, self._group = self._group, self._stack.pop()
        if before.sink == self._group.sink:
            if before.sink == "stylesheet":
                self._keep_style()
            if before.sink == "text":  # properties of a paragraph belong to it, whatever group they stand in
                self._group = replace(self._group, style=before.style, level=before.level, in_table=before.in_table)
        elif before.sink == "footnote":
            self._end_note()

    def _literal(self, byte: bytes | None, symbol: bytes | None, text: bytes | None) -> None:
        if self._group.sink == "skip":
            return
        if byte:
            raw = bytes([int(byte, 16)])
        elif symbol is not None:
            if symbol in b"\r\n":
                self._end_paragraph()
            elif symbol in _SYMBOLS:
                self._add(_SYMBOLS[symbol])
            return
        else:
            raw = text or b""
        if self._pass_over:
            passed = min(self._pass_over, len(raw))
            self._pass_over -= passed
            raw = raw[passed:]
        self._raw += raw

    def _word(self, word: bytes, number: int | None, starred: bool) -> None:
        group = self._group
        if word in _SKIPPED or (starred and word not in _SHOWN):
            self._flush()
            self._group = replace(group, sink="skip")
            return
        if group.sink == "skip":
            return
        if word == b"u" and number is not None:
            self._add(chr(number % 65536))
            self._pass_over = group.skip
            return
        self._pass_over = 0
        if word in _CHARACTERS:
            self._add(_CHARACTERS[word])
        elif word in _DESTINATIONS:
            self._flush()
            self._group = replace(group, sink=_DESTINATIONS[word])
        elif group.sink == "fonttbl":
            self._describe_font(word, number)
        elif group.sink == "stylesheet":
            self._describe_style(word, number)
        else:
            self._property(word, number)

    def _property(self, word: bytes, number: int | None) -> None:
        self._flush()
        group = self._group
        if word in (b"par", b"sect", b"page"):
            self._end_paragraph()
        elif word in (b"cell", b"nestcell"):
            self._end_cell()
        elif word in (b"row", b"nestrow"):
            self._end_row()
        elif word == b"pard":
            self._group = replace(group, style=None, level=0, in_table=False)
        elif word == b"intbl":
            self._group = replace(group, in_table=True)
        elif word == b"plain":
            self._group = replace(group, font=None, hidden=False)
        elif word == b"f":
            self._group = replace(group, font=number)
        elif word in (b"v", b"deleted"):
            self._group = replace(group, hidden=number != 0)
        elif word == b"uc" and number is not None:
            self._group = replace(group, skip=max(0, min(number, 8)))
        elif word == b"s":
            self._group = replace(group, style=number)
        elif word == b"outlinelevel" and number is not None:
            self._group = replace(group, level=number + 1 if 0 <= number < 9 else 0)
        elif word in (b"ansicpg", b"deff") or word in _PAGES:
            self._declare(word, number)

    def _declare(self, word: bytes, number: int | None) -> None:
        if word == b"deff":
            self._default_font = number
        else:
            self._page = _known(f"cp{number}") if word == b"ansicpg" else _PAGES[word]

    def _describe_font(self, word: bytes, number: int | None) -> None:
        if word == b"f" and number is not None:
            self._font_read = number
        elif word == b"fcharset" and number is not None:
            self._fonts[self._font_read] = _SYMBOL_FONT if number == 2 else _CHARSETS.get(number, "")
        elif word == b"cpg" and number:
            self._fonts[self._font_read] = _known(f"cp{number}")

    def _describe_style(self, word: bytes, number: int | None) -> None:
        self._flush()
        if word == b"s" and number is not None:
            self._style_read = number
        elif word == b"outlinelevel" and number is not None:
            self._style_level = number + 1 if 0 <= number < 9 else 0

    def _keep_style(self) -> None:
        name = "".join(self._parts.pop("stylesheet", [])).strip().rstrip(";").strip()
        if name:
            self._styles[self._style_read] = name, self._style_level
        self._style_read = self._style_level = 0

    def _flush(self) -> None:
        """Decode the bytes under way; several may make one character."""
        if not self._raw:
            return
        raw = bytes(self._raw)
        self._raw.clear()
        font = self._group.font if self._group.font is not None else self._default_font
        encoding = self._fonts.get(font, "") if font is not None else ""
        if encoding == _SYMBOL_FONT:
            self._add(raw.decode("latin-1"))
        else:
            self._add(raw.decode(encoding or self._page, "replace"))

    def _add(self, text: str) -> None:
        self._flush()
        if self._group.sink in ("skip", "fonttbl") or (self._group.hidden and self._group.sink != "title"):
            return
        self._length += len(text)
        if self._length > self._most:
            raise RichTextTooLongError
        self._parts.setdefault(self._group.sink, []).append(text)

    def _take(self) -> Paragraph | None:
        self._flush()
        text = _joined(self._parts.pop("text", []))
        marker = _joined(self._parts.pop("marker", [])).strip()
        if not text:
            return None
        style, level = self._styles.get(self._group.style or 0, ("", 0))
        return Paragraph(text, "•" if marker and marker in _BULLETS else marker, style, self._group.level or level)

    def _end_paragraph(self) -> None:
        if self._group.sink == "footnote":
            self._end_note()
            return
        paragraph = self._take()
        if self._group.in_table:
            self._cell += [paragraph] if paragraph else []
            return
        self._end_table()  # after an empty paragraph too: it is what keeps two tables apart
        if paragraph:
            self._found.parts.append(paragraph)

    def _end_note(self) -> None:
        self._flush()
        text = _joined(self._parts.pop("footnote", []))
        if text:
            self._found.notes.append(Paragraph(text))

    def _end_cell(self) -> None:
        paragraph = self._take()
        self._row.append([*self._cell, *([paragraph] if paragraph else [])])
        self._cell = []

    def _end_row(self) -> None:
        if self._row:
            self._table.append(self._row)
        self._row = []

    def _end_table(self) -> None:
        loose = [paragraph for cell in [*self._row, self._cell] for paragraph in cell]
        if self._table:
            self._found.parts.append(self._table)
        self._found.parts += loose  # a row that the file never ends
        self._table, self._row, self._cell = [], [], []


_DESTINATIONS = {
    b"fonttbl": "fonttbl", b"stylesheet": "stylesheet", b"info": "info", b"title": "title", b"footnote": "footnote",
    b"listtext": "marker", b"pntext": "marker",
}  # fmt: skip
"""Where the text of a destination goes; `info` goes nowhere, but for its title."""


def _joined(parts: list[str]) -> str:
    """Return parts as one text; halves of characters that RTF writes apart are put together."""
    text = "".join(parts)
    if any("\ud800" <= char <= "\udfff" for char in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text.replace("\x00", "").strip()


def _known(encoding: str) -> str:
    try:
        "".encode(encoding)
    except LookupError:
        return "cp1252"
    return encoding
