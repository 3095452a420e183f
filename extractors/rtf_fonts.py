"""Bytes of RTF to letters: the fonts and the code page that a file declares.

Belongs here: which encoding holds at a place, and decoding by it. Does not belong here: charsets by number
(`rtf_words`), Unicode characters, which need no decoding (`rtf_text`).
"""

from __future__ import annotations

from functools import cache

from extractors.rtf_words import CHARSETS, CODE_PAGES, PAGES

_SYMBOL = "symbol"
_SYMBOL_CHARSET = 2
_PAGES_END = 2**16
_FALLBACK = "cp1252"
_PLAIN = "Act 1, 20"
"""What reads alike in every encoding that RTF can be written in: a file's own words are ASCII."""


class Fonts:
    """What a file's font table and head say of its bytes."""

    def __init__(self) -> None:
        self.default: int | None = None
        self.guessed: int | None = None
        """The code page that the file names, where letters were read by another because it is not known."""
        self._page = _FALLBACK
        self._unknown: int | None = None
        self._encodings: dict[int, str] = {}
        self._described = 0

    def declare(self, word: bytes, number: int | None) -> None:
        """Take the code page of the whole file: `mac`, `pc`, `ansi` or `ansicpg` with its number."""
        if word != b"ansicpg":
            self._page = PAGES[word]
        elif number:  # 0 and none say nothing
            self._page = _encoding(number) or _FALLBACK
            self._unknown = None if _encoding(number) else number

    def describe(self, word: bytes, number: int | None) -> None:
        """Take a word of the font table: the font that is meant, its charset or its code page."""
        if word == b"f" and number is not None:
            self._described = number
        elif word == b"fcharset" and number is not None:
            self._encodings[self._described] = _SYMBOL if number == _SYMBOL_CHARSET else CHARSETS.get(number, "")
        elif word == b"cpg" and number:
            self._encodings[self._described] = _encoding(number)

    def decode(self, raw: bytes, font: int | None) -> str:
        """Return bytes as the letters of a font; None is the file's own font."""
        font = font if font is not None else self.default
        encoding = self._encodings.get(font, "") if font is not None else ""
        if encoding == _SYMBOL:
            return raw.decode("latin-1")
        if not encoding and self._unknown is not None and not raw.isascii():
            self.guessed = self._unknown
        return raw.decode(encoding or self._page, "replace")


@cache
def _encoding(page: int) -> str:
    """Return the encoding of a code page, or nothing for one that is not known or could not hold RTF."""
    if not 0 < page < _PAGES_END:  # each name that Python does not know costs a search on the disk
        return ""
    name = CODE_PAGES.get(page, f"cp{page}")
    try:
        return name if _PLAIN.encode(name) == _PLAIN.encode("ascii") else ""
    except LookupError:
        return ""
