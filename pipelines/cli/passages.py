"""What `read --passages` prints: the passages of a file as the reader made them, for a person to follow.

Belongs here: printing. Does not belong here: reading (`extractors`), evidence (`summaries`).
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator

from extractors.languages import language_name
from review.exports.safe_text import for_terminal, json_for_terminal
from store.readings import Reading
from store.tables import Passage

WIDTH = 100
_SHOWN = {"heading": "heading", "list_item": "item", "table_row": "row", "caption": "caption", "contents": "contents"}


def passage_rows(name: str, reading: Reading) -> Iterator[str]:
    """Yield one line of JSON a passage, in the order of the text layer."""
    for found in reading.passages:
        row = {
            "document": name, "page": found.page, "start": found.start, "end": found.end, "kind": found.kind,
            "role": found.role, "section": found.section, "article": found.article, "head": found.head,
            "goes_on": found.goes_on, "language": found.language, "script": found.script,
            "ocr_confidence": found.ocr_confidence, "unreliable_digits": found.unreliable_digits, "text": found.text,
            "reading_text": found.reading_text,
        }  # fmt: skip
        yield json_for_terminal(json.dumps(row, ensure_ascii=False))


def passage_lines(name: str, reading: Reading) -> Iterator[str]:
    """Yield lines to be read by a person: where a passage stands, what it hangs on, its reading text.

    Navigation is left out: it stands in the JSON.
    """
    yield f"{for_terminal(name)}: {for_terminal(reading.title) or '(no title)'}"
    place = ("", "", "")
    for found in reading.passages:
        if found.role == "navigation":
            continue
        here = _place(found)
        if here != place:
            yield ""
            yield "  ".join(filter(None, here))
            place = here
        if found.head:
            yield _wrapped(f"({'goes on from' if found.goes_on else 'under'}: {found.head[-200:]})", "      ")
        kind = f"{_SHOWN[found.kind]}: " if found.kind in _SHOWN else ""
        yield _wrapped(f"{kind}{found.reading_text}{_doubt(found)}", "    ")


def _place(found: Passage) -> tuple[str, str, str]:
    page = f"page {found.page}" if found.page is not None else ""
    article = f"article {found.article}" if found.article else ""
    where = " / ".join(part[:60] for part in found.section)
    return page, for_terminal(" ".join(filter(None, (f"[{where}]" if where else "", article)))), _language(found)


def _language(found: Passage) -> str:
    return f"<{language_name(found.language)}>"


def _doubt(found: Passage) -> str:
    if found.ocr_confidence is None:
        return ""
    numbers = ", ".join(
        found.text[first - found.start : last - found.start]
        for first, last in zip(found.unreliable_digits[::2], found.unreliable_digits[1::2], strict=True)
    )
    check = f"; check these digits on the page: {numbers}" if numbers else ""
    return f" (read from a picture, {found.ocr_confidence:.0%} sure{check})"


def _wrapped(text: str, indent: str) -> str:
    return textwrap.fill(
        for_terminal(" ".join(text.split())), WIDTH, initial_indent=indent, subsequent_indent=indent,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
