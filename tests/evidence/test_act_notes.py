"""Notes at the head of an act: in force since when, amended by what."""

from __future__ import annotations

from datetime import date

import pytest

from evidence.act_life import read_act_life

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("language", "text", "since"),
    [
        ("en", "Consolidated text. In force since 1 January 2018.", date(2018, 1, 1)),
        ("fr", "Texte consolidé, en vigueur depuis le 3 mars 2019.", date(2019, 3, 3)),
        ("es", "Texto vigente desde el 20 de junio de 2022.", date(2022, 6, 20)),
        ("es", "Estado: Vigente", None),
        ("pt", "Em vigor desde 2 de Maio de 2020.", date(2020, 5, 2)),
        ("ru", "Введен в действие с 1 января 2015 года.", date(2015, 1, 1)),
        ("zh", "现行有效", None),
        ("ar", "ساري المفعول", None),
    ],
)
def test_a_note_of_force(language: str, text: str, since: date | None) -> None:
    life = read_act_life(f"{text}\nArticle 1.", "", language, None, TODAY)
    assert (life.status, life.in_force_from) == ("in_force", since)


def test_a_note_of_force_still_to_come() -> None:
    assert read_act_life("In force from 1 March 2027.", "", "en", None, TODAY).status == "adopted"


@pytest.mark.parametrize(
    ("language", "text", "by"),
    [
        ("en", "Computer Misuse Act (as amended by Act No. 5 of 2021)", "Act No. 5 of 2021"),
        ("fr", "Loi modifiée par la loi n° 2021-3 du 4 mai 2021.", "la loi n° 2021-3 du 4 mai 2021"),
        ("es", "Ley modificada por la Ley 27.411.", "la Ley 27"),
        ("pt", "Lei alterada pela Lei n.º 5/2021.", "Lei n"),
        ("ru", "Закон в редакции Закона № 5 от 4 мая 2021 года", "Закона № 5 от 4 мая 2021 года"),
        ("zh", "根据2021年5月4日的决定修正", "2021年5月4日的决定"),
        ("ar", "معدل بموجب القانون رقم 5 لسنة 2021", "القانون رقم 5 لسنة 2021"),
    ],
)
def test_what_amended_it(language: str, text: str, by: str) -> None:
    assert read_act_life(text, "", language, None, TODAY).amended_by.startswith(by)


def test_an_act_that_is_cited_is_not_the_one_that_was_amended() -> None:
    text = "Décret n° 5\nVu la loi n° 2008-11, modifiée par la loi n° 2016-4 ;\nArticle 1."
    assert read_act_life(text, "", "fr", None, TODAY).amended_by == ""
