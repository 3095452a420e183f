"""Findings come back as they were kept, whatever signs stand in them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.findings import Findings, load_findings, save_findings
from store.row_schema import from_plain, to_plain
from store.settings import Settings
from store.tables import EvidenceRow, NearMissRow

ROW = EvidenceRow(
    country="XDM", evidence_id="e", question="L.1.1", stance="in_place", score=0.9, quote="q", prefix="", suffix="",
    page=None, start=0, end=1, language="en", document_id="d", text_layer_id="t", passage_id="p", url="", act="",
    document_name="n", document_title="", captured_at=datetime(2026, 11, 20, 7, 8, 9, 10, tzinfo=UTC), origin="",
    source_strength="official", dated_on=date(2018, 9, 25), document_kind="act", act_status="in_force", article="3",
    rules=("a", "b"), features="{}", ocr_confidence=None, fact="", matcher_version="1",
)  # fmt: skip
MISS = NearMissRow(
    country="XDM", question="L.1.1", quote="q", url="", score=0.1, reason="", document_id="d", text_layer_id="t",
    start=0, end=1,
)  # fmt: skip


@given(quote=st.text(), rules=st.lists(st.text(), max_size=3), page=st.none() | st.integers(1, 9_999))
def test_any_row_comes_back_from_json(quote: str, rules: list[str], page: int | None) -> None:
    row = replace(ROW, quote=quote, rules=tuple(rules), page=page)
    assert from_plain(EvidenceRow, json.loads(json.dumps(to_plain(row)))) == row


def test_findings_are_kept_and_one_that_was_never_made_is_none(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    found = Findings((ROW, replace(ROW, quote="half a sign: \ud835")), (MISS,), "speaks of another country")
    save_findings(settings, "1", "abcd", found)
    assert load_findings(settings, "1", "abcd") == found
    assert load_findings(settings, "2", "abcd") is None
    assert [path.suffix for path in (tmp_path / "findings").rglob("*") if path.is_file()] == [".json"]


@pytest.mark.parametrize("left", [b"", b'{"foreign": "", "near_mis', b"\x00" * 40])
def test_half_a_file_is_made_again(tmp_path: Path, left: bytes) -> None:
    settings = Settings(data_dir=tmp_path)
    save_findings(settings, "1", "abcd", Findings((ROW,), (), ""))
    (path,) = (path for path in (tmp_path / "findings").rglob("*.json"))
    path.write_bytes(left)
    assert load_findings(settings, "1", "abcd") is None
    save_findings(settings, "1", "abcd", Findings((ROW,), (), ""))
    assert load_findings(settings, "1", "abcd") is not None
