"""A sentence over a page break where other languages' columns stand between its halves."""

from __future__ import annotations

import pytest

from extractors.formats import parse
from extractors.request import ReadRequest
from store.readings import Reading
from store.tables import Passage
from tests.extractors.pdf.conftest import write_pdf

ENGLISH = (
    "The Authority keeps a register of every",
    "provider of services that are essential to",
    "the country and publishes it each year on",
    "its site. Providers report each incident of",
    "weight to the Authority within one day and",
    "keep the records of it for five years. The",
    "Minister may lay down by order which of the",
    "incidents are of weight and how the report",
    "is made. The Authority advises providers on",
    "the measures that the state of the art asks",
    "for and may inspect their systems with the",
    "leave of the court. The costs of inspection",
)
FRENCH = (
    "L'Autorité tient un registre de tous les",
    "fournisseurs de services essentiels au pays",
    "et le publie chaque année sur son site. Les",
    "fournisseurs signalent chaque incident grave",
    "à l'Autorité dans un délai de vingt-quatre",
    "heures et gardent ses traces pendant cinq",
    "ans. Le ministre peut fixer par arrêté quels",
    "incidents sont graves et comment on doit les",
    "signaler. L'Autorité conseille aussi pour ce",
    "qui touche aux mesures que demande l'état de",
    "la technique et peut inspecter les systèmes",
    "avec la permission du juge. Les frais sont à",
)


def page(left: tuple[str, ...], right: tuple[str, ...]) -> list[tuple[float, float, str]]:
    rows = [(60.0, 100.0 + 14 * row, text) for row, text in enumerate(left)]
    return rows + [(320.0, 100.0 + 14 * row, text) for row, text in enumerate(right)]


@pytest.fixture(scope="module")
def reading() -> Reading:
    pages = [
        page(ENGLISH, FRENCH),
        page(
            ("are borne by the State. The Authority is", "established in the capital.", *ENGLISH[1:]),
            ("la charge de l'État. Le siège de l'Autorité", "est dans la capitale.", *FRENCH[1:]),
        ),
    ]
    return parse(write_pdf(pages), ReadRequest(name="act.pdf"))


def starting(reading: Reading, text: str) -> Passage:
    return next(found for found in reading.passages if found.text.startswith(text))


@pytest.mark.parametrize(
    ("rest", "beginning"),
    [
        ("are borne by the State.", "The costs of inspection"),
        ("la charge de l'État.", "Les frais sont à"),
    ],
)
def test_the_rest_of_a_sentence_hangs_on_its_beginning(reading: Reading, rest: str, beginning: str) -> None:
    found = starting(reading, rest)

    assert found.goes_on
    assert found.text == rest  # the next sentence hangs on nothing, so it is another passage
    assert found.page == 2
    assert found.head == beginning
    assert found.head_start is not None and found.head_end is not None
    assert reading.text[found.head_start : found.head_end] == beginning
    assert reading.text[found.start : found.end] == rest


def test_only_what_goes_on_is_marked(reading: Reading) -> None:
    following = reading.passages[starting(reading, "are borne").ordinal + 1]

    assert following.text.startswith("The Authority is\nestablished")
    assert (following.goes_on, following.head) == (False, "")
    assert sum(found.goes_on for found in reading.passages) == 2


def test_a_sentence_that_ends_with_its_page_does_not_go_on() -> None:
    closed = (*ENGLISH[:-1], "leave of the court.")
    pages = [page(closed, FRENCH), page(ENGLISH, FRENCH)]
    found = parse(write_pdf(pages), ReadRequest(name="act.pdf")).passages

    assert [p.text[:20] for p in found if p.goes_on and p.language == "en"] == []
