"""Document titles: the lines by which a document names itself, and the head word of such a line.

Belongs here: choosing title, first headings and title-like lines, and reading the kind off a line's head word. Does not
belong here: the kind of the whole document (`document_kind`), or the words (they stand in `grammars/`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from evidence.folding import fold
from evidence.grammar import Grammar
from store.readings import Reading
from store.tables import Passage

KindWord = Literal["act", "decree", "bill", "strategy", "plan"]
KIND_WORDS: tuple[KindWord, ...] = ("bill", "act", "decree", "strategy", "plan")

FIRST = 14
"""Main passages at the head in which a document names itself."""
LOOKED = 60
LONGEST_LINE = 220
HEAD_WORDS = 4
"""Words at the beginning of a line in which the head word stands, where nouns come before what qualifies them."""
LONGEST_BARE = 12
"""Words of an English line that may be a title although it is not set as a heading."""

_BORDER = re.compile(r"[^\w]+")
_SITE = re.compile(r"\s+[|·–—-]\s+")
_BRACKETS = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")
_NUMBERED = re.compile(
    r"(?i)^\W*(?:(?:\d{1,2}|[ivx]{1,4})[.)、](?!\d)|chapter\b|chapitre\b|cap[ií]tulo\b|t[ií]t(?:re|ulo)\b|section\b|part\b|"
    r"раздел\b|глава\b|第[一二三四五六七八九十\d]+[章节部]|[一二三四五六七八九十]、|الفصل|الباب|القسم|أولا)"
)
CITES = re.compile(
    r"(?i)\W*(?:vu\b|having regard|considering|visto|considerando|на основании|根据|依照|بناء|"
    r"بعد الاطلاع|وبعد|وعلى|- وعلى|- بعد)"
)
"""Beginnings of a line in which an act names others on which it rests."""
_FIELD = re.compile(r"^\w+:\s?\S")
"""A field of a file's own record, such as `title: "…"`; it is no line of the document."""
_OF = re.compile(
    r" (?:of|on|for|to|relating|concerning|regarding|governing|establishing|respecting|under|in|from|by|with|that|at) "
)
"""English: what follows qualifies; the head word stands before it."""
_CLAUSE = re.compile(r" (?:how|why|what|when|where|who|which|does|do|is|are|can) ")
"""English: beginnings of a headline, which names no document."""
_END_OF_SENTENCE = re.compile(r"[.。;؛]\s*$")


def naming_lines(reading: Reading, grammar: Grammar) -> list[str]:
    """Return the lines that name a document: title, headings before the first chapter or article, title-like lines."""
    lines = [_without_site(reading.title)] if reading.title else []
    for passage in _head(reading):
        text = " ".join(passage.text.strip(" #*_").split())
        if not text or text in lines or len(text) > LONGEST_LINE:
            continue
        if _is_set_as_heading(passage) or (reading.format != "html" and _is_title_like(text, grammar)):
            lines.append(text)
    return lines


def first_lines(reading: Reading) -> list[str]:
    """Return the main lines at the head, before the first article, whatever they are."""
    lines = [
        " ".join(p.text.replace("**", " ").strip(" #*_").split()) for p in _head(reading) if p.role != "navigation"
    ]
    return [line for line in lines if not _FIELD.match(line)]


def headings_within(reading: Reading, passages: int) -> list[str]:
    """Return the headings and short lines of the first passages."""
    return [
        " ".join(p.text.split())
        for p in reading.passages[:passages]
        if p.kind not in ("menu", "contents") and len(p.text) <= LONGEST_LINE and len(p.text.split()) <= LONGEST_BARE
    ]


def names(line: str, grammar: Grammar, name: str) -> bool:
    """Tell whether a line holds one of the grammar's words for a kind, anywhere."""
    spaced = _spaced(line, grammar.language)
    return any(word in spaced for word in _kind_words(grammar, name))


