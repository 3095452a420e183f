"""Parsing repository pages inside a worker process, with its limits and without network.

Belongs here: the two ends of that conversation. Does not belong here: parsing (`parsing`), or the worker itself
(`extractors.worker`, `extractors.isolation`).
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from pydantic import TypeAdapter

from extractors.reader import ReaderPool
from extractors.repositories.found import FoundRow, UnknownShapeError
from extractors.repositories.parsing import MarkupShape, Parse, parse_rows

_SHAPE: TypeAdapter[MarkupShape] = TypeAdapter(MarkupShape)


def answer_rows(payload: bytes, header: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Return what a worker answers to a request for rows: the rows as JSON, or the selector that does not fit."""
    shape = _SHAPE.validate_python(header["shape"])
    try:
        title, found = parse_rows(payload, shape, header["address"])
    except UnknownShapeError as error:
        return {"ok": True, "selector": error.selector, "reason": error.reason}, b""
    rows = json.dumps([asdict(row) for row in found], ensure_ascii=False)
    return {"ok": True, "title": title}, rows.encode("utf-8", "surrogatepass")


def isolated_parse(pool: ReaderPool) -> Parse:
    """Return a parser that works in the pool's workers; a page that breaks a worker is of an unknown shape."""

    def parse(payload: bytes, shape: MarkupShape, address: str) -> tuple[str, list[FoundRow]]:
        answer, body = pool.ask_rows(payload, _SHAPE.dump_python(shape, mode="json"), address)
        if not answer["ok"]:
            raise UnknownShapeError(shape.kind, str(answer["error"]))
        if "selector" in answer:
            raise UnknownShapeError(answer["selector"], answer["reason"])
        return answer["title"], [_row(values) for values in json.loads(body.decode("utf-8", "surrogatepass"))]

    return parse


def _row(values: dict[str, Any]) -> FoundRow:
    country = tuple((str(way), str(text)) for way, text in values["country"])
    return FoundRow(text=values["text"], country=country, fields=values["fields"], link=values["link"])
