"""Archived HTML in plain elements: what survives can neither run, load, submit nor style anything.

Belongs here: the lists of elements and attributes, and rebuilding a tree by them. Does not belong here: highlighting
(`highlighting`) or sending (`review.views.sources`).
"""

from __future__ import annotations

from lxml import etree

from store.errors import GcideskError

KEPT_ELEMENTS = frozenset({
    "abbr", "address", "article", "aside", "b", "bdi", "bdo", "blockquote", "br", "caption", "cite", "code",
    "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "figcaption", "figure",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "i", "ins", "kbd", "li", "main", "mark",
    "nav", "ol", "p", "pre", "q", "s", "samp", "section", "small", "span", "strong", "sub", "summary", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "time", "tr", "u", "ul", "var", "wbr",
})  # fmt: skip
DROPPED_ELEMENTS = frozenset({
    "script", "style", "template", "svg", "math", "iframe", "frame", "frameset", "object", "embed", "audio",
    "video", "canvas", "applet", "noscript", "link", "meta", "input", "base", "head", "title", "select",
    "option", "button", "textarea", "noembed", "noframes", "plaintext", "xmp", "portal",
})  # fmt: skip
_INLINE = frozenset({
    "a", "font", "label", "img", "tt", "big", "center", "nobr", "acronym", "strike", "blink", "marquee",
})  # fmt: skip
KEPT_ATTRIBUTES = frozenset({"lang", "dir", "colspan", "rowspan", "start", "datetime"})
MOST_ELEMENTS = 60_000


class PageNotShownError(GcideskError):
    """An archived page that cannot be shown as it looked; the message says why, and the text layer is shown instead."""


def plain_body(tree: etree._Element | None) -> etree._Element:
    """Return a new `div` with the tree's text; nothing but the listed elements and attributes survives.

    Raises PageNotShownError for a page of more than `MOST_ELEMENTS` elements.
    """
    top = etree.Element("div")
    if tree is None:
        return top
    count = 0
    last: etree._Element = top
    last_is_inside = True
    stack: list[tuple[etree._Element, etree._Element, bool]] = [(tree, top, False)]
    trail: list[tuple[etree._Element, bool]] = []
    while stack:
        element, parent, leaving = stack.pop()
        if leaving:
            last, last_is_inside = trail.pop()
            if element is not tree and element.tail:
                _append_text(last, last_is_inside, element.tail)
            continue
        name = element.tag.lower() if isinstance(element.tag, str) else ""
        if not name or name in DROPPED_ELEMENTS:
            if element is not tree and element.tail:
                _append_text(last, last_is_inside, element.tail)
            continue
        count += 1
        if count > MOST_ELEMENTS:
            raise PageNotShownError("The page has too many parts to be shown as it looked; this is its text.")
        made = etree.SubElement(parent, name if name in KEPT_ELEMENTS else _stand_in(name))
        for key, value in element.attrib.items():
            if str(key).lower() in KEPT_ATTRIBUTES:
                made.set(str(key).lower(), _plain_value(str(value)))
        if name == "img" and element.get("alt"):
            made.text = f"[{_plain_value(str(element.get('alt')))}]"
        elif element.text:
            made.text = element.text
        trail.append((made, False))
        stack.append((element, made, True))
        stack.extend((child, made, False) for child in reversed(element))
        last, last_is_inside = made, True
    return top


def _append_text(last: etree._Element, inside: bool, text: str) -> None:
    if inside:
        children = len(last)
        if children:
            last[children - 1].tail = (last[children - 1].tail or "") + text
        else:
            last.text = (last.text or "") + text
    else:
        last.tail = (last.tail or "") + text


def _stand_in(name: str) -> str:
    return "span" if name in _INLINE else "div"


def _plain_value(value: str) -> str:
    return "".join(letter for letter in value if letter.isprintable())[:200]
