"""Finding a quote again on a page: on text nodes, never by replacing strings in markup.

Belongs here: matching a quote against the text nodes of a tree, white space and composition aside, and wrapping what
matched in `mark` elements. Does not belong here: which tree (`archived_pages`).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

Element = etree._Element


@dataclass(frozen=True)
class TextNode:
    """One text node: the element that holds it, as its text or as the tail of the element."""

    element: Element
    is_tail: bool

    @property
    def text(self) -> str:
        """The node's text."""
        return (self.element.tail if self.is_tail else self.element.text) or ""


def text_nodes(root: Element) -> Iterator[TextNode]:
    """Yield the text nodes below an element in document order, without recursion."""
    stack: list[tuple[Element, bool]] = [(root, False)]
    while stack:
        element, leaving = stack.pop()
        if leaving:
            if element is not root and element.tail:
                yield TextNode(element, True)
            continue
        if isinstance(element.tag, str) and element.text:
            yield TextNode(element, False)
        stack.append((element, True))
        if isinstance(element.tag, str):
            stack.extend((child, False) for child in reversed(element))


def fold(text: str) -> Iterator[tuple[str, int]]:
    """Yield folded letters with their place in `text`: decomposed, without white space and format characters."""
    for place, letter in enumerate(text):
        if letter.isspace():
            continue
        for part in unicodedata.normalize("NFKD", letter) if not letter.isascii() else letter:
            if not part.isspace() and (part.isascii() or unicodedata.category(part) not in {"Cf", "Mn"}):
                yield part, place


def _folded(text: str) -> str:
    return "".join(letter for letter, _ in fold(text))


def find_quote(stream: str, quote: str, prefix: str, suffix: str) -> tuple[int, int] | None:
    """Return where a folded quote stands in a folded stream; of several places the one whose surroundings fit best."""
    wanted, before, after = _folded(quote), _folded(prefix), _folded(suffix)
    if not wanted:
        return None
    best: tuple[int, int] | None = None
    place, tries = stream.find(wanted), 0
    while place >= 0 and tries < 200:
        score = _common(before[::-1], stream[max(0, place - len(before)) : place][::-1])
        score += _common(after, stream[place + len(wanted) : place + len(wanted) + len(after)])
        if best is None or score > best[1]:
            best = (place, score)
        place, tries = stream.find(wanted, place + 1), tries + 1
    return (best[0], best[0] + len(wanted)) if best else None


def _common(first: str, second: str) -> int:
    count = 0
    for a, b in zip(first, second, strict=False):
        if a != b:
            break
        count += 1
    return count


def mark_quote(root: Element, quote: str, prefix: str = "", suffix: str = "") -> bool:
    """Wrap a quote in `mark` elements, the first with id `quote`; returns whether it was found."""
    nodes = list(text_nodes(root))
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    for number, node in enumerate(nodes):
        for letter, offset in fold(node.text):
            letters.append(letter)
            places.append((number, offset))
    found = find_quote("".join(letters), quote, prefix, suffix)
    if found is None:
        return False
    spans: dict[int, tuple[int, int]] = {}
    for number, offset in places[found[0] : found[1]]:
        start, end = spans.get(number, (offset, offset))
        spans[number] = (min(start, offset), max(end, offset + 1))
    first = True
    for number in sorted(spans):
        _wrap(nodes[number], *spans[number], identify=first)
        first = False
    return True


def _wrap(node: TextNode, start: int, end: int, *, identify: bool) -> None:
    text = node.text
    mark = etree.Element("mark")
    mark.text, mark.tail = text[start:end], text[end:]
    if identify:
        mark.set("id", "quote")
    if node.is_tail:
        node.element.tail = text[:start]
        parent = node.element.getparent()
        assert parent is not None
        parent.insert(parent.index(node.element) + 1, mark)
        # lxml moves the tail with its element; what stood behind the node stands behind the mark now
        node.element.tail = text[:start]
    else:
        node.element.text = text[:start]
        node.element.insert(0, mark)
