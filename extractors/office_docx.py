"""DOCX: paragraphs, headings, numbered lists, tables, notes.

Belongs here: WordprocessingML. Does not belong here: unpacking (`office_package`), numbers of lists
(`office_numbering`), pages (`office_rendition`).

The text layer is the text of the document as it stands: deleted (tracked) text, field codes and hidden text are not
part of it. Numbers that Word computes for a list stand outside the text and go to `marker`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from extractors.layout import Layout, LayoutBuilder, unreadable
from extractors.office_numbering import Numbering
from extractors.office_package import Package, PackageError
from extractors.office_rendition import with_pages
from extractors.office_tables import add_table
from extractors.request import ReadRequest

FORMAT = "docx"
KIND = "Word file"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CORE = "{http://schemas.openxmlformats.org/package/2006/metadata/core-properties}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
_STRICT = b"http://purl.oclc.org/ooxml/wordprocessingml/main"
_SKIPPED = frozenset({f"{W}del", f"{W}moveFrom", f"{W}instrText", f"{W}delText", f"{W}pPr", f"{W}rPr", f"{W}sectPr",
                      "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"})  # fmt: skip
_HEADING = re.compile(r"(?i)^(?:heading|titre|título|titulo|überschrift|заголовок|标题)\s*(\d)$")
_MAX_DEPTH = 60


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of a Word file; bad input is a layout with a status and a sentence."""
    try:
        package = Package(payload, request.limits, KIND)
        layout = _Reader(package, request).read()
    except PackageError as error:
        return unreadable(FORMAT, error.status, str(error))
    return with_pages(layout, payload, request)


class _Reader:
    """The state of one document under reading."""

    def __init__(self, package: Package, request: ReadRequest) -> None:
        self._package = package
        self._request = request
        self._builder = LayoutBuilder()
        self._styles = _Styles(package.xml("word/styles.xml"))
        self._numbering = Numbering(package.xml("word/numbering.xml"))
        self._nodes = 0
        self._title = ""

    def read(self) -> Layout:
        root = self._package.xml(_main_part(self._package))
        body = None if root is None else root.find(f"{W}body")
        if body is None:
            raise PackageError("damaged", f"The {KIND} is damaged: it has no document part.")
        self._add_all(body, 0)
        for part in ("word/footnotes.xml", "word/endnotes.xml"):
            notes = self._package.xml(part)
            for note in () if notes is None else notes:
                if note.get(f"{W}type") in (None, "normal"):
                    self._add_all(note, 0)
        text = self._builder.text
        if not text.strip():
            return unreadable(FORMAT, "no_text", f"The {KIND} holds no text; it may hold pictures of text.")
        metadata = _core_properties(self._package)
        return Layout(
            format=FORMAT, text=text, blocks=self._builder.blocks, title=self._title or metadata.get("title", ""),
            language=self._styles.language, metadata=metadata, outline=self._outline(),
        )  # fmt: skip

    def _outline(self) -> tuple[str, ...]:
        text = self._builder.text
        headings = [block for block in self._builder.blocks if block.kind == "heading"]
        return tuple(
            "  " * max(0, block.level - 1) + " ".join(text[block.start : block.end].split())[:300]
            for block in headings[:2000]
        )

    def _add_all(self, parent: Any, depth: int) -> None:
        if depth > _MAX_DEPTH:
            return
        for child in parent:
            if child.tag == f"{W}p":
                self._add_paragraph(child, depth)
            elif child.tag == f"{W}tbl":
                self._add_table(child, depth)
            elif child.tag == f"{W}sdt":
                content = child.find(f"{W}sdtContent")
                if content is not None:
                    self._add_all(content, depth + 1)
            elif child.tag in (f"{W}ins", f"{W}moveTo", f"{W}customXml", f"{W}smartTag"):
                self._add_all(child, depth + 1)

    def _count(self) -> None:
        self._nodes += 1
        limits = self._request.limits
        if self._nodes > limits.nodes or self._builder.position > limits.characters:
            raise PackageError("too_large", f"The {KIND} has more than {limits.nodes:,} parts or too much text.")

    def _add_paragraph(self, paragraph: Any, depth: int) -> None:
        self._count()
        text = paragraph_text(paragraph).strip()
        style = self._styles.of(paragraph)
        marker, list_level = self._numbering.next_marker(paragraph, style.numbering)
        if text:
            level = style.heading or _outline_level(paragraph)
            if style.is_title:
                self._builder.add(text, kind="title")
                self._title = self._title or " ".join(text.split())[:300]
            elif style.is_contents:
                self._builder.add(text, kind="contents")
            elif level:
                self._builder.add(text, kind="heading", level=level, marker=marker)
            elif marker or style.is_list:
                self._builder.add(text, kind="list_item", level=list_level + 1, marker=marker)
            elif style.is_caption:
                self._builder.add(text, kind="caption")
            else:
                self._builder.add(text)
        for box in paragraph.iter(f"{W}txbxContent"):
            if not _in_fallback(box):
                self._add_all(box, depth + 1)

    def _add_table(self, table: Any, depth: int) -> None:
        rows = [[_Cell(cell) for cell in _cells(row)] for row in table.iter(f"{W}tr") if _owner(row) is table]
        for _ in rows:
            self._count()
        if _lays_out(rows):
            for row in rows:
                for cell in row:
                    self._add_all(cell.element, depth + 1)
            return
        header_rows = sum(1 for row in table.iter(f"{W}tblHeader") if _owner(row.getparent().getparent()) is table)
        add_table(
            self._builder, [[(cell.text, cell.span) for cell in row] for row in rows], header_rows=header_rows or None
        )


