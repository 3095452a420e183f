"""The labelled corpus: documents read, seen as views, with their labels.

Belongs here: reading label files and documents for learning and measuring. Does not belong here: learning. No sentence
of a labelled document leaves this process.

This is the one place of the room that reads documents itself: learning starts from files, not from the lake.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from evidence.bars import bar
from evidence.features import Candidates, Topic, find_candidates, topic_of
from evidence.score_evidence import overlaps
from evidence.scorer import pillar_numbers
from evidence.view import Floats, Observer, View
from extractors.reader import ReaderPool
from store.readings import Reading
from store.tables import STANCE_ORDER


@dataclass(frozen=True, eq=False)
class Labelled:
    """One document with its view and labels."""

    name: str
    country: str
    language: str
    view: View
    topic: Topic
    candidates: Candidates
    states: np.ndarray[tuple[int, ...], np.dtype[np.int8]]
    """Candidates: place in STANCE_ORDER of the strongest labelled quote that the unit overlaps, else -1."""
    found: Floats
    """Questions: 1 where there is a label."""
    stance: np.ndarray[tuple[int, ...], np.dtype[np.int8]]
    """Questions: place in STANCE_ORDER, -1 without a label."""
    observer: Observer
    """What saw it; it must have learned nothing from the document."""

    @property
    def quoted(self) -> Floats:
        """Candidates: 1 where the unit overlaps a labelled quote of the question."""
        return np.asarray(self.states >= 0, dtype=np.float32)


def read_labels(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return the label rows by document, in the file's order."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    by_document: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_document.setdefault(row["document"], []).append(row)
    return by_document


def corpus_digest(labels: Path, docs: Path) -> str:
    """Return the SHA-256 over label file and documents."""
    digest = hashlib.sha256(labels.read_bytes())
    for name in sorted(read_labels(labels)):
        digest.update(name.encode())
        digest.update((docs / name).read_bytes())
    return digest.hexdigest()


def read_documents(labels: Path, docs: Path) -> dict[str, Reading]:
    """Read every document that `labels` names."""
    with ReaderPool() as pool:
        return {name: pool.read((docs / name).read_bytes(), name=name) for name in sorted(read_labels(labels))}


def see_corpus(labels: Path, readings: Mapping[str, Reading], observer: Observer) -> list[Labelled]:
    """Return every labelled document as a view with its labels."""
    return [see(name, rows, readings[name], observer) for name, rows in sorted(read_labels(labels).items())]


def see(name: str, rows: Sequence[Mapping[str, Any]], reading: Reading, observer: Observer) -> Labelled:
    """Return a document as a view with its labels; a question may have a row for each stance."""
    pillars = pillar_numbers(list(observer.questions))
    view = bar(observer.observe(reading), rows[0]["country"], observer).view
    topic = topic_of(view, observer.grammars.concepts)
    candidates = find_candidates(view, topic, observer.grammars.concepts, pillars)
    place = {code: i for i, code in enumerate(observer.questions)}
    stance = np.full(len(place), -1, dtype=np.int8)
    quotes: dict[int, list[tuple[int, str]]] = {}
    for row in rows:
        if row["question"] in place:
            number, stated = place[row["question"]], STANCE_ORDER.index(row["stance"])
            stance[number] = stated if stance[number] < 0 else min(stance[number], stated)
            quotes.setdefault(number, []).extend((stated, quote) for quote in row["quotes"])
    states = [
        min((stated for stated, quote in quotes.get(q, ()) if overlaps(view.units[u].text, quote)), default=-1)
        for u, q in zip(candidates.unit, candidates.question, strict=True)
    ]
    return Labelled(
        name, rows[0]["country"], reading.language, view, topic, candidates, np.array(states, dtype=np.int8),
        (stance >= 0).astype(np.float32), stance, observer,
    )  # fmt: skip


def states_by_unit(document: Labelled) -> dict[tuple[int, int], int]:
    """Return what each quoted (unit, question) of a document states, as places in STANCE_ORDER."""
    candidates = document.candidates
    return {
        (int(u), int(q)): int(state)
        for u, q, state in zip(candidates.unit, candidates.question, document.states, strict=True)
        if state >= 0
    }
