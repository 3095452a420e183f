"""Tables with actions, owners and dates."""

from __future__ import annotations

import pytest

from evidence.action_tables import find_action_tables
from tests.evidence.passages import make_reading

ROWS = ["| {header} |", "| --- | --- | --- |", "| {a} | {b} | 2027 |", "| {c} | {b} | 2028 |"]


@pytest.mark.parametrize(
    ("language", "header"),
    [
        ("en", "Action | Responsible institution | Deadline"),
        ("fr", "Action | Responsable | Échéance"),
        ("es", "Actividad | Entidad responsable | Plazo"),
        ("pt", "Acção | Responsável | Prazo"),
        ("ru", "Мероприятие | Исполнитель | Срок"),
        ("ar", "الإجراء | الجهة المسؤولة | الموعد"),
        ("zh", "行动 | 责任单位 | 完成时限"),
    ],
)
def test_a_header_with_action_owner_and_date(language: str, header: str) -> None:
    lines = [row.format(header=header, a="one", b="Ministry", c="two") for row in ROWS]
    reading = make_reading(*((line, {"kind": "table_row"}) for line in lines), language=language)
    (table,) = find_action_tables(reading)
    assert [(row.owner, row.due) for row in table.rows] == [("Ministry", "2027"), ("Ministry", "2028")]
    assert reading.text[table.start : table.end] == lines[0]
    start, end = table.quote(reading.text)
    assert reading.text[start:end].endswith("| 2027 |")


def test_columns_of_blanks() -> None:
    text = "No  Action              Owner      By\n1   Train judges        Justice    2027\n2   Run an exercise     CERT       2028"
    (table,) = find_action_tables(make_reading(text))
    assert [(row.owner, row.due) for row in table.rows] == [("Justice", "2027"), ("CERT", "2028")]
    place = text.index("exercise")
    held = table.row_at(place, place + 8)
    assert held is not None and held.owner == "CERT"


@pytest.mark.parametrize(
    "lines",
    [
        ("| Product | Price | Date |", "| Bread | 2 | 2026 |", "| Milk | 1 | 2026 |"),
        ("| Action | Owner | Deadline |", "The plan is at an early stage."),
        ("The owner of an action is responsible for its date.",) * 3,
    ],
)
def test_other_tables_are_none(lines: tuple[str, ...]) -> None:
    assert find_action_tables(make_reading(*lines)) == ()


def test_a_megabyte_of_bars_ends() -> None:
    assert find_action_tables(make_reading("| a | b | c " * 90_000)) == ()
