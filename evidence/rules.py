"""Rules: the names under which a row says why it was judged so.

Belongs here: naming what the grammar saw in a quote, its document and its period. Does not belong here: deciding.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from evidence.document_kind import stated_period
from evidence.scorer import Judged
from evidence.stance import MARKS, Marker
from evidence.units import Unit
from evidence.view import View

_SAID = {
    "duty": "states a duty", "will": "speaks of the future", "aim": "states an aim", "todo": "is an action to take",
    "done": "states what is or was done", "ongoing": "says it is under way", "lack": "says it is lacking",
    "offence": "states an offence or penalty", "creates": "creates a body or right", "mandate": "gives a mandate",
    "definition": "is a definition", "citation": "cites another text", "foreign": "speaks of other countries",
}  # fmt: skip


def name_rules(marker: Marker, view: View, pair: Judged, unit: Unit, today: date) -> tuple[str, ...]:
    """Return short sentences, strongest first: topic, document, wording, period."""
    number = next((i for i in pair.units if view.units[i] is unit), -1)
    named = []
    if number >= 0:
        named.append(_topic(view, number, pair.question))
    named.append(f"document is of kind {view.nature.kind}")
    if pair.itself:
        named.append("document is itself what is asked for, or holds it")
    marks = marker.marks(unit.text, unit.language)
    named += [_SAID[MARKS[i]] for i in np.flatnonzero(marks)]
    if unit.head and marker.marks(unit.head, unit.language).any():
        named.append("depends on the head of an enumeration")
    period = _period(view, unit)
    if period and period[1] < today.year:
        named.append(f"period ended in {period[1]}")
    return tuple(named)


def _period(view: View, unit: Unit) -> tuple[int, int] | None:
    """Return the period of the document; on a page or list, which has none, that of the title that a quote names."""
    if view.nature.period or view.nature.kind not in ("page", "list"):
        return view.nature.period
    return stated_period([unit.text])


def _topic(view: View, unit: int, question: int) -> str:
    if view.rules[unit, question] > 0:
        return "names the matter in its own words"
    if view.rules_head[unit, question] > 0:
        return "names the matter with the head of its enumeration"
    if view.rules_above[unit, question] > 0:
        return "names the matter with the heading above"
    return "near in wording"
