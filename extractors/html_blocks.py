"""From an element tree to blocks of text in the order of the source.

Belongs here: which elements end a block, lists, definition lists, links, headings. Does not belong here: white space
(`html_inline`), data tables (`html_tables`), what is main text (`html_main`).

No character is added but white space, and none is moved: a quote of the page stands in the text layer, white space
aside.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from extractors.html_inline import InlineText
from extractors.html_source import HIDDEN
from extractors.html_tables import Row, is_data_table, table_rows
from extractors.layout import Kind
from extractors.line_patterns import unit_level

BLOCKS = frozenset(
    {
        "address", "article", "aside", "blockquote", "body", "button", "caption", "center", "dd", "details", "dialog",
        "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "frameset", "h1", "h2", "h3",
        "h4", "h5", "h6", "header", "hr", "html", "legend", "li", "main", "menu", "nav", "noframes", "noscript", "ol",
        "optgroup", "option", "p", "pre", "search", "section", "select", "summary", "table", "tbody", "td", "textarea",
        "tfoot", "th", "thead", "title", "tr", "ul",
    }
)  # fmt: skip
"""Elements that begin and end a block."""
HEADINGS = {f"h{level}": level for level in range(1, 7)}
LISTS = frozenset({"ul", "ol", "dir", "menu"})
LANDMARKS = frozenset({"nav", "header", "footer", "aside", "form", "button", "select", "main", "article", "noscript"})
TITLE_LENGTH = 150
_HIDDEN = frozenset(HIDDEN)
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SPEAKING = etree.XPath("//*[@*[name() = 'lang' or name() = 'xml:lang']]")
BOLD = frozenset({"b", "strong"})


@dataclass(slots=True)
class Container:
    """A block element with what is known of the text inside it."""

    tag: str
    parent: Container | None
    names: str
    """Its class, id and role, lower case."""
    depth: int
    order: int
    """Position among the containers of the page, from 0; a parent stands before its children."""
    landmark: str = ""
    """Nearest landmark element around it, itself included."""


@dataclass(slots=True)
class RawBlock:
    """A block before main text is told from navigation."""

    text: str
    container: Container
    kind: Kind = "paragraph"
    level: int = 0
    marker: str = ""
    language: str = ""
    link_chars: int = 0
    links: list[tuple[int, int, str]] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    """Where silent elements lie, in order: their text is no part of the sentence around it."""
    bold_chars: int = 0
    reading: str | None = None
    term: int = -1
    """Index of the block that holds the term of a definition list, or -1."""


@dataclass(slots=True)
class Anchor:
    """Where a sought element stands: the block at or after its beginning, and the place in that block's text."""

    element: Any
    block: int
    start: int


