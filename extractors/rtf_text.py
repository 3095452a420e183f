"""Rich text to paragraphs and tables, token by token.

Belongs here: what begins and ends with a control word: destinations, paragraphs, cells, notes, text boxes. Does not
belong here: tables of words and charsets (`rtf_words`), the state of a group (`rtf_groups`), encodings (`rtf_fonts`),
rows (`rtf_rows`), layouts (`office_rtf`).

Text that a reader of the file does not see is left out: pictures, fields' codes, headers and footers, hidden and
deleted text, properties. One pass, no recursion: groups may nest as deep as the file likes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from extractors.request import ReadLimits
from extractors.rtf_fonts import Fonts
from extractors.rtf_groups import CHANGES, Group, Story, Styles
from extractors.rtf_rows import Paragraph, Part, Rows
from extractors.rtf_words import (
    BULLETS,
    CHARACTERS,
    PAGES,
    SHOWN,
    SINKS,
    SKIPPED,
    STORIES,
    SYMBOLS,
    TOKEN,
    UNSEEN,
)
from extractors.surrogates import join_halves

_SILENT = frozenset({"skip", "fonttbl", "info"})


@dataclass
class RichText:
    """What a file holds in order: paragraphs, and tables as rows of cells of paragraphs; notes come last."""

    parts: list[Part] = field(default_factory=list)
    notes: list[Paragraph] = field(default_factory=list)
    title: str = ""
    guessed_page: int | None = None
    """The code page that the file names, where letters were read by another because it is not known."""


class RichTextTooLongError(Exception):
    """The text is longer, or has more parts, than was allowed; the message is a sentence for a reviewer."""


def read_rich_text(payload: bytes, limits: ReadLimits) -> RichText:
    """Return the text of an RTF file; raises RichTextTooLongError past the characters or nodes of `limits`."""
    return _Reader(payload, limits).read()


class _Reader:
    def __init__(self, payload: bytes, limits: ReadLimits) -> None:
        self._payload = payload
        self._most, self._most_parts = limits.characters, limits.nodes
        self._found = RichText()
        self._body = Story("body")
        self._group = Group(self._body)
        self._stack: list[Group] = []
        self._fonts = Fonts()
        self._styles = Styles()
        self._raw = bytearray()
        self._length = self._count = 0
        self._pass_over = 0
        self._rows = Rows()
        self._boxes: list[Paragraph] = []  # of text boxes that hang on the body's paragraph under way
        self._fresh = False  # just after an opening brace, where a destination may stand

    def read(self) -> RichText:
        self._walk()
        while self._stack:  # groups that the file never ends
            self._close()
        self._end_paragraph()
        self._found.parts += self._rows.end()
        self._found.title = " ".join(_joined(self._body.texts["title"]).split())
        self._found.guessed_page = self._fonts.guessed
        return self._found

    def _walk(self) -> None:
        position, end = 0, len(self._payload)
        starred = False
        while position < end:
            match = TOKEN.match(self._payload, position)
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
                    self._pass()
                    position += max(0, int(number or 0))
                else:
                    self._word(word, int(number) if number else None, starred)
                self._fresh = starred = False
            elif symbol == b"*" and self._fresh:
                starred = True
            elif byte or symbol or text:
                self._fresh = False
                if self._group.sink != "skip":
                    self._literal(byte, symbol, text)
                elif text:  # lines of pictures in hexadecimal are most of many files
                    unseen = UNSEEN.match(self._payload, position)
                    position = unseen.end() if unseen else position

    def _brace(self, brace: bytes) -> None:
        self._pass_over = 0
        if brace == b"}":
            self._close()
            return
        self._flush()
        self._stack.append(self._group)
        self._fresh = True

    def _close(self) -> None:
        """End a group: what it set is undone, and a story that began with it is told."""
        self._flush()
        self._fresh = False
        if not self._stack:
            return
        before, after = self._group, self._stack.pop()
        if before.story is not after.story:
            self._end_paragraph()
            self._keep_story(before.story)
        elif before.sink == after.sink == "stylesheet":
            self._styles.keep(_joined(self._body.texts.pop("stylesheet", [])))
        elif before is not after and before.sink == after.sink == "text":
            # properties of a paragraph belong to it, whatever group they stand in
            after = after._replace(style=before.style, level=before.level, in_table=before.in_table)
        self._group = after

    def _keep_story(self, story: Story) -> None:
        kept = self._found.notes if story.kind == "note" else self._boxes
        kept += story.paragraphs

    def _literal(self, byte: bytes | None, symbol: bytes | None, text: bytes | None) -> None:
        if byte:
            raw = bytes([int(byte, 16)])
        elif symbol is not None:
            self._symbol(symbol)
            return
        else:
            raw = text or b""
        if self._pass_over:
            passed = min(self._pass_over, len(raw))
            self._pass_over -= passed
            raw = raw[passed:]
        self._raw += raw

    def _symbol(self, symbol: bytes) -> None:
        passed = self._pass()
        if symbol in b"\r\n":
            self._end(b"par")
        elif symbol in SYMBOLS and not passed:
            self._add(SYMBOLS[symbol])

    def _pass(self) -> bool:
        """Count a word or symbol as standing in for a Unicode character where that is due, and tell whether it was.

        Only signs are left out for it: writers that forget the stand-in would lose the end of a paragraph.
        """
        if not self._pass_over:
            return False
        self._pass_over -= 1
        return True

    def _word(self, word: bytes, number: int | None, starred: bool) -> None:
        group = self._group
        if word == b"ud" and group.twin:
            self._group = group._replace(sink=group.twin, twin="")
            return
        if word in SKIPPED or (starred and word not in SHOWN):
            self._flush()
            self._group = group._replace(sink="skip")
            return
        if group.sink == "skip":
            return
        if word == b"u" and number is not None:
            self._add(chr(number % 65536))
            self._pass_over = group.skip
            return
        passed = self._pass()
        if word in CHARACTERS:
            if not passed:
                self._add(CHARACTERS[word])
        elif word == b"upr":
            self._flush()
            self._group = group._replace(sink="skip", twin=group.sink)
        elif word in SINKS:
            self._flush()
            self._group = group._replace(sink=SINKS[word])
        elif word in STORIES:
            self._flush()
            self._group = Group(Story(STORIES[word]), font=group.font, skip=group.skip, hidden=group.hidden)
        elif group.sink == "fonttbl":
            self._fonts.describe(word, number)
        elif group.sink == "stylesheet":
            self._flush()
            self._styles.describe(word, number)
        else:
            self._property(word, number)

    def _property(self, word: bytes, number: int | None) -> None:
        self._flush()
        if word in CHANGES:
            self._group = CHANGES[word](self._group, number)
        elif word in _ENDS:
            self._end(word)
        elif word == b"deff":
            self._fonts.default = number
        elif word == b"ansicpg" or word in PAGES:
            self._fonts.declare(word, number)

    def _flush(self) -> None:
        """Decode the bytes under way; several may make one character."""
        if not self._raw:
            return
        raw = bytes(self._raw)
        self._raw.clear()
        self._add(self._fonts.decode(raw, self._group.font))

    def _add(self, text: str) -> None:
        self._flush()
        group = self._group
        if group.sink in _SILENT or (group.hidden and group.sink != "title"):
            return
        self._length += len(text)
        if self._length > self._most:
            raise RichTextTooLongError("The RTF text is longer than a text layer may be.")
        group.story.texts[group.sink].append(text)

    def _take(self) -> list[Paragraph]:
        """Return the paragraph under way, or nothing when it is empty. Both count: rows are made of empty cells too."""
        self._count += 1
        if self._count > self._most_parts:
            raise RichTextTooLongError(f"The RTF text has more than {self._most_parts:,} parts or too much text.")
        self._flush()
        texts = self._group.story.texts
        text = _joined(texts.pop("text", []))
        marker = _joined(texts.pop("marker", [])).strip()
        if not text:
            return []
        return [Paragraph(text, "•" if marker in BULLETS else marker, *self._styles.of(self._group))]

    def _end(self, word: bytes) -> None:
        """End what a word ends; in a title or the number of an item it is only a space."""
        if self._group.sink == "text":
            _ENDS[word](self)
        else:
            self._add(" ")

    def _end_paragraph(self) -> None:
        taken = self._take()
        if self._group.story is not self._body:
            self._group.story.paragraphs += taken
            return
        if self._group.in_table:
            self._rows.add(taken, self._boxes)
        else:  # an empty paragraph ends a table too: it is what keeps two tables apart
            self._found.parts += [*self._rows.end(), *taken, *self._boxes]
        self._boxes.clear()

    def _end_cell(self) -> None:
        if self._group.story is not self._body:
            self._end_inner_cell()
            return
        self._rows.add(self._take(), self._boxes)
        self._boxes.clear()
        self._rows.end_cell()

    def _end_row(self) -> None:
        if self._group.story is self._body:
            self._rows.end_row()
        else:
            self._end_paragraph()

    def _end_inner_cell(self) -> None:
        """A cell inside a cell, a note or a text box makes no table: its words stay there, before a tab."""
        self._add("\t")


_ENDS: dict[bytes, Callable[[_Reader], None]] = {
    b"par": _Reader._end_paragraph, b"sect": _Reader._end_paragraph, b"page": _Reader._end_paragraph,
    b"cell": _Reader._end_cell, b"row": _Reader._end_row, b"nestcell": _Reader._end_inner_cell,
    b"nestrow": _Reader._end_paragraph,
}  # fmt: skip
"""Words at which something ends."""


def _joined(parts: list[str]) -> str:
    """Return parts as one text; halves of characters that RTF writes apart are put together."""
    return join_halves("".join(parts)).replace("\x00", "").strip()
