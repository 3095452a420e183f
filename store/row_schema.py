"""Arrow schemas and documentation derived from the row classes of `tables`.

Belongs here: the mapping of Python annotations to Arrow types. Does not belong here: any particular table.
"""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, dataclass, fields
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import pyarrow as pa

from store.errors import MissingDataError

Row = TypeVar("Row")

_SCALARS: dict[type, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
    date: pa.date32(),
}


@dataclass(frozen=True)
class Column:
    """A column: name, Arrow type, whether it may be null, and its sentence."""

    name: str
    type: pa.DataType
    nullable: bool
    doc: str


@cache
def columns(row: type) -> tuple[Column, ...]:
    """Return the columns of a row class in the order in which its fields are declared."""
    hints = get_type_hints(row, include_extras=True)
    return tuple(_column(spec.name, hints[spec.name]) for spec in fields(row))


def _column(name: str, hint: Any) -> Column:
    doc = ""
    if get_origin(hint) is typing.Annotated:
        hint, doc = get_args(hint)[0], get_args(hint)[1]
    nullable = False
    if get_origin(hint) in (types.UnionType, typing.Union):
        inner = [arg for arg in get_args(hint) if arg is not type(None)]
        if len(inner) != 1:
            raise TypeError(f"column {name}: {hint} has no Arrow type")
        hint, nullable = inner[0], True
    if get_origin(hint) is tuple:
        return Column(name, pa.list_(_SCALARS[get_args(hint)[0]]), nullable, doc)
    return Column(name, _SCALARS[hint], nullable, doc)


@cache
def arrow_schema(row: type) -> pa.Schema:
    """Return the Arrow schema of a row class; the sentences travel as field metadata."""
    return pa.schema(
        [pa.field(c.name, c.type, nullable=c.nullable, metadata={"doc": c.doc}) for c in columns(row)],
        metadata={"doc": (row.__doc__ or "").strip()},
    )


def to_arrow(row: type, rows: typing.Sequence[Any]) -> pa.Table:
    """Return rows as an Arrow table of exactly the row class's schema; raises pa.ArrowInvalid on a wrong value."""
    schema = arrow_schema(row)
    arrays = [pa.array([getattr(item, name) for item in rows], type=schema.field(name).type) for name in schema.names]
    return pa.Table.from_arrays(arrays, schema=schema)


def from_arrow(row: type[Row], table: pa.Table) -> list[Row]:
    """Return an Arrow table as row objects: lists become tuples, times become aware of UTC.

    A table of an earlier version lacks columns: they take their default. Raises MissingDataError where a column that is
    lacking has none.
    """
    known: type = row
    present = set(table.column_names)
    names = [c.name for c in columns(known) if c.name in present]
    needed = [f.name for f in fields(known) if f.name not in present and f.default is MISSING]
    if needed:
        raise MissingDataError(
            f"A table of {known.__name__} was written by an earlier version and lacks {', '.join(needed)}. "
            "Make it anew: 'gcidesk research ISO3 --fresh'."
        )
    lists = {c.name for c in columns(known) if pa.types.is_list(c.type)}
    return [
        row(**{name: _plain(record[name], name in lists) for name in names})
        for record in table.select(names).to_pylist()
    ]


def to_plain(row: Any) -> dict[str, Any]:
    """Return a row as values that JSON knows: times and days become ISO text."""
    known: type = type(row)
    given = {column.name: getattr(row, column.name) for column in columns(known)}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}


def from_plain(row: type[Row], values: dict[str, Any]) -> Row:
    """Return the row that `to_plain` made plain; a column that `values` lacks takes its default."""
    known: type = row
    given = dict(values)
    for column in columns(known):
        value = given.get(column.name)
        if value is None:
            continue
        if pa.types.is_list(column.type):
            given[column.name] = tuple(value)
        elif pa.types.is_timestamp(column.type):
            given[column.name] = datetime.fromisoformat(value)
        elif pa.types.is_date32(column.type):
            given[column.name] = date.fromisoformat(value)
    return row(**given)


def _plain(value: Any, is_list: bool) -> Any:
    if is_list and value is not None:
        return tuple(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return value
