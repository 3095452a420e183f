"""Markup and data of a page to rows, by shape.

Belongs here: which parser a shape has. Does not belong here: texts (`text_shapes`), what rows mean (`attribution`), or
the process in which this runs (`isolated`).
"""

from __future__ import annotations

from collections.abc import Callable

from extractors.repositories.data_shapes import csv_rows, json_rows, xml_rows
from extractors.repositories.found import FoundRow
from extractors.repositories.html_shapes import generic_rows, link_rows, parse_page, profile_rows, table_rows
from sources.repository import (
    CsvShape,
    GenericShape,
    JsonShape,
    LinksShape,
    ProfileShape,
    TableShape,
    XmlTableShape,
)

MarkupShape = TableShape | LinksShape | GenericShape | ProfileShape | JsonShape | CsvShape | XmlTableShape
Parse = Callable[[bytes, MarkupShape, str], tuple[str, list[FoundRow]]]
"""Payload, shape and address to the page's title and its rows; raises UnknownShapeError naming the selector."""


def parse_rows(payload: bytes, shape: MarkupShape, address: str) -> tuple[str, list[FoundRow]]:
    """Return a page's title and its rows; raises UnknownShapeError naming the selector that it does not fit."""
    if isinstance(shape, JsonShape):
        return "", json_rows(payload, shape)
    if isinstance(shape, CsvShape):
        return "", csv_rows(payload, shape)
    if isinstance(shape, XmlTableShape):
        return "", xml_rows(payload, shape)
    tree = parse_page(payload)
    title = " ".join(tree.title.get_text(" ").split())[:300] if tree.title else ""
    if isinstance(shape, TableShape):
        return title, table_rows(tree, shape, address)
    if isinstance(shape, LinksShape):
        return title, link_rows(tree, shape, address)
    if isinstance(shape, ProfileShape):
        return title, profile_rows(tree, shape, address)
    return title, generic_rows(tree, shape, address)
