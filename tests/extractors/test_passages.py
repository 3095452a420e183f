"""From layouts to readings: what holds for every format."""

from __future__ import annotations

from extractors.layout import Layout, LayoutBuilder
from extractors.passages import build
from store.readings import encode_reading

HALF, PAIR = "\ud83d", "\ud83d\udc0d"


def test_no_half_surrogate_leaves_a_reader() -> None:
    builder = LayoutBuilder()
    builder.add(f"Act {PAIR} one.", kind="heading", marker=f"{HALF}1")
    builder.add(f"The Team {HALF} shall act.", reading=f"Team: {PAIR} shall act.")
    layout = Layout(
        format="rtf", reason=f"Read {HALF}.", text=builder.text, blocks=builder.blocks, title=f"Act {PAIR}{HALF}",
        outline=(f"Act {PAIR}",), metadata={"creator": f"A {HALF}", f"k{HALF}": "b"},
    )  # fmt: skip
    reading = build(layout, "0" * 64)

    encode_reading(reading).decode("utf-8")
    assert (reading.title, reading.outline) == ("Act 🐍�", ("Act 🐍",))
    assert reading.metadata == {"creator": "A �", "k�": "b"}
    assert [passage.reading_text for passage in reading.passages][1] == "Team: 🐍 shall act."
    for passage in reading.passages:
        assert reading.text[passage.start : passage.end] == passage.text
