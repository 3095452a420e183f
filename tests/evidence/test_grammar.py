"""Grammars: every language names the same concepts and marks, and a wrong file says where."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from evidence.concepts import ConceptFinder
from evidence.folding import fold
from evidence.grammar import GRAMMARS, LANGUAGES, GrammarError, load_grammars
from questionnaire.instrument import load_instrument


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(GRAMMARS, tmp_path / "grammars")
    return tmp_path / "grammars"


def test_every_question_of_the_bank_has_a_claim() -> None:
    assert set(load_grammars().claims) == set(load_instrument().by_code)


def test_a_concept_missing_in_one_language_is_named_with_its_file(folder: Path) -> None:
    path = folder / "pt.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("\n  spam:", "\n  spum:"), encoding="utf-8")
    with pytest.raises(GrammarError, match=r"pt\.yml.*sp[ua]m"):
        load_grammars(folder)


def test_a_claim_with_an_unknown_concept_is_named(folder: Path) -> None:
    path = folder / "claims.yml"
    path.write_text(path.read_text(encoding="utf-8").replace('"spam"', '"spaam"'), encoding="utf-8")
    with pytest.raises(GrammarError, match=r"L\.2\.8.*spaam"):
        load_grammars(folder)


@pytest.mark.parametrize(
    ("language", "text", "concepts"),
    [
        ("en", "Any person who gains access to a computer system without authority commits an offence.",
         {"access", "unauthorised", "system", "offence"}),
        ("fr", "Quiconque accède frauduleusement à un système informatique est puni d’un emprisonnement.",
         {"access", "unauthorised", "system", "offence"}),
        ("es", "El que accediere sin autorización a un sistema informático será reprimido con prisión.",
         {"access", "unauthorised", "system", "offence"}),
        ("pt", "Aceder sem autorização a um sistema informático: pena de prisão até um ano.",
         {"access", "unauthorised", "system", "offence"}),
        ("ar", "يعاقب بالحبس كل من دخل بدون تصريح إلى نظام معلومات إلكتروني.",
         {"access", "unauthorised", "system", "offence"}),
        ("ru", "Неправомерный доступ к компьютерной информации наказывается штрафом.",
         {"access", "unauthorised", "system", "offence"}),
        ("zh", "违反国家规定，侵入计算机信息系统的，处三年以下有期徒刑。", {"access", "unauthorised", "system", "offence"}),
    ],
)  # fmt: skip
def test_the_same_offence_names_the_same_concepts(language: str, text: str, concepts: set[str]) -> None:
    finder = ConceptFinder(load_grammars().languages[language])
    assert concepts <= {finder.names[i] for i in finder.find(text)}


def test_short_latin_stems_are_whole_words() -> None:
    finder = ConceptFinder(load_grammars().languages["en"])
    assert "cirt" not in {finder.names[i] for i in finder.find("a certain certainty")}
    assert "cirt" in {finder.names[i] for i in finder.find("The national CERT answers")}


def test_folding_is_the_same_for_joined_and_printed_arabic() -> None:
    assert fold("الأمن السيبرانيّ", "ar") == fold("األمن السيبراني", "ar")


def test_every_language_has_a_grammar() -> None:
    assert set(load_grammars().languages) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stem_names_its_concept(language: str) -> None:
    grammar = load_grammars().languages[language]
    finder = ConceptFinder(grammar)
    for number, stems in enumerate(grammar.concepts.values()):
        for stem in stems:
            plain = stem.rstrip("*")
            assert number in finder.find(f"x {plain} x"), stem


def test_words_of_a_stem_that_stand_apart_name_nothing() -> None:
    finder = ConceptFinder(load_grammars().languages["en"])
    cirt = finder.names.index("cirt")
    assert cirt in finder.find("the incident response") and cirt not in finder.find("an incident and then no response")


def test_a_home_with_an_unknown_concept_is_named(folder: Path) -> None:
    path = folder / "claims.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("home: [personal_data]", "home: [data_persons]"), "utf-8")
    with pytest.raises(GrammarError, match=r"L\.2\.1.*data_persons"):
        load_grammars(folder)


def test_a_title_of_an_unknown_claim_is_named(folder: Path) -> None:
    path = folder / "claims.yml"
    text = path.read_text(encoding="utf-8").replace("title: O.1.1", "title: O.9.9")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(GrammarError, match=r"O\.1\.1.*O\.9\.9"):
        load_grammars(folder)
