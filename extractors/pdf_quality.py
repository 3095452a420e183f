"""Can the text layer of a page be trusted, or must its picture be read?

Belongs here: the measure of a page's text and the decision for OCR. Does not belong here: OCR (`ocr`, `pdf_scans`).
"""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.pdf_text import OpenPage, PrintedLine

FEW_CHARACTERS = 150
"""A page with fewer characters under a picture that fills it is a scan with a stamp."""
FULL_PICTURE = 0.5
"""Share of the page that pictures cover on a scan."""
SAMPLED_LINES = 10
"""Lines of a page that are measured, evenly spread."""
GOOD = 0.7
"""Quality below which a text layer is not trusted."""
_OUTLINED = 150
"""Drawn paths on a page without text from which it is taken for print that was turned into outlines."""
_CID = re.compile(r"\(cid:\d+\)")
_WRONG = re.compile("[\ufffd\x00-\x08\x0e-\x1f\ue000-\uefff\uf000-\uf01f\uf100-\uf8ff]")
_SOUND = re.compile(r"[^\W_]+")
_LEADERS = re.compile(r"\.{4}|_{3}|…")
_SIGN_INSIDE = re.compile(r"[!\"#$%&*+<=>?@\[\\\]^`{|}~§¤¢¬±÷×ƒ‡†¿¡](?=[^\W\d_])")
"""A sign before a letter: a text with few of them has few broken words, and this is quicker to count."""
_PLAIN = frozenset(string.ascii_letters + string.digits)
_NOT_PLAIN = bytes(code for code in range(128) if chr(code) not in _PLAIN)
_BROKEN_WORD = re.compile(r"[^\W\d_][!\"#$%&*+<=>?@\[\\\]^`{|}~§¤¢¬±÷×ƒ‡†¿¡]+[^\W\d_]")


@dataclass(frozen=True, slots=True)
class PageQuality:
    """What the text of a page is worth, and why."""

    score: float
    """0 to 1."""
    reason: str = ""


def measure_text(text: str) -> PageQuality:
    """Return the quality of a page's text: replacement characters, glyph numbers, letters, words with signs inside."""
    solid = sum(map(len, text.split()))
    if solid < 20:
        return PageQuality(1.0)
    plain = text.isascii() and text.replace("\n", "").isprintable()
    wrong = 0 if plain else len(_WRONG.findall(text))
    if "(cid:" in text:
        wrong += sum(map(len, _CID.findall(text)))
    if wrong > 0.1 * solid:
        return PageQuality(max(0.0, 0.6 - wrong / solid), "characters without a meaning")
    words = text.count(" ") + text.count("\n") + 1
    if words >= 8 and len(_SIGN_INSIDE.findall(text)) > 0.3 * words and len(_BROKEN_WORD.findall(text)) > 0.3 * words:
        return PageQuality(0.3, "signs inside most words: the fonts have no map to letters")
    if solid > 60 and _letters_and_digits(text) < 0.35 * solid and not _LEADERS.search(text):
        return PageQuality(0.4, "hardly any letters")
    return PageQuality(1.0)


def _letters_and_digits(text: str) -> int:
    if text.isascii():
        return len(text.encode("ascii").translate(None, _NOT_PLAIN))
    return sum(map(len, _SOUND.findall(text)))


def needs_ocr(page: OpenPage, lines: Sequence[PrintedLine]) -> str:
    """Return why the page's picture must be read, empty when its text layer serves or nothing is printed on it."""
    characters = sum(len(line.text) for line in lines)
    if characters < FEW_CHARACTERS:
        covered = page.picture_share()
        if covered >= FULL_PICTURE or (characters < 20 and covered >= 0.1):
            return "a picture of text"
        if characters < 20 and len(page.drawn(_OUTLINED)) >= _OUTLINED:
            return "text turned into outlines"
        if characters < 20:
            return ""
    step = max(1, len(lines) // SAMPLED_LINES)
    quality = measure_text("\n".join([line.text for line in lines[::step]]))
    return quality.reason if quality.score < GOOD else ""
