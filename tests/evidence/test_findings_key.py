"""The keys of a document's findings and of a country's: they change with everything that the rows take from documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from evidence.matching_key import findings_key, matching_key
from extractors.documents import local_document
from store.settings import Settings
from tests.evidence.passages import make_reading
from tests.evidence.test_facts import FACT

TODAY = date(2026, 11, 20)
DOCUMENT = local_document("GHA", "act.txt", make_reading("An act."), opened_at=datetime(2026, 11, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "changed",
    [
        {"official": not DOCUMENT.official}, {"source_kind": "law_document"}, {"name": "other.txt"},
        {"captured_at": DOCUMENT.captured_at + timedelta(days=1)}, {"origin": "imported"}, {"url": "https://b.example/"},
        {"text_layer_id": "0" * 64}, {"title": "Another title"}, {"document_id": "0" * 64},
    ],
)  # fmt: skip
def test_a_document_told_differently_is_matched_again(changed: dict[str, Any]) -> None:
    key = findings_key(DOCUMENT, "gci", "", TODAY)
    assert findings_key(replace(DOCUMENT, **changed), "gci", "", TODAY) != key
    assert findings_key(DOCUMENT, "gci", "", TODAY) == key
    settings = Settings()
    of_country = matching_key(settings, "gci", [DOCUMENT], [], TODAY)
    assert matching_key(settings, "gci", [replace(DOCUMENT, **changed)], [], TODAY) != of_country
    assert matching_key(settings, "gci", [DOCUMENT], [], TODAY) == of_country


def test_a_new_month_or_instrument_is_matched_again() -> None:
    key = findings_key(DOCUMENT, "gci", "", TODAY)
    assert key == findings_key(DOCUMENT, "gci", "", date(2026, 11, 30))
    assert key != findings_key(DOCUMENT, "gci", "", date(2026, 12, 1))
    assert key != findings_key(DOCUMENT, "gca", "", TODAY)


@pytest.mark.parametrize(
    "changed",
    [{"verified": "2026-11-01"}, {"stance": "absent"}, {"questions": ("L.1.1", "L.1.2")}, {"official": False}],
)
def test_a_contract_that_says_another_thing_of_the_same_page_is_matched_again(changed: dict[str, Any]) -> None:
    settings = Settings()
    key = matching_key(settings, "gci", [], [FACT], TODAY)
    assert matching_key(settings, "gci", [], [replace(FACT, **changed)], TODAY) != key
    once_more = replace(FACT, captured_at=FACT.captured_at + timedelta(days=7))
    assert matching_key(settings, "gci", [], [once_more], TODAY) == key
