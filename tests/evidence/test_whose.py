"""Whose document it is: a warning where a text names one other country often and its own never."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from evidence.whose import foreign_document, named_countries
from store.readings import Reading
from store.tables import DocumentRow


def document(country: str) -> DocumentRow:
    return DocumentRow(
        country=country, document_id="d", name="act.pdf", url="https://x.example/act.pdf", other_urls=(),
        captured_at=datetime(2026, 11, 1, tzinfo=UTC), origin="fetched by us", source_kind="", official=False,
        format="pdf", status="read", reason="", title="", language="en", languages=("en",), published_on=None, pages=1,
        characters=1, reader_version="1", text_layer_id="t",
    )  # fmt: skip


def reading(text: str, status: str = "read") -> Reading:
    return Reading(payload_digest="d", reader_version="1", format="pdf", status=status, text=text)


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("The Republic of Niger. Niger has a law. In Niger it is so. Niger.", True),
        ("The Republic of Niger. Niger has a law. In Niger it is so. Niger and Nigeria.", False),
        ("Nigerian law in Nigeria", False),
        ("Niger is named. Niger.", False),
        ("发展中国家。发展中国家。发展中国家。发展中国家。", False),
    ],
)
def test_another_countrys_document_is_named(text: str, foreign: bool) -> None:
    assert bool(foreign_document(document("NGA"), reading(text))) is foreign


def test_what_was_not_read_is_nobodys() -> None:
    assert foreign_document(document("NGA"), reading("Niger " * 9, "no_text")) is None


def test_countries_are_counted() -> None:
    assert named_countries("Chad and Mali, Mali and Côte d'Ivoire") == {"TCD": 1, "MLI": 2, "CIV": 1}
