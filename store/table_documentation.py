"""`docs/tables.md`, made from the row classes, so that documentation and tables cannot part.

Belongs here: the Markdown of every table. Does not belong here: any sentence about a particular column (`tables`).

Run `python -m store.table_documentation` after a change of a table; a test compares the page with the classes.
"""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from store.desk import VIEWS
from store.row_schema import Column, columns
from store.tables import TABLES, Table

PAGE = Path(__file__).parents[1] / "docs" / "tables.md"

_OPENING = """# Tables

Made by `python -m store.table_documentation` from `store/tables.py`; do not edit.

Every table lies in the lake as Parquet, one file a table and partition (`lake/<table>/<partition>.parquet`), and in
`desk.duckdb` as one table. Offsets are Unicode code points, half open, into the document's text layer:
`text[start:end]`. Times are UTC.
"""

_TYPE_WORDS = (
    (pa.types.is_string, "text"), (pa.types.is_integer, "whole number"), (pa.types.is_floating, "number"),
    (pa.types.is_boolean, "true or false"), (pa.types.is_timestamp, "time"), (pa.types.is_date, "date"),
)  # fmt: skip


def tables_as_markdown() -> str:
    """Return the page: a section a table with its partition, its key and a line a column."""
    contents = ", ".join(f"[{table.name}](#{table.name})" for table in TABLES)
    return "\n".join([_OPENING, contents, "", *(_section(table) for table in TABLES), _views()]).rstrip() + "\n"


def _section(table: Table) -> str:
    key = f"Key: {', '.join(table.key)}." if table.key else "No key: a row is an event."
    lines = [f"## {table.name}", "", f"{table.doc} One file a {table.partition}. {key}", ""]
    lines += ["| column | type | what it holds |", "| --- | --- | --- |"]
    lines += [f"| {column.name} | {type_in_words(column)} | {_escape(column.doc)} |" for column in columns(table.row)]
    return "\n".join([*lines, ""])


def _views() -> str:
    lines = ["## Views", "", "In `desk.duckdb` only.", "", "| view | what a row is |", "| --- | --- |"]
    return "\n".join([*lines, *(f"| {name} | {_escape(doc)} |" for name, (doc, _) in VIEWS.items())])


def type_in_words(column: Column) -> str:
    """Return a column's type in words, such as `list of text` or `date, or empty`."""
    if pa.types.is_list(column.type):
        return f"list of {_word(column.type.value_type)}"
    return _word(column.type) + (", or empty" if column.nullable else "")


def _word(kind: pa.DataType) -> str:
    return next((word for fits, word in _TYPE_WORDS if fits(kind)), str(kind))


def _escape(text: str) -> str:
    return text.replace("|", "\\|")


def main() -> None:
    """Write the page."""
    PAGE.write_text(tables_as_markdown(), encoding="utf-8")
    print(f"{PAGE}: {len(TABLES)} tables")


if __name__ == "__main__":
    main()
