"""Adjectives of countries and the cities that stand for them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.country_adjectives import allusions_in, inflect


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("the Estonian law", "EST"),
        ("the Estonians", "EST"),
        ("l'équipe ivoirienne", "CIV"),
        ("les autorités sénégalaises", "SEN"),
        ("los peruanos", "PER"),
        ("la ley chilena", "CHL"),
        ("a lei cabo-verdiana", "CPV"),
        ("as autoridades portuguesas e angolanas", "AGO"),
        ("эстонского центра", "EST"),
        ("الحكومة الكويتية", "KWT"),
        ("للقانون الأردني", "JOR"),
        ("a visit to Tallinn", "EST"),
        ("встреча в Таллине", "EST"),
        ("reunião na Cidade da Praia", None),
    ],
)
def test_an_adjective_or_a_city_means_its_country(text: str, country: str | None) -> None:
    assert [allusion.country for allusion in allusions_in(text)] == ([country] if country else [])


@pytest.mark.parametrize(
    "text",
    [
        "available in English, French, Spanish, Arabic, Chinese and Russian",
        "الوزارة المالية",
        "un service polisseur",
        "the estonian law in small letters",
        "a center for the nation",
        "le service congolais",
    ],
)
def test_languages_common_words_and_shared_adjectives_mean_nobody(text: str) -> None:
    assert allusions_in(text) == []


def test_forms_of_an_adjective() -> None:
    assert set(inflect("chileno", "es")) == {"chileno", "chilena", "chilenos", "chilenas"}
    assert {"estonien", "estonienne", "estoniens", "estoniennes"} == set(inflect("estonien", "fr"))
    assert {"japonés", "japonesa", "japoneses", "japonesas"} == set(inflect("japonés", "es"))
    assert "эстонскую" in inflect("эстонск", "ru")


@settings(max_examples=80, deadline=None)
@given(st.text(max_size=200))
def test_spans_lie_in_the_text(text: str) -> None:
    for allusion in allusions_in(text):
        assert 0 <= allusion.start < allusion.end <= len(text)
