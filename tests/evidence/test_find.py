"""Evidence of one document: verbatim, bounded, nothing from what says nothing."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from evidence.find import find_evidence
from evidence.matcher import Matcher, load_matcher
from evidence.units import LONGEST, SHORTEST, visible_length
from extractors.documents import local_document
from extractors.reader import ReaderPool
from questionnaire.instrument import load_instrument
from store.readings import Reading
from store.tables import EvidenceRow

TODAY = date(2026, 11, 20)

ACT = """COMPUTER MISUSE AND CYBERCRIMES ACT No. 12 of 2019

An Act of Parliament to provide for offences relating to computer systems, and to establish a national team.

Article 1. Short title
This Act may be cited as the Computer Misuse and Cybercrimes Act and comes into force on 1 March 2019.

Article 2. Unauthorised access
Any person who intentionally and without authority gains access to the whole or any part of a computer system commits
an offence and is liable on conviction to imprisonment not exceeding five years or to a fine.

Article 3. Interference with data and systems
Any person who without authority damages, deletes, alters or suppresses computer data, or hinders the functioning of a
computer system, commits an offence and is liable on conviction to imprisonment not exceeding ten years.

Article 4. Unlawful interception
Any person who intercepts by technical means non-public transmissions of computer data without authority commits an
offence and is liable to imprisonment not exceeding five years.

Article 5. Child pornography
Any person who produces, distributes or possesses child pornography through a computer system commits an offence.

Article 6. Search and seizure
A court may issue a warrant authorising a police officer to search a computer system and to seize computer data that
may be electronic evidence, and to order the preservation of traffic data.
"""

UNRELATED = """FISHERIES ACT No. 3 of 1981

Article 1. Licences
No person shall fish in the lakes without a licence issued by the Minister.

Article 2. Nets
The Minister may prescribe the size of the mesh of nets used for the catching of fish in any lake or river.

Article 3. Fees
The fee for a licence is prescribed in the schedule and is paid to the district treasurer each year in January.
"""


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return load_matcher(load_instrument())


@pytest.fixture(scope="module")
def pool() -> ReaderPool:
    with ReaderPool() as pool:
        yield pool


def find(matcher: Matcher, reading: Reading) -> list[EvidenceRow]:
    document = local_document("ZZZ", "act.txt", reading, opened_at=datetime(2026, 11, 1, tzinfo=UTC))
    return find_evidence(matcher, document, reading, today=TODAY)


def test_an_acts_own_articles_are_found_verbatim(matcher: Matcher, pool: ReaderPool) -> None:
    reading = pool.read(ACT.encode(), name="act.txt")
    rows = find(matcher, reading)
    assert {"L.1.1", "L.1.2", "L.1.3"} <= {row.question for row in rows}
    for row in rows:
        assert reading.text[row.start : row.end] == row.quote
        assert SHORTEST <= visible_length(row.quote) <= LONGEST
        assert reading.text[: row.start].endswith(row.prefix)
        assert reading.text[row.end :].startswith(row.suffix)
        assert 0.0 <= row.score <= 1.0
    best = next(row for row in rows if row.question == "L.1.1")
    assert "without authority gains access" in best.quote.replace("\n", " ")
    assert best.document_kind == "act"
    assert best.article


def test_an_unrelated_act_gives_nothing(matcher: Matcher, pool: ReaderPool) -> None:
    assert find(matcher, pool.read(UNRELATED.encode(), name="act.txt")) == []


def test_a_document_that_was_not_read_gives_nothing(matcher: Matcher, pool: ReaderPool) -> None:
    reading = pool.read(ACT.encode(), name="act.txt")
    assert find(matcher, replace(reading, status="encrypted")) == []


def test_noise_and_mixed_scripts_neither_hang_nor_raise(matcher: Matcher, pool: ReaderPool) -> None:
    rng = random.Random(7)
    letters = "abcdeéñçабвгдабجحخدرسش网络安全信息 \n.;:()0123456789\u200f\ufeff‑–•"
    noise = "".join(rng.choice(letters) for _ in range(60_000))
    began = time.process_time()
    reading = pool.read((ACT + noise + ACT).encode(), name="noise.txt")
    for row in find(matcher, reading):
        assert reading.text[row.start : row.end] == row.quote
    assert time.process_time() - began < 60


def test_the_same_document_twice_gives_the_same_rows(matcher: Matcher, pool: ReaderPool) -> None:
    reading = pool.read(ACT.encode(), name="act.txt")
    assert find(matcher, reading) == find(matcher, reading)


LIST = """<html lang="en"><head><title>Repository of strategies</title></head><body><main><h1>Repository of strategies</h1>
<p>The countries below have sent their national documents.</p>
<ul><li>National Cybersecurity Strategy 2018–2023</li></ul></main></body></html>"""


def test_a_strategy_on_a_list_is_over_when_the_period_in_its_title_is(matcher: Matcher, pool: ReaderPool) -> None:
    rows = [row for row in find(matcher, pool.read(LIST.encode(), name="list.html")) if row.question == "O.1.1"]
    assert rows
    assert all("period ended in 2023" in row.rules for row in rows if "2018" in row.quote)
    assert any("2018" in row.quote for row in rows)


@pytest.mark.parametrize(
    ("said", "lacking"),
    [
        (
            "The country has no national scheme for certifying the cybersecurity of products or services; purchasers rely "
            "on certificates issued abroad.",
            True,
        ),
        ("No budget was set aside; the national scheme for certifying cybersecurity products began in 2024.", False),
    ],
)
def test_lack_is_said_of_the_matter_whatever_the_next_clause_states(
    matcher: Matcher, pool: ReaderPool, said: str, lacking: bool
) -> None:
    page = f"<html><h1>Cybersecurity</h1><p>{said}</p><p>The ministry publishes a report each year.</p></html>"
    rows = [row for row in find(matcher, pool.read(page.encode(), name="page.html")) if row.question == "T.3.3"]
    assert rows and (rows[0].stance == "absent") is lacking


BODY = """
1. Vision
A safe and trusted cyberspace for all citizens, businesses and the government of the country.

