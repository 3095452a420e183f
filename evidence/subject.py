"""Subject: whether a text has a question's matter as its own subject, or touches it in passing.

Belongs here: a question's home in a document, from the shares of units that name each concept. Does not belong here:
which concepts are a question's home (`grammars/claims.yml`), or what it weighs (`stance`).

Readers count what an act states outside its own subject as partial: "sector-only rules" in the bank. An article on
unauthorised access stands in a cybercrime act for every system, in a data protection act for personal data alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evidence.document_kind import Nature
from evidence.grammar import CLAIM_KINDS, Grammars
from evidence.view import Floats, View

SUBJECTS = ("offence", "cyber", "personal_data", "esignature", "child")
"""Concepts that tell the subjects of acts apart."""
NAMED = 0.8
"""Value of a rule from which a document is named for a matter."""
FEWEST_UNITS = 20
"""Units of a document; a shorter one speaks of a strategy or act."""
WHOLE = 0.6
"""Share of units that name a subject from which the whole text is about it."""

REACH_COLUMNS = (
    "home", "away", "home_less_away", "act_home", "act_away", "act_home_less_away", "strategy_home", "page_home",
    *(f"act_{kind}" for kind in CLAIM_KINDS), *(f"strategy_{kind}" for kind in CLAIM_KINDS),
    *(f"act_home_{kind}" for kind in CLAIM_KINDS), *(f"strategy_home_{kind}" for kind in CLAIM_KINDS),
)  # fmt: skip


class Subjects:
    """The home concepts of each question, as two matrices over concepts."""

    def __init__(self, grammars: Grammars, claim_codes: Sequence[str]) -> None:
        """Take the code of each question's claim."""
        position = {name: i for i, name in enumerate(grammars.concepts)}
        self._home = np.zeros((len(claim_codes), len(grammars.concepts)), dtype=np.float32)
        self._away = np.zeros_like(self._home)
        for row, code in enumerate(claim_codes):
            claim = grammars.claims.get(code)
            home = claim.home if claim else ()
            self._home[row, [position[name] for name in home]] = 1.0
            self._away[row, [position[name] for name in SUBJECTS if name not in home]] = 1.0

    def of(self, concept_share: Floats) -> Floats:
        """Return questions x (home, away), each 0 to 1, from the share of units that name each concept."""
        both = np.stack([self._home @ concept_share, self._away @ concept_share], axis=1)
        return np.asarray(np.minimum(both / WHOLE, 1.0), dtype=np.float32)


def is_itself_the_proof(proof: tuple[str, int] | None, view: View, subject: Floats) -> bool:
    """Tell whether a document is itself what a question asks for: adopted, named for it and more about it than others.

    `proof` is the question's in `Observer.own_proofs`, `subject` its (home, away). An approved strategy is evidence
    that there is one, and of what it covers (the readers' rules of the labelled corpus); an act named for data
    protection, and not a cybercrime act that names personal data at its head, is the law on it (0102). A guide to
    strategies, or a page that speaks of one, is none.
    """
    nature = view.nature
    if proof is None or nature.kind != proof[0] or nature.is_draft or nature.about_another:
        return False
    is_named = view.all_units >= FEWEST_UNITS and view.name_rules[proof[1]] >= NAMED
    return bool(is_named and subject[0] > subject[1])


def reach_columns(nature: Nature, kind: str, subject: Floats) -> Floats:
    """Return one row over REACH_COLUMNS; `subject` is (home, away) of the question, `kind` its claim's."""
    home, away = float(subject[0]), float(subject[1])
    act = float(nature.kind in ("act", "bill"))
    strategy = float(nature.kind in ("strategy", "plan"))
    kinds = np.array([held == kind for held in CLAIM_KINDS], dtype=np.float32)
    first = [
        home, away, home - away, act * home, act * away, act * (home - away), strategy * home,
        (1.0 - act - strategy) * home,
    ]  # fmt: skip
    return np.concatenate(
        [first, act * kinds, strategy * kinds, act * home * kinds, strategy * home * kinds]
    ).astype(np.float32)  # fmt: skip
