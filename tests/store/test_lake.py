"""The lake: whole partitions, atomic replacement, schemas."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import MissingDataError, StorageError
from store.lake import Lake
from store.row_schema import arrow_schema, columns, from_arrow, to_arrow
from store.tables import DRAFTS, EVIDENCE, ISSUES, TABLES, DraftRow, EvidenceRow, IssueRow

from .test_findings import ROW as EVIDENCE_ROW


def draft(question: str = "L.1.1", **changes: object) -> DraftRow:
    values: dict[str, object] = {
        "country": "XDM",
        "instrument": "gci-bank 0",
        "question": question,
        "answer": "yes",
        "confidence": 0.9,
        "rationale": "Article 3 punishes it.",
        "evidence_ids": ("a", "b"),
        "independent_sources": 1,
        "contradiction": "",
        "needs_look": "",
        "drafted_at": datetime(2026, 11, 20, 12, tzinfo=UTC),
        "matcher_version": "1",
    }
    return DraftRow(**{**values, **changes})  # type: ignore[arg-type]


def test_rows_come_back_as_they_were_written(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    rows = [draft("L.1.1"), draft("L.1.2", evidence_ids=())]
    lake.write(DRAFTS, "XDM", rows)
    assert lake.read(DRAFTS, "XDM", DraftRow) == rows
    assert lake.partitions(DRAFTS) == ["XDM"]
    assert lake.matches_schema(DRAFTS, "XDM")


@given(rationale=st.text(), ids=st.lists(st.text(), max_size=4), confidence=st.floats(0, 1))
def test_any_text_survives_arrow(rationale: str, ids: list[str], confidence: float) -> None:
    rationale = rationale.encode("utf-8", "replace").decode()
    ids = [text.encode("utf-8", "replace").decode() for text in ids]
    row = draft(rationale=rationale, evidence_ids=tuple(ids), confidence=confidence)
    assert from_arrow(DraftRow, to_arrow(DraftRow, [row])) == [row]


def test_a_missing_partition_says_which_command_makes_it(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="gcidesk research XDM"):
        Lake(str(tmp_path)).read(DRAFTS, "XDM", DraftRow)


def test_a_full_disk_keeps_the_last_good_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = Lake(str(tmp_path))
    lake.write(DRAFTS, "XDM", [draft()])

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space left on device"):
        lake.write(DRAFTS, "XDM", [draft(), draft("L.1.2")])
    monkeypatch.undo()
    assert lake.read(DRAFTS, "XDM", DraftRow) == [draft()]
    assert [path.name for path in (tmp_path / "drafts").iterdir()] == ["XDM.parquet"]


def test_the_same_layout_works_on_object_storage() -> None:
    lake = Lake("memory://lake-test")
    lake.write(DRAFTS, "XDM", [draft()])
    assert lake.read(DRAFTS, "XDM", DraftRow) == [draft()]
    assert lake.partitions(DRAFTS) == ["XDM"]


def test_reading_with_a_foreign_row_class_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="holds DraftRow"):
        Lake(str(tmp_path)).read(DRAFTS, "XDM", IssueRow)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_has_a_type_and_a_sentence(table: object) -> None:
    row = table.row  # type: ignore[attr-defined]
    assert arrow_schema(row).names == [column.name for column in columns(row)]
    assert all(column.doc for column in columns(row))
    assert set(table.key) <= set(arrow_schema(row).names)  # type: ignore[attr-defined]


def test_issues_of_one_stage_leave_the_others_alone(tmp_path: Path) -> None:
    from store.issues import replace_issues

    def issue(stage: str, code: str) -> IssueRow:
        return IssueRow(
            country="XDM",
            stage=stage,
            subject="https://ministry.example/",
            code=code,
            message="A sentence.",
            lasting=False,
            offset=None,
            occurred_at=datetime(2026, 11, 20, tzinfo=UTC),
        )

    lake = Lake(str(tmp_path))
    replace_issues(lake, "XDM", ["crawl"], [issue("crawl", "timeout")])
    replace_issues(lake, "XDM", ["read"], [issue("read", "encrypted")])
    replace_issues(lake, "XDM", ["crawl"], [])
    assert [row.code for row in lake.read(ISSUES, "XDM", IssueRow)] == ["encrypted"]


def test_a_table_of_an_earlier_version_is_read_with_defaults_or_named(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    lake.write_arrow(
        EVIDENCE, "XDM", to_arrow(EvidenceRow, [EVIDENCE_ROW]).drop_columns(["second_note", "in_force_from"])
    )
    assert lake.read(EVIDENCE, "XDM", EvidenceRow) == [EVIDENCE_ROW]
    assert not lake.matches_schema(EVIDENCE, "XDM")
    lake.write_arrow(DRAFTS, "XDM", to_arrow(DraftRow, [draft()]).drop_columns(["answer"]))
    with pytest.raises(MissingDataError, match="lacks answer"):
        lake.read(DRAFTS, "XDM", DraftRow)
