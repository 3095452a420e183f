"""HTML pages: payload to layout.

Belongs here: the order of steps. Does not belong here: the steps (`text_encoding`, `html_source`, `html_blocks`,
`html_tables`, `html_main`, `html_metadata`).
"""

from __future__ import annotations

import json

from extractors.html_blocks import RawBlock, collect_blocks
from extractors.html_main import find_headline, find_main
from extractors.html_metadata import find_metadata
from extractors.html_source import parse_tree
from extractors.layout import Layout, LayoutBuilder, unreadable
from extractors.request import ReadRequest
from extractors.text_encoding import decode

MAX_LINKS = 3000
_NO_TEXT = "The page holds no text; its content may be made by a script or be pictures."
_DEEP = "The page's elements nest deeper than the reader follows; text below that was not read."


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of an HTML page; blocks stand in the order of the source."""
    decoded = decode(payload, declared_charset=request.declared_charset, is_markup=True)
    source = decoded.text[: request.limits.characters]
    tree = parse_tree(source)
    if tree is None:
        return unreadable("html", "no_text", "The page holds no text.")
    page = collect_blocks(tree.root, request.limits.nodes)
    blocks = page.blocks
    if not blocks:
        return unreadable(
            "html", "no_text", "The page holds no text; its content may be made by a script or be pictures."
        )
    main = find_main(page)
    headline = find_headline(blocks, main)
    metadata = find_metadata(tree.root, blocks, source, printed_near=headline)
    builder = LayoutBuilder()
    links = _add_blocks(builder, blocks, main, headline)
    reason = " ".join(
        filter(None, (decoded.note, _cut_note(page.truncated or len(decoded.text) > len(source), tree.too_deep)))
    )
    return Layout(
        format="html", reason=reason, text=builder.text, blocks=builder.blocks, title=metadata.title,
        published_on=metadata.published_on, language=metadata.language,
        outline=tuple("  " * (block.level - 1) + block.text for block in blocks if block.kind == "heading")[:500],
        metadata={"encoding": decoded.encoding, "links": json.dumps(links[:MAX_LINKS], ensure_ascii=False)},
    )  # fmt: skip


def _add_blocks(
    builder: LayoutBuilder, blocks: list[RawBlock], main: list[bool], headline: range
) -> list[tuple[int, int, str]]:
    """Add all blocks to the builder; returns links as (start, end, address) in the text layer.

    The headline is no main text by the measure that the model is taught with, but opens the section of what follows.
    """
    links: list[tuple[int, int, str]] = []
    spans: list[tuple[int, int]] = []
    for position, (block, is_main) in enumerate(zip(blocks, main, strict=True)):
        keeps_kind = is_main or block.kind in {"title", "heading"} or position in headline
        added = builder.add(
            block.text, kind=block.kind if keeps_kind else "menu",
            role="main" if is_main else "navigation", level=block.level, marker=block.marker, reading=block.reading,
            language=block.language, head=spans[block.term] if block.term >= 0 else None,
            opens_section=not is_main and position == headline.start and block.kind == "heading",
        )  # fmt: skip
        spans.append((added.start, added.end))
        links += [(added.start + start, added.start + end, href) for start, end, href in block.links if end > start]
    return links


def _cut_note(cut: bool, too_deep: bool) -> str:
    if too_deep:
        return _DEEP
    return "The page is over the size limit; only its first part was read." if cut else ""
