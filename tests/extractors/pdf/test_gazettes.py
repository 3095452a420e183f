"""Real gazettes in three languages side by side: articles ascend in each language, no passage mixes two."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from extractors.formats import parse
from extractors.layout import Layout
from extractors.pdf import read
from extractors.request import ReadRequest
from store.readings import Reading

pytestmark = pytest.mark.realdata
ARTICLE = re.compile(r"\W*(Ingingo ya|Article)\s*:?\s*(\d+)")
ICT_LAW = "act/law/2016/24/"


def _named(gazettes: dict[str, bytes], part: str) -> bytes:
    return next(payload for url, payload in gazettes.items() if part in url)


def _articles(layout: Layout) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for block in layout.blocks:
        match = ARTICLE.match(layout.text[block.start : block.end])
        if match and block.role == "main":
            found.setdefault(block.column, []).append(int(match.group(2)))
    return found


@pytest.fixture(scope="module")
def ict_law(gazettes: dict[str, bytes]) -> Reading:
    return parse(_named(gazettes, ICT_LAW), ReadRequest(name="source"))


def test_articles_of_the_ict_law_ascend_in_each_language(gazettes: dict[str, bytes]) -> None:
    articles = _articles(read(_named(gazettes, ICT_LAW), ReadRequest(name="source")))

    assert sorted(articles) == [1, 2, 3]
    for numbers in articles.values():
        descents = [(before, after) for before, after in pairwise(numbers) if after < before]
        # the contents list and the law end with article 310; two amending laws follow
        assert descents == [(310, 2), (310, 2), (4, 2)]
        assert numbers.count(200) == 2


@pytest.mark.parametrize(
    ("part", "last"),
    [("law/2007/51", 36), ("law/2010/1/", 35), ("law/2017/20bis", 35), ("law/2021/45", 31)],
)
def test_articles_ascend_after_the_contents_in_other_gazettes(gazettes: dict[str, bytes], part: str, last: int) -> None:
    articles = _articles(read(_named(gazettes, part), ReadRequest(name="source")))

    assert sorted(articles) == [1, 2, 3]
    for numbers in articles.values():
        assert [(before, after) for before, after in pairwise(numbers) if after < before] == [(last, 2)]


def test_no_long_passage_of_the_ict_law_mixes_two_languages(ict_law: Reading) -> None:
    english = {"the", "of", "shall", "and", "by"}
    french = {"le", "la", "les", "des", "et", "du"}
    kinyarwanda = {"mu", "cyangwa", "ya", "kandi", "ku"}
    mixed = 0
    long_passages = [passage for passage in ict_law.passages if len(passage.text.split()) >= 25 and passage.page > 1]
    for passage in long_passages:
        words = passage.text.casefold().split()
        shares = sorted(sum(word in common for word in words) for common in (english, french, kinyarwanda))
        mixed += shares[1] >= 3 and shares[1] > 0.3 * shares[2]
    assert len(long_passages) > 1000
    assert mixed == 0


def test_languages_of_the_ict_law_are_told_by_passage(ict_law: Reading) -> None:
    assert set(ict_law.languages) == {"rw", "en", "fr"}
    assert len(ict_law.pages) == 226
    assert all(passage.boxes for passage in ict_law.passages)


def test_running_header_of_the_ict_law_is_no_passage(ict_law: Reading) -> None:
    headers = [passage for passage in ict_law.passages if passage.text.startswith("Official Gazette n°26")]
    assert {passage.role for passage in headers} == {"navigation"}
    assert len(headers) <= 3
    assert not [passage for passage in ict_law.passages if passage.text.strip().isdigit() and passage.page > 1]
