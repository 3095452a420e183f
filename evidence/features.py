"""Features: what the scorer sees of a (unit, question) and of a (document, question).

Belongs here: the columns and their names, as arrays. Does not belong here: weights, thresholds, or text.

No column knows a country, and none the instrument's `prior_yes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from evidence.document_kind import COLUMNS as NATURE_COLUMNS
from evidence.grammar import CLAIM_KINDS
from evidence.view import Flags, Floats, View

PILLARS = "LTODC"
TOPIC_CONCEPTS = ("cyber", "cybercrime", "cirt", "critical", "personal_data", "esignature")
NEAR = 2.0
"""Standard score of a channel from which a pair without any rule is looked at."""
BEST = 5
"""Units of a pair that are summed."""

PASSAGE_COLUMNS = (
    "rules", "share", "rules_head", "rules_above", "ngrams", "terms", "rank", "below_best", "cyber", "topic",
    "log_length", "cyber_above", "offence", "is_heading", "document_cyber", "document_topic", "document_offence",
    *(f"pillar_{p}" for p in PILLARS),
)  # fmt: skip

PAIR_COLUMNS = (
    "first", "second", "third", "sum", "log_mass", "log_rules", "rules", "rules_head", "rules_above", "ngrams",
    "ngrams_third", "log_terms", "share", "document_cyber", "document_topic",
    "log_topic_units", "log_units", "document_offence", "document_ngrams", "document_rules", "document_first",
    "document_best", "pillar_first", "prior", "prior_kind",
    *(f"nature_{name}" for name in NATURE_COLUMNS), *(f"pillar_{p}" for p in PILLARS),
    *(f"claim_{kind}" for kind in CLAIM_KINDS),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Topic:
    """How much a whole document is about what the bank asks."""

    cyber: float
    topic: float
    topic_units: float
    offence: float
    ngrams: float
    rules: float


@dataclass(frozen=True, eq=False)
class Candidates:
    """The (unit, question) pairs worth judging, with their columns."""

    unit: NDArray[np.intp]
    question: NDArray[np.intp]
    columns: Floats


def topic_of(view: View, concepts: tuple[str, ...]) -> Topic:
    """Return a document's topic."""
    position = {name: i for i, name in enumerate(concepts)}
    named = view.own[:, [position[name] for name in TOPIC_CONCEPTS]].any(axis=1)
    all_units = max(1, view.all_units)
    best = view.ngrams.max(axis=1, initial=-3.0)
    return Topic(
        cyber=float(view.concept_share[position["cyber"]]),
        topic=float(named.sum() / all_units),
        topic_units=float(np.log1p(named.sum())),
        offence=float(view.concept_share[position["offence"]]),
        ngrams=float(np.sort(best)[-BEST:].mean()) if len(best) else -3.0,
        rules=float((view.rules.max(axis=1, initial=0.0) > 0.9).sum() / all_units),
    )


def find_candidates(view: View, topic: Topic, concepts: tuple[str, ...], pillars: NDArray[np.intp]) -> Candidates:
    """Return the pairs worth judging: a rule or term fulfilled, in context at least, or a channel that says near."""
    looked = (
        (view.rules_above > 0.5)
        | (view.terms > 0)
        | (view.ngrams > NEAR)
        | ((view.rules_above > 0) & (view.ngrams > 0.5))
    )
    unit, question = np.nonzero(looked)
    return Candidates(unit, question, _passage_columns(view, topic, concepts, pillars, unit, question))


