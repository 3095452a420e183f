"""Texts that hold all countries: status lists, replies of states, programmes, folders of strategies."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from extractors.reader import ReaderPool
from extractors.repositories.collection import collect
from extractors.repositories.found import UnknownShapeError, UnreadablePageError
from extractors.repositories.pages import Page
from extractors.repositories.reading import read_page
from extractors.repositories.text_shapes import replies_in
from sources.country_files import load_countries
from sources.repository import load_repository
from sources.written_dates import find_date
from store.archive import ArchivedResponse, read_responses
from store.readings import Reading

TODAY = date(2026, 11, 20)
SEEN = datetime(2026, 11, 1, tzinfo=UTC)

REPLIES = {
    "en": ("Kenya", "[Original: English]", "[16 April 2024]"),
    "fr": ("Kenya", "[Original : anglais]", "[16 avril 2024]"),
    "es": ("Kenya", "[Original: inglés]", "[16 de abril de 2024]"),
    "ru": ("Кения", "[Подлинный текст на английском языке]", "[16 апреля 2024 года]"),
    "ar": ("كينيا", "[الأصل: بالإنكليزية]", "[16 نيسان/أبريل 2024]"),
    "zh": ("肯尼亚", "[原件：英文]", "[2024 年 4 月 16 日]"),
}


def text_page(text: str, url: str = "https://undocs.org/en/A/79/81") -> Page:
    reading = Reading(
        payload_digest="0" * 64, reader_version="1", format="txt", status="read", text=text, language="en"
    )
    return Page(url=url, captured_at=SEEN, origin="fetched by us", payload=text.encode() or b" ", reading=reading)


@pytest.mark.parametrize("language", sorted(REPLIES))
def test_a_reply_stands_under_its_states_name_in_six_languages(language: str) -> None:
    name, original, day = REPLIES[language]
    text = f"Annex\n\nReplies\n\n  {name} \n\n{original} \n\n{day} \n\nBody of the reply.\n\n"
    (reply,) = replies_in(text)
    assert reply.country == "KEN"
    assert reply.dated_on == date(2024, 4, 16)
    assert text[reply.start : reply.head_end].startswith(name)
    assert "Body of the reply." in text[reply.start : reply.end]


def test_a_reply_ends_where_the_next_state_begins_and_an_organisation_is_nobodys() -> None:
    text = (
        "Replies received from Governments\n\nUnited Kingdom of Great Britain\nand Northern Ireland\n"
        "[Original: English]\n[1 May 2024]\nWe in Kenya's neighbourhood say this.\n"
        "European Union\n[Original: English]\n[2 May 2024]\nThe Union says that.\n"
        "Chad\n[Original: French]\n[3 May 2024]\nChad dit cela.\n"
    )
    page = text_page(text)
    facts = read_page(page, load_repository("un-replies"), TODAY)
    assert [row.country for row in facts.rows] == ["GBR", "TCD"]
    assert len(facts.unattributed) == 1
    british, chadian = facts.rows
    assert british.part_start is not None and british.part_end is not None
    assert "neighbourhood" in text[british.part_start : british.part_end]
    assert "Union says" not in text[british.part_start : british.part_end]
    assert chadian.part_end == len(text)
    assert all(text[row.start : row.end] == row.text for row in facts.rows)


def test_a_text_without_marks_is_an_unknown_shape() -> None:
    with pytest.raises(UnknownShapeError, match="Original"):
        read_page(text_page("Kenya\n\nSomething else entirely.\n"), load_repository("un-replies"), TODAY)


STATUS_LIST = """\
LIST OF COUNTRIES WHICH HAVE SIGNED, RATIFIED/ACCEDED
NO. COUNTRY DATE OF SIGNATURE DATE OF RATIFICATION/ACCESSION DATE DEPOSITED
1 Angola - 21/02/2020 11/05/2020
2 Benin 28/01/2015
3 Côte d'Ivoire - - -
4 Guinea-Bissau 31/01/2015
5 Rwanda 16/04/2019 14/08/2019 21/11/2019
6 Saharawi Arab Democratic Republic - - -
"""


def test_a_signature_in_the_status_list_is_no_ratification() -> None:
    facts = read_page(text_page(STATUS_LIST), load_repository("au-malabo"), TODAY)
    assert {row.country: row.stance for row in facts.rows} == {
        "AGO": "in_place", "BEN": "partial", "GNB": "partial", "RWA": "in_place"
    }  # fmt: skip
    assert next(row for row in facts.rows if row.country == "AGO").text == "Angola - 21/02/2020 11/05/2020"


def test_cells_on_lines_of_their_own_stay_with_their_country() -> None:
    text = (
        "SIGNATURE RATIFICATION DEPOSIT\nAngola\n01/02/2018\n21/02/2020\n11/05/2020\nBenin\n28/01/2015\nOn 1/1/2026\n"
    )
    facts = read_page(text_page(text), load_repository("au-malabo"), TODAY)
    assert {row.country: row.stance for row in facts.rows} == {"AGO": "in_place", "BEN": "partial"}


PROGRAMMES = """\
III. Regional, subregional and cross-regional cooperation

