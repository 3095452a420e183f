"""Stance columns: what the best units of a pair, their surroundings and their document say of existence.

Belongs here: the columns from which the stance of a (document, question) is judged. Does not belong here: wordings
(`grammars/`), weights (`scorer`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from evidence.document_kind import ARTICLES_OF_AN_ACT
from evidence.document_kind import COLUMNS as NATURE_COLUMNS
from evidence.features import PILLARS, Topic
from evidence.forest import Linear, probabilities
from evidence.grammar import CLAIM_KINDS, Grammars
from evidence.marks import MarkFinder
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
    *(f"prior_{s}" for s in STATED), *(f"prior_kind_{s}" for s in STATED), *_ABOUT,
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
        self._row = {unit: i for i, unit in enumerate(wanted)}
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

        self._said = probabilities(grammar.logits(mark_pairs(self._own)))

    def said(self, units: list[int]) -> Floats:
        """Return units x STANCE_ORDER: what the grammar alone, learned from exemplars, takes them to state."""
        return np.asarray(self._said[[self._row[u] for u in units]], dtype=np.float32)

    def situations(self, units: list[int]) -> Floats:
        """Return units x SITUATIONS."""
        own = {mark: self.own(units)[:, i] > 0 for i, mark in enumerate(MARKS)}
        around = {mark: self.around(units)[:, i] > 0 for i, mark in enumerate(MARKS)}
        state, plan = own["done"] | own["creates"], own["will"] | own["todo"] | own["aim"]
        planned_above = around["aim"] | around["todo"] | around["will"]
        is_act = np.full(len(units), self.view.nature.row()[-1] > ARTICLES_OF_AN_ACT)
        return np.stack([
            state & ~plan, plan & ~state, state & plan, ~state & ~plan, state & ~plan & ~planned_above,
            own["ongoing"] & ~plan, own["lack"] & ~state, ~is_act & state & ~plan, ~is_act & plan,
            ~is_act & ~state & ~plan, is_act & own["offence"], is_act & own["creates"], is_act & own["mandate"],
        ], axis=1).astype(np.float32)  # fmt: skip

    @property
    def document(self) -> Floats:
        """Share of the wanted units that bear each mark."""
        if not len(self._own):
            return np.zeros(len(MARKS), dtype=np.float32)
        return np.asarray(self._own.mean(axis=0), dtype=np.float32)

    def own(self, units: list[int]) -> Floats:
        """Return units x marks."""
        return np.asarray(self._own[[self._row[u] for u in units]], dtype=np.float32)

    def around(self, units: list[int]) -> Floats:
        """Return units x marks of headings and heads."""
        return np.asarray(self._around[[self._row[u] for u in units]], dtype=np.float32)


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

    @property
    def about(self) -> Floats:
        """Return the columns of document, pillar and claim."""
        return np.concatenate([
            self.wording.view.nature.row(), [float(self.pillar == n) for n in range(len(PILLARS))],
            [float(self.kind == held) for held in CLAIM_KINDS],
        ]).astype(np.float32)  # fmt: skip


def unit_columns(asked: Asked) -> Floats:
    """Return units x UNIT_COLUMNS."""
    view, wording, q, rows = asked.wording.view, asked.wording, asked.question, asked.units
    passages = [view.units[u].passage for u in rows]
    length = len(view.reading.text) + 1.0
    single = [
        [bool(_YEAR.search(view.units[u].text)) for u in rows],
        [p.kind in ("heading", "title") for p in passages],
        [bool(p.article) for p in passages],
        view.article_offence[rows],
        [p.start / length for p in passages],
        [p.ordinal < EARLY for p in passages],
        view.rules[rows, q], view.rules_head[rows, q], view.rules_above[rows, q], view.share[rows, q],
        view.ngrams[rows, q], view.terms[rows, q],
        [np.log(len(view.units[u].text) + 1.0) for u in rows],
        asked.passage, asked.passage / max(float(asked.passage[0]), 1e-6), np.arange(len(rows)),
        *(np.full(len(rows), value) for value in (asked.topic.cyber, asked.topic.offence, view.title_rules[q])),
    ]  # fmt: skip
    columns = np.stack([np.asarray(column, dtype=np.float32) for column in single], axis=1)
    fixed = np.tile(np.concatenate([asked.prior_kind[:3], asked.about]), (len(rows), 1))
    return np.hstack([
        wording.own(rows), wording.around(rows), wording.situations(rows), wording.said(rows),
        wording.likeness[rows], view.own[rows][:, wording.scope], columns,
        fixed,
    ]).astype(np.float32)  # fmt: skip


def pair_stance_columns(asked: Asked, quotable: Floats, stances: Floats) -> Floats:
    """Return one row over PAIR_STANCE_COLUMNS.

    `quotable` is each unit's probability of being the quote, `stances` units x STATED.
    """
    view, wording, q, rows = asked.wording.view, asked.wording, asked.question, asked.units
    weight = quotable / max(float(quotable.sum()), 1e-6)
    relative = quotable / max(float(quotable.max()), 1e-6)
    strong = view.rules[:, q] > 0.7
    passages = [view.units[u].passage for u in rows]
    years = np.array([bool(_YEAR.search(view.units[u].text)) for u in rows], dtype=np.float32)
    places = np.array([p.start for p in passages], dtype=np.float32) / (len(view.reading.text) + 1.0)
    return np.concatenate([
        stances[int(np.argmax(quotable))], weight @ stances, (relative[:, None] * stances).max(axis=0),
        1.0 - np.prod(1.0 - quotable[:, None] * stances, axis=0),
        *_three_ways(wording.said(rows), weight, relative), *_three_ways(wording.situations(rows), weight, relative),
        weight @ wording.own(rows), weight @ wording.around(rows), wording.document,
        weight @ wording.likeness[rows], weight @ view.own[rows][:, wording.scope],
        [
            view.title_rules[q], strong.sum() / max(1, view.all_units),
            np.log1p(len({view.units[u].passage.section for u in np.flatnonzero(strong)})),
            weight @ years, weight @ view.article_offence[rows].astype(np.float32), weight @ places, len(rows),
            asked.found, asked.passage[0], asked.passage.sum(), view.rules[rows, q].max(),
            np.log1p((view.rules[:, q] > 0.9).sum()), asked.topic.cyber, asked.topic.offence,
        ],
        asked.prior[:3], asked.prior_kind[:3], asked.about,
    ]).astype(np.float32)  # fmt: skip


def _three_ways(values: Floats, weight: Floats, relative: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the mean over units, the best unit's values and the most, each unit counting by how quotable it is."""
    return weight @ values, values[int(np.argmax(weight))], (relative[:, None] * values).max(axis=0)
