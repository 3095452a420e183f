"""Bytes of RTF to letters: the fonts and the code page that a file declares.

Belongs here: which encoding holds at a place, and decoding by it. Does not belong here: charsets by number
(`rtf_words`), Unicode characters, which need no decoding (`rtf_text`).
"""

from __future__ import annotations

from extractors.rtf_words import CHARSETS, PAGES

_SYMBOL = "symbol"
_SYMBOL_CHARSET = 2


class Fonts:
    """What a file's font table and head say of its bytes."""

    def __init__(self) -> None:
        self.default: int | None = None
        self._page = "cp1252"
        self._encodings: dict[int, str] = {}
        self._described = 0

    def declare(self, word: bytes, number: int | None) -> None:
        """Take the code page of the whole file: `mac`, `pc`, `ansi` or `ansicpg` with its number."""
        self._page = _known(f"cp{number}") if word == b"ansicpg" else PAGES[word]

    def describe(self, word: bytes, number: int | None) -> None:
        """Take a word of the font table: the font that is meant, its charset or its code page."""
        if word == b"f" and number is not None:
            self._described = number
        elif word == b"fcharset" and number is not None:
            self._encodings[self._described] = _SYMBOL if number == _SYMBOL_CHARSET else CHARSETS.get(number, "")
        elif word == b"cpg" and number:
            self._encodings[self._described] = _known(f"cp{number}")

    def decode(self, raw: bytes, font: int | None) -> str:
        """Return bytes as the letters of a font; None is the file's own font."""
        font = font if font is not None else self.default
        encoding = self._encodings.get(font, "") if font is not None else ""
        if encoding == _SYMBOL:
            return raw.decode("latin-1")
        return raw.decode(encoding or self._page, "replace")


def _known(encoding: str) -> str:
    try:
        "".encode(encoding)
    except LookupError:
        return "cp1252"
    return encoding
