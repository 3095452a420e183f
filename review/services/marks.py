"""Marks: what tells, in one cheap query, that nothing changed since a page was last made.

Belongs here: plain SQL over lengths and newest rows of the record, the same on SQLite and PostgreSQL. Nothing is kept
by time: whatever a page shows is keyed by such a mark or by a file of the lake. Does not belong here: what is kept (the
modules that ask).
"""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection


def fetch_rows(sql: str, *parameters: str | UUID) -> tuple[tuple[Any, ...], ...]:
    """Return all rows of a query; composing it by hand saves most of what a small query costs."""
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return tuple(cursor.fetchall())


def key_of(identity: UUID) -> str | UUID:
    """Return a row's id as the database keeps it."""
    return identity if connection.features.has_native_uuid_field else identity.hex


class RecordMark(NamedTuple):
    """Which part of the record was read: it only grows, so length and newest row tell whether it changed."""

    store: str
    country: str
    length: int
    newest: object
    """As the database gives it: a moment, or its text; None when there is no decision."""


class CountryMark(NamedTuple):
    """Everything by which the review of a country may have changed: decisions, and what refreshes found of them."""

    record: RecordMark
    findings: int
    checked: object


def store_name() -> str:
    """Return which database answers; two tests, or two desks, never share what was kept."""
    return str(connection.settings_dict["NAME"])


def record_marks() -> list[RecordMark]:
    """Return the mark of each country that has decisions; one query."""
    store = store_name()
    rows = fetch_rows("SELECT country, COUNT(*), MAX(decided_at) FROM review_decision GROUP BY country")
    return [RecordMark(store, *row) for row in rows]


def findings_marks() -> dict[str, tuple[int, object]]:
    """Return how many findings of refreshes a country has, and when it was last checked; one query."""
    rows = fetch_rows("SELECT country, COUNT(*), MAX(checked_at) FROM review_decisionhealth GROUP BY country")
    return {country: (count, checked) for country, count, checked in rows}


def country_mark(country: str) -> CountryMark:
    """Return the mark of one country; one query."""
    ((length, newest, findings, checked),) = fetch_rows(
        "SELECT (SELECT COUNT(*) FROM review_decision WHERE country = %s),"
        " (SELECT MAX(decided_at) FROM review_decision WHERE country = %s),"
        " (SELECT COUNT(*) FROM review_decisionhealth WHERE country = %s),"
        " (SELECT MAX(checked_at) FROM review_decisionhealth WHERE country = %s)",
        *[country] * 4,
    )
    return CountryMark(RecordMark(store_name(), country, length, newest), findings, checked)


class Talk(NamedTuple):
    """How much people said and handed in at one question."""

    comments: int
    requests: int
    quotes: int


def talk_at(country: str, question: str) -> Talk:
    """Return how many comments, requests and handed-in quotes a question has; one query."""
    ((comments, requests, quotes),) = fetch_rows(
        "SELECT (SELECT COUNT(*) FROM review_comment WHERE country = %s AND question = %s),"
        " (SELECT COUNT(*) FROM review_evidencerequest WHERE country = %s AND question = %s),"
        " (SELECT COUNT(*) FROM review_handedinquote WHERE country = %s AND question = %s)",
        *[country, question] * 3,
    )
    return Talk(comments, requests, quotes)
