"""What the next run takes over from the last good one."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

import pytest

from store.kept_documents import KeptDocuments, readings_stand
from store.lake import Lake, open_lake
from store.readings import Reading, reading_path, save_reading
from store.settings import Settings
from store.stage_keys import forget_key, is_unchanged, record_key
from store.tables import DOCUMENTS, PASSAGES, DocumentRow, PassageRow


def document(number: int, status: str = "read") -> DocumentRow:
    return DocumentRow(
        country="XDM", document_id=f"d{number}", name="", url=f"https://a.example/{number}", other_urls=(),
        captured_at=datetime(2026, 11, 20, tzinfo=UTC), origin="", source_kind="", official=True, format="html",
        status=status, reason="", title="", language="en", languages=("en",), published_on=None, pages=0, characters=9,
        reader_version="1", text_layer_id=f"t{number}",
    )  # fmt: skip


def passage(number: int) -> PassageRow:
    given = {"passage_id": f"p{number}", "document_id": f"d{number}", "text": "Näh 𝔘", "sentences": (0, 5)}
    plain = {"section": (), "sentences": (), "boxes": (), "page": None, "head_start": None, "head_end": None}
    plain |= {"ocr_confidence": None, "ordinal": 0, "start": 0, "end": 5, "goes_on": False, "unreliable_digits": ()}
    return PassageRow(**{name: given.get(name, plain.get(name, "")) for name in (f.name for f in fields(PassageRow))})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


def write(settings: Settings, documents: list[DocumentRow], passages: list[PassageRow]) -> Lake:
    lake = open_lake(settings)
    lake.write(DOCUMENTS, "XDM", documents)
    lake.write(PASSAGES, "XDM", passages)
    record_key(settings, DOCUMENTS, "XDM", "key")
    for row in documents:
        save_reading(
            settings, Reading(payload_digest=row.document_id, reader_version="1", format="html", status="read")
        )
    return lake


def kept(settings: Settings) -> KeptDocuments:
    return KeptDocuments.of(settings, open_lake(settings), "XDM", lambda row: row.status != "timeout")


def test_documents_are_kept_with_their_passages_and_joined_with_new_ones(settings: Settings) -> None:
    lake = write(settings, [document(1), document(2), document(3, "no_text")], [passage(1), passage(2)])
    found = kept(settings)
    assert sorted(found.documents) == ["d1", "d2", "d3"]
    assert found.write_passages(lake, "XDM", frozenset({"d2", "d3"}), [passage(4)]) == 2
    assert lake.read(PASSAGES, "XDM", PassageRow) == [passage(2), passage(4)]
    assert lake.matches_schema(PASSAGES, "XDM")


def test_a_document_whose_passages_were_not_written_any_more_is_read_again(settings: Settings) -> None:
    write(settings, [document(1), document(2), document(3, "timeout")], [passage(1)])
    assert sorted(kept(settings).documents) == ["d1"]


def test_a_document_whose_reading_was_deleted_is_read_again(settings: Settings) -> None:
    lake = write(settings, [document(1), document(2)], [passage(1), passage(2)])
    assert readings_stand(settings, lake, "XDM")
    reading_path(settings, "1", "d1").unlink()
    assert not readings_stand(settings, lake, "XDM")
    assert sorted(kept(settings).documents) == ["d2"]


def test_nothing_is_kept_of_a_run_that_left_something_undone(settings: Settings) -> None:
    lake = write(settings, [document(1)], [passage(1)])
    assert is_unchanged(settings, lake, DOCUMENTS, "XDM", "key")
    forget_key(settings, DOCUMENTS, "XDM")
    assert not is_unchanged(settings, lake, DOCUMENTS, "XDM", "key")
    found = kept(settings)
    assert not found.documents
    assert found.write_passages(lake, "XDM", frozenset(), [passage(7)]) == 1


def test_nothing_is_kept_where_the_first_run_has_not_been() -> None:
    assert not kept(Settings(data_dir=Path("/nonexistent"))).documents
