"""Rows of documents that are read as text: status lists in PDF, and reports of the United Nations.

Belongs here: lines that begin with a country, replies of states one after another, programmes by theme and country.
Rows are spans of the document's own text layer. Does not belong here: making that layer (`extractors.reader`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from extractors.repositories.found import FoundRow, UnknownShapeError, UnreadablePageError
from sources.country_names import countries_in, country_at_start, country_named
from sources.repository import FileShape, LinesShape, ProgrammesShape, RepliesShape
from sources.written_dates import find_date

MAX_QUOTE = 600
SHORTEST_HEAD, HEAD = 40, 300
"""A document with less text is practically empty; its head is quoted up to this length."""
ORIGINAL = re.compile(
    r"\[\s*(?:original\s*:|原件\s*[:：]|原文\s*[:：]|подлинный текст на|язык оригинала|الأصل\s*:)[^\]\n]{0,60}\]?",
    re.IGNORECASE,
)
"""The line under a state's name that says in which language its reply was written, in the UN's six languages."""
_DATE_LINE = re.compile(r"\s*\[[^\]\n]{6,60}\]?")
_NUMBERED = re.compile(r"(?m)^[ \t]*(\d{1,3})\.\s+(?=\S)")
_CONTINUED = re.compile(r"[\d\s./|–—-]*")
_SENTENCE_END = re.compile(r"[。；;]|(?<!\d)\.(?=\s)")
_PAGE_BREAK = re.compile(r"_{8,}")


@dataclass(frozen=True)
class Reply:
    """One state's reply in a report: whose it is, and where it stands in the text layer."""

    country: str | None
    """None where the heading names no country of ours, such as an organisation's."""
    heading: str
    start: int
    end: int
    head_end: int
    """End of the lines that name the state, the language of the original and the date."""
    dated_on: date | None


def file_rows(text: str, shape: FileShape, address: str) -> list[FoundRow]:
    """Return one row: the first lines of a document that lies in a folder of all countries."""
    if shape.folder not in address:
        raise UnknownShapeError(shape.folder, f"{address} does not lie in this folder")
    words = text.strip()
    if len(words) < SHORTEST_HEAD:
        raise UnreadablePageError(f"The document has only {len(words)} characters of text.")
    start = text.index(words[0])
    head = text[start : start + HEAD]
    if len(words) > HEAD:
        head = head[: max(head.rfind("\n"), head.rfind(" "), SHORTEST_HEAD)]
    return [
        FoundRow(
            text=head.rstrip(), country=(("file_name", address),), fields={"link": address}, link=address, start=start
        )
    ]


def line_rows(text: str, shape: LinesShape) -> list[FoundRow]:
    """Return the lines that begin with a country's name, each with the figures that follow on the next lines."""
    if not re.search(shape.must_hold, text):
        raise UnknownShapeError(shape.must_hold, "the document does not contain these words")
    rows = []
    for start, end in _country_lines(text):
        line = text[start:end].rstrip()
        rows.append(FoundRow(text=line, country=(("start", line),), start=start))
    if not rows:
        raise UnknownShapeError("lines", "no line begins with a country's name")
    return rows


