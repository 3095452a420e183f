"""Kind, name, number, day and period of a document, from its title, headings and structure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from evidence.document_kind import COLUMNS, day_of_passage, judge_nature
from evidence.document_title import head_kind
from evidence.grammar import load_grammars
from tests.evidence.passages import make_passage, make_reading

GRAMMARS = load_grammars()
HEADING: dict[str, Any] = {"kind": "heading"}
ARTICLES = tuple((f"Article {n}. The operator reports.", {"article": str(n)}) for n in range(1, 6))


def nature(*passages: Any, **values: Any) -> Any:
    reading = make_reading(*passages, **values)
    return judge_nature(reading, GRAMMARS.language(reading.language))


@pytest.mark.parametrize(
    ("language", "line", "kind"),
    [
        ("en", "National Cybersecurity Strategy 2024-2028", "strategy"),
        ("en", "Law on the National Cybersecurity Strategy Council", "act"),
        ("en", "Criminal Code of the Republic", "act"),
        ("en", "Electronic Transactions Act, 2010", "act"),
        ("en", "Draft Law", "bill"),
        ("en", "Data Protection Bill 2026", "bill"),
        ("en", "Presidential Decree No. 5", "act"),
        ("en", "Order of the Minister on the strategy", "decree"),
        ("en", "Strategy and Action Plan", "strategy"),
        ("en", "How the neighbours wrote their law", None),
        ("en", "Study visit to the capital", None),
        ("fr", "Loi n° 2020-12 relative à la cybersécurité", "act"),
        ("fr", "Décret n° 2020-12 portant approbation de la stratégie nationale", "decree"),
        ("fr", "Projet de loi relatif à la cybersécurité", "bill"),
        ("fr", "Stratégie nationale de sécurité numérique", "strategy"),
        ("fr", "Les élèves découvrent la loi au musée", None),
        ("es", "Ley Nº 30.096 de delitos informáticos", "act"),
        ("es", "Estrategia Nacional de Ciberseguridad", "strategy"),
        ("pt", "Decreto-Lei n.º 65/2021", "act"),
        ("pt", "Plano de acção para a cibersegurança", "plan"),
        ("ru", "Указ Президента Республики", "decree"),
        ("ru", "Уголовный кодекс Республики", "act"),
        ("ru", "Концепция кибербезопасности", "strategy"),
        ("ar", "قانون رقم 5 لسنة 2018", "act"),
        ("ar", "الاستراتيجية الوطنية للأمن السيبراني", "strategy"),
        ("zh", "某国网络安全法", "act"),
        ("zh", "国家网络安全战略（2024—2028年）", "strategy"),
        ("zh", "个人信息保护法（草案）", "bill"),
        ("zh", "关于立法工作的新闻", None),
    ],
)
def test_the_head_word_of_a_line_is_its_kind(language: str, line: str, kind: str | None) -> None:
    assert head_kind(line, GRAMMARS.language(language)) == kind


def test_news_that_speaks_of_a_law_and_a_strategy_is_a_page() -> None:
    found = nature(
        ("18 May 2026", {"kind": "menu", "role": "navigation"}),
        ("How the neighbours protect their networks", HEADING),
        "The law obliges operators to report. “Our strategy runs to 2030 and has a budget,” the minister said.",
        format="html",
        title="Study visit – Ministry of Economy",
    )
    assert (found.kind, found.period) == ("page", None)
    assert found.dated_on == date(2026, 5, 18), "a line that is a date, never a year in a sentence"


def test_an_overview_page_under_the_name_of_a_strategy_is_a_page() -> None:
    title = "National Cybersecurity Strategy | Ministry"
    assert nature("The Ministry leads the work.", format="html", title=title).kind == "page"
    assert nature(("National Cybersecurity Strategy", HEADING), "The Ministry leads.", format="pdf").kind == "strategy"


def test_a_strategy_that_tells_of_a_bill_is_no_draft() -> None:
    found = nature(
        ("NATIONAL CYBERSECURITY STRATEGY", HEADING),
        "2023 - 2028",
        "Approved by Cabinet on 8 March 2023",
        ("1. WHERE WE STAND", HEADING),
        "A Personal Information Bill was tabled, and a consultation draft of the policy was published.",
    )
    assert (found.kind, found.period, found.dated_on) == ("strategy", (2023, 2028), date(2023, 3, 8))
    assert found.words[2] == found.words[5] == 0.0


def test_a_decree_without_articles_is_an_act() -> None:
    found = nature(
        ("УКАЗ ПРЕЗИДЕНТА РЕСПУБЛИКИ", {**HEADING, "role": "navigation"}),
        "11 мая 2023 г. № 141-П",
        ("О защите от киберугроз", HEADING),
        "1. Создать центр кибербезопасности.",
        language="ru", format="html", title="Указ № 141 | Портал",
    )  # fmt: skip
    assert (found.kind, found.act_status, found.number) == ("act", "adopted", "141")
    assert found.dated_on == date(2023, 5, 11)
    assert found.act.startswith("Указ № 141")


def test_the_act_is_named_and_not_the_gazette() -> None:
    found = nature(
        "JOURNAL OFFICIEL DE LA REPUBLIQUE N° 7612 du samedi 15 février 2025",
        "Décret n° 2025-208 du 5 février 2025 portant création de l'Agence",
        "Vu la loi n° 2008-11 du 25 janvier 2008 portant sur la cybercriminalité ;",
        *ARTICLES, language="fr", title="JOURNAL OFFICIEL DE LA REPUBLIQUE N° 7612 du samedi 15 février 2025",
    )  # fmt: skip
    assert (found.kind, found.number) == ("act", "2025-208")
    assert found.act.startswith("Décret n° 2025-208")
    assert (found.dated_on, found.period) == (date(2025, 2, 5), None)


def test_a_bill_of_two_lines() -> None:
    found = nature(("DRAFT LAW", HEADING), ("ON THE SECURITY OF NETWORKS", HEADING), *ARTICLES)
    assert (found.kind, found.act_status, found.act) == ("bill", "bill", "DRAFT LAW ON THE SECURITY OF NETWORKS")


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Criminal Code No 812-IIs of 14 June 2017", "812-IIs"),
        ("Act No. 12 of 2019", "12"),
        ("Law 60 of 2018 on cybercrime", "60 of 2018"),
    ],
)
def test_the_number_of_an_act(line: str, number: str) -> None:
    assert nature((line, HEADING), *ARTICLES).number == number


def test_a_bare_year_is_no_date() -> None:
    assert nature(("National Cybersecurity Strategy 2024", HEADING), "We will act by 2030.").dated_on is None


def test_an_item_of_news_has_its_own_day() -> None:
    assert day_of_passage(make_passage("30/06/2026 – The agreement is in force.")) == date(2026, 6, 30)
    assert day_of_passage(make_passage("11 mai 2026 – L'équipe a formé des agents.")) == date(2026, 5, 11)
    assert day_of_passage(make_passage("The team met.", section=("3 March 2026",))) == date(2026, 3, 3)
    assert day_of_passage(make_passage("The team has met since 3 March 2020 and works by day.")) is None


@pytest.mark.parametrize(("line", "draft"), [("Final draft", 1.0), ("Final draft, approved by Cabinet", 0.0)])
def test_a_draft_that_was_approved_is_no_draft(line: str, draft: float) -> None:
    found = nature(("National Cybersecurity Strategy", {"kind": "title"}), line, "Chapter one speaks of risks.")
    assert found.words[COLUMNS.index("draft")] == draft


def test_the_last_line_of_a_table_of_versions_says_whether_a_draft_was_adopted() -> None:
    cells = ["Document review", "Version", "Date", "Comments", *["Draft", "June 2011", "Review by the ministry"] * 6]
    title = ("National Cyber Security Strategy", HEADING)
    assert nature(title, *cells, "Final", "Approved by Cabinet").is_draft is False
    assert nature(title, *cells, "Final draft", "Public review").is_draft is True
