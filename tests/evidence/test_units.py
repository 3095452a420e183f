"""Units: quotable, verbatim, bounded, and quick on text without an end."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.units import LONGEST, SHORTEST, cut_units, visible_length
from store.readings import Reading
from store.tables import Passage


def reading_of(
    text: str, sentences: tuple[int, ...] | None = None, *, language: str = "en", **passage: object
) -> Reading:
    values: dict[str, object] = {
        "ordinal": 0, "page": None, "start": 0, "end": len(text), "text": text, "reading_text": text,
        "sentences": sentences or (0, len(text)), "kind": "paragraph", "role": "main", "section": (), "article": "",
        "head": "", "head_start": None, "head_end": None, "language": language, "script": "Latn",
        "ocr_confidence": None, "boxes": (),
    }  # fmt: skip
    values.update(passage)
    held = Passage(**values)  # type: ignore[arg-type]
    return Reading(
        payload_digest="d", reader_version="t", format="txt", status="read", language=language, text=text,
        passages=(held,) if text else (),
    )  # fmt: skip


@given(st.text(alphabet="ab ;:.\n•1)(é的", max_size=3000))
@settings(max_examples=150, deadline=None)
def test_every_unit_is_a_slice_of_quotable_length(text: str) -> None:
    for unit in cut_units(reading_of(text)):
        assert text[unit.start : unit.end] == unit.text
        assert SHORTEST <= visible_length(unit.text) <= LONGEST


def test_enumeration_inside_a_sentence_becomes_items_with_their_head() -> None:
    items = "; ".join(
        f"({letter}) keep the registers of the centre number {letter} in good order" for letter in "abcdefg"
    )
    units = cut_units(reading_of(f"The Authority shall have the following functions: {items}."))
    assert len(units) > 5
    assert all("following functions" in unit.head for unit in units[1:])


def test_contents_and_navigation_hold_no_units() -> None:
    text = "National cyber security strategy 12"
    assert cut_units(reading_of(text, kind="contents")) == []
    assert cut_units(reading_of(text, role="navigation")) == []


def test_a_megabyte_without_a_full_stop_is_cut_in_time() -> None:
    text = "critical information infrastructure and " * 26_000
    began = time.process_time()
    units = cut_units(reading_of(text))
    assert len(units) > 1000
    assert time.process_time() - began < 10
    solid = cut_units(reading_of("网" * 1_000_000, language="zh"))
    assert all(visible_length(unit.text) <= LONGEST for unit in solid)
