"""Text layers, quotes and facts of rows.

Belongs here: making the text layer that a page's rows stand in, cutting quotes out of it, attributing rows. Does not
belong here: finding rows (the shapes), or the country and stance of one row (`attribution`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from extractors.repositories.attribution import country_of_row, date_of_row, statements_of
from extractors.repositories.found import SEPARATOR, FoundRow
from extractors.repositories.pages import Page, PageFacts, form_of
from sources.repository import Repository
from store.digests import identify, payload_digest
from store.readings import Reading
from store.tables import FactRow, Passage

SHORTEST_QUOTE, LONGEST_QUOTE = 12, 600


@dataclass(frozen=True)
class TextLayer:
    """A reading, its text layer's identity, and where each found row begins in it."""

    reading: Reading
    identity: str
    starts: tuple[int, ...]


def text_layer_of(page: Page, contract: Repository, title: str, found: list[FoundRow], *, own: bool) -> TextLayer:
    """Return the text layer of a page: the general reader's where rows are spans of it (`own`), else one row a line."""
    if own:
        assert page.reading is not None
        return TextLayer(page.reading, page.reading.text_layer_id, tuple(row.start or 0 for row in found))
    parts, starts, length = [f"{title}\n"], list[int](), len(title) + 1
    for row in found:
        line = row.text if len(row.text) >= SHORTEST_QUOTE else SEPARATOR.join(filter(None, (title, row.text)))
        starts.append(length)
        parts.append(f"{line}\n")
        length += len(line) + 1
    text = "".join(parts)
    ends = [*(start - 1 for start in starts[1:]), length - 1][: len(starts)]
    language = contract.languages[0]
    reading = Reading(
        payload_digest=payload_digest(page.payload),
        reader_version=f"repository-{identify(repr(contract.shapes))[:12]}",
        format=form_of(page.payload),
        status="read",
        title=title,
        language=language,
        languages=contract.languages,
        text=text,
        passages=tuple(
            _passage(text, (start, end), ordinal, language)
            for ordinal, (start, end) in enumerate(zip(starts, ends, strict=True))
        ),
    )
    return TextLayer(reading, reading.text_layer_id, tuple(starts))


def _passage(text: str, span: tuple[int, int], ordinal: int, language: str) -> Passage:
    start, end = span
    return Passage(
        ordinal=ordinal, page=None, start=start, end=end, text=text[start:end], reading_text=text[start:end],
        sentences=span, kind="table_row", role="main", section=(), article="", head="", head_start=None,
        head_end=None, language=language, script="", ocr_confidence=None, boxes=(),
    )  # fmt: skip


def attribute(page: Page, contract: Repository, found: list[FoundRow], layer: TextLayer, today: date) -> PageFacts:
    """Return the facts of all rows, and what could not be given to a country."""
    facts: dict[str, FactRow] = {}
    unattributed: list[str] = []
    for row, start in zip(found, layer.starts, strict=True):
        country = country_of_row(contract, row)
        if country is None:
            unattributed.append(next((text for _, text in row.country if text), row.text)[:120])
            continue
        end = _quote_end(layer.reading.text, start, row)
        if end - start < SHORTEST_QUOTE:
            unattributed.append(f"too short to quote: {row.text}")
            continue
        for statement in statements_of(contract, row, country, today):
            fact_id = identify(layer.reading.payload_digest, str(start), str(end), country, statement.stance)
            facts[fact_id] = FactRow(
                repository=contract.name,
                fact_id=fact_id,
                country=country,
                questions=statement.questions,
                stance=statement.stance,
                text=layer.reading.text[start:end],
                link=row.link,
                url=page.url,
                captured_at=page.captured_at,
                origin=page.origin,
                payload_digest=layer.reading.payload_digest,
                text_layer_id=layer.identity,
                reader_version=layer.reading.reader_version,
                start=start,
                end=end,
                part_start=row.part[0] if row.part else None,
                part_end=row.part[1] if row.part else None,
                language=layer.reading.language,
                official=contract.official,
                verified=str(contract.verified),
                dated_on=date_of_row(row),
            )
    return PageFacts(
        reading=layer.reading, rows=tuple(facts.values()), found=len(found), unattributed=tuple(unattributed)
    )


def _quote_end(text: str, start: int, row: FoundRow) -> int:
    """Return where the quote of a row ends: its line, or the last word within the longest quote."""
    end = start + len(row.text) if row.start is not None else text.index("\n", start)
    if end - start > LONGEST_QUOTE:
        cut = max(text.rfind(mark, start, start + LONGEST_QUOTE) for mark in (" ", SEPARATOR, "\n"))
        end = cut if cut > start + SHORTEST_QUOTE else start + LONGEST_QUOTE
    while end > start and text[end - 1].isspace():
        end -= 1
    return end
