"""The page of the tables says what the classes say."""

from __future__ import annotations

from store.row_schema import columns
from store.table_documentation import PAGE, tables_as_markdown
from store.tables import TABLES


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == tables_as_markdown(), "run 'python -m store.table_documentation'"


def test_every_table_and_column_is_explained() -> None:
    page = tables_as_markdown()
    for table in TABLES:
        assert table.doc, table.name
        section = page.split(f"\n## {table.name}\n")[1].split("\n## ")[0]
        for column in columns(table.row):
            assert column.doc, (table.name, column.name)
            assert f"| {column.name} | " in section