def _main_part(package: Package) -> str:
    """Return the name of the part that the document is in; some programs write `word/document2.xml`."""
    relations = package.xml("_rels/.rels") if "word/document.xml" not in package.names else None
    for relation in () if relations is None else relations.iter("{*}Relationship"):
        if relation.get("Type", "").endswith("/officeDocument"):
            return str(relation.get("Target", "")).lstrip("/")
    return "word/document.xml"


class _Cell:
    """A cell: its text on one line, and how many columns it covers."""

    def __init__(self, element: Any) -> None:
        self.element = element
        paragraphs = [paragraph_text(paragraph) for paragraph in element.iter(f"{W}p")]
        self.text = " ".join(" ".join(paragraphs).split())
        self.long_paragraphs = sum(len(paragraph) > 80 for paragraph in paragraphs)
        span = element.find(f"{W}tcPr/{W}gridSpan")
        value = "1" if span is None else span.get(f"{W}val", "1")
        self.span = max(1, min(int(value), 60)) if value.isdecimal() and len(value) < 4 else 1


def _cells(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == f"{W}tc":
            yield child
        elif child.tag == f"{W}sdt":
            content = child.find(f"{W}sdtContent")
            yield from () if content is None else _cells(content)


def _owner(row: Any) -> Any:
    parent = row.getparent()
    while parent is not None and parent.tag != f"{W}tbl":
        parent = parent.getparent()
    return parent


def _lays_out(rows: list[list[_Cell]]) -> bool:
    """A table whose cells hold several long paragraphs (columns of a gazette) lays out text; it is no data."""
    if not rows:
        return True
    return any(cell.long_paragraphs > 2 or len(cell.text) > 1200 for row in rows for cell in row) or all(
        len(row) == 1 for row in rows
    )


def _in_fallback(element: Any) -> bool:
    return any(
        parent.tag == "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
        for parent in element.iterancestors()
    )


def paragraph_text(paragraph: Any) -> str:
    """Return a paragraph's text: tabs and line breaks kept, deleted and hidden text, codes and text boxes left out."""
    parts: list[str] = []
    _collect(paragraph, parts, 0)
    return "".join(parts)


def _collect(element: Any, parts: list[str], depth: int) -> None:
    if depth > _MAX_DEPTH:
        return
    for child in element:
        tag = child.tag
        if tag == f"{W}t":
            parts.append(child.text or "")
        elif tag == f"{W}tab":
            parts.append("\t")
        elif tag in (f"{W}br", f"{W}cr"):
            parts.append("\n")
        elif tag == f"{W}noBreakHyphen":
            parts.append("\u2011")
        elif tag == f"{W}softHyphen":
            parts.append("\u00ad")
        elif tag == f"{W}sym":
            parts.append(_symbol(child))
        elif tag == f"{W}r" and child.find(f"{W}rPr/{W}vanish") is not None:
            continue
        elif tag not in _SKIPPED and tag != f"{W}txbxContent" and isinstance(tag, str):
            _collect(child, parts, depth + 1)


def _symbol(element: Any) -> str:
    code = element.get(f"{W}char", "")
    return chr(int(code, 16)) if re.fullmatch(r"[0-9A-Fa-f]{4}", code) else ""


def _outline_level(paragraph: Any) -> int:
    level = paragraph.find(f"{W}pPr/{W}outlineLvl")
    value = "9" if level is None else level.get(f"{W}val", "9")
    return int(value) + 1 if value in set("012345678") else 0


class _Style:
    """What a paragraph style says that matters for reading."""

    def __init__(self, name: str, heading: int, numbering: tuple[str, int] | None) -> None:
        lower = name.casefold()
        self.heading = heading
        self.numbering = numbering
        self.is_title = lower in {"title", "titre", "título", "titulo", "название", "标题"}
        self.is_contents = lower.startswith(("toc ", "table of figures", "tm "))
        self.is_caption = lower in {"caption", "légende", "legende"}
        self.is_list = lower.startswith(("list bullet", "list number", "list paragraph"))


class _Styles:
    """Styles of the document, by id, with what they inherit."""

    def __init__(self, root: Any | None) -> None:
        self._elements: dict[str, Any] = {}
        self._known: dict[str, _Style] = {}
        self._default = ""
        self.language = ""
        for style in () if root is None else root.iter(f"{W}style"):
            if style.get(f"{W}type") == "paragraph":
                self._elements[style.get(f"{W}styleId", "")] = style
                if style.get(f"{W}default") in ("1", "true"):
                    self._default = style.get(f"{W}styleId", "")
        lang = None if root is None else root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr/{W}lang")
        if lang is not None:
            self.language = (lang.get(f"{W}val") or "").split("-")[0].lower()[:3]

    def of(self, paragraph: Any) -> _Style:
        """Return the style of a paragraph."""
        element = paragraph.find(f"{W}pPr/{W}pStyle")
        identifier = self._default if element is None else element.get(f"{W}val", "")
        if identifier not in self._known:
            self._known[identifier] = self._resolve(identifier)
        return self._known[identifier]

    def _resolve(self, identifier: str) -> _Style:
        name, heading, numbering = "", 0, None
        seen: set[str] = set()
        while identifier in self._elements and identifier not in seen:
            seen.add(identifier)
            style = self._elements[identifier]
            own = style.find(f"{W}name")
            own_name = "" if own is None else own.get(f"{W}val", "")
            name = name or own_name
            match = _HEADING.match(own_name)
            heading = heading or (int(match.group(1)) if match else _outline_level(style))
            numbering = numbering or _style_numbering(style)
            based = style.find(f"{W}basedOn")
            identifier = "" if based is None else based.get(f"{W}val", "")
        return _Style(name, heading, numbering)


def _style_numbering(style: Any) -> tuple[str, int] | None:
    number = style.find(f"{W}pPr/{W}numPr/{W}numId")
    if number is None:
        return None
    level = style.find(f"{W}pPr/{W}numPr/{W}ilvl")
    value = "0" if level is None else level.get(f"{W}val", "0")
    return number.get(f"{W}val", ""), int(value) if value in set("012345678") else 0


def _core_properties(package: Package) -> dict[str, str]:
    root = package.xml("docProps/core.xml")
    if root is None:
        return {}
    names = {"title": f"{_DC}title", "author": f"{_DC}creator", "subject": f"{_DC}subject",
             "created": f"{_TERMS}created", "modified": f"{_TERMS}modified"}  # fmt: skip
    found = {name: " ".join((root.findtext(tag) or "").split())[:500] for name, tag in names.items()}
    return {name: value for name, value in found.items() if value}
