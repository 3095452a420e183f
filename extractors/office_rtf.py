"""RTF: paragraphs of rich text.

Belongs here: RTF through striprtf. Does not belong here: other office formats.
"""

from __future__ import annotations

import re

from extractors.layout import Layout, LayoutBuilder, unreadable
from extractors.office_rendition import with_pages
from extractors.pdf_blocks import begins_item
from extractors.request import ReadRequest

FORMAT = "rtf"
MAX_BYTES = 64 * 2**20
_TITLE = re.compile(rb"\{\\title\s+([^{}]{1,500})\}")
_CODE_PAGE = re.compile(rb"\\ansicpg(\d{3,5})")
_PICTURES = re.compile(rb"\\pict(?![a-z])[^{}]{2000,}")
"""Pictures in hexadecimal make most of a large file and hold no text."""


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of an RTF text; bad input is a layout with a status and a sentence."""
    if b"\\rtf" not in payload[:64]:
        return unreadable(FORMAT, "damaged", "The RTF text is damaged: it does not begin as RTF.")
    slim = _PICTURES.sub(rb"\\pict", payload)
    if len(slim) > MAX_BYTES:
        return unreadable(FORMAT, "too_large", f"The RTF text has {len(slim):,} bytes; the limit is {MAX_BYTES:,}.")
    from striprtf.striprtf import rtf_to_text

    encoding = _encoding(slim)
    try:
        plain: str = rtf_to_text(slim.decode("latin-1"), encoding=encoding, errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, LookupError, KeyError, RecursionError) as error:
        return unreadable(FORMAT, "damaged", f"The RTF text is damaged: {type(error).__name__}.")
    builder = LayoutBuilder()
    for paragraph in plain.split("\n"):
        text = paragraph.strip().strip("|").strip()
        if not text:
            continue
        cells = [" ".join(cell.split()) for cell in text.split("|")]
        if len(cells) > 1:
            builder.add("\t".join(cell for cell in cells if cell), kind="table_row")
        else:
            builder.add(text, kind="list_item" if begins_item(text) else "paragraph")
        if builder.position > request.limits.characters:
            return unreadable(FORMAT, "too_large", "The RTF text is longer than a text layer may be.")
    if not builder.text.strip():
        return unreadable(FORMAT, "no_text", "The RTF text holds no text; it may hold pictures of text.")
    found = _TITLE.search(payload[:65536])
    title = found.group(1).decode(encoding, "replace") if found and b"\\" not in found.group(1) else ""
    layout = Layout(format=FORMAT, text=builder.text, blocks=builder.blocks, title=" ".join(title.split()))
    return with_pages(layout, payload, request)


def _encoding(payload: bytes) -> str:
    found = _CODE_PAGE.search(payload[:4096])
    name = f"cp{found.group(1).decode()}" if found else "cp1252"
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name
