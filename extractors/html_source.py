"""Source text of an HTML page to an element tree.

Belongs here: repair of entities, the parser's limits, removal of what is never shown. Does not belong here: decoding
bytes (`text_encoding`), meaning of elements (`html_blocks`).
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from lxml import etree

HIDDEN = ("script", "style", "template", "svg", "iframe", "object", "embed", "audio", "video", "canvas", "applet")
"""Elements whose content is no text of the page."""

_ENTITY = re.compile(r"&(?:#[xX]?[0-9a-fA-F]{2,7};?|[A-Za-z][A-Za-z0-9]{1,31};)")
_SCRIPT = re.compile(r"<(script|style)(?=[\s>/])", re.IGNORECASE)
_CLOSING = {name: re.compile(rf"</{name}[^>]{{0,200}}>", re.IGNORECASE) for name in ("script", "style")}
_KEPT = frozenset("<>&\"'")
_CONTROLS = re.compile("[\x01-\x08\x0b\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Tree:
    """A parsed page; `too_deep` when elements nest deeper than the parser goes, so that text is missing."""

    root: etree._Element
    too_deep: bool


def parse_tree(source: str) -> Tree | None:
    """Return a page as a tree, or None when it holds no element at all.

    External entities, DTDs and the network are off; broken markup is recovered from as far as libxml2 can.
    """
    # Scripts go first: a `</p>` inside a string of theirs must not close a paragraph.
    source = without_scripts(source)
    if "&" in source:
        source = _ENTITY.sub(_unescape, source)
    source = _CONTROLS.sub(" ", source)
    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source, count=1)
    parser = etree.HTMLParser(
        encoding="utf-8", recover=True, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(source.encode("utf-8"), parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return None  # libxml2 found nothing that could be an element
    return Tree(root, any("depth" in entry.message for entry in parser.error_log)) if root is not None else None


def without_scripts(source: str) -> str:
    """Return a page without its scripts and styles, in one pass; an unclosed one ends the page, as in browsers."""
    parts: list[str] = []
    position = 0
    while found := _SCRIPT.search(source, position):
        parts += [source[position : found.start()], " "]
        closing = _CLOSING[found.group(1).lower()].search(source, found.end())
        if closing is None:
            return "".join(parts)
        position = closing.end()
    return "".join([*parts, source[position:]])


def _unescape(match: re.Match[str]) -> str:
    """Unescape what libxml2 does not know (HTML 5 names, Windows code points), but nothing that is markup."""
    text = html.unescape(match.group())
    return match.group() if not text or not _KEPT.isdisjoint(text) else text
