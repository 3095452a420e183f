"""Plain text files: payload to layout, with paragraphs found among printed lines.

Belongs here: pages by form feeds and the order of steps. Does not belong here: grouping lines (`printed_lines`).
The text layer is the decoded source itself.
"""

from __future__ import annotations

from extractors.layout import Layout, LayoutBuilder, unreadable
from extractors.printed_lines import add_lines
from extractors.request import ReadRequest
from extractors.text_encoding import decode


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of a plain text file."""
    decoded = decode(payload, declared_charset=request.declared_charset)
    text = decoded.text[: request.limits.characters]
    if not text.strip():
        return unreadable("txt", "no_text", "The file holds no text.")
    builder = LayoutBuilder()
    pages = add_lines(builder, text)
    title = next((" ".join(text[b.start : b.end].split()) for b in builder.blocks if b.role == "main"), "")
    return Layout(
        format="txt", reason=_reason(decoded.note, len(text) < len(decoded.text)), text=builder.text,
        blocks=builder.blocks, pages=pages, title=title[:300], metadata={"encoding": decoded.encoding},
    )  # fmt: skip


def _reason(note: str, cut: bool) -> str:
    return f"{note} The file is over the size limit; only its first part was read.".strip() if cut else note
