"""OpenDocument text: paragraphs, headings, lists, tables, notes.

Belongs here: ODF's text content. Does not belong here: unpacking (`office_package`), pages (`office_rendition`).
"""

from __future__ import annotations

from typing import Any

from extractors.layout import Kind, Layout, LayoutBuilder, unreadable
from extractors.office_package import Package, PackageError, refuse_encrypted
from extractors.office_rendition import with_pages
from extractors.office_tables import add_table
from extractors.request import ReadRequest

FORMAT = "odt"
KIND = "OpenDocument text"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_META = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_SKIPPED = frozenset({f"{TEXT}tracked-changes", f"{OFFICE}annotation", f"{TEXT}note", f"{TEXT}bookmark", f"{DRAW}frame",
                      f"{TEXT}ruby-text"})  # fmt: skip
_INDEXES = frozenset({f"{TEXT}table-of-content", f"{TEXT}illustration-index", f"{TEXT}table-index",
                      f"{TEXT}alphabetical-index", f"{TEXT}user-index"})  # fmt: skip
_MAX_DEPTH = 60


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of an OpenDocument text; bad input is a layout with a status and a sentence."""
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
        self._notes: list[Any] = []
        self._nodes = 0
        self._titles = _title_styles(package)
        self._title = ""

    def read(self) -> Layout:
        refuse_encrypted(self._package, KIND)
        root = self._package.xml("content.xml")
        body = None if root is None else root.find(f"{OFFICE}body/{OFFICE}text")
        if body is None:
            raise PackageError("damaged", f"The {KIND} is damaged: it has no text part.")
        self._add_all(body, 0, "paragraph", 0)
        for note in self._notes:
            self._add_all(note, 0, "paragraph", 0)
        text = self._builder.text
        if not text.strip():
            return unreadable(FORMAT, "no_text", f"The {KIND} holds no text; it may hold pictures of text.")
        metadata = _metadata(self._package)
        headings = [block for block in self._builder.blocks if block.kind == "heading"]
        return Layout(
            format=FORMAT, text=text, blocks=self._builder.blocks, title=self._title or metadata.get("title", ""),
            metadata=metadata,
            outline=tuple("  " * (block.level - 1) + text[block.start : block.end] for block in headings[:2000]),
        )  # fmt: skip

    def _add_all(self, parent: Any, depth: int, kind: Kind, level: int) -> None:
        if depth > _MAX_DEPTH:
            return
        for child in parent:
            tag = child.tag
            if tag == f"{TEXT}h":
                self._add_paragraph(child, "heading", _level(child), depth)
            elif tag == f"{TEXT}p":
                self._add_paragraph(child, kind, level, depth)
            elif tag == f"{TEXT}list":
                self._add_all(child, depth + 1, "list_item", level + 1)
            elif tag == f"{TABLE}table":
                self._add_table(child, depth)
            elif tag in _INDEXES:
                self._add_all(child, depth + 1, "contents", 0)
            elif isinstance(tag, str) and tag not in _SKIPPED:
                self._add_all(child, depth + 1, kind, level)

    def _add_paragraph(self, element: Any, kind: Kind, level: int, depth: int) -> None:
        self._nodes += 1
        limits = self._request.limits
        if self._nodes > limits.nodes or self._builder.position > limits.characters:
            raise PackageError("too_large", f"The {KIND} has more than {limits.nodes:,} parts or too much text.")
        parts: list[str] = []
        frames: list[Any] = []
        self._collect(element, parts, frames, 0)
        text = "".join(parts).strip()
        if text:
            if kind == "paragraph" and element.get(f"{TEXT}style-name") in self._titles:
                kind = "title"
                self._title = self._title or " ".join(text.split())[:300]
            self._builder.add(text, kind=kind, level=level)
        for frame in frames:
            self._add_all(frame, depth + 1, "paragraph", 0)

    def _collect(self, element: Any, parts: list[str], frames: list[Any], depth: int) -> None:
        if depth > _MAX_DEPTH:
            return
        parts.append(_flat(element.text))
        for child in element:
            tag = child.tag
            if tag == f"{TEXT}s":
                count = child.get(f"{TEXT}c", "1")
                parts.append(" " * (min(int(count), 1000) if count.isdecimal() else 1))
            elif tag == f"{TEXT}tab":
                parts.append("\t")
            elif tag == f"{TEXT}line-break":
                parts.append("\n")
            elif tag == f"{TEXT}note":
                self._notes += child.findall(f"{TEXT}note-body")
            elif tag == f"{DRAW}frame":
                frames.append(child)
            elif isinstance(tag, str) and tag not in _SKIPPED:
                self._collect(child, parts, frames, depth + 1)
            parts.append(_flat(child.tail))

    def _add_table(self, table: Any, depth: int) -> None:
        rows: list[list[tuple[str, int]]] = []
        long_cells = 0
        headers = 0
        for row in _rows(table):
            cells = []
            for cell in row:
                if cell.tag != f"{TABLE}table-cell":
                    continue
                paragraphs = self._paragraphs(cell)
                long_cells += sum(len(paragraph) > 80 for paragraph in paragraphs) > 2
                cells.append((" ".join(" ".join(paragraphs).split()), _span(cell)))
            if cells:
                headers += row.getparent().tag == f"{TABLE}table-header-rows"
                rows.append(cells)
        if long_cells or all(len(row) == 1 for row in rows):
            for row in _rows(table):
                for cell in row:
                    self._add_all(cell, depth + 1, "paragraph", 0)
            return
        add_table(self._builder, rows, header_rows=headers or None)

    def _paragraphs(self, cell: Any) -> list[str]:
        found = []
        for element in cell.iter(f"{TEXT}p", f"{TEXT}h"):
            parts: list[str] = []
            self._collect(element, parts, [], 0)
            found.append("".join(parts))
        return found


def _flat(text: str | None) -> str:
    """White space of XML source is one space; tabs and breaks have elements of their own."""
    if not text:
        return ""
    return " ".join(text.split()) if text.isspace() else _keep_ends(text)


def _keep_ends(text: str) -> str:
    inner = " ".join(text.split())
    return (" " if text[0].isspace() else "") + inner + (" " if text[-1].isspace() else "")


def _level(heading: Any) -> int:
    value = heading.get(f"{TEXT}outline-level", "1")
    return min(max(int(value), 1), 9) if value.isdecimal() else 1


def _rows(table: Any) -> list[Any]:
    """Rows of this table, not of tables inside its cells."""
    groups = (f"{TABLE}table-header-rows", f"{TABLE}table-rows", f"{TABLE}table-row-group")
    found = []
    for child in table:
        if child.tag == f"{TABLE}table-row":
            found.append(child)
        elif child.tag in groups:
            found += _rows(child)
    return found


def _span(cell: Any) -> int:
    value = cell.get(f"{TABLE}number-columns-spanned", "1")
    return max(1, min(int(value), 60)) if value.isdecimal() and len(value) < 4 else 1


def _title_styles(package: Package) -> frozenset[str]:
    """Names of the paragraph style Title and of automatic styles made from it."""
    root = package.xml("content.xml")
    names = {"Title"}
    for style in () if root is None else root.iter(f"{STYLE}style"):
        if style.get(f"{STYLE}parent-style-name") == "Title":
            names.add(style.get(f"{STYLE}name", ""))
    return frozenset(names)


def _metadata(package: Package) -> dict[str, str]:
    root = package.xml("meta.xml")
    if root is None:
        return {}
    names = {"title": f"{_DC}title", "author": f"{_DC}creator", "subject": f"{_DC}subject", "modified": f"{_DC}date",
             "created": f"{_META}creation-date"}  # fmt: skip
    found = {name: next((" ".join((e.text or "").split()) for e in root.iter(tag)), "") for name, tag in names.items()}
    return {name: value[:500] for name, value in found.items() if value}
