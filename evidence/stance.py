"""Stance columns: what the best units of a pair, their surroundings and their document say of existence.

Belongs here: the columns from which the stance of a (document, question) is judged. Does not belong here: wordings
(`grammars/`), weights (`scorer`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evidence.document_kind import COLUMNS as NATURE_COLUMNS
from evidence.features import PILLARS, Topic
from evidence.grammar import CLAIM_KINDS, Grammars
from evidence.marks import MarkFinder
from evidence.view import Floats, View
from store.tables import STANCE_ORDER

BEST = 3
"""Units of a pair whose wording is read."""

MARKS = (
    "duty", "will", "aim", "todo", "done", "ongoing", "lack", "offence", "creates", "mandate", "definition",
    "citation", "foreign",
)  # fmt: skip

STANCE_COLUMNS = (
    *(f"first_{m}" for m in MARKS), *(f"best_{m}" for m in MARKS), *(f"head_{m}" for m in MARKS),
    *(f"document_{m}" for m in MARKS),
    *(f"first_like_{s}" for s in STANCE_ORDER), *(f"best_like_{s}" for s in STANCE_ORDER),
    "found", "first", "sum", "rules", "log_rules", "document_cyber", "document_offence", "first_heading",
    "first_article",
    *(f"prior_{s}" for s in STANCE_ORDER[:3]), *(f"prior_kind_{s}" for s in STANCE_ORDER[:3]),
    *(f"nature_{name}" for name in NATURE_COLUMNS), *(f"pillar_{p}" for p in PILLARS),
    *(f"claim_{kind}" for kind in CLAIM_KINDS),
)  # fmt: skip


class Marker:
    """Reads marks and stance likeness of units; holds the finders of each language."""

    def __init__(self, grammars: Grammars) -> None:
        self.grammars = grammars
        self._finders: dict[str, MarkFinder] = {}

    def marks(self, text: str, language: str) -> NDArray[np.bool_]:
        """Return one row over MARKS for a text; an empty text has none."""
        row = np.zeros(len(MARKS), dtype=np.bool_)
        if text.strip():
            found = self._finder(language).find(text)
            row[:] = [name in found for name in MARKS]
        return row

    def _finder(self, language: str) -> MarkFinder:
        code = self.grammars.language(language).language
        if code not in self._finders:
            self._finders[code] = MarkFinder(self.grammars.languages[code])
        return self._finders[code]


class Wording:
    """The marks of one document's units, each read once and only when asked for."""

    def __init__(self, view: View, marker: Marker, likeness: Floats, wanted: list[int]) -> None:
        self.view = view
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


def stance_columns(
    wording: Wording, topic: Topic, question: int, best: list[int], passage: Floats, found: float, pillar: int,
    kind: str, prior: Floats, prior_kind: Floats,
) -> Floats:  # fmt: skip
    """Return one row over STANCE_COLUMNS; `best` are the pair's units, best first, `passage` their probabilities."""
    view = wording.view
    weight = passage / max(float(passage.sum()), 1e-6)
    own = wording.own(best)
    likeness = wording.likeness[best]
    first = view.units[best[0]].passage
    return np.concatenate([
        own[0], weight @ own, weight @ wording.around(best), wording.document,
        likeness[0], weight @ likeness,
        [
            found, passage[0], passage.sum(), view.rules[best[0], question],
            np.log1p((view.rules[:, question] > 0.9).sum()), topic.cyber, topic.offence,
            float(first.kind in ("heading", "title")), float(bool(first.article)),
        ],
        prior[:3], prior_kind[:3], view.nature.row(), [float(pillar == n) for n in range(len(PILLARS))],
        [float(kind == held) for held in CLAIM_KINDS],
    ]).astype(np.float32)  # fmt: skip
