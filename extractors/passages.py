"""From a layout to a reading: passages with sentences, sections, articles, heads, languages.

Belongs here: cutting blocks into passages and what follows from their order. Does not belong here: formats, sentence
borders (`sentences`), language detection (`language_detection`).
"""

from __future__ import annotations

import re
from collections import Counter

from extractors.language_detection import detect_language
from extractors.layout import Block, Layout
from extractors.mending import mend
from extractors.scripts import script_of
from extractors.sentences import split_sentences
from extractors.version import READER_VERSION
from store.readings import Reading
from store.tables import Passage

TARGET = 1200


def build(layout: Layout, digest: str, language_hints: tuple[str, ...] = ()) -> Reading:
    """Return the reading of a layout; `language_hints` are the languages to expect."""
    passages: list[Passage] = []
    sections: list[tuple[int, str]] = []
    article, head = "", None
    for block in layout.blocks:
        text = layout.text[block.start : block.end]
        if block.kind == "heading":
            while sections and sections[-1][0] >= (block.level or 6):
                sections.pop()
            sections.append((block.level or 6, " ".join(text.split())[:200]))
        if found := _article(text):
            article = found
        if block.kind == "list_item":
            used = block.head or head
        else:
            used = None
            head = (block.start, block.end) if text.rstrip().endswith((":", "：")) else None
        for start, end, borders in _cut(text, block):
            piece = text[start:end]
            passages.append(
                Passage(
                    ordinal=len(passages), page=block.page, start=block.start + start, end=block.start + end, text=piece,
                    reading_text=block.reading if block.reading is not None and end - start == len(text) else mend(piece),
                    sentences=borders, kind=block.kind, role=block.role,
                    section=tuple(name for _, name in sections), article=article,
                    head=mend(layout.text[used[0] : used[1]]) if used else "",
                    head_start=used[0] if used else None, head_end=used[1] if used else None,
                    language=detect_language(piece)[0], script=script_of(piece), ocr_confidence=block.ocr_confidence,
                    boxes=tuple(v for line in block.lines if line.start < block.start + end and line.end > block.start + start for v in line.box),
                )
            )  # fmt: skip
    counts: Counter[str] = Counter()
    for passage in passages:
        counts[passage.language] += len(passage.text)
    total = sum(counts.values()) or 1
    return Reading(
        payload_digest=digest, reader_version=READER_VERSION, format=layout.format, status=layout.status,
        reason=layout.reason, title=layout.title, language=counts.most_common(1)[0][0] if counts else "und",
        languages=tuple(code for code, count in counts.most_common() if count >= 0.05 * total),
        published_on=layout.published_on, text=layout.text, pages=layout.pages, passages=tuple(passages),
        outline=layout.outline, metadata=layout.metadata, resumable=layout.resumable,
    )  # fmt: skip


_ARTICLE = re.compile(
    r"\s*(?:#+\s*)?\**(?:article|art\.?|section|art[íi]culo|artigo|статья|المادة|مادة)\s*[:.]?\s*([\d\u0660-\u0669]+(?:[-.]\d+)*|one|premier|1er|primero)|\s*(第[一二三四五六七八九十百千零〇\d]+[条條])",
    re.IGNORECASE,
)


def _article(text: str) -> str:
    match = _ARTICLE.match(text)
    return (match.group(1) or match.group(2)) if match else ""


def _cut(text: str, block: Block) -> list[tuple[int, int, tuple[int, ...]]]:
    """Cut a block into runs of whole sentences of at most TARGET characters where sentences allow it."""
    runs: list[tuple[int, int, list[int]]] = []
    for start, end in split_sentences(text, broken=block.broken):
        if runs and end - runs[-1][0] <= TARGET:
            first, _, borders = runs[-1]
            runs[-1] = (first, end, [*borders, block.start + start, block.start + end])
        else:
            runs.append((start, end, [block.start + start, block.start + end]))
    return [(start, end, tuple(borders)) for start, end, borders in runs]