2. Objectives
Objective 1: Protect the critical information infrastructure of the country against cyber attacks.
Objective 2: Increase the resilience of national information systems and prepare for cyber crises.
Objective 3: Raise awareness of cybersecurity among citizens and train cybersecurity specialists.

3. Critical information infrastructure
Operators of critical information infrastructure will apply minimum cybersecurity measures.
The ministry will keep a register of critical information infrastructure and assess its cyber risks.

4. Resilience
A national plan for cyber crises will be drawn up, and cyber exercises will be held each year.
Information systems of the government will be backed up so that they recover from cyber incidents.

5. Skills
Universities will offer courses in cybersecurity, and scholarships will be granted to their students.
Police officers, prosecutors and judges will be trained in cybercrime and electronic evidence.
A network of cybersecurity experts of the public and the private sector will meet twice a year.

6. Cooperation
The country will take part in regional cybersecurity forums and exchange information on threats.
Agreements on cybersecurity with neighbouring countries will be sought within the period of the strategy.

7. Research
Cybersecurity research will be funded, and small companies that develop security products supported.
A laboratory for the security of devices will be set up together with the technical university.

8. Children
Parents and teachers will be informed about the risks that children meet on the internet.
A telephone line will take reports of content that harms children online.

9. Standards
National cybersecurity standards will follow international ones, and public bodies will apply them.
Products of information technology that the government buys will be certified for their security.

10. Governance
A committee of all ministries will coordinate the strategy, and each will report on its own measures.
The strategy will be reviewed after three years, and a new action plan will follow the review.
Funds for the measures will be set aside in the budget of the ministry of digital affairs each year.
"""
ABOUT_THE_STRATEGY = ("O.1.1", "O.1.2", "O.1.3")


def in_place(matcher: Matcher, pool: ReaderPool, head: str, body: str = BODY, country: str = "ZZZ") -> set[str]:
    """Return what is in place of the questions about the strategy itself by a text of this head."""
    reading = pool.read(f"{head}\n{body}".encode(), name="strategy.txt")
    document = local_document(country, "strategy.txt", reading, opened_at=datetime(2026, 11, 1, tzinfo=UTC))
    rows = find_evidence(matcher, document, reading, today=TODAY)
    return {row.question for row in rows if row.stance == "in_place" and row.question in ABOUT_THE_STRATEGY}


@pytest.mark.parametrize(
    "status",
    [
        "",
        "Approved by Cabinet in March 2026\n",
        "Version history\n\n0.1\n\nFirst draft\n\n1.0\n\nApproved by Cabinet\n",
    ],
)
def test_an_adopted_strategy_is_itself_what_it_covers(matcher: Matcher, pool: ReaderPool, status: str) -> None:
    head = f"National Cybersecurity Strategy 2026-2030\n\n{status}"
    assert in_place(matcher, pool, head) == set(ABOUT_THE_STRATEGY)


@pytest.mark.parametrize(
    "head",
    [
        "National Cybersecurity Strategy 2026-2030\n\nFinal draft\n",
        "Draft National Cybersecurity Strategy 2026-2030\n\nNot yet approved\n",
        "National Cybersecurity Strategy 2026-2030\n\nDraft\n\nTo be approved by Cabinet\n",
        "National Cybersecurity Strategy 2026-2030\n\nVersion\n\n0.3\n\nDraft\n\nApproved by\n\nDirector of ICT\n",
        "Guide to Developing a National Cybersecurity Strategy\n",
        "Mid-term review of the National Cybersecurity Strategy 2026-2030\n",
        "Terms of Reference for the National Cybersecurity Strategy\n",
        "Proposed National Cybersecurity Strategy\n",
        "National Defence Strategy\n",
    ],
)
def test_a_draft_a_guide_a_review_and_another_strategy_are_not_the_strategy(
    matcher: Matcher, pool: ReaderPool, head: str
) -> None:
    assert not in_place(matcher, pool, head) & {"O.1.2", "O.1.3"}


def test_another_countrys_strategy_and_a_page_that_denies_one_are_not_the_strategy(
    matcher: Matcher, pool: ReaderPool
) -> None:
    assert not in_place(matcher, pool, "Ghana National Cybersecurity Strategy 2026-2030\n", country="NGA")
    denied = "The country has no national cybersecurity strategy yet. Work on one will begin next year.\n"
    denied += "The strategy will protect critical information infrastructure and raise the resilience of its systems.\n"
    assert not in_place(matcher, pool, "National Cybersecurity Strategy\n", denied)


def test_the_heading_in_a_paragraph_is_no_best_quote_for_it(matcher: Matcher, pool: ReaderPool) -> None:
    rows = [row for row in find(matcher, pool.read(BILL.encode(), name="bill.txt")) if row.question == "L.1.4"]
    assert rows[0].quote.startswith("A person who without right")


BILL = """CYBERCRIME (AMENDMENT) BILL 2026

A Bill to amend the Cybercrime Act.

1. Short title
This Act may be cited as the Cybercrime (Amendment) Act.

2. New section on identity theft
The following section is inserted after section 9:
"9A. Identity theft. A person who without right uses the identification data of another person by means of a computer
system, with intent to deceive, commits an offence and is liable on conviction to imprisonment for four years."
"""