def _passage_columns(
    view: View, topic: Topic, concepts: tuple[str, ...], pillars: NDArray[np.intp], unit: NDArray[np.intp],
    question: NDArray[np.intp],
) -> Floats:  # fmt: skip
    position = {name: i for i, name in enumerate(concepts)}
    cyber: Flags = np.asarray(view.own[:, position["cyber"]])
    named: Flags = np.asarray(view.own[:, [position[name] for name in TOPIC_CONCEPTS]].any(axis=1))
    length = np.array([np.log(len(u.text) + 1.0) for u in view.units], dtype=np.float32)
    heading = np.array([u.passage.kind in ("heading", "title") for u in view.units], dtype=np.float32)
    best = view.ngrams.max(axis=1, initial=-3.0)
    rank = _rank(view.ngrams)
    columns = [
        *(array[unit, question] for array in (
            view.rules, view.share, view.rules_head, view.rules_above, view.ngrams, view.terms, rank,
        )),
        best[unit] - view.ngrams[unit, question], cyber[unit], named[unit], length[unit],
        view.above[unit, position["cyber"]], view.own[unit, position["offence"]], heading[unit],
        topic.cyber, topic.topic, topic.offence,
        *(pillars[question] == number for number in range(len(PILLARS))),
    ]  # fmt: skip
    result = np.empty((len(unit), len(PASSAGE_COLUMNS)), dtype=np.float32)
    for number, column in enumerate(columns):
        result[:, number] = column
    return result


def _rank(scores: Floats) -> Floats:
    """Return each question's place among all questions of its unit, 0 best."""
    if not len(scores):
        return scores
    rank = np.empty_like(scores)
    np.put_along_axis(rank, (-scores).argsort(axis=1, kind="stable"), np.arange(scores.shape[1]), axis=1)
    return rank


def pair_columns(
    view: View, topic: Topic, passage: Floats, pillars: NDArray[np.intp], kinds: tuple[str, ...], prior: Floats,
    prior_kind: Floats,
) -> Floats:  # fmt: skip
    """Return questions x PAIR_COLUMNS; `passage` is units x questions, the passage model's probabilities."""
    count = passage.shape[1]
    ordered = -np.sort(-_padded(passage), axis=0)
    first = ordered[0]
    ngrams = -np.sort(-_padded(view.ngrams, -3.0), axis=0)
    of_pillar = np.array([first[pillars == n].mean() if (pillars == n).any() else 0.0 for n in range(len(PILLARS))])
    columns = [
        first, ordered[1], ordered[2], ordered[:BEST].sum(axis=0), np.log1p(passage.sum(axis=0)),
        np.log1p((view.rules > 0.9).sum(axis=0)), _most(view.rules), _most(view.rules_head), _most(view.rules_above),
        ngrams[0], ngrams[2], np.log1p(view.terms.sum(axis=0)), _most(view.share),
        topic.cyber, topic.topic, topic.topic_units, np.log1p(view.all_units), topic.offence, topic.ngrams,
        topic.rules, first.mean(), np.sort(first)[-10:].mean(),
        of_pillar[pillars], prior, prior_kind,
    ]  # fmt: skip
    nature, fixed = view.nature.row(), _fixed_columns(tuple(pillars.tolist()), kinds)
    result = np.empty((count, len(columns) + len(nature) + fixed.shape[1]), dtype=np.float32)
    for number, column in enumerate(columns):
        result[:, number] = column
    result[:, len(columns) : len(columns) + len(nature)] = nature
    result[:, len(columns) + len(nature) :] = fixed
    return result


@lru_cache(maxsize=16)
def _fixed_columns(pillars: tuple[int, ...], kinds: tuple[str, ...]) -> Floats:
    """Return the last columns of each question, which are the same for every document: its pillar and its claim."""
    of_pillar = [[float(held == number) for number in range(len(PILLARS))] for held in pillars]
    of_kind = [[float(held == kind) for kind in CLAIM_KINDS] for held in kinds]
    return np.hstack([np.array(of_pillar, dtype=np.float32), np.array(of_kind, dtype=np.float32)])


def _padded(rows: Floats, value: float = 0.0) -> Floats:
    lacking = BEST - len(rows)
    if lacking <= 0:
        return rows
    return np.vstack([rows, np.full((lacking, rows.shape[1]), value, dtype=np.float32)])


def _most(rows: Floats | Flags, initial: float = 0.0) -> Floats:
    return np.asarray(rows.max(axis=0, initial=initial), dtype=np.float32)