class BlockCollector:
    """Walks a tree once and collects its blocks."""

    def __init__(
        self, root: etree._Element, max_nodes: int, sought: Collection[Any] = (), silent: Collection[Any] = ()
    ) -> None:
        self._root = root
        self._max_nodes = max_nodes
        self._sought = set(sought)
        self._silent = frozenset(silent)
        self._silent_open: dict[Any, tuple[int, int]] = {}
        """Silent elements that are open: the block in which each began, and where in it."""
        self.anchors: list[Anchor] = []
        """Sought elements that were met, in the order of the source."""
        self.blocks: list[RawBlock] = []
        self.nodes = 0
        """Elements that were met; a row of a data table counts as one."""
        self.truncated = False
        self._buffer = InlineText()
        self.containers: list[Container] = [Container("html", None, "", 0, 0)]
        self._open = [self.containers[0]]
        self._languages: list[tuple[Any, str]] = []
        self._speaking = _declared_languages(root)
        self._in_head = False
        self._lists: list[tuple[Any, int]] = []
        self._open_links: list[tuple[Any, int, str]] = []
        self._bold = 0
        self._pre = 0
        self._item: tuple[str, int, bool] = ("", 0, False)  # marker, level, fresh
        self._term = -1

    def collect(self) -> list[RawBlock]:
        """Return the blocks of the page in the order of its source."""
        nodes = 0
        hidden: Any = None
        walk = etree.iterwalk(self._root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if not isinstance(tag, str):
                continue
            if event == "start":
                nodes += 1
                if nodes > self._max_nodes:
                    self.truncated = True
                    break
                if self._is_hidden(element, tag):
                    hidden = element
                    walk.skip_subtree()
                    continue
                if tag == "table" and is_data_table(element):
                    self._start(element, tag)
                    self._add_rows(element)
                    walk.skip_subtree()
                    continue
                self._start(element, tag)
                if element.text:
                    self._buffer.add(element.text, self._bold > 0, self._pre > 0)
            else:
                if element is hidden:
                    hidden = None
                else:
                    self._end(element, tag)
                if element.tail and element is not self._root:
                    self._buffer.add(element.tail, self._bold > 0, self._pre > 0)
        self._flush()
        self.nodes += nodes
        return self.blocks

    def _is_hidden(self, element: Any, tag: str) -> bool:
        if tag in _HIDDEN:
            return True
        if not self._in_head:
            self._in_head = tag == "head"
            return False
        parent = element.getparent()
        return parent is not None and parent.tag == "head" and tag != "title"

    def _start(self, element: Any, tag: str) -> None:
        if tag in BLOCKS:
            self._flush()
            self._open_container(element, tag)
        if self._sought and element in self._sought:
            self.anchors.append(Anchor(element, len(self.blocks), self._buffer.length))
        if self._silent and element in self._silent:
            self._silent_open[element] = len(self.blocks), self._buffer.length
        if element in self._speaking:
            self._languages.append((element, self._speaking[element]))
        if tag == "br":
            if self._buffer.breaks:
                self._flush()
            elif self._buffer.length:
                self._buffer.line_break()
        elif tag == "a":
            self._open_links.append((element, self._buffer.length, element.get("href", "")))
        elif tag in BOLD:
            self._bold += 1
        elif tag in LISTS:
            self._lists.append((element, _first_number(element)))
        elif tag == "li":
            self._item = (self._marker(element), len(self._lists) or 1, True)
        elif tag in {"pre", "textarea"}:
            self._pre += 1

    def _open_container(self, element: Any, tag: str) -> None:
        parent = self._open[-1]
        given = element.get
        role = given("role", "")
        names = f"{given('class', '')} {given('id', '')} {role} {given('itemprop', '')}".strip().lower()[:300]
        landmark = tag if tag in LANDMARKS else parent.landmark
        if role in {"navigation", "banner", "contentinfo", "complementary", "search", "main", "menu", "dialog"}:
            landmark = {"navigation": "nav", "menu": "nav", "banner": "header", "contentinfo": "footer",
                        "complementary": "aside", "search": "form", "dialog": "aside"}.get(role, role)  # fmt: skip
        container = Container(tag, parent, names, parent.depth + 1, len(self.containers), landmark)
        self.containers.append(container)
        self._open.append(container)

    def _end(self, element: Any, tag: str) -> None:
        if self._open_links and self._open_links[-1][0] is element:
            _, start, href = self._open_links.pop()
            if self._buffer.length > start:
                self._buffer.link_chars += self._buffer.length - start
                if href:
                    self._buffer.links.append((start, self._buffer.length, href))
        if self._silent_open and element in self._silent_open:
            self._end_silent(*self._silent_open.pop(element))
        if tag in BOLD and self._bold:
            self._bold -= 1
        elif tag == "head":
            self._in_head = False
        if tag in BLOCKS:
            self._flush()
            if len(self._open) > 1:
                self._open.pop()
        if tag in {"pre", "textarea"} and self._pre:
            self._pre -= 1
        if self._lists and self._lists[-1][0] is element:
            self._lists.pop()
        if tag == "dl":
            self._term = -1
        if self._languages and self._languages[-1][0] is element:
            self._languages.pop()

    def _end_silent(self, block: int, start: int) -> None:
        """Note the span of a silent element; of one that goes over several blocks nothing is silent."""
        if block == len(self.blocks):
            self._buffer.gaps.append((start, self._buffer.length))
        elif block == len(self.blocks) - 1 and not self._buffer.length:  # it stands around a whole block
            whole = self.blocks[block]
            whole.gaps = _cut_to(len(whole.text), [*whole.gaps, (start, len(whole.text))])

    def _marker(self, item: Any) -> str:
        if not self._lists:
            return ""
        parent, number = self._lists[-1]
        if parent.tag != "ol":
            return "•"
        value = item.get("value", "")
        if value.isdecimal() and len(value) < 7:
            number = int(value)
        self._lists[-1] = (parent, number + 1)
        return _numeral(number, item.get("type") or parent.get("type") or "1") + "."

    def _flush(self) -> None:
        """End the block under way."""
        buffer = self._buffer
        if not buffer.length:
            return
        if self._open_links:  # a link around blocks: its part in this block counts here
            _, start, href = self._open_links[-1]
            if buffer.length > start:
                buffer.link_chars += buffer.length - start
                buffer.links.append((start, buffer.length, href))
            self._open_links = [(element, 0, href) for element, _, href in self._open_links]
        self._append(buffer.take())
        buffer.clear()

    def _append(self, text: str) -> None:
        buffer, container = self._buffer, self._open[-1]
        for anchor in reversed(self.anchors):
            if anchor.block < len(self.blocks):
                break
            anchor.start = min(anchor.start, len(text))
        block = RawBlock(
            text=text, container=container, language=self._languages[-1][1] if self._languages else "",
            link_chars=min(buffer.link_chars, len(text)), bold_chars=min(buffer.bold_chars, len(text)),
            links=[(start, min(len(text), end), href) for start, end, href in buffer.links],
            gaps=_cut_to(len(text), buffer.gaps) if buffer.gaps else [],
        )  # fmt: skip
        self._classify(block, container)
        self.blocks.append(block)
        if container.tag == "dt":
            self._term = len(self.blocks) - 1

    def _classify(self, block: RawBlock, container: Container) -> None:
        """Give the block its kind from the elements around it."""
        tag = container.tag
        if tag in HEADINGS:
            block.kind, block.level = "heading", HEADINGS[tag]
        elif tag == "title":
            block.kind = "title"
        elif tag in {"caption", "figcaption"}:
            block.kind = "caption"
        elif tag == "dd":
            block.kind, block.level, block.term = "list_item", 1, self._term
        elif tag in {"option", "button", "select", "optgroup"}:
            block.kind = "menu"
        elif self._lists and _inside_item(container):
            marker, level, fresh = self._item
            block.kind, block.level, block.marker = "list_item", level, marker if fresh else ""
            self._item = (marker, level, False)
        elif len(block.text) <= TITLE_LENGTH and (level := unit_level(block.text)):
            block.kind, block.level = "heading", level
        elif (
            block.bold_chars >= max(1, len(block.text) - 2)
            and len(block.text) <= TITLE_LENGTH
            and block.text[-1] not in ".;,،؛。；"
        ):
            block.kind, block.level = "heading", 6

    def _add_rows(self, table: Any) -> None:
        for row in table_rows(table, self._silent):
            if self._sought:
                self._anchor_all(row.element)
            self.nodes += 1
            self.blocks.append(self._row_block(row))
        if self._sought:
            self._anchor_all(table)  # those in rows without text

    def _anchor_all(self, parent: Any) -> None:
        """Note sought elements inside a table, which is not walked, at the row that comes next."""
        for element in parent.iter():
            if element in self._sought:
                self._sought.remove(element)
                self.anchors.append(Anchor(element, len(self.blocks), 0))

    def _row_block(self, row: Row) -> RawBlock:
        return RawBlock(
            text=row.text, container=self._open[-1], kind="caption" if row.is_caption else "table_row",
            language=self._languages[-1][1] if self._languages else "", link_chars=min(row.link_chars, len(row.text)),
            links=row.links, gaps=row.gaps, reading=row.reading,
        )  # fmt: skip


@dataclass(frozen=True)
class PageBlocks:
    """The blocks of a page, all its containers (each at the index of its `order`), and whether the page was cut."""

    blocks: list[RawBlock]
    containers: list[Container]
    truncated: bool
    anchors: list[Anchor]
    nodes: int
    """Elements that were met; a row of a data table counts as one."""


def collect_blocks(
    root: etree._Element, max_nodes: int, sought: Collection[Any] = (), silent: Collection[Any] = ()
) -> PageBlocks:
    """Return the blocks of a page, and where elements of it that are sought stand; elements after the first
    `max_nodes` are left out.

    The text of elements that are `silent` stays in the blocks, and is no part of the sentence around it.
    """
    collector = BlockCollector(root, max_nodes, sought, silent)
    blocks = collector.collect()
    return PageBlocks(blocks, collector.containers, collector.truncated, collector.anchors, collector.nodes)


def _cut_to(length: int, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, cut to the length of their text."""
    return sorted((start, min(end, length)) for start, end in spans if start < min(end, length))


def ancestors(container: Container) -> Iterator[Container]:
    """Return a container and all around it, innermost first."""
    found: Container | None = container
    while found is not None:
        yield found
        found = found.parent


def _declared_languages(root: etree._Element) -> dict[Any, str]:
    """Return the elements that declare a language; few do, so they are sought once."""
    found = {}
    speaking: Any = _SPEAKING(root)
    for element in speaking:
        language = element.get("lang") or element.get(_XML_LANG)
        if language is None:
            language = element.get("xml:lang")
        if language:
            found[element] = language.strip().lower()[:35]
    return found


def _inside_item(container: Container) -> bool:
    return any(found.tag == "li" for found, _ in zip(ancestors(container), range(4), strict=False))


def _first_number(element: Any) -> int:
    start = element.get("start", "1")
    return int(start) if start.lstrip("-").isdecimal() and len(start) < 7 else 1


def _numeral(number: int, style: str) -> str:
    if style in {"a", "A"} and 0 < number < 27:
        return chr(ord(style) + number - 1)
    if style in {"i", "I"} and 0 < number < 400:
        roman = ""
        for value, sign in (
            (100, "c"),
            (90, "xc"),
            (50, "l"),
            (40, "xl"),
            (10, "x"),
            (9, "ix"),
            (5, "v"),
            (4, "iv"),
            (1, "i"),
        ):
            roman += sign * (number // value)
            number %= value
        return roman if style == "i" else roman.upper()
    return str(number)
