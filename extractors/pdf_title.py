"""Title and publication date of a PDF.

Belongs here: which declared titles count, the title as printed, the date as printed. Does not belong here: dates of
anything but the document (`passages`, `evidence`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from extractors.pdf_blocks import Body
from extractors.pdf_columns import Run
from extractors.pdf_text import PrintedLine
from sources.written_dates import find_date

_NO_TITLE = re.compile(
    r"(?i)^(microsoft \w+ -|untitled|document\d*$|slide 1|layout 1)"
    r"|\.(docx?|pdf|indd|rtf|odt|html?|qxd|xlsx?|pptx?|tiff?|jpe?g)$"
)
"""Titles that a program made up: its own name, a file name."""
_SHORT_LINE = 60
_TITLE_LINES = 6
_EARLIEST = 1980


def usable_title(title: str) -> str:
    """Return a declared title unless it is a file name or a program's placeholder."""
    plain = " ".join(title.split())
    return "" if len(plain) < 4 or _NO_TITLE.search(plain) else plain[:300]


def printed_title(pages: Sequence[Sequence[Run]], body: Body) -> str:
    """Return the largest print of the first page; without larger print, the first bold lines of the first pages."""
    first = [line for run in (pages[0] if pages else ()) for line in run.lines if _letters(line.text) >= 3]
    wordy = [line.size for line in first if _letters(line.text) >= 8]
    if wordy and max(wordy) >= 1.12 * body.size:
        return _from(first, lambda line: line.size >= 0.93 * max(wordy))
    for runs in pages[:3]:
        lines = [line for run in runs for line in run.lines]
        title = _from(lines, lambda line: line.bold and not body.bold)
        if _letters(title) >= 12:
            return title
    return ""


def _from(lines: Sequence[PrintedLine], fits: Callable[[PrintedLine], bool]) -> str:
    """Return the first lines in a row that fit."""
    words: list[str] = []
    for line in lines:
        if fits(line):
            words.append(line.text.strip())
        elif words:
            break
        if len(words) >= _TITLE_LINES:
            break
    return " ".join(" ".join(words).split())[:300]


def _letters(text: str) -> int:
    return sum(char.isalpha() for char in text)


def printed_date(furniture: Iterable[str], first_page: Sequence[Run]) -> date | None:
    """Return the date of the running header, else the first date that stands in a short line of the first page."""
    for text in furniture:
        if found := _plausible(text):
            return found
    for run in first_page:
        for line in run.lines:
            if len(line.text) <= _SHORT_LINE and (found := _plausible(line.text)):
                return found
    return None


def _plausible(text: str) -> date | None:
    if not any(char.isdigit() for char in text):
        return None
    found = find_date(text)
    return found if found is not None and found.year >= _EARLIEST else None
