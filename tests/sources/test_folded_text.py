"""Folding in one step says what folding word by word says, and every offset leads back to its letter."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sources.folded_text import _pieces, fold

ODD = "abCé\u0301ßﬁ _-1٣ 网络（）\n\u0640الأةىİıǆ\u200f\u0305ﷺ½№\0Ии"


@given(st.one_of(st.text(alphabet=ODD, max_size=40), st.text(alphabet="aé\u0301 ßИ٣-_", max_size=40), st.text()))
@settings(max_examples=600, deadline=None)
def test_one_step_is_the_same_as_word_by_word(text: str) -> None:
    folded = fold(text)
    assert folded.text == "".join(letters for letters, _, _ in _pieces(text))
    assert len(folded.offsets) == len(folded.text)
    assert all(0 <= a <= b < len(text) for a, b in zip(folded.offsets, folded.offsets[1:], strict=False))
    for letter, at in zip(folded.text, folded.offsets, strict=True):
        assert letter == " " or letter in fold(text[at]).text
