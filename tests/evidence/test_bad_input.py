"""Input that no careful author would write: a megabyte in one breath, three scripts in a line, OCR noise, wrong folders."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from evidence.find import find_evidence
from evidence.matcher import Matcher, load_matcher
from extractors.documents import local_document
from extractors.reader import ReaderPool
from pipelines.reading import find_in_files
from questionnaire.drafting_weight import ANOTHERS
from questionnaire.instrument import load_instrument
from sources.country_files import load_country
from store.readings import Reading
from store.settings import Settings
from store.tables import EvidenceRow, now

OFFENCE = (
    "Article 4. Any person who intentionally and without authority gains access to a computer system commits an "
    "offence and is liable to imprisonment for three years."
)
ACT = f"Cybercrime Act, No. 14 of 2020\n\nArticle 1. This Act punishes cybercrime.\n\n{OFFENCE}\n"
CONFUSED = str.maketrans({"l": "1", "o": "0", "m": "rn", "e": "c", "t": "f"})
"""Letters that OCR takes for each other."""


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return load_matcher(load_instrument())


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool() as held:
        yield held


def find(matcher: Matcher, reading: Reading, country: str = "XDM") -> list[EvidenceRow]:
    document = local_document(country, "file.txt", reading, opened_at=now())
    rows = find_evidence(matcher, document, reading, today=date(2026, 11, 20))
    assert all(reading.text[row.start : row.end] == row.quote for row in rows)
    return rows


@pytest.mark.timeout(300)
def test_a_passage_of_a_megabyte_without_a_full_stop(matcher: Matcher, pool: ReaderPool) -> None:
    text = "the team and the law and the national strategy of the country " * 17_000
    began = time.process_time()
    rows = find(matcher, pool.read(text.encode(), name="long.txt"))
    assert time.process_time() - began < 120
    assert all(len(row.quote) <= 700 for row in rows)


def test_a_megabyte_of_one_word(matcher: Matcher, pool: ReaderPool) -> None:
    assert find(matcher, pool.read(b"a" * 1_000_000, name="word.txt")) == []


def test_three_scripts_in_one_line_keep_their_quotes(matcher: Matcher, pool: ReaderPool) -> None:
    line = f"{OFFENCE} يعاقب بالسجن كل من دخل بدون حق إلى نظام معلوماتي. 未经授权侵入计算机系统的，处三年以下有期徒刑。"
    rows = find(matcher, pool.read(f"{ACT}\n{line}\n".encode(), name="mixed.txt"))
    assert "L.1.1" in {row.question for row in rows}


def test_an_act_with_noise_around_it_is_still_found(matcher: Matcher, pool: ReaderPool) -> None:
    rng = random.Random(3)
    noise = "\n".join("".join(rng.choice("|l1!i;:.,'`~^_- ") for _ in range(70)) for _ in range(60))
    rows = find(matcher, pool.read(f"{noise}\n\n{ACT}\n{noise}".encode(), name="scan.txt"))
    assert "L.1.1" in {row.question for row in rows}


def test_noise_alone_claims_nothing(matcher: Matcher, pool: ReaderPool) -> None:
    rows = find(matcher, pool.read((ACT * 3).lower().translate(CONFUSED).encode(), name="scan.txt"))
    assert [row.quote for row in rows if row.stance == "in_place"] == []


def test_a_document_in_the_wrong_folder_is_flagged(tmp_path: Path) -> None:
    file = tmp_path / "act.txt"
    text = "Republic of Norway\nComputer Crime Act of Norway\n\n" + OFFENCE.replace(
        "a computer", "a Norwegian computer"
    )
    file.write_text(text + "\nThis Act is in force in Norway. The courts of Norway apply it.\n", encoding="utf-8")
    (wrong,) = find_in_files(Settings(data_dir=tmp_path / "data"), load_country("GHA"), [file])
    assert "names NOR" in wrong.sentence and "wrong folder" in wrong.sentence
    assert all(ANOTHERS in row.evidence.rules for row in wrong.rows)
    (right,) = find_in_files(Settings(data_dir=tmp_path / "data"), load_country("NOR"), [file])
    assert "wrong folder" not in right.sentence
    assert "L.1.1" in {row.evidence.question for row in right.rows}
