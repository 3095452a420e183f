"""Names of countries: seven languages, formal names, traps, offsets that hold."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.country_files import load_countries
from sources.country_names import (
    countries_in,
    country_at_start,
    country_named,
    country_of_file,
    names_of,
)
from sources.folded_text import fold

EVERY_NAME = [(name, code) for code in load_countries() for name in names_of(code)]


def named(text: str) -> list[str]:
    return [mention.country for mention in countries_in(text)]


def test_every_known_name_names_its_country_and_no_other() -> None:
    wrong = [(name, code) for name, code in EVERY_NAME if country_named(name) != code or named(name) != [code]]
    assert not wrong


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Papua New Guinea, Equatorial Guinea and Guinea-Bissau", ["PNG", "GNQ", "GNB"]),
        ("Niger and Nigeria", ["NER", "NGA"]),
        ("the Democratic People's Republic of Korea", ["PRK"]),
        ("the Republic of Korea", ["KOR"]),
        ("Dominica; Dominican Republic", ["DMA", "DOM"]),
        ("Northern Ireland and the Gulf of Guinea", []),
        ("Hong Kong SAR China", []),
        ("American Samoa", []),
        ("Korea", []),
        ("let us ask; the peru of it", []),
        ("The US and the UK", ["USA", "GBR"]),
        ("Nigerian authorities", []),
        ("l'Angola et d'Haïti", ["AGO", "HTI"]),
        ("в Российской Федерации, в Казахстане и Кубе", ["RUS", "KAZ", "CUB"]),
        ("وبالمغرب وللإمارات", ["MAR", "ARE"]),
        ("美利坚合\n\n众国、大韩民国", ["USA", "KOR"]),
        ("沿海地区", []),
        ("刚果（金）和刚果", ["COD", "COG"]),
    ],
)
def test_traps_of_names(text: str, expected: list[str]) -> None:
    assert named(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("https://www.itu.int/x/National_Strategies_Repository/NewZealand_2011_nz.pdf", "NZL"),
        ("BosniaHerzegovina_2014_akcioni_plan2014.pdf", "BIH"),
        ("Guinea_Bissau_2019.pdf", "GNB"),
        ("Nigeria_2014.pdf", "NGA"),
        ("Niger-2014.pdf", "NER"),
        ("Korea_RepublicOf_2011_KOR.pdf", "KOR"),
        ("UK_2011_uk.pdf", "GBR"),
        ("Ukraine_2016.pdf", "UKR"),
        ("Danish_NCSS.pdf", "DNK"),
        ("Rwanda%20NCSS%20NICI_III.pdf", "RWA"),
        ("national_cyber_security_strategy_of_Malta.pdf", None),
        ("Omanization_policy.pdf", None),
        ("https://rwanda.example/strategy.pdf", None),
        ("", None),
    ],
)
def test_a_file_belongs_to_the_country_that_its_name_begins_with(name: str, expected: str | None) -> None:
    assert country_of_file(name) == expected


def test_a_heading_begins_with_a_country_or_not() -> None:
    assert country_at_start("3. Kenya: legislation") is not None
    assert country_at_start("Legislation of Kenya") is None


def test_footnote_marks_do_not_matter() -> None:
    assert country_named("Netherlands (Kingdom of the) 7") == "NLD"
    assert country_named("  CÔTE D’IVOIRE*") == "CIV"


@given(st.lists(st.one_of(st.sampled_from([name for name, _ in EVERY_NAME]), st.text(max_size=12)), max_size=6))
def test_mentions_are_in_order_do_not_overlap_and_point_into_the_text(parts: list[str]) -> None:
    text = " ".join(parts)
    last = 0
    for mention in countries_in(text):
        assert last <= mention.start < mention.end <= len(text)
        assert country_named(text[mention.start : mention.end]) == mention.country
        last = mention.end


@given(st.text())
def test_folding_keeps_the_way_back(text: str) -> None:
    folded = fold(text)
    assert len(folded.text) == len(folded.offsets)
    assert list(folded.offsets) == sorted(folded.offsets)
    assert all(0 <= offset < len(text) for offset in folded.offsets)


@pytest.mark.realdata
def test_strategy_files_of_the_handed_list_are_never_given_to_a_wrong_country(shared: Path) -> None:
    with (shared / "data/sources/country_sources.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["kind"] == "itu_strategy_document"]
    found = [(row["iso3"], country_of_file(row["url"])) for row in rows]
    assert not [pair for pair in found if pair[1] not in (None, pair[0])]
    assert sum(1 for iso3, country in found if country == iso3) >= 0.9 * len(found)
