"""What a quote's own words do not allow."""

from __future__ import annotations

import pytest

from evidence.limits import limit_of, what_follows
from evidence.units import Unit
from tests.evidence.passages import make_passage, make_unit

NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("language", "signed", "bound"),
    [
        ("en", "Norway signed the Convention in 2014.", "Norway ratified the Convention in 2014."),
        ("fr", "La Norvège a signé la convention.", "La Norvège a ratifié la convention."),
        ("es", "Noruega firmó el convenio en 2014.", "Noruega se adhirió al convenio."),
        ("pt", "A Noruega assinou a convenção.", "A Noruega aderiu à convenção."),
        ("ru", "Норвегия подписала конвенцию.", "Норвегия ратифицировала конвенцию."),
        ("ar", "وقعت النرويج الاتفاقية.", "صادقت النرويج على الاتفاقية."),
        ("zh", "挪威签署了公约。", "挪威已批准公约。"),
    ],
)
def test_a_signature_is_no_ratification(language: str, signed: str, bound: str) -> None:
    limit = limit_of(make_unit(signed, language=language), NONE, NONE, "C.2.1", "membership", act=False)
    assert limit is not None
    assert limit.stance == "partial"
    assert limit_of(make_unit(bound, language=language), NONE, NONE, "C.2.1", "membership", act=False) is None
    assert limit_of(make_unit(signed, language=language), NONE, NONE, "C.1.1", "agreement", act=False) is None


def test_what_follows_in_the_passage_takes_back() -> None:
    passage = make_passage("The country is party to it. It has not been ratified.")
    unit = Unit(0, 27, passage.text[:27], passage, "en", "", 0)
    assert what_follows(unit) == " It has not been ratified."
    limit = limit_of(unit, NONE, frozenset({"pending"}), "C.2.1", "membership", act=False)
    assert limit is not None and limit.stance == "partial"


def test_an_order_to_review_is_a_plan() -> None:
    unit = make_unit("The strategy shall be reviewed every two years.")
    limit = limit_of(unit, frozenset({"will"}), NONE, "O.1.4", "content", act=False)
    assert limit is not None and limit.stance == "planned"
    assert limit_of(unit, frozenset({"will", "done"}), NONE, "O.1.4", "content", act=False) is None
    assert limit_of(unit, frozenset({"will"}), NONE, "O.1.2", "content", act=False) is None


def test_what_is_over_is_not_in_place_and_an_act_speaks_for_itself() -> None:
    unit = make_unit("The strategy came to the end of its period in 2022.")
    limit = limit_of(unit, frozenset({"ended"}), NONE, "O.1.1", "document", act=False)
    assert limit is not None and limit.stance == "partial"
    assert limit_of(unit, frozenset({"ended", "pending"}), NONE, "O.1.1", "document", act=True) is None


def test_a_statement_of_absence_is_nothing_else() -> None:
    unit = make_unit("There is no national scheme for certifying products.")
    limit = limit_of(unit, frozenset({"absent", "lack"}), NONE, "T.3.3", "scheme", act=False)
    assert limit is not None and limit.stance == "absent"
    planned = frozenset({"absent", "lack", "will"})
    assert limit_of(unit, planned, NONE, "T.3.3", "scheme", act=False) is None, "a plan beside it goes before"
