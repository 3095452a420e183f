"""Bars: units that may not be evidence, whatever they name, because they state nothing or speak of another country.

Belongs here: which (unit, question) pairs of a view are struck and why, and the view without them. Does not belong
here: how a unit is told to be foreign (`whose`) or to state nothing (`statements`), or judging what is left (`scorer`).

A struck pair is out before anything is judged: the weight of a heading goes to the sentences below it, which
have it as their section.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from evidence.document_title import head_kind
from evidence.statements import defines, is_bare_name, is_glossary, is_heading, is_row_of_names
from evidence.units import Unit
from evidence.view import NOTHING, Flags, Floats, Observer, View
from evidence.whose import names_own, row_of_others, speaks_of_others

TITLE_ZONE = 12
"""Passages at the head of a document in which a heading or a bare line is the title of an act."""
PARTNERS = "C"
"""Pillar whose questions are about other countries too."""


@dataclass(frozen=True)
class Struck:
    """A unit that may not be the quote of some questions, with the reason; `questions` are their positions."""

    unit: Unit
    reason: str
    questions: frozenset[int]
    about_others: bool = False
    """Whether it states something, but of another country or the world."""


@dataclass(frozen=True, eq=False)
class Barred:
    """A view without its struck pairs, and what was struck."""

    view: View
    struck: tuple[Struck, ...]

    def reasons(self, question: int) -> list[Struck]:
        """Return what was struck for a question, in the document's order."""
        return [held for held in self.struck if question in held.questions]


def bar(view: View, country: str, observer: Observer) -> Barred:
    """Return a view without the pairs that cannot be evidence for a country.

    `country` is the one that the document is filed under; empty where none is known: then nothing is foreign. A title
    is evidence that the strategy, plan or law itself exists, and so is the heading of a plan within. Pure.
    """
    if not view.units:
        return Barred(view, ())
    claims, kinds = observer.claim_codes, observer.claim_kinds
    plans = np.array([kind == "document" and code[0] == "O" for code, kind in zip(claims, kinds, strict=True)])
    titled = plans | np.array([kind == "law" for kind in kinds])
    partners = np.array([code.startswith(PARTNERS) for code in claims])
    everything = np.ones(len(claims), dtype=np.bool_)
    mask = np.zeros((len(view.units), len(claims)), dtype=np.bool_)
    touched = _touched(view)
    struck = []
    glossary = is_glossary(view.reading)
    lists = view.nature.kind in ("page", "list", "other")  # there a title names another document, of whomever
    for number, unit in enumerate(view.units):
        reason, which, others = "", everything, False
        if glossary:
            reason = "stands in a document that explains words"
        elif country and (row := row_of_others(unit.passage, country)):
            reason, others = row, True
        elif country and (other := _foreign(unit, country)):
            reason, which, others = other, ~partners, True
        elif silent := _states_nothing(unit):
            reason, which = silent, everything if lists else ~_named(unit, observer, titled, plans)
        if reason:
            mask[number] = which
            hit = np.flatnonzero(touched[number] & which)
            if len(hit):
                struck.append(Struck(unit, reason, frozenset(int(q) for q in hit), others))
    if country and speaks_of_others(view.nature.name, country, view.reading.language):
        view = replace(view, name_rules=np.zeros_like(view.name_rules))  # another country's strategy or act
    return Barred(_without(view, mask) if mask.any() else view, tuple(struck))


def _named(unit: Unit, observer: Observer, titled: Flags, plans: Flags) -> Flags:
    """Return the questions that a line answers by naming a document: its own title, or a strategy or plan within."""
    if unit.passage.ordinal < TITLE_ZONE:
        return titled
    named = head_kind(unit.text, observer.grammars.language(unit.language))
    return plans if named in ("strategy", "plan") else np.zeros_like(plans)


def _foreign(unit: Unit, country: str) -> str:
    """Return why a unit is about another country: by its own words, or by the heading that it stands under."""
    own = speaks_of_others(unit.text, country, unit.language)
    if own:
        return own
    above = unit.passage.section[-1] if unit.passage.section else ""
    if not above or len(above) > 300:
        return ""
    reason = speaks_of_others(above, country, unit.language)
    if reason.startswith("names") and not names_own(unit.text, country, unit.language):
        return f"stands under a heading that {reason}"
    return ""


def _states_nothing(unit: Unit) -> str:
    if is_heading(unit):
        return "is a heading: it names the matter and states nothing"
    if is_row_of_names(unit):
        return "is a row of names"
    if is_bare_name(unit):
        return "is a name without a statement"
    if defines(unit):
        return "explains a word, which proves nothing"
    return ""


def _touched(view: View) -> Flags:
    """Units x questions for which a rule or term made the unit look like evidence."""
    return np.asarray((view.rules_above > 0.5) | (view.terms > 0), dtype=np.bool_)


def _without(view: View, mask: Flags) -> View:
    """Return the view with nothing seen in the struck pairs."""

    def cleared(array: Floats, value: float = 0.0) -> Floats:
        return np.where(mask, np.float32(value), array).astype(np.float32)

    return replace(
        view,
        rules=cleared(view.rules), share=cleared(view.share), rules_head=cleared(view.rules_head),
        rules_above=cleared(view.rules_above), terms=cleared(view.terms), ngrams=cleared(view.ngrams, NOTHING),
    )  # fmt: skip