def _country_lines(text: str) -> Iterator[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        mention = country_at_start(line.group())
        if mention:
            spans.append((line.start() + mention.start, line.end()))
        elif spans and _CONTINUED.fullmatch(line.group()) and line.start() - spans[-1][1] <= 2:
            spans[-1] = (spans[-1][0], line.end())
    for start, end in spans:
        yield start, min(end, start + MAX_QUOTE)


def replies_in(text: str) -> list[Reply]:
    """Return the replies of a report in order; raises UnknownShapeError when no reply is marked."""
    marks = [(mark, *_heading_before(text, mark.start())) for mark in ORIGINAL.finditer(text)]
    if not marks:
        raise UnknownShapeError("[Original: …]", "no line says in which language a reply was written")
    replies = []
    for place, (mark, start, heading) in enumerate(marks):
        end = marks[place + 1][1] if place + 1 < len(marks) else len(text)
        dated = _DATE_LINE.match(text, mark.end())
        head_end = dated.end() if dated and find_date(dated.group()) else mark.end()
        replies.append(
            Reply(
                country=country_named(heading), heading=" ".join(heading.split()), start=start, end=end,
                head_end=head_end, dated_on=find_date(text[mark.end() : head_end]),
            )
        )  # fmt: skip
    return replies


def _heading_before(text: str, mark: int) -> tuple[int, str]:
    """Return where the heading above a mark begins, and its text: up to three lines while they make one name.

    A line without a letter is no part of a name; it belongs to the reply before.
    """
    above = re.finditer(r"[^\n]+", text[max(0, mark - 400) : mark])
    lines = [line for line in above if any(map(str.isalpha, line.group()))][-3:]
    offset = max(0, mark - 400)
    for count in range(len(lines), 0, -1):
        heading = " ".join(line.group().strip() for line in lines[-count:])
        if country_named(heading):
            return offset + lines[-count].start() + _indent(lines[-count].group()), heading
    if not lines:
        return mark, ""
    return offset + lines[-1].start() + _indent(lines[-1].group()), lines[-1].group().strip()


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def reply_rows(text: str, shape: RepliesShape) -> list[FoundRow]:
    """Return a row a reply: the state's name with the lines that say when and in which language it answered."""
    return [
        FoundRow(
            text=text[reply.start : reply.head_end].rstrip(),
            country=(("iso3", reply.country or ""),),
            fields={"heading": reply.heading, "date": reply.dated_on.isoformat() if reply.dated_on else ""},
            start=reply.start,
            part=(reply.start, reply.end),
        )
        for reply in replies_in(text)
    ]


def programme_rows(text: str, shape: ProgrammesShape) -> list[FoundRow]:
    """Return, for each numbered paragraph under a theme and each country it names, the sentence that names it."""
    headings = sorted(_theme_headings(text, shape))
    if not headings:
        raise UnknownShapeError(", ".join(shape.themes.values()), "no heading of a theme is in the document")
    rows = []
    for start, end in _paragraphs(text):
        theme = next((name for at, name in reversed(headings) if at < start), "")
        if theme:
            rows += list(_paragraph_rows(text, start, end, theme))
    if not rows:
        raise UnknownShapeError("numbered paragraphs", "no paragraph under a theme names a country")
    return rows


def _theme_headings(text: str, shape: ProgrammesShape) -> Iterator[tuple[int, str]]:
    for line in re.finditer(r"[^\n]+", text):
        stripped = line.group().strip()
        for name, pattern in shape.themes.items():
            if len(stripped) < 120 and re.fullmatch(pattern, stripped):
                yield line.start(), name


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield numbered paragraphs; only the number that follows the last one counts, so a list or footnote does not."""
    starts: list[int] = []
    expected = 1
    for mark in _NUMBERED.finditer(text):
        if int(mark.group(1)) == expected:
            starts.append(mark.start())
            expected += 1
    yield from zip(starts, [*starts[1:], len(text)], strict=True)


def _paragraph_rows(text: str, start: int, end: int, theme: str) -> Iterator[FoundRow]:
    seen: set[str] = set()
    for mention in countries_in(text[start:end]):
        if mention.country in seen or _in_address(text, start + mention.start):
            continue
        seen.add(mention.country)
        first, last = _sentence(text, start, end, start + mention.start, start + mention.end)
        yield FoundRow(
            text=text[first:last], country=(("iso3", mention.country),), fields={"theme": theme}, start=first
        )


def _in_address(text: str, position: int) -> bool:
    """Whether a position stands in a web address, where a code such as UK names nobody."""
    word = re.split(r"\s", text[max(0, position - 300) : position])[-1]
    return "//" in word or word.startswith("www.")


def _sentence(text: str, start: int, end: int, first: int, last: int) -> tuple[int, int]:
    """Return the sentence around a mention, cut at page breaks and at MAX_QUOTE, without white space at its ends."""
    borders = [start, end]
    borders += [start + m.end() for m in _SENTENCE_END.finditer(text[start:end])]
    borders += [start + place for m in _PAGE_BREAK.finditer(text[start:end]) for place in m.span()]
    left = max(border for border in borders if border <= first)
    right = min(border for border in borders if border >= last)
    if right - left > MAX_QUOTE:
        left = max(left, first - MAX_QUOTE // 2)
        right = min(right, left + MAX_QUOTE)
    while left < first and text[left].isspace():
        left += 1
    while right > last and text[right - 1].isspace():
        right -= 1
    return left, right
