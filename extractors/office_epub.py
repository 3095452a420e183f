"""EPUB: the chapters of a book in reading order.

Belongs here: container, package document, spine. Does not belong here: XHTML (`html_blocks`), unpacking
(`office_package`), page lists (`epub_pages`), pages of books without one (`office_rendition`).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from extractors.epub_pages import OPF, listed_pages, marks_of, pages_of, resolve, shown_labels
from extractors.html_blocks import PageBlocks, RawBlock, collect_blocks
from extractors.html_source import parse_tree
from extractors.layout import Layout, LayoutBuilder, unreadable
from extractors.office_package import Package, PackageError
from extractors.office_rendition import render_flow, with_flow_pages
from extractors.request import ReadLimits, ReadRequest
from extractors.text_encoding import decode
from store.readings import Page

FORMAT = "epub"
KIND = "EPUB book"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_ENCRYPTION = "{http://www.w3.org/2001/04/xmlenc#}"
_FONT_MASKS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_EMPTY = re.compile(r"<(?:script|style|title|textarea|iframe|template)\b[^<>]*/>", re.IGNORECASE)
"""Elements that XHTML may close at once, and HTML never: there the rest of the chapter would be their content."""

_CUT = f"The {KIND} has more text or elements than the limit; only its first part was read."
_CONTENTS = 3
"""So many references one after the other are a table of contents."""
_ELSEWHERE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of a book; bad input is a layout with a status and a sentence."""
    try:
        layout, chapters = _lay_out(Package(payload, request.limits, KIND), request)
    except PackageError as error:
        return unreadable(FORMAT, error.status, str(error))
    return layout if layout.pages else with_flow_pages(layout, chapters, request)


def rendition(payload: bytes, request: ReadRequest) -> bytes:
    """Return the PDF that a book's page numbers come from; empty when they are those of the print, or there is none."""
    try:
        layout, chapters = _lay_out(Package(payload, request.limits, KIND), request)
    except PackageError:
        return b""
    return b"" if layout.pages else render_flow(layout, chapters)


class _Chapters:
    """Chapters put one after the other, with the printed pages that begin in them."""

    def __init__(self) -> None:
        self.builder = LayoutBuilder()
        self.outline: list[str] = []
        self.first_blocks: set[int] = set()
        self._breaks: list[tuple[int, str]] = []

    def add(self, page: PageBlocks, marks: dict[Any, str]) -> None:
        """Add the blocks of a chapter; `marks` are its elements at which a printed page begins."""
        titles = sum(1 for _ in itertools.takewhile(lambda block: block.kind == "title", page.blocks))
        self.first_blocks.add(len(self.builder.blocks) + titles)
        contents = _contents_lines(page.blocks)
        places = [self._add_block(block, index in contents) for index, block in enumerate(page.blocks)]
        for anchor in page.anchors:
            place = places[anchor.block] + anchor.start if anchor.block < len(places) else self.builder.position
            self._breaks.append((place, marks[anchor.element]))

    def _add_block(self, block: RawBlock, is_contents: bool) -> int:
        """Add a block and return where it begins."""
        is_number = (0, len(block.text)) in block.gaps  # of a page, and nothing else
        is_title = block.kind == "title"  # of the file, not of the chapter: a reading program does not show it
        if block.kind == "heading" and not is_number:
            self.outline.append("  " * max(0, block.level - 1) + block.text)
        return self.builder.add(
            block.text, kind="menu" if is_number else "contents" if is_contents else block.kind,
            role="navigation" if is_number or is_title else "main",
            level=block.level, marker=block.marker, reading=block.reading, language=block.language,
            gaps=() if is_number else tuple(block.gaps),
        ).start  # fmt: skip

    def pages(self) -> tuple[Page, ...]:
        """Return the printed pages, none where the book names none."""
        return pages_of(self._breaks, self.builder.position)


def _contents_lines(blocks: Sequence[RawBlock]) -> frozenset[int]:
    """Return the blocks that are lines of a table of contents: runs of items that are nothing but a link into the
    book.
    """
    found: set[int] = set()
    for linked, run in itertools.groupby(range(len(blocks)), key=lambda index: _is_reference(blocks[index])):
        members = list(run)
        if linked and len(members) >= _CONTENTS:
            found.update(members)
    return frozenset(found)


