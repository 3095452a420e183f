"""The labelled corpus: documents read, seen as views, with their labels.

Belongs here: reading label files and documents for learning and measuring. Does not belong here: learning. No sentence
of a labelled document leaves this process.

This is the one place of the room that reads documents itself: learning starts from files, not from the lake.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
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
    quoted: Floats
    """Candidates: 1 where the unit overlaps a labelled quote of the question."""
    found: Floats
    """Questions: 1 where there is a label."""
    stance: np.ndarray[tuple[int, ...], np.dtype[np.int8]]
    """Questions: place in STANCE_ORDER, -1 without a label."""


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
    pillars = pillar_numbers(list(observer.questions))
    return [_see(name, rows, readings[name], observer, pillars) for name, rows in sorted(read_labels(labels).items())]


def _see(
    name: str, rows: list[dict[str, Any]], reading: Reading, observer: Observer, pillars: np.ndarray[Any, Any]
) -> Labelled:
    view = bar(observer.observe(reading), rows[0]["country"], observer).view
    topic = topic_of(view, observer.grammars.concepts)
    candidates = find_candidates(view, topic, observer.grammars.concepts, pillars)
    place = {code: i for i, code in enumerate(observer.questions)}
    found = np.zeros(len(place), dtype=np.float32)
    stance = np.full(len(place), -1, dtype=np.int8)
    quotes: dict[int, list[str]] = {}
    for row in rows:
        if row["question"] in place:
            number = place[row["question"]]
            found[number], stance[number] = 1.0, STANCE_ORDER.index(row["stance"])
            quotes[number] = row["quotes"]
    quoted = np.array(
        [
            any(overlaps(view.units[u].text, quote) for quote in quotes.get(q, ()))
            for u, q in zip(candidates.unit, candidates.question, strict=True)
        ],
        dtype=np.float32,
    )
    return Labelled(name, rows[0]["country"], reading.language, view, topic, candidates, quoted, found, stance)