def head_kind(line: str, grammar: Grammar) -> KindWord | None:
    """Return the kind that the head word of a line says: "Law on …", "… Strategy 2030", "Décret n° …", "…条例"."""
    if grammar.language == "zh":
        return _chinese(line, grammar)
    spaced = _spaced(line, grammar.language)
    if grammar.language == "en":
        if _CLAUSE.match(spaced):
            return None
        chunk = _OF.split(spaced.replace("  ", " "), maxsplit=1)[0] + " "
        return _last(chunk, grammar)
    words = spaced.split()
    return _earliest(f" {' '.join(words[: HEAD_WORDS + 2])} ", len(" ".join(words[:HEAD_WORDS])) + 1, grammar)


def _head(reading: Reading) -> Iterable[Passage]:
    """Yield the passages before the first article or numbered heading, up to `FIRST` main ones."""
    main = 0
    for passage in reading.passages[:LOOKED]:
        if passage.kind in ("menu", "contents") or passage.text == reading.title:
            continue
        if passage.article or main >= FIRST or (main and _NUMBERED.match(passage.text.lstrip("#* "))):
            return
        main += passage.role != "navigation"
        yield passage


def _is_set_as_heading(passage: Passage) -> bool:
    return passage.kind in ("heading", "title")


def _is_title_like(text: str, grammar: Grammar) -> bool:
    if CITES.match(text) or head_kind(text, grammar) is None:
        return False
    if grammar.language == "en":
        return len(text.split()) <= LONGEST_BARE and not _END_OF_SENTENCE.search(text)
    return True


def _without_site(title: str) -> str:
    """Return a page's title without the name of its site behind a bar or dash."""
    parts = _SITE.split(title, maxsplit=1)
    return parts[0] if len(parts) > 1 and len(parts[0]) >= 8 else title


def _last(chunk: str, grammar: Grammar) -> KindWord | None:
    """English: the last kind word of the noun phrase; of two joined by "and" the first."""
    chunk = next((part + " " for part in chunk.split(" and ") if _last_of(part + " ", grammar)), chunk)
    return _last_of(chunk, grammar)


def _last_of(chunk: str, grammar: Grammar) -> KindWord | None:
    best: tuple[int, int] = (-1, 0)
    found: KindWord | None = None
    for kind in KIND_WORDS:
        for word in _kind_words(grammar, kind):
            at = chunk.rfind(word)
            if at >= 0 and (at + len(word), len(word)) > best:
                best, found = (at + len(word), len(word)), kind
    return found


def _earliest(chunk: str, until: int, grammar: Grammar) -> KindWord | None:
    best: tuple[int, int] = (until, 0)
    found: KindWord | None = None
    for kind in KIND_WORDS:
        for word in _kind_words(grammar, kind):
            at = chunk.find(word)
            if 0 <= at < until and (at, -len(word)) < best:
                best, found = (at, -len(word)), kind
    return found


def _chinese(line: str, grammar: Grammar) -> KindWord | None:
    plain = fold(line, "zh").strip(" #*《》")
    if any(word in plain for word in _kind_words(grammar, "bill")):
        return "bill"
    bare = _BRACKETS.sub("", plain).strip(" 《》0123456789—–-~年")
    ends = [(len(word), kind) for kind in KIND_WORDS for word in _kind_words(grammar, kind) if bare.endswith(word)]
    if not ends or len(bare) < 4 or len(bare) > 60:
        return None
    return max(ends, key=lambda end: end[0])[1]


def _spaced(line: str, language: str) -> str:
    plain = fold(line, language)
    return plain if language == "zh" else f" {_BORDER.sub(' ', plain).strip()} "


def _kind_words(grammar: Grammar, name: str) -> tuple[str, ...]:
    return _folded_words(grammar.language, grammar.kinds.get(name, ()))


@lru_cache(maxsize=64)
def _folded_words(language: str, words: tuple[str, ...]) -> tuple[str, ...]:
    if language == "zh":
        return tuple(fold(word, language) for word in words)
    return tuple(f" {_BORDER.sub(' ', fold(word, language)).strip()} " for word in words)
