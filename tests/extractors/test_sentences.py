"""Sentence borders in seven languages, with the abbreviations of laws."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.sentences import MAX_SENTENCE, split_sentences


def sentences(text: str, broken: bool = True) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, broken=broken)]


@pytest.mark.parametrize(
    "whole",
    [
        "Pursuant to Art. 5 and No. 12 of the Law, the U.S. Government, e.g. its agency, reports.",
        "Conformément à l’art. 3, al. 2, let. b de la loi n° 12, M. Dupont préside l’Agence.",
        "De conformidad con el Art. 2º, inc. b) de la Ley N.º 25.326, el Sr. Pérez preside.",
        "Nos termos do art. 5º, inc. XII, da Lei n.º 9.609, o Sr. Silva preside.",
        "В соответствии со ст. 5 и п. 3 ч. 2 закона № 152-ФЗ от 27.07.2006 г. оператор обязан, т.е. должен.",
        "تنشأ وفقا للمادة 5 من القانون رقم 12.5 لسنة 2020 هيئة وطنية.",
        "第十条规定网络运营者应当按照第3.2款履行义务。",
        "1. The Authority reports on incidents.",
        "Version 2.0 of www.cert.example is in use.",
    ],
)
def test_a_full_stop_that_ends_no_sentence(whole: str) -> None:
    assert sentences(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("The answer is no. The law is in force.", 2),
        ("Est-ce une loi ? Oui. Elle est en vigueur !", 3),
        ("¿Existe una ley? Sí. Está vigente.", 3),
        ("Принят закон. Он действует.", 2),
        ("صدر القانون. هل هو نافذ؟ نعم.", 3),
        ("国家建立制度。违反者处罚！是吗？“应当报告。”", 4),
        ("He said “It is law.” Then he left.", 2),
    ],
)
def test_a_sentence_ends(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_line_ends_part_only_where_they_are_no_accident_of_print() -> None:
    text = "National Computer\nEmergency Response Team\nis established."
    assert sentences(text, broken=True) == [text]
    assert len(sentences("First item;\nSecond item", broken=False)) == 2


def test_a_leader_of_dots_is_one_piece() -> None:
    assert len(sentences("Chapter one . . . . . . . . . 12")) == 1


@pytest.mark.parametrize("piece", ["a ", "x", "字", "A. ", ". ", "; ", "“", "\n", "No. ", "(1) "])
def test_text_without_borders_is_split_in_linear_time(piece: str) -> None:
    text = piece * (300_000 // len(piece)) + "a"
    began = time.process_time()
    spans = split_sentences(text, broken=True)
    assert time.process_time() - began < 20
    assert all(end - start <= MAX_SENTENCE for start, end in spans)


@given(st.text(alphabet="aB. ?!;:\n\t。،(1)Art“”é字م", max_size=300), st.booleans())
def test_sentences_cover_everything_but_white_space(text: str, broken: bool) -> None:
    spans = split_sentences(text, broken=broken)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    left = list(text)
    for start, end in spans:
        assert not text[start].isspace() and not text[end - 1].isspace()
        left[start:end] = " " * (end - start)
    assert not "".join(left).strip()
