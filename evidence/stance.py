"""Stance columns: what the best units of a pair, their surroundings and their document say of existence.

Belongs here: the columns from which the stance of a (document, question) is judged. Does not belong here: wordings
(`grammars/`), weights (`scorer`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from evidence.document_kind import ARTICLES_OF_AN_ACT
from evidence.document_kind import COLUMNS as NATURE_COLUMNS
from evidence.features import PILLARS, Topic
from evidence.forest import Linear, probabilities
from evidence.grammar import CLAIM_KINDS, Grammars
from evidence.marks import MarkFinder
from evidence.subject import REACH_COLUMNS, reach_columns
from evidence.units import Unit
from evidence.view import Floats, View
from store.tables import STANCE_ORDER

READ = 8
"""Units of a pair whose wording is read."""
EARLY = 8
"""Passages at the head of a document, where it names and adopts itself."""
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")

MARKS = (
    "duty", "will", "aim", "todo", "done", "ongoing", "lack", "offence", "creates", "mandate", "definition",
    "citation", "foreign",
)  # fmt: skip
SCOPE = (
    "national", "sector", "government", "business", "offence", "establish", "lead", "body", "strategy", "agreement",
    "critical", "cyber", "international", "convention", "measures",
)  # fmt: skip
"""Concepts whose presence in a unit tells how far its statement reaches."""
STATED = STANCE_ORDER[:3]
"""Stances that are learned; absent has too few labels and is left to the grammar of lack."""

SITUATIONS = (
    "state_alone", "plan_alone", "state_and_plan", "neither", "state_outside_plans", "under_way_alone",
    "lack_without_state", "text_states", "text_plans", "text_neither", "act_punishes", "act_creates", "act_mandates",
)  # fmt: skip
"""Meetings of marks that mean more than each mark."""

_ABOUT = (
    *(f"nature_{name}" for name in NATURE_COLUMNS), *(f"pillar_{p}" for p in PILLARS),
    *(f"claim_{kind}" for kind in CLAIM_KINDS),
)  # fmt: skip

PLACES = ("year", "heading", "in_article", "offence_near", "place", "early", "log_length")
"""What a unit is and where it stands, whatever the question."""
_LOG_LENGTH = PLACES.index("log_length")

UNIT_COLUMNS = (
    *(f"own_{m}" for m in MARKS), *(f"around_{m}" for m in MARKS), *SITUATIONS,
    *(f"said_{s}" for s in STANCE_ORDER), *(f"like_{s}" for s in STANCE_ORDER),
    *(f"names_{c}" for c in SCOPE), "year", "heading", "in_article", "offence_near", "place", "early", "rules",
    "rules_head", "rules_above", "share", "ngrams", "terms", "log_length", "passage", "of_best", "rank",
    "document_cyber", "document_offence", "title_rules",
    *(f"prior_kind_{s}" for s in STATED), *_ABOUT,
)  # fmt: skip

PAIR_STANCE_COLUMNS = (
    *(f"first_{s}" for s in STATED), *(f"mean_{s}" for s in STATED), *(f"most_{s}" for s in STATED),
    *(f"any_{s}" for s in STATED),
    *(f"said_{s}" for s in STANCE_ORDER), *(f"best_said_{s}" for s in STANCE_ORDER),
    *(f"most_said_{s}" for s in STANCE_ORDER), *SITUATIONS, *(f"best_{name}" for name in SITUATIONS),
    *(f"most_{name}" for name in SITUATIONS),
    *(f"own_{m}" for m in MARKS), *(f"around_{m}" for m in MARKS), *(f"document_{m}" for m in MARKS),
    *(f"like_{s}" for s in STANCE_ORDER), *(f"names_{c}" for c in SCOPE),
    "title_rules", "strong_share", "strong_sections", "year", "offence_near", "place", "units", "found", "passage",
    "sum", "rules", "log_rules", "document_cyber", "document_offence",
    *(f"prior_{s}" for s in STATED), *(f"prior_kind_{s}" for s in STATED), *_ABOUT, *REACH_COLUMNS,
)  # fmt: skip


class Marker:
    """Reads marks and stance likeness of units; holds the finders of each language."""

    def __init__(self, grammars: Grammars) -> None:
        self.grammars = grammars
        self._finders: dict[str, MarkFinder] = {}
        self.marks = lru_cache(maxsize=30_000)(self._marks)
        """As `_marks`; headings and heads repeat, and learning asks for the same units again and again."""
        self.names = lru_cache(maxsize=30_000)(self._names)
        """As `_names`."""

    def _marks(self, text: str, language: str) -> NDArray[np.bool_]:
        """Return one row over MARKS for a text; an empty text has none."""
        row = np.zeros(len(MARKS), dtype=np.bool_)
        if text.strip():
            found = self.names(text, language)
            row[:] = [name in found for name in MARKS]
        return row

    def _names(self, text: str, language: str) -> frozenset[str]:
        """Return the names of all marks of the grammar that a text bears, those that are no column too."""
        return self._finder(language).find(text) if text.strip() else frozenset()

    def _finder(self, language: str) -> MarkFinder:
        code = self.grammars.language(language).language
        if code not in self._finders:
            self._finders[code] = MarkFinder(self.grammars.languages[code])
        return self._finders[code]


def mark_pairs(marks: Floats) -> Floats:
    """Return the marks and their meetings in pairs, the columns of the grammar model."""
    first, second = np.tril_indices(len(MARKS), -1)
    return np.hstack([marks, marks[:, first] * marks[:, second]]).astype(np.float32)


class Wording:
    """The marks of one document's units, each read once and only when asked for."""

    def __init__(self, view: View, marker: Marker, likeness: Floats, wanted: list[int], grammar: Linear) -> None:
        self.view = view
        self.scope = [marker.grammars.concepts.index(name) for name in SCOPE]
        self.likeness = likeness
        """Units x stances, by wording alone; rows of units that are not wanted are zero."""
        self._row = np.zeros(len(view.units), dtype=np.intp)
        self._row[wanted] = np.arange(len(wanted))
        held = [view.units[i] for i in wanted]
        self._own = np.array([marker.marks(u.text, u.language) for u in held], dtype=np.float32).reshape(-1, len(MARKS))
        contexts: dict[str, NDArray[np.bool_]] = {}
        rows = []
        for u in held:
            context = f"{u.section} . {u.head}"
            if context not in contexts:
                contexts[context] = marker.marks(u.section, u.language) | marker.marks(u.head, u.language)
            rows.append(contexts[context])
        self._around = np.array(rows, dtype=np.float32).reshape(-1, len(MARKS))
        self._situations = _situations(self._own > 0, self._around > 0, view.nature.row()[-1] > ARTICLES_OF_AN_ACT)
        self._said = probabilities(grammar.logits(mark_pairs(self._own)))
        self._names = view.own[wanted][:, self.scope].astype(np.float32)
        self._places = _places(held, wanted, view)
        self._starts = np.array([u.passage.start for u in held], dtype=np.float32)
        self._sections: NDArray[np.intp] | None = None

    def said(self, units: list[int]) -> Floats:
        """Return units x STANCE_ORDER: what the grammar alone, learned from exemplars, takes them to state."""
        return self._said[self._row[units]]

    def situations(self, units: list[int]) -> Floats:
        """Return units x SITUATIONS."""
        return self._situations[self._row[units]]

    @cached_property
    def document(self) -> Floats:
        """Share of the wanted units that bear each mark."""
        if not len(self._own):
            return np.zeros(len(MARKS), dtype=np.float32)
        return np.asarray(self._own.mean(axis=0), dtype=np.float32)

    def own(self, units: list[int]) -> Floats:
        """Return units x marks."""
        return self._own[self._row[units]]

    def around(self, units: list[int]) -> Floats:
        """Return units x marks of headings and heads."""
        return self._around[self._row[units]]

    def names(self, units: list[int]) -> Floats:
        """Return units x SCOPE."""
        return self._names[self._row[units]]

    def places(self, units: list[int]) -> Floats:
        """Return units x PLACES."""
        return self._places[self._row[units]]

    def starts(self, units: list[int]) -> Floats:
        """Return where the units' passages start in the text."""
        return self._starts[self._row[units]]

    def sections(self, strong: NDArray[np.bool_]) -> int:
        """Return under how many headings the given units of the view stand."""
        if self._sections is None:
            numbers: dict[tuple[str, ...], int] = {}
            held = [numbers.setdefault(unit.passage.section, len(numbers)) for unit in self.view.units]
            self._sections = np.array(held, dtype=np.intp)
        return len(set(self._sections[strong].tolist()))


