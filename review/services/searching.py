"""Search over all passages of a country.

Belongs here: finding passages that hold every word, and cutting out what to show. Does not belong here: evidence.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from review.lake_view import LakeView
from store.tables import PASSAGES

COLUMNS = ["document_id", "page", "text", "language", "start"]
MOST = 100
_AROUND = 160


@dataclass(frozen=True)
class Piece:
    """Part of a shown passage; `marked` where it is what was searched."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Hit:
    """One passage that was found."""

    document_id: str
    page: int | None
    start: int
    language: str
    pieces: tuple[Piece, ...]


def words_of(query: str) -> list[str]:
    """Return the words to search, at most eight, folded."""
    return [_fold(word) for word in query[:200].split()[:8]]


def _fold(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def search_passages(view: LakeView, country: str, query: str) -> tuple[list[Hit], int]:
    """Return the first `MOST` passages that hold every word, and how many there are in all."""
    words = words_of(query)
    table = view.arrow(PASSAGES, country, COLUMNS)
    if not words or table is None:
        return [], 0
    lowered = pc.utf8_lower(table["text"])
    mask = pc.match_substring(lowered, words[0])
    for word in words[1:]:
        mask = pc.and_(mask, pc.match_substring(lowered, word))
    found: pa.Table = table.filter(mask)
    rows = found.slice(0, MOST).to_pylist()
    hits = [
        Hit(row["document_id"], row["page"], row["start"], row["language"], tuple(cut(row["text"], words)))
        for row in rows
    ]
    return hits, found.num_rows


def cut(text: str, words: list[str]) -> list[Piece]:
    """Return the surroundings of the first match, with every match marked."""
    lowered = text.lower()
    if len(lowered) != len(text):  # a few letters grow when lowered; then places would not fit
        lowered = text
    spots = sorted({(place, place + len(word)) for word in words for place in _places(lowered, word)})
    if not spots:
        return [Piece(text[: 2 * _AROUND], False)]
    start, end = max(0, spots[0][0] - _AROUND), min(len(text), spots[0][1] + 2 * _AROUND)
    pieces, at = [Piece("…" if start else "", False)], start
    for a, b in spots:
        if a < at or b > end:
            continue
        pieces.extend((Piece(text[at:a], False), Piece(text[a:b], True)))
        at = b
    pieces.append(Piece(text[at:end] + ("…" if end < len(text) else ""), False))
    return [piece for piece in pieces if piece.text]


def _places(text: str, word: str) -> list[int]:
    found: list[int] = []
    place = text.find(word)
    while place >= 0 and len(found) < 50:
        found.append(place)
        place = text.find(word, place + len(word))
    return found
