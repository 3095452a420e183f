"""Meaning finds: tokenizing, vectors, letter sequences, neighbours, and what they say together."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.meaning import EXEMPLARS, Meaning, load_meaning, read_exemplars
from evidence.meaning_neighbours import load_neighbours
from evidence.meaning_ngrams import grams, load_ngrams, units
from evidence.meaning_table import StaticTable, VectorsError, load_table, words
from questionnaire.instrument import load_instrument

GCI = load_instrument()
HELD = load_meaning(GCI)
LANGUAGES = ("en", "fr", "es", "pt", "ar", "ru", "zh")


@pytest.fixture(scope="module")
def meaning() -> Meaning:
    return load_meaning(GCI)


@pytest.fixture
def tiny() -> StaticTable:
    vocabulary = {name: i for i, name in enumerate(["cyber", "##security", "law", "un", "##able"])}
    vectors = np.array([[127, 0], [0, 127], [127, 127], [10, 0], [0, 10]], dtype=np.int8)
    return StaticTable(vocabulary, vectors, np.full(5, 0.01, np.float32), np.zeros(2, np.float32))


def test_words_are_cut_into_the_longest_known_pieces(tiny: StaticTable) -> None:
    vectors = tiny.encode(["Cybersecurity law", "cyber", "cybersecurity", "unknowable", ""])
    assert np.allclose(np.linalg.norm(vectors[:3], axis=1), 1)
    assert np.allclose(vectors[1], [1, 0])
    assert np.allclose(vectors[2], [0.7071, 0.7071], atol=1e-3)
    assert not vectors[3].any(), "a word that cannot be cut whole is no token"
    assert not vectors[4].any()


def test_words_are_lower_case_without_accents_and_one_han_sign_each() -> None:
    assert words("Loi n° 5: CYBERSÉCURITÉ") == ["loi", "n", "°", "5", ":", "cybersecurite"]
    assert words("网络安全法2016") == ["网", "络", "安", "全", "法", "2016"]


def test_a_sentence_is_encoded_the_same_alone_and_among_others(tiny: StaticTable) -> None:
    sentences = ["cyber law", "", "law", "???", "cybersecurity"] * 900
    together = tiny.encode(sentences)
    assert np.allclose(together[:5], np.concatenate([tiny.encode([s]) for s in sentences[:5]]))
    assert np.allclose(together[:5], together[-5:])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=80), max_size=6), st.sampled_from([*LANGUAGES, "und", "de"]))
def test_any_text_gives_finite_numbers_of_the_stated_shape(texts: list[str], language: str) -> None:
    held = HELD
    similarity, stance = held.similarity(texts, language), held.stance(texts, language)
    assert similarity.shape == (len(texts), 84)
    assert similarity.dtype == stance.dtype == np.float32
    assert np.isfinite(similarity).all()
    assert ((similarity >= 0) & (similarity <= 1)).all()
    assert np.allclose(stance.sum(axis=1), 1, atol=1e-4)


def test_a_megabyte_without_a_full_stop_is_no_trouble(meaning: Meaning) -> None:
    assert np.isfinite(meaning.similarity(["cybersecurity strategy " * 45_000], "en")).all()
    assert np.isfinite(meaning.similarity(["网络安全" * 250_000], "zh")).all()
    assert np.isfinite(meaning.similarity(["x" * 1_000_000], "en")).all()


SENTENCES = [
    ("L.1.1", "en", "Any person who gains access to a computer system without authority commits an offence."),
    ("T.1.1", "en", "The national computer emergency response team has been operating since 2016."),
    ("L.2.1", "fr", "La présente loi fixe les règles de protection des données à caractère personnel."),
    ("L.1.1", "es", "El que acceda sin autorización a un sistema informático será castigado con prisión."),
    ("O.1.1", "pt", "Foi aprovada a Estratégia Nacional de Segurança Cibernética para o período de 2024 a 2028."),
    ("L.2.7", "ar", "يكون للتوقيع الإلكتروني الحجية ذاتها المقررة للتوقيع الخطي."),
    ("L.1.1", "ru", "Неправомерный доступ к компьютерной информации наказывается штрафом."),
    ("L.2.1", "zh", "为了保护个人信息权益，规范个人信息处理活动，制定本法。"),
]


@pytest.mark.parametrize(("code", "language", "sentence"), SENTENCES, ids=[f"{c} {lang}" for c, lang, _ in SENTENCES])
def test_a_sentence_is_near_its_question(meaning: Meaning, code: str, language: str, sentence: str) -> None:
    scores = meaning.similarity([sentence], language)[0]
    best = [meaning.codes[i] for i in np.argsort(-scores)[:3]]
    assert code in best


def test_what_is_of_no_question_is_near_none(meaning: Meaning) -> None:
    plain = ["The harvest of maize was good this year.", "The committee elects its chair for two years."]
    assert meaning.similarity(plain, "en").max() < 0.5


def test_a_plan_is_told_from_a_state_by_wording(meaning: Meaning) -> None:
    planned, done = meaning.stance(
        ["The Ministry will establish a national CERT by 2028.", "The national CERT was established in 2019."], "en"
    )
    assert planned[2] > planned[0]
    assert done[0] - done[2] > planned[0] - planned[2] + 0.2


def test_distractors_are_less_near_than_statements(meaning: Meaning) -> None:
    rows = [json.loads(line) for line in (EXEMPLARS / "en.jsonl").read_text(encoding="utf-8").splitlines()]
    own = [meaning.codes.index(row["question"]) for row in rows]
    near = meaning.similarity([row["text"] for row in rows], "en")[np.arange(len(rows)), own]
    told = np.array([row["stance"] != "none" for row in rows])
    assert np.median(near[told]) > np.median(near[~told]) + 0.2


def test_two_readings_of_the_same_text_are_equal(meaning: Meaning) -> None:
    texts = read_exemplars("ru").texts[:50]
    assert np.array_equal(meaning.similarity(texts, "ru"), load_meaning(GCI).similarity(texts, "ru"))


def test_a_country_can_be_left_out() -> None:
    everyone = load_neighbours()
    countries = sorted(set(everyone.countries))
    assert len(countries) > 5
    for country in countries:
        assert country not in load_meaning(GCI, without_country=country).neighbours.countries
    assert len(everyone.without("XXX").questions) == len(everyone.questions)


def test_neighbours_hold_no_text() -> None:
    with np.load(Path(load_neighbours.__code__.co_filename).parent / "vectors" / "quotes.npz") as held:
        for name in held.files:
            if held[name].dtype == np.uint8:
                assert len(bytes(held[name])) < 1000, f"{name} may hold codes and names, never sentences"


def test_the_nearest_neighbour_of_a_labelled_vector_is_itself() -> None:
    neighbours = load_neighbours()
    near = neighbours.nearest_by_question(neighbours.vectors, tuple(q.code for q in GCI.questions))
    own = [list(GCI.by_code).index(code) for code in neighbours.questions]
    assert (near[np.arange(len(own)), own] > 0.99).all()


def test_letter_sequences_fold_spelling() -> None:
    assert units("الأمنُ السيبرانيّ", "ar") == units("الامن السيبراني", "ar")
    assert units("Ещё", "ru") == ["еще"]
    assert grams("law", "en")[:3] == (" l", "la", "aw")
    assert units("2016", "en") == []
    assert "网络安全" in units("网络安全法", "zh")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("en", "cyber law"), ("fr", "l'équipe"), ("ar", "الأمن السيبراني"), ("ru", "закон"), ("zh", "网络安全法")],
)
def test_a_sentence_is_the_sum_of_its_units_letter_sequences(language: str, sentence: str) -> None:
    held = load_ngrams(language)
    known = [held.features[gram] for unit in units(sentence, language) for gram in grams(unit, language)
             if gram in held.features]  # fmt: skip
    length = np.sqrt((held.idf[known] ** 2).sum())
    expected = held.idf[known] @ held.weights[known] / length + held.intercept
    for _ in range(2):  # words new, words known
        np.testing.assert_allclose(held.logits([sentence])[0], expected, rtol=1e-4, atol=1e-5)


def test_a_word_without_a_known_letter_sequence_says_nothing() -> None:
    held = load_ngrams("en")
    np.testing.assert_array_equal(held.logits(["ꙮꙮꙮꙮ 2016", ""]), np.stack([held.intercept, held.intercept]))


def test_other_instruments_are_near_through_the_codes_they_map_to() -> None:
    bank = load_instrument("unga-64-211")
    held = load_meaning(bank)
    scores = held.similarity(["The national incident response team answers calls at all hours."], "en")[0]
    assert held.codes[int(scores.argmax())] in {"I.10", "I.11"}


def test_damaged_files_are_named(tmp_path: Path) -> None:
    broken = tmp_path / "table.npz"
    broken.write_bytes(b"PK nothing")
    for load in (load_table, load_neighbours, lambda path: load_ngrams("en", path)):
        with pytest.raises(VectorsError, match=r"table\.npz"):
            load(broken)
    np.savez(
        broken, vocabulary=np.zeros(3, np.uint8), vectors=np.zeros((9, 2), np.int8), scale=np.ones(9), mean=np.ones(2)
    )
    with pytest.raises(VectorsError, match="do not fit"):
        load_table(broken)
