"""From when an act is in force, by its own words, in seven languages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.act_life import ActLife, read_act_life, with_act_life
from store.readings import Reading
from tests.evidence.test_second_reader import make_row

TODAY = date(2026, 11, 20)
GAZETTE = date(2018, 9, 25)


@pytest.mark.parametrize(
    ("language", "text", "since"),
    [
        ("en", "This Law comes into force on the date of its publication in the Official Gazette.", GAZETTE),
        ("en", "This Act shall come into\noperation on 1 July 2019.", date(2019, 7, 1)),
        ("fr", "La présente loi entre en vigueur le 1er janvier 2020.", date(2020, 1, 1)),
        ("fr", "Le présent décret entre en vigueur le jour de sa publication au Journal officiel.", GAZETTE),
        ("es", "La presente ley entrará en vigor el 3 de marzo de 2017.", date(2017, 3, 3)),
        ("es", "Esta ley regirá a partir de su publicación en el Boletín Oficial.", GAZETTE),
        ("pt", "Esta Lei entra em vigor na data da sua publicação.", GAZETTE),
        ("ru", "Настоящий Закон вступает в силу с 1 января 2021 года.", date(2021, 1, 1)),
        ("ru", "Настоящий Федеральный закон вступает в силу со дня его официального опубликования.", GAZETTE),
        ("zh", "第七十九条 本法自2017年6月1日起施行。", date(2017, 6, 1)),
        ("zh", "本条例自公布之日起施行。", GAZETTE),
        ("ar", "يعمل بهذا القانون اعتباراً من تاريخ نشره في الجريدة الرسمية.", GAZETTE),
    ],
)
def test_it_says_from_when(language: str, text: str, since: date) -> None:
    assert read_act_life(text, "", language, GAZETTE, TODAY) == ActLife("in_force", since)


@pytest.mark.parametrize(
    ("language", "text", "life"),
    [
        ("en", "This Act shall come into force on 1 January 2028.", ActLife("adopted", date(2028, 1, 1))),
        ("en", "This Act comes into force six months after its publication.", ActLife("in_force", None)),
        ("en", "This Act comes into force on a day that the Minister appoints.", ActLife("", None)),
        ("en", "The treaty comes into force on 1 May 2018.", ActLife("", None)),
        ("en", "Law No. 5 of 2001 is repealed. This Law punishes cybercrime.", ActLife("", None)),
        ("de", "Dieses Gesetz tritt am 1. Mai 2018 in Kraft.", ActLife("", None)),
    ],
)
def test_it_says_no_more_than_the_act(language: str, text: str, life: ActLife) -> None:
    assert read_act_life(text, "", language, GAZETTE, TODAY) == life


def test_a_delay_after_a_recent_publication_leaves_it_adopted() -> None:
    text = "This Act comes into force one year after its publication."
    assert read_act_life(text, "", "en", date(2026, 9, 1), TODAY) == ActLife("adopted", None)
    assert read_act_life(text, "", "en", None, TODAY) == ActLife("adopted", None)


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        ("en", "Computer Misuse Act 1998 (repealed)", ""),
        ("en", "", "Computer Misuse Act 1998\n[REPEALED]\nThis Act comes into force on 1 May 1998."),
        ("zh", "", "计算机信息系统管理办法\n【失效】\n本办法自1998年5月1日起施行。"),
        ("ru", "Закон о связи (утратил силу)", ""),
    ],
)
def test_a_mark_of_repeal(language: str, title: str, text: str) -> None:
    assert read_act_life(text, title, language, None, TODAY).status == "repealed"


def test_rows_of_an_act_get_its_life_and_others_stay() -> None:
    reading = Reading(
        payload_digest="d", reader_version="r", format="txt", status="read", language="en",
        text="Law No. 60/2018 on cybercrime.\nThis Law comes into force on 25 September 2018.",
    )  # fmt: skip
    act = make_row(1, act="Law 60/2018", act_status="adopted")
    bill = make_row(2, act="Bill 3/2018", act_status="bill")
    page = make_row(3)
    changed = with_act_life([act, bill, page], reading, TODAY)
    assert (changed[0].act_status, changed[0].in_force_from) == ("in_force", GAZETTE)
    assert changed[1:] == [bill, page]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=2000), st.sampled_from(["en", "fr", "es", "pt", "ru", "zh", "ar", "und"]))
def test_any_text_has_a_life_or_none(text: str, language: str) -> None:
    life = read_act_life(text, text[:80], language, GAZETTE, TODAY)
    assert life.status in {"", "in_force", "adopted", "repealed"}
    assert life.in_force_from is None or life.status in {"in_force", "adopted"}


def test_a_megabyte_is_read_in_a_moment() -> None:
    read_act_life("This Law " * 110_000, "", "en", None, TODAY)
    read_act_life("la présente loi " * 60_000, "", "fr", None, TODAY)
    read_act_life("本法" * 300_000, "", "zh", None, TODAY)
