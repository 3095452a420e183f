"""White space, accents and quotable lengths are told quickly, and as the plain definition tells them."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.folding import fold
from evidence.meaning import load_meaning
from evidence.units import LONGEST, SHORTEST, is_quotable, visible_length
from questionnaire.instrument import load_instrument

SPACES = " \n\t\x1c\x85\u2028\u3000"


@given(st.text(alphabet=SPACES + "abб", max_size=12), st.sampled_from(("en", "ru", "fr")))
@settings(max_examples=400, deadline=None)
def test_each_run_of_white_space_becomes_one_space_at_the_ends_too(text: str, language: str) -> None:
    composed = unicodedata.normalize("NFKC", text)
    assert fold(text, language) == re.sub(r"\s+", " ", composed)


def test_accents_and_apostrophes_are_taken_off() -> None:
    assert fold("L\u2019État s'engage à créer", "fr") == "l etat s engage a creer"


@given(st.text(alphabet=SPACES + "ab\u00ad\u200b中", min_size=1, max_size=40), st.sampled_from((1, 2, 30)))
@settings(max_examples=400, deadline=None)
def test_a_quotable_text_has_as_many_visible_characters_as_a_quote(text: str, times: int) -> None:
    assert is_quotable(text * times) == (SHORTEST <= visible_length(text * times) <= LONGEST)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_stance_is_the_same_whether_the_sentence_was_looked_at_before_or_not(language: str) -> None:
    meaning = load_meaning(load_instrument())
    texts = ["The ministry shall adopt a cybersecurity strategy.", "国家制定网络安全战略。"]
    alone = meaning.stance(texts, language)
    meaning.channels(texts[:1], language)
    assert (meaning.stance(texts, language) == alone).all()
    assert meaning.stance([], language).shape == (0, 4)
