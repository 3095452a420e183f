"""EPUB: the chapters of a book in reading order.

Belongs here: container, package document, spine. Does not belong here: XHTML (`html_blocks`), unpacking
(`office_package`).
"""

from __future__ import annotations

import posixpath
from typing import Any
from urllib.parse import unquote

from extractors.html_blocks import collect_blocks
from extractors.html_source import parse_tree
from extractors.layout import Layout, LayoutBuilder, unreadable
from extractors.office_package import Package, PackageError
from extractors.request import ReadRequest
from extractors.text_encoding import decode

FORMAT = "epub"
KIND = "EPUB book"
_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of a book; bad input is a layout with a status and a sentence."""
    try:
        return _lay_out(Package(payload, request.limits, KIND), request)
    except PackageError as error:
        return unreadable(FORMAT, error.status, str(error))


def _lay_out(package: Package, request: ReadRequest) -> Layout:
    if package.read("META-INF/encryption.xml") is not None and b"EncryptedData" in (
        package.read("META-INF/encryption.xml") or b""
    ):
        raise PackageError("encrypted", f"The {KIND} is locked (digital rights); ask the publisher for an open copy.")
    path, book = _package_document(package)
    builder = LayoutBuilder()
    nodes = request.limits.nodes
    outline: list[str] = []
    for name in _spine(path, book):
        chapter = package.read(name)
        tree = None if chapter is None else parse_tree(decode(chapter, declared_charset="", is_markup=True).text)
        if tree is None:
            continue
        blocks = collect_blocks(tree.root, nodes).blocks
        nodes -= len(blocks)
        for block in blocks:
            builder.add(
                block.text, kind=block.kind, level=block.level, marker=block.marker, reading=block.reading,
                language=block.language,
            )  # fmt: skip
            if block.kind == "heading":
                outline.append("  " * max(0, block.level - 1) + block.text)
        if nodes <= 0 or builder.position > request.limits.characters:
            break
    if not builder.text.strip():
        raise PackageError("no_text", f"The {KIND} holds no text.")
    return Layout(
        format=FORMAT, text=builder.text, blocks=builder.blocks, title=_first(book, "title"),
        outline=tuple(outline[:2000]),
        language=_first(book, "language").split("-")[0].lower(),
        metadata={name: value for name in ("creator", "publisher", "date") if (value := _first(book, name))},
    )  # fmt: skip


def _package_document(package: Package) -> tuple[str, Any]:
    container = package.xml("META-INF/container.xml")
    entry = None if container is None else container.find(f"{_CONTAINER}rootfiles/{_CONTAINER}rootfile")
    path = "" if entry is None else entry.get("full-path", "")
    book = package.xml(path) if path else None
    if book is None:
        raise PackageError("damaged", f"The {KIND} is damaged: it has no package document.")
    return path, book


def _spine(path: str, book: Any) -> list[str]:
    folder = posixpath.dirname(path)
    items = {item.get("id"): item.get("href", "") for item in book.iter(f"{_OPF}item")}
    names = []
    for reference in book.iter(f"{_OPF}itemref"):
        href = items.get(reference.get("idref"), "")
        if href:
            names.append(posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0]))))
    return list(dict.fromkeys(names))


def _first(book: Any, name: str) -> str:
    return next((" ".join((element.text or "").split())[:500] for element in book.iter(f"{_DC}{name}")), "")
