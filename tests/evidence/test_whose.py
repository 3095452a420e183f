"""Whose: sentences, rows and documents of other countries, in seven languages."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.whose import foreign_document, name_countries, named_countries, row_of_others, speaks_of_others
from sources.country_adjectives import allusions_in
from sources.country_files import load_countries
from sources.country_names import countries_in, names_of
from store.readings import Reading
from tests.evidence.passages import make_document, make_passage


def reading(text: str, status: str = "read", title: str = "") -> Reading:
    return Reading(payload_digest="d", reader_version="1", format="pdf", status=status, text=text, title=title)


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("The Republic of Niger. Niger has a law. In Niger it is so. Niger.", True),
        ("The Republic of Niger. Niger has a law. In Niger it is so. Niger and Nigeria.", False),
        ("The Republic of Niger. " + "Niger has a law. " * 12 + "It was sent to Nigeria.", True),
        ("Nigerian law in Nigeria", False),
        ("Niger is named. Niger.", False),
        ("发展中国家。发展中国家。发展中国家。发展中国家。", False),
    ],
)
def test_another_countrys_document_is_named(text: str, foreign: bool) -> None:
    assert bool(foreign_document(make_document("NGA"), reading(text))) is foreign


def test_a_document_whose_title_names_its_own_country_is_its_own() -> None:
    text = "Ghana at a glance: the Ghanaian team. " * 6
    assert foreign_document(make_document("NGA"), reading(text)) is not None
    assert foreign_document(make_document("NGA"), reading(text, title="What Nigeria learns from Ghana")) is None


NAMES = sorted({name for country in load_countries() for name in names_of(country)})
AROUND = st.sampled_from(["", " ", "-", ".", "中", "و", "ب", "the ", " of ", "1", "é", "\u0301", "_", "x"])


@given(st.lists(st.one_of(st.sampled_from(NAMES), AROUND), max_size=7))
@settings(max_examples=400)
def test_the_look_for_words_of_names_hides_no_name(pieces: list[str]) -> None:
    text = "".join(pieces)
    named = name_countries(text)
    assert {mention.country for mention in countries_in(text)} <= named.countries
    assert bool(named.countries or named.cities) == bool(countries_in(text) or allusions_in(text))


def test_what_was_not_read_is_nobodys() -> None:
    assert foreign_document(make_document("NGA"), reading("Niger " * 9, "no_text")) is None


def test_countries_are_counted() -> None:
    assert named_countries("Chad and Mali, Mali and Côte d'Ivoire") == {"TCD": 1, "MLI": 2, "CIV": 1}
    assert named_countries("The Chadian team and une équipe ivoirienne") == {"TCD": 1, "CIV": 1}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Norway has run a national response team since 2006."),
        ("en", "The Norwegian team publishes advisories every week."),
        ("en", "“Our team works day and night,” the Norwegian minister said."),
        ("fr", "La Norvège dispose d'une équipe nationale depuis 2006."),
        ("fr", "L'équipe norvégienne publie des alertes chaque semaine."),
        ("es", "Noruega cuenta con un equipo nacional desde 2006."),
        ("es", "La autoridad noruega inauguró su centro."),
        ("pt", "A Noruega criou a sua equipa nacional em 2006."),
        ("pt", "As autoridades norueguesas publicam alertas."),
        ("ru", "В Норвегии с 2006 года действует национальная команда."),
        ("ru", "Норвежский центр публикует предупреждения каждую неделю."),
        ("ar", "أطلقت النرويج مركزها الوطني عام 2006."),
        ("ar", "نشر المركز النرويجي تنبيهات أسبوعية."),
        ("zh", "挪威自2006年起设有国家应急响应小组。"),
    ],
)
def test_a_sentence_about_another_country_is_not_about_this_one(language: str, text: str) -> None:
    assert speaks_of_others(text, "GHA", language) == "names NOR only"
    assert speaks_of_others(text, "NOR", language) == ""


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "An agreement with Norway provides for the exchange of information."),
        ("en", "Our team trained its staff in Norway."),
        ("en", "Ghana and Norway hold an exercise each year."),
        ("en", "The Ghanaian team, unlike Norway's, works by day only."),
        ("en", "The team in Accra follows the Norwegian example."),
        ("en", "The Convention of Budapest was ratified in 2018."),
        ("en", "The Malabo Convention entered into force."),
        ("en", "The Norway Agreement of 2019 is in force."),
        ("en", "The national team runs exercises."),
        ("fr", "Un accord avec la Norvège prévoit l'échange d'informations."),
        ("es", "El acuerdo con Noruega está en vigor."),
        ("pt", "O acordo com a Noruega está em vigor."),
        ("ru", "Соглашение с Норвегией действует с 2019 года."),
        ("ru", "Команда Ганы и норвежский центр проводят учения."),
        ("ar", "وقعت غانا مذكرة مع النرويج."),
        ("zh", "我国与挪威签署了谅解备忘录。"),
    ],
)
def test_partners_treaties_and_the_own_name_leave_a_sentence_its_own(language: str, text: str) -> None:
    assert speaks_of_others(text, "GHA", language) == ""


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In 127 countries a national strategy is in force."),
        ("en", "Of 194 member states 139 run a team."),
        ("en", "Worldwide, teams publish advisories every day."),
        ("fr", "Dans 127 pays, une stratégie est en vigueur."),
        ("es", "En 127 países hay una estrategia."),
        ("pt", "Em 127 países há uma estratégia."),
        ("ru", "В 127 странах принята стратегия."),
        ("ar", "في 127 دولة استراتيجية وطنية."),
        ("zh", "全球127个国家制定了战略。"),
    ],
)
def test_the_worlds_countries_are_not_this_one(language: str, text: str) -> None:
    assert speaks_of_others(text, "GHA", language) == "speaks of the world's countries"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Norway | strategy 2019 | team since 2006", "is the row of NOR in a table by country"),
        ("| Norway | strategy 2019 |", "is the row of NOR in a table by country"),
        ("Ghana | strategy 2020 | team since 2014", ""),
        ("Exercise with Norway and its neighbours | 2025 | the national team", ""),
        ("Training | Norway | 2025", ""),
    ],
)
def test_a_row_is_its_first_cells(text: str, reason: str) -> None:
    assert row_of_others(make_passage(text, kind="table_row"), "GHA") == reason
    assert row_of_others(make_passage(text), "GHA") == "", "only rows of tables"


@pytest.mark.parametrize(
    ("country", "language", "reading", "reason"),
    [
        ("GHA", "en", "Country: Sostria; Document: Strategy 2025", "is the row of Sostria in a table by country"),
        ("GHA", "fr", "Pays: Sostrie; Document: Stratégie 2025", "is the row of Sostrie in a table by country"),
        ("GHA", "zh", "国家: 索斯特里; 文件: 战略", "is the row of 索斯特里 in a table by country"),
        ("GHA", "en", "Country: Ghana; Document: Strategy 2025", ""),
        ("COD", "en", "Country: Dem. Rep. of the Congo; Document: Strategy 2025", ""),
        ("GHA", "en", "Service: Sostria; Document: Strategy 2025", ""),
    ],
)
def test_an_unknown_name_under_country_is_anothers(country: str, language: str, reading: str, reason: str) -> None:
    text = "\t".join(cell.split(": ")[1] for cell in reading.split("; "))
    row = make_passage(text, kind="table_row", reading_text=reading, language=language)
    assert row_of_others(row, country) == reason


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(["en", "fr", "es", "pt", "ru", "zh", "ar", "und"]))
def test_any_text_gets_a_reason_or_none(text: str, language: str) -> None:
    assert isinstance(speaks_of_others(text, "GHA", language), str)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "In many countries a team answers calls by night."),
        ("fr", "Dans les pays voisins, une équipe répond la nuit."),
        ("ru", "В странах союза операторы обязаны сообщать об инцидентах."),
        ("ar", "في دول الخليج فرق وطنية."),
        ("zh", "许多国家设有应急小组。"),
    ],
)
def test_countries_in_general_are_not_this_one(language: str, text: str) -> None:
    assert speaks_of_others(text, "GHA", language) == "speaks of the world's countries"


@pytest.mark.parametrize("text", ["第二十条 国家支持企业开展培训。", "第一百二十条国家鼓励研究。"])
def test_the_number_of_an_article_before_the_state_counts_no_countries(text: str) -> None:
    assert speaks_of_others(text, "GHA", "zh") == ""