def _is_reference(block: RawBlock) -> bool:
    return (
        block.kind in {"list_item", "paragraph"}
        and bool(block.links)
        and block.link_chars >= 0.9 * len(block.text)
        and all(href and not _ELSEWHERE.match(href) for _, _, href in block.links)
    )


def _lay_out(package: Package, request: ReadRequest) -> tuple[Layout, frozenset[int]]:
    """Return the layout of a book and the blocks with which its chapters begin."""
    if _is_locked(package):
        raise PackageError("encrypted", f"The {KIND} is locked (digital rights); ask the publisher for an open copy.")
    path, book = _package_document(package)
    chapters, is_whole = _read_chapters(package, path, book, request.limits)
    text = chapters.builder.text
    if not text.strip():
        raise PackageError("no_text", f"The {KIND} holds no text.")
    metadata = {name: value for name in ("creator", "publisher", "date") if (value := _first(book, name))}
    layout = Layout(
        format=FORMAT, reason="" if is_whole else _CUT, text=text, blocks=chapters.builder.blocks,
        title=_first(book, "title"), outline=tuple(chapters.outline[:2000]),
        language=_first(book, "language").split("-")[0].lower(), metadata=metadata,
    )  # fmt: skip
    return _with_printed_pages(layout, chapters.pages()), frozenset(chapters.first_blocks)


def _read_chapters(package: Package, path: str, book: Any, limits: ReadLimits) -> tuple[_Chapters, bool]:
    """Return the chapters of a book up to the limits, and whether these are all."""
    labels = listed_pages(package, path, book)
    chapters = _Chapters()
    nodes = limits.nodes
    for name in _spine(path, book):
        if nodes <= 0 or chapters.builder.position > limits.characters:
            return chapters, False
        content = package.read(name)
        source = "" if content is None else decode(content, declared_charset="", is_markup=True).text
        tree = parse_tree(_EMPTY.sub("", source[: limits.characters])) if source else None
        if tree is None:
            continue
        marks = marks_of(tree.root, labels.get(name, {}))
        page = collect_blocks(tree.root, nodes, marks, shown_labels(marks))
        chapters.add(page, marks)
        if page.truncated or len(source) > limits.characters:
            return chapters, False
        nodes -= page.nodes
    return chapters, True


def _with_printed_pages(layout: Layout, pages: Sequence[Page]) -> Layout:
    if not pages:
        return layout
    blocks = []
    position = -1
    for block in layout.blocks:
        while position + 1 < len(pages) and pages[position + 1].start <= block.start:
            position += 1
        here = pages[position] if position >= 0 and block.start < pages[position].end else None
        blocks.append(block._replace(page=here.number if here else None))
    return replace(
        layout, blocks=tuple(blocks), pages=tuple(pages),
        metadata={**layout.metadata, "pages": "of the printed book, by its own page list"},
    )  # fmt: skip


def _is_locked(package: Package) -> bool:
    """Tell whether more than fonts is encrypted: these are only made unusable elsewhere, and nobody reads them."""
    rights = package.xml("META-INF/encryption.xml")
    methods = () if rights is None else rights.iter(f"{_ENCRYPTION}EncryptedData")
    for data in methods:
        method = data.find(f"{_ENCRYPTION}EncryptionMethod")
        if method is None or method.get("Algorithm") not in _FONT_MASKS:
            return True
    return False


def _package_document(package: Package) -> tuple[str, Any]:
    container = package.xml("META-INF/container.xml")
    entry = None if container is None else container.find(f"{_CONTAINER}rootfiles/{_CONTAINER}rootfile")
    path = "" if entry is None else entry.get("full-path", "")
    book = package.xml(path) if path else None
    if book is None:
        raise PackageError("damaged", f"The {KIND} is damaged: it has no package document.")
    return path, book


def _spine(path: str, book: Any) -> list[str]:
    items = {item.get("id"): item.get("href", "") for item in book.iter(f"{OPF}item")}
    names = []
    for reference in book.iter(f"{OPF}itemref"):
        href = items.get(reference.get("idref"), "")
        if href:
            names.append(resolve(path, href)[0])
    return list(dict.fromkeys(names))


def _first(book: Any, name: str) -> str:
    return next((" ".join((element.text or "").split())[:500] for element in book.iter(f"{_DC}{name}")), "")
