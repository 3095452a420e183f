"""RTF: paragraphs, headings, lists and tables of rich text.

Belongs here: what becomes which block. Does not belong here: control words (`rtf_text`), other office formats, pages
(`office_rendition`).
"""

from __future__ import annotations

import re

from extractors.layout import Layout, LayoutBuilder, unreadable
from extractors.office_rendition import with_pages
from extractors.office_tables import add_table
from extractors.pdf_blocks import begins_item
from extractors.request import ReadRequest
from extractors.rtf_rows import Paragraph, Table
from extractors.rtf_text import RichTextTooLongError, read_rich_text

FORMAT = "rtf"
MAX_BYTES = 64 * 2**20
_HEADING = re.compile(r"(?i)^(?:heading|titre|título|titulo|überschrift|заголовок|标题)\s*(\d)$")
_TITLES = frozenset({"title", "titre", "título", "titulo", "название", "标题"})
_CONTENTS = ("toc ", "table of figures", "tm ")


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of an RTF text; bad input is a layout with a status and a sentence."""
    if b"\\rtf" not in payload[:64]:
        return unreadable(FORMAT, "damaged", "The RTF text is damaged: it does not begin as RTF.")
    if len(payload) > MAX_BYTES:
        return unreadable(FORMAT, "too_large", f"The RTF text has {len(payload):,} bytes; the limit is {MAX_BYTES:,}.")
    try:
        found = read_rich_text(payload, request.limits)
    except RichTextTooLongError as error:
        return unreadable(FORMAT, "too_large", str(error))
    builder = LayoutBuilder()
    titles: list[str] = []
    for part in [*found.parts, *found.notes]:
        if isinstance(part, Paragraph):
            _add_paragraph(builder, part, titles)
        else:
            _add_table(builder, part, titles)
    text = builder.text
    if not text.strip():
        return unreadable(FORMAT, "no_text", "The RTF text holds no text; it may hold pictures of text.")
    headings = [block for block in builder.blocks if block.kind == "heading"]
    layout = Layout(
        format=FORMAT, reason=_doubt(found.guessed_page), text=text, blocks=builder.blocks,
        title=(found.title or next(iter(titles), ""))[:300],
        outline=tuple(
            "  " * max(0, block.level - 1) + " ".join(text[block.start : block.end].split())[:300]
            for block in headings[:2000]
        ),
    )  # fmt: skip
    return with_pages(layout, payload, request)


def _doubt(page: int | None) -> str:
    if page is None:
        return ""
    return f"The RTF text names code page {page}, which is not known; letters were read as of 1252 and may be wrong."


def _add_paragraph(builder: LayoutBuilder, paragraph: Paragraph, titles: list[str]) -> None:
    text, style = paragraph.text, paragraph.style.casefold()
    heading = _HEADING.match(paragraph.style)
    level = int(heading.group(1)) if heading else paragraph.level
    if style in _TITLES:
        builder.add(text, kind="title")
        titles.append(" ".join(text.split()))
    elif style.startswith(_CONTENTS):
        builder.add(text, kind="contents")
    elif level:
        builder.add(text, kind="heading", level=level, marker=paragraph.marker)
    elif paragraph.marker or begins_item(text):
        builder.add(text, kind="list_item", level=int(bool(paragraph.marker)), marker=paragraph.marker)
    else:
        builder.add(text)


def _add_table(builder: LayoutBuilder, rows: Table, titles: list[str]) -> None:
    cells = [cell for row in rows for cell in row]
    lays_out = any(sum(len(part.text) > 80 for part in cell) > 2 for cell in cells) or all(
        len(row) == 1 for row in rows
    )
    if lays_out:  # columns of a gazette, or a frame around text
        for cell in cells:
            for paragraph in cell:
                _add_paragraph(builder, paragraph, titles)
        return
    add_table(builder, [[(" ".join(" ".join(part.text for part in cell).split()), 1) for cell in row] for row in rows])