def _situations(own: NDArray[np.bool_], around: NDArray[np.bool_], act: bool) -> Floats:
    """Return units x SITUATIONS from units x marks; `act` tells whether the document is built of articles."""
    has, above = dict(zip(MARKS, own.T, strict=True)), dict(zip(MARKS, around.T, strict=True))
    state, plan = has["done"] | has["creates"], has["will"] | has["todo"] | has["aim"]
    planned_above = above["aim"] | above["todo"] | above["will"]
    is_act = np.full(len(own), act)
    return np.stack([
        state & ~plan, plan & ~state, state & plan, ~state & ~plan, state & ~plan & ~planned_above,
        has["ongoing"] & ~plan, has["lack"] & ~state, ~is_act & state & ~plan, ~is_act & plan,
        ~is_act & ~state & ~plan, is_act & has["offence"], is_act & has["creates"], is_act & has["mandate"],
    ], axis=1).astype(np.float32)  # fmt: skip


def _places(units: list[Unit], wanted: list[int], view: View) -> Floats:
    """Return units x PLACES."""
    length = len(view.reading.text) + 1.0
    columns = [
        [bool(_YEAR.search(u.text)) for u in units],
        [u.passage.kind in ("heading", "title") for u in units],
        [bool(u.passage.article) for u in units],
        view.article_offence[wanted],
        [u.passage.start / length for u in units],
        [u.passage.ordinal < EARLY for u in units],
        [np.log(len(u.text) + 1.0) for u in units],
    ]
    return np.stack([np.asarray(column, dtype=np.float32) for column in columns], axis=1)