1. The project takes place in Kenya and Chad. It is paid by Norway, a course of training was held.

2. Nobody is named here, not even developing countries.

Countering cybercrime

3. Judges of Fiji met in Suva.1
__________________
1 See https://example.org/UK_and_USA.
"""


def test_a_programme_is_a_row_of_every_country_that_its_sentence_names() -> None:
    facts = read_page(text_page(PROGRAMMES), load_repository("un-capacity-programmes"), TODAY)
    assert {row.country for row in facts.rows} == {"KEN", "TCD", "NOR", "FJI"}
    questions = {row.country: set(row.questions) for row in facts.rows}
    assert questions["NOR"] == {"D.2.1", "C.2.3"}
    assert "D.2.3" in questions["FJI"]
    assert {row.stance for row in facts.rows} == {"partial"}
    assert all(PROGRAMMES[row.start : row.end] == row.text for row in facts.rows)


def test_a_strategy_without_text_is_unreadable_not_of_unknown_shape() -> None:
    folder = "https://www.itu.int/x/National_Strategies_Repository/Kenya_2022.txt"
    with pytest.raises(UnreadablePageError):
        read_page(text_page("\f\n", folder), load_repository("itu-strategies"), TODAY)


PARTS = st.tuples(st.sampled_from(sorted(load_countries())), st.sampled_from(sorted(REPLIES)), st.text(max_size=40))


@example([("AFG", "ar", "\n:"), ("AFG", "ar", "")])
@given(st.lists(PARTS, min_size=1, max_size=5))
def test_replies_do_not_overlap_and_cover_their_bodies(parts: list[tuple[str, str, str]]) -> None:
    text = "Annex\n\n"
    bodies = []
    for number, (code, language, noise) in enumerate(parts):
        _, original, day = REPLIES[language]
        name = load_countries()[code].name("zh" if language == "zh" else "en")
        body = f"body {number} {noise.replace('[', '(')}"
        text += f"\n{name}\n\n{original}\n\n{day}\n\n{body}\n\n"
        bodies.append(body)
    replies = replies_in(text)
    assert len(replies) == len(parts)
    for reply, body, (code, _, _) in zip(replies, bodies, parts, strict=True):
        assert reply.country == code
        assert body in text[reply.start : reply.end]
    assert all(first.end == second.start for first, second in pairwise(replies))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("23/11/2001", date(2001, 11, 23)), ("2003-05-12T00:00:00", date(2003, 5, 12)),
        ("March 1, 2007", date(2007, 3, 1)), ("25 Oct 2025 a", date(2025, 10, 25)),
        ("25 Oct 2025 11 May 2026", date(2026, 5, 11)), ("31 февраля 2024", None), ("nothing", None),
    ],
)  # fmt: skip
def test_dates_as_repositories_write_them(text: str, expected: date | None) -> None:
    assert find_date(text) == expected


@pytest.mark.realdata
def test_the_strategies_of_the_archive_belong_to_the_countries_their_names_begin_with(shared: Path) -> None:
    found = [r for r in read_responses(shared / "realweb/strategies.warc.gz") if isinstance(r, ArchivedResponse)]
    pages = [Page(url=r.url, captured_at=r.captured_at, origin="imported", payload=r.payload) for r in found]
    with ReaderPool() as pool:
        collected = collect(
            load_repository("itu-strategies"), pages, lambda page: pool.read(page.payload, name=page.url), today=TODAY
        )
    assert len(pages) == 19
    assert not collected.unattributed
    assert {row.country for row in collected.rows} == {
        "AUT", "BRN", "CAN", "EST", "ISR", "JAM", "JOR", "KEN", "LTU", "LUX", "MNE", "NZL", "PAN", "QAT", "RUS", "ESP"
    }  # fmt: skip
    assert [issue.code for issue in collected.issues] == ["unreadable_document"] * 3
    assert {row.stance for row in collected.rows if row.country == "RUS"} == {"planned"}
    assert not collected.publishable, "the list itself is not in the archive: the assertions must fail"


@pytest.mark.realdata
def test_the_replies_and_programmes_of_the_united_nations(shared: Path) -> None:
    documents = shared / "data/documents"
    with ReaderPool() as pool:

        def one(name: str, file: str) -> Page:
            payload = (documents / file).read_bytes()
            return Page(
                url=load_repository(name).addresses[0], captured_at=SEEN, origin="imported", payload=payload,
                reading=pool.read(payload, name=file),
            )  # fmt: skip

        replies = collect(
            load_repository("un-replies"), [one("un-replies", "UN-A-79-81-replies-of-states.zh.txt")], today=TODAY
        )
        programmes = collect(
            load_repository("un-capacity-programmes"),
            [one("un-capacity-programmes", "UN-A-AC.292-2024-2-capacity-mapping.zh.txt")], today=TODAY,
        )  # fmt: skip
    assert replies.publishable and len(replies.rows) == 19 and len(replies.unattributed) == 1
    assert set(Counter(row.country for row in replies.rows).values()) == {1}
    assert programmes.publishable and len({row.country for row in programmes.rows}) >= 70
    assert "CHN" not in {row.country for row in programmes.rows}, "the word for developing countries names nobody"
