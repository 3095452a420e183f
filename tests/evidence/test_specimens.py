"""Specimens: marks come apart into the document and its labels; the shipped ones hold what they must."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from evidence.meaning_table import VECTORS
from evidence.score_evidence import QUOTE_LENGTH, squeeze
from evidence.training.public_labels import read_public_documents
from evidence.training.specimens import SpecimenError, parse_specimen, read_specimens, specimens_digest
from questionnaire.instrument import load_instrument

NAME = "GHA-act-2020.en.txt"
PLAIN = st.text(st.characters(exclude_characters="⟦⟧\r", exclude_categories=["Cs"]), min_size=1, max_size=40)
PIECES = st.lists(st.tuples(PLAIN, st.sampled_from(["L.1.1", "D.2.1"]), st.sampled_from(["in_place", "planned"])))


def test_marks_come_apart() -> None:
    text = "Art 1. ⟦L.1.1 in_place h; L.1.2 partial l⟧Whoever enters a system commits an offence.⟦/⟧ Art 2."
    specimen = parse_specimen(NAME, text)
    assert specimen.payload.decode() == "Art 1. Whoever enters a system commits an offence. Art 2."
    assert (specimen.country, specimen.language) == ("GHA", "en")
    assert [(mark.question, mark.stance) for mark in specimen.marks] == [("L.1.1", "in_place"), ("L.1.2", "partial")]


def test_each_stance_of_a_question_is_a_label() -> None:
    text = "⟦D.1.1 planned m⟧Campaigns will be held.⟦/⟧ ⟦D.1.1 in_place h⟧A campaign ran in 2020.⟦/⟧"
    rows = parse_specimen(NAME, text).labels()
    assert [(row["stance"], row["quotes"]) for row in rows] == [
        ("in_place", ["A campaign ran in 2020."]), ("planned", ["Campaigns will be held."])
    ]  # fmt: skip


def test_nothing_marked_is_a_label_without_a_question() -> None:
    assert parse_specimen("GHA-neg-game.en.md", "Game reserves").labels() == [
        {"document": "GHA-neg-game.en.md", "country": "GHA", "question": None}
    ]


@pytest.mark.parametrize(
    ("name", "text", "fault"),
    [
        (NAME, "⟦L.1.1 in_place h⟧never closed", "does not close"),
        (NAME, "⟦L.1.1 in_place h⟧a ⟦L.1.2 partial l⟧nested one⟦/⟧⟦/⟧", "nested"),
        (NAME, "⟦L.1.1 yes h⟧a quote of some length⟦/⟧", "QUESTION STANCE CONFIDENCE"),
        ("act.txt", "text", "no specimen's name"),
    ],
)
def test_faults_are_named(name: str, text: str, fault: str) -> None:
    with pytest.raises(SpecimenError, match=fault):
        parse_specimen(name, text)


@given(PIECES, PLAIN)
def test_document_is_the_text_without_marks(pieces: list[tuple[str, str, str]], end: str) -> None:
    marked = "".join(f"{text}⟦{question} {stance} m⟧{text}⟦/⟧" for text, question, stance in pieces) + end
    specimen = parse_specimen(NAME, marked)
    assert specimen.payload.decode() == "".join(text * 2 for text, _, _ in pieces) + end
    assert [mark.quote for mark in specimen.marks] == [text.strip() for text, _, _ in pieces]


def test_shipped_marks_name_known_questions_and_quotes_that_can_be_shown() -> None:
    known = {question.code for question in load_instrument().questions}
    for specimen in read_specimens():
        document = squeeze(specimen.payload.decode())
        for mark in specimen.marks:
            assert mark.question in known, (specimen.name, mark)
            assert len(squeeze(mark.quote)) in QUOTE_LENGTH, (specimen.name, mark)
            assert squeeze(mark.quote) in document, (specimen.name, mark)


def test_no_specimen_is_of_a_country_that_measures() -> None:
    folders = [Path(__file__).parent / name / "docs" for name in ("unseen", "second_check")]
    measured = {path.name[:3] for folder in folders for path in folder.iterdir()}
    assert {specimen.country for specimen in read_specimens()}.isdisjoint(measured)


def test_shipped_sequences_were_learned_from_the_shipped_specimens() -> None:
    about = yaml.safe_load((VECTORS / "ngrams.yml").read_text(encoding="utf-8"))
    assert about["specimens_sha256"] == specimens_digest(read_specimens())


@pytest.mark.realdata
def test_public_labels_stand_in_their_documents(shared: Path) -> None:
    documents = list(read_public_documents(shared))
    assert len(documents) == 7
    quotes = [quote for document in documents for row in document.labels for quote in row["quotes"]]
    assert len(quotes) > 370
    assert all(len(squeeze(quote)) in QUOTE_LENGTH for quote in quotes)
