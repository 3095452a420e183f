"""Tell the main text of a page from navigation.

Belongs here: the judgement on each block. Does not belong here: cutting blocks (`html_blocks`).
"""

from __future__ import annotations

from extractors.html_blocks import RawBlock

ASIDE = frozenset({"nav", "header", "footer", "aside", "button", "select", "form", "noscript"})


def find_main(blocks: list[RawBlock]) -> list[bool]:
    """Return for each block whether it belongs to the main text."""
    return [
        block.kind not in {"menu", "title"}
        and block.container.landmark not in ASIDE
        and block.link_chars < 0.6 * len(block.text)
        for block in blocks
    ]
