"""Markdown: anchored on its source, read without its marks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from extractors.formats import parse
from extractors.request import ReadRequest
from store.readings import Reading

Read = Callable[..., Reading]

SOURCE = """---
title: "Cyber Act"
publication_date: "2019-05-28"
summary: "This act sets up one national authority and a response team for the whole country."
---
# Cyber Act

## Chapter 1

##### Article 2 — Authority

The **Authority** is *established* under [the Ministry](https://m.example "M").
It shall:

- protect systems;
- report.

| Team | Since |
|------|-------|
| CERT | 2014  |

<!-- end -->
"""


def test_the_text_layer_is_the_source(read: Read) -> None:
    reading = read(SOURCE, "act.md")
    assert (reading.format, reading.text) == ("md", SOURCE)
    assert reading.title == "Cyber Act"
    assert reading.published_on == date(2019, 5, 28)
    assert reading.outline == ("Cyber Act", "  Chapter 1", "        Article 2 — Authority")


def test_marks_stay_in_the_text_and_leave_the_reading(read: Read) -> None:
    found = next(p for p in read(SOURCE, "act.md").passages if "established" in p.text)
    assert "**Authority**" in found.text
    assert found.reading_text == "The Authority is established under the Ministry. It shall:"
    assert found.section == ("Cyber Act", "Chapter 1", "Article 2 — Authority")
    assert found.article == "2"


def test_items_and_rows(read: Read) -> None:
    found = {p.kind: p for p in read(SOURCE, "act.md").passages}
    assert found["list_item"].head.endswith("It shall:")
    assert found["table_row"].reading_text == "Team: CERT; Since: 2014"


def test_front_matter_is_navigation_but_for_summaries(read: Read) -> None:
    roles = {p.text[:7]: p.role for p in read(SOURCE, "act.md").passages}
    assert roles["title: "] == "navigation"
    assert roles["summary"] == "main"


@given(st.text(alphabet="ab #*_|-\n`[]()>1.字", max_size=300))
def test_any_source_is_its_own_text_layer(text: str) -> None:
    reading = parse(text.encode(), ReadRequest(name="a.md"))
    if reading.status == "read":
        assert reading.text == text
        assert all(reading.text[p.start : p.end] == p.text for p in reading.passages)
