"""Excerpts: short pieces of long labelled documents, so that what is learned holds for short pages too.

Belongs here: cutting a labelled view into windows. Does not belong here: learning. The labelled corpus holds long acts
and strategies and no pages; without excerpts the pair model takes a short text for an unrelated one.

A window has the labels whose quotes lie in it; of the document's other labels nobody knows whether the window bears on
them (a label quotes one to three passages of many), so `found` is not a number there and learning passes them over.
Every second window loses its title: it is judged as a page would be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from evidence.document_kind import COLUMNS, Nature
from evidence.features import find_candidates, topic_of
from evidence.scorer import pillar_numbers
from evidence.training.corpus import Labelled, states_by_unit
from evidence.view import View

WINDOW = 45
"""Units of an excerpt."""
LONG = 110
"""Documents with fewer units are not cut."""
MOST = 4
"""Excerpts of a document, evenly spread."""


def cut_excerpts(documents: Sequence[Labelled]) -> list[Labelled]:
    """Return the excerpts of the long documents among `documents`."""
    return [piece for document in documents if document.view.all_units >= LONG for piece in _cut(document)]


def _cut(document: Labelled) -> list[Labelled]:
    starts = np.linspace(0, document.view.all_units - WINDOW, MOST).astype(int)
    pieces = (_piece(document, int(start), number) for number, start in enumerate(starts))
    return [piece for piece in pieces if piece is not None]


def _piece(document: Labelled, start: int, number: int) -> Labelled | None:
    whole, observer = document.view, document.observer
    rows = [i for i, unit in enumerate(whole.units) if start <= unit.number < start + WINDOW]
    if not rows:
        return None
    view = _slice(whole, rows, as_page=bool(number % 2))
    concepts = observer.grammars.concepts
    topic = topic_of(view, concepts)
    candidates = find_candidates(view, topic, concepts, pillar_numbers(list(observer.questions)))
    stated = states_by_unit(document)
    states = np.array(
        [stated.get((rows[u], int(q)), -1) for u, q in zip(candidates.unit, candidates.question, strict=True)],
        dtype=np.int8,
    )
    found = np.where(document.found > 0, np.nan, 0.0).astype(np.float32)
    found[candidates.question[states >= 0]] = 1.0
    stance = np.where(found == 1.0, document.stance, -1).astype(np.int8)
    return Labelled(
        f"{document.name}#{number}", document.country, document.language, view, topic, candidates, states,
        found, stance, document.observer,
    )  # fmt: skip


def _slice(view: View, rows: list[int], *, as_page: bool) -> View:
    nature: Nature = view.nature
    if as_page:
        nature = replace(nature, kind="page", words=(0.0,) * len(COLUMNS))
    own = view.own[rows]
    return replace(
        view, nature=nature, units=tuple(view.units[i] for i in rows), own=own, above=view.above[rows],
        rules=view.rules[rows], share=view.share[rows], rules_head=view.rules_head[rows],
        rules_above=view.rules_above[rows], terms=view.terms[rows], ngrams=view.ngrams[rows],
        near_question=view.near_question[rows], near_terms=view.near_terms[rows], all_units=WINDOW,
        concept_share=np.asarray(own.sum(axis=0) / WINDOW, dtype=np.float32),
        title_rules=np.zeros_like(view.title_rules) if as_page else view.title_rules,
        article_offence=view.article_offence[rows],
    )  # fmt: skip
