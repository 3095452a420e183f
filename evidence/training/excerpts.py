"""Excerpts: short pieces of long labelled documents, so that what is learned holds for short pages too.

Belongs here: cutting a labelled view into windows. Does not belong here: learning. The labelled corpus holds long acts
and strategies and no pages; without excerpts the pair model takes a short text for an unrelated one.

A window has the labels whose quotes lie in it; of the document's other labels nobody knows whether the window bears on
them (a label quotes one to three passages of many), so `found` is not a number there and learning passes them over.
Every second window loses its title: it is judged as a page would be. Snippets are windows of a few units around quotes:
a reviewer hands in one article, and it must not be taken for an unrelated text because it is short.
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
SNIPPET = 5
"""Units of a snippet."""
MOST_SNIPPETS = 3
"""Snippets of a document, around evenly spread quotes."""


def cut_excerpts(documents: Sequence[Labelled]) -> list[Labelled]:
    """Return the excerpts of the long documents among `documents`, and snippets of all that have quotes."""
    pieces = [
        _piece(document, start, size, number)
        for document in documents
        for number, (start, size) in enumerate((*_windows(document), *_snippets(document)))
    ]
    return [piece for piece in pieces if piece is not None]


def _windows(document: Labelled) -> list[tuple[int, int]]:
    """Return start and size of the excerpts of a long document."""
    if document.view.all_units < LONG:
        return []
    return [(int(start), WINDOW) for start in np.linspace(0, document.view.all_units - WINDOW, MOST)]


def _snippets(document: Labelled) -> list[tuple[int, int]]:
    """Return start and size of snippets, each with a quote in its middle."""
    quoted = sorted({document.view.units[unit].number for unit, _ in states_by_unit(document)})
    if not quoted:
        return []
    spread = np.linspace(0, len(quoted) - 1, min(MOST_SNIPPETS, len(quoted))).astype(int)
    return [(max(0, quoted[i] - SNIPPET // 2), SNIPPET) for i in spread]


def _piece(document: Labelled, start: int, size: int, number: int) -> Labelled | None:
    whole, observer = document.view, document.observer
    rows = [i for i, unit in enumerate(whole.units) if start <= unit.number < start + size]
    if not rows:
        return None
    view = _slice(whole, rows, size, as_page=bool(number % 2))
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


def _slice(view: View, rows: list[int], size: int, *, as_page: bool) -> View:
    nature: Nature = view.nature
    if as_page:
        nature = replace(nature, kind="page", words=(0.0,) * len(COLUMNS))
    own = view.own[rows]
    return replace(
        view, nature=nature, units=tuple(view.units[i] for i in rows), own=own, above=view.above[rows],
        rules=view.rules[rows], share=view.share[rows], rules_head=view.rules_head[rows],
        rules_above=view.rules_above[rows], terms=view.terms[rows], ngrams=view.ngrams[rows],
        all_units=size,
        concept_share=np.asarray(own.sum(axis=0) / size, dtype=np.float32),
        title_rules=np.zeros_like(view.title_rules) if as_page else view.title_rules,
        article_offence=view.article_offence[rows],
    )  # fmt: skip