@dataclass(frozen=True, eq=False)
class Asked:
    """One question put to one document: what both levels of the stance models share."""

    wording: Wording
    topic: Topic
    question: int
    pillar: int
    kind: str
    found: float
    prior: Floats
    prior_kind: Floats
    units: list[int]
    """Positions in the view, by falling passage probability."""
    passage: Floats
    """Passage probability of each unit."""
    subject: Floats
    """How far the document has the question's matter as its subject, and how far another: (home, away)."""
    itself: bool
    """Whether the document is itself what the question asks for."""

    @cached_property
    def about(self) -> Floats:
        """Return the columns of document, pillar and claim."""
        return np.concatenate([
            self.wording.view.nature.row(), [float(self.pillar == n) for n in range(len(PILLARS))],
            [float(self.kind == held) for held in CLAIM_KINDS],
        ]).astype(np.float32)  # fmt: skip


def unit_columns(asked: Asked) -> Floats:
    """Return units x UNIT_COLUMNS."""
    view, wording, q, rows = asked.wording.view, asked.wording, asked.question, asked.units
    places = wording.places(rows)
    channels = [array[rows, q] for array in (
        view.rules, view.rules_head, view.rules_above, view.share, view.ngrams, view.terms,
    )]  # fmt: skip
    about = [asked.topic.cyber, asked.topic.offence, view.title_rules[q], *asked.prior_kind[:3], *asked.about]
    return np.hstack([
        wording.own(rows), wording.around(rows), wording.situations(rows), wording.said(rows),
        wording.likeness[rows], wording.names(rows), places[:, :_LOG_LENGTH], np.stack(channels, axis=1),
        places[:, _LOG_LENGTH:],
        np.stack([asked.passage, asked.passage / max(float(asked.passage[0]), 1e-6), np.arange(len(rows))], axis=1),
        np.tile(np.array(about, dtype=np.float32), (len(rows), 1)),
    ]).astype(np.float32)  # fmt: skip


def pair_stance_columns(asked: Asked, quotable: Floats, stances: Floats) -> Floats:
    """Return one row over PAIR_STANCE_COLUMNS.

    `quotable` is each unit's probability of being the quote, `stances` units x STATED.
    """
    view, wording, q, rows = asked.wording.view, asked.wording, asked.question, asked.units
    weight = quotable / max(float(quotable.sum()), 1e-6)
    relative = quotable / max(float(quotable.max()), 1e-6)
    rules = view.rules[:, q]
    strong = rules > 0.7
    places = wording.places(rows)
    starts = wording.starts(rows) / (len(view.reading.text) + 1.0)
    return np.concatenate([
        stances[int(np.argmax(quotable))], weight @ stances, (relative[:, None] * stances).max(axis=0),
        1.0 - np.prod(1.0 - quotable[:, None] * stances, axis=0),
        *_three_ways(wording.said(rows), weight, relative), *_three_ways(wording.situations(rows), weight, relative),
        weight @ wording.own(rows), weight @ wording.around(rows), wording.document,
        weight @ wording.likeness[rows], weight @ wording.names(rows),
        [
            view.title_rules[q], strong.sum() / max(1, view.all_units), np.log1p(wording.sections(strong)),
            weight @ places[:, PLACES.index("year")], weight @ places[:, PLACES.index("offence_near")],
            weight @ starts, len(rows), asked.found, asked.passage[0], asked.passage.sum(), rules[rows].max(),
            np.log1p((rules > 0.9).sum()), asked.topic.cyber, asked.topic.offence,
        ],
        asked.prior[:3], asked.prior_kind[:3], asked.about,
        reach_columns(view.nature, asked.kind, asked.subject),
    ]).astype(np.float32)  # fmt: skip


def _three_ways(values: Floats, weight: Floats, relative: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the mean over units, the best unit's values and the most, each unit counting by how quotable it is."""
    return weight @ values, values[int(np.argmax(weight))], (relative[:, None] * values).max(axis=0)
