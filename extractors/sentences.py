"""Sentence borders in seven languages, with the abbreviations of laws.

Belongs here: where a sentence ends. Does not belong here: paragraphs (`plaintext`, `html_blocks`), passages.

One pass over candidates found by a regular expression; speed does not depend on how long a sentence is. Borders are
spans without the white space around them. Text without any full stop is split at the safest border there is (clause,
line, comma, space) once a sentence passes `MAX_SENTENCE`.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml

MAX_SENTENCE = 2000
"""A sentence longer than this is split at the safest border, because no quote could hold it and nobody would read
it."""
CLAUSE_AFTER = 500
"""A sentence longer than this is also parted at semicolons: laws write enumerations as one sentence."""

_ABBREVIATIONS = Path(__file__).parent / "abbreviations.yml"
_CLOSERS = "\"'”’»«)\\]}›」』）】》〉"
_COURTESY = frozenset({"m", "st", "me", "d", "av", "g"})
_BORDER = re.compile(
    rf"(?P<dot>\.)(?:[{_CLOSERS}]|\.)*(?=\s|$)|(?P<strong>[!?؟۔।]+|…)[{_CLOSERS}]*(?=\s|$)|(?P<wide>[。！？｡]+)[{_CLOSERS}]*|(?P<tab>\t)"
)
_LINE = re.compile(r"[^\S\n]*\n\s*")
_PREVIOUS = re.compile(r"[^\s(\[{«“\"'’„/,;:]*$")
_NEXT = re.compile(r"[\s\"'“”‘’«»(\[¿¡„–—•*-]{0,60}(\S)?")
_ROMAN = re.compile(r"[IVXLC]+(?=[\s,.;)]|$)")
_CLAUSE = re.compile(r"[;；؛][\s]+|[；؛]")
_ENUMERATOR = re.compile(
    r"\(?(?:\d{1,3}|[A-Za-zа-яА-Я]|[ivxIVX]{1,6}|[\u0621-\u064a])[.)]?$|\d{1,3}(?:\.\d{1,3}){1,4}\.?$"
)
_ARTICLE_ONLY = re.compile(
    r"\s*(?:[#*_>]+\s*)*(?:art(?:icle|[íi]culo|igo|ikel)?|section|статья|ст|المادة|مادة|§+)\.?\s*[\w\u0660-\u0669º°ª.\-]{1,12}\.?\s*[-–—]?$",
    re.IGNORECASE,
)


@cache
def _abbreviations() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return all languages' abbreviations: never an end, none before a number, none before a small letter."""
    data = yaml.safe_load(_ABBREVIATIONS.read_text(encoding="utf-8"))
    never, number, small = (
        frozenset(str(word) for words in data[kind].values() for word in words)
        for kind in ("never", "before_number", "before_small")
    )
    return never, number, small


def split_sentences(text: str, *, broken: bool = False) -> list[tuple[int, int]]:
    """Return sentences as (start, end), without white space at their ends, in order, never overlapping.

    `broken` says that line ends are accidents of print; otherwise a line end may end a sentence.
    """
    borders = [match.end() for match in _BORDER.finditer(text) if _ends_sentence(text, match)]
    if not broken and "\n" in text:
        borders = sorted(
            {*borders, *(match.end() for match in _LINE.finditer(text) if _line_ends_sentence(text, match))}
        )
    spans: list[tuple[int, int]] = []
    start = 0
    for border in [*borders, len(text)]:
        if border > start:
            _add(text, start, border, spans)
            start = border
    return spans


def _add(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    start, end = _trim(text, start, end)
    if start >= end:
        return
    if end - start > CLAUSE_AFTER:
        trimmed = (_trim(text, first, last) for first, last in _parts(text, start, end))
        spans += [(first, last) for first, last in trimmed if first < last]
    else:
        spans.append((start, end))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if match.lastgroup in {"wide", "tab"}:
        return True
    if match.lastgroup == "dot" and (match.start() == 0 or text[match.start() - 1].isspace()):
        return False  # a leader of dots
    following = _NEXT.match(text, match.end())
    letter = following.group(1) if following else None
    if letter is None:
        return True
    if match.lastgroup == "strong":
        return not letter.islower()
    if letter.islower():
        return False
    is_number = letter.isdigit() or bool(_ROMAN.match(text, following.start(1) if following else match.end()))
    return not _is_abbreviation(text, match.start(), letter, is_number)


def _is_abbreviation(text: str, stop: int, letter: str, is_number: bool) -> bool:
    """Tell whether the full stop at `stop` belongs to the word before it."""
    left = max(0, stop - 24)
    found = _PREVIOUS.search(text, left, stop)
    word = found.group() if found else ""
    if not word:
        return False
    never, number, small = _abbreviations()
    lower = word.lower()
    if lower in never or (lower in number and is_number) or (lower in small and not letter.isupper()):
        return True
    if lower in _COURTESY and word[0].isupper():
        return letter.isupper()  # "M. Dupont"
    far = max(0, stop - 60)
    line_start = max(text.rfind("\n", far, stop), text.rfind(". ", far, max(far, stop - len(word))) + 1, far)
    before = text[line_start:stop]
    lead = before[: -len(word)].strip(" \t\n(*_#>-")
    if _ENUMERATOR.match(word) and (not lead or lead[-1] in ":：;；؛"):
        return True  # "1." at the start of a line counts the items
    if _ARTICLE_ONLY.match(before):
        return True  # "Article 5." begins the article
    return len(word) == 1 and word.isupper() and word.isalpha()  # an initial


def _line_ends_sentence(text: str, match: re.Match[str]) -> bool:
    before = text[match.start() - 1] if match.start() else ""
    after = text[match.end()] if match.end() < len(text) else ""
    if not before or not after:
        return True
    if before in ".;:!?…。；：！？؟؛":
        return True
    return not (after.islower() or before in ",،、(")


def _parts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Part a long sentence at its clauses, then, while still too long, at ever weaker borders."""
    borders = [match.end() for match in _CLAUSE.finditer(text, start, end)]
    parts = _between(start, end, borders)
    merged: list[tuple[int, int]] = []
    for first, last in parts:  # clauses of a few words stay with their neighbour
        if merged and last - merged[-1][0] <= CLAUSE_AFTER // 2:
            merged[-1] = (merged[-1][0], last)
        else:
            merged.append((first, last))
    return [piece for first, last in merged for piece in _force(text, first, last)]


def _between(start: int, end: int, borders: list[int]) -> list[tuple[int, int]]:
    edges = [start, *(border for border in borders if start < border < end), end]
    return list(pairwise(edges))


def _force(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Cut what is longer than MAX_SENTENCE at the last line end, comma or space before the limit, else at the
    limit."""
    pieces = []
    while end - start > MAX_SENTENCE:
        window_end = start + MAX_SENTENCE
        cut = 0
        for borders in ("\n", ":：", ",，،、", " \t\u3000"):
            cut = max(text.rfind(border, start + MAX_SENTENCE // 4, window_end) for border in borders) + 1
            if cut > 0:
                break
        if cut <= 0:
            cut = window_end
        pieces.append((start, cut))
        start = cut
    pieces.append((start, end))
    return pieces
