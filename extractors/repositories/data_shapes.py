"""Rows of JSON, CSV and XML documents.

Belongs here: documents whose publisher gives a schema. Does not belong here: web pages (`html_shapes`).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from extractors.repositories.found import SEPARATOR, FoundRow, UnknownShapeError, web_link
from sources.repository import CsvShape, JsonShape, XmlTableShape

MAX_CELL = 2_000


def json_rows(payload: bytes, shape: JsonShape) -> list[FoundRow]:
    """Return the objects under `shape.rows`; raises UnknownShapeError naming the key that is missing."""
    try:
        document = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise UnknownShapeError(shape.rows, f"the page is not JSON ({error})") from error
    rows = [_json_row(item, shape) for item in _under(document, shape.rows)]
    if not rows and not shape.may_be_empty:
        raise UnknownShapeError(shape.rows, "the list is empty")
    return rows


def _under(document: Any, path: str) -> Iterator[dict[str, Any]]:
    places = [document]
    for key in path.split("."):
        inner: list[Any] = []
        for place in places:
            if key == "*" and isinstance(place, list):
                inner.extend(place)
            elif isinstance(place, dict) and key in place:
                inner.append(place[key])
            else:
                raise UnknownShapeError(path, f"there is no {key!r}")
        places = inner
    for place in places:
        if not isinstance(place, list):
            raise UnknownShapeError(path, "this is not a list")
        for item in place:
            if not isinstance(item, dict):
                raise UnknownShapeError(path, "the list holds something else than objects")
            yield item


def _json_row(item: dict[str, Any], shape: JsonShape) -> FoundRow:
    if shape.fields[shape.country] not in item:
        raise UnknownShapeError(f"{shape.rows}.{shape.fields[shape.country]}", "an object has no such key")
    fields = {name: _scalar(item.get(key)) for name, key in shape.fields.items()}
    return FoundRow(
        text=SEPARATOR.join(value for value in fields.values() if value),
        country=((shape.country_by, fields[shape.country]),),
        fields=fields,
        link=web_link(fields.get(shape.link, "")) if shape.link else "",
    )


def _scalar(value: Any) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return " ".join(str(value).split())[:MAX_CELL]


def csv_rows(payload: bytes, shape: CsvShape) -> list[FoundRow]:
    """Return the lines of a CSV file; raises UnknownShapeError naming the header that is missing."""
    try:
        lines = csv.reader(io.StringIO(payload.decode("utf-8-sig")), strict=True)
        header = next(lines, [])
        places = {name: _place(column, header) for name, column in shape.columns.items()}
        rows = [_csv_row(line, places, shape) for line in lines if any(cell.strip() for cell in line)]
    except (csv.Error, UnicodeDecodeError) as error:
        raise UnknownShapeError(shape.columns[shape.country], f"the page is not CSV in UTF-8 ({error})") from error
    if not rows:
        raise UnknownShapeError(shape.columns[shape.country], "the file has a header and no lines")
    return rows


def _place(column: str, header: list[str]) -> int:
    for place, cell in enumerate(header):
        if cell.strip().casefold() == column.casefold():
            return place
    raise UnknownShapeError(column, f"the header has no such column; it has {', '.join(header)[:200]}")


def _csv_row(line: list[str], places: dict[str, int], shape: CsvShape) -> FoundRow:
    fields = {name: " ".join(line[at].split()) if at < len(line) else "" for name, at in places.items()}
    return FoundRow(
        text=SEPARATOR.join(fields.values()), country=((shape.country_by, fields[shape.country]),), fields=fields
    )


def xml_rows(payload: bytes, shape: XmlTableShape) -> list[FoundRow]:
    """Return the rows of a table in XML; raises UnknownShapeError naming the path or header that is missing."""
    root = _xml_root(payload, shape)
    header = [_cell_text(cell) for cell in root.findall(shape.header)]
    if not header:
        raise UnknownShapeError(shape.header, "there is no such header")
    places = {name: _header_place(column, header, shape) for name, column in shape.columns.items()}
    rows = []
    for element in root.findall(shape.rows):
        cells = [_cell_text(cell) for cell in element.findall(shape.cell)]
        if len(cells) < len(header):
            raise UnknownShapeError(shape.rows, f"a row has {len(cells)} cells where the header has {len(header)}")
        fields = {name: cells[at] for name, at in places.items()}
        text = SEPARATOR.join(value for value in fields.values() if value)
        rows.append(FoundRow(text=text, country=((shape.country_by, fields[shape.country]),), fields=fields))
    if not rows:
        raise UnknownShapeError(shape.rows, "there are no such rows")
    return rows


def _xml_root(payload: bytes, shape: XmlTableShape) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(payload, parser)
    except etree.XMLSyntaxError as error:
        raise UnknownShapeError(shape.rows, f"the page is not XML ({error.msg})") from error


def _header_place(column: str, header: list[str], shape: XmlTableShape) -> int:
    for place, cell in enumerate(header):
        if cell.casefold().startswith(column.casefold()):
            return place
    raise UnknownShapeError(f"{shape.header} {column!r}", f"the header is {' | '.join(header)[:200]}")


def _cell_text(element: Any) -> str:
    """Return a cell's text without footnote marks, which stand in <superscript>, written as markup or escaped."""
    text = "".join(element.itertext())
    text = re.sub(r"<superscript>.*?</superscript>", "", text)
    return " ".join(re.sub(r"<[^<>]{0,80}>", "", text).split())[:MAX_CELL]
