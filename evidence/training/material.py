"""Material: all that is learned from, as views: labelled documents, specimens, public strategies the team has read.

Belongs here: seeing each kind with an observer that has learned nothing from the document itself, and the digest of
all. Does not belong here: reading labels (`corpus`), marks (`specimens`), learning (`learning`).

Letter sequences are learned from specimens. A specimen that were seen with weights learned from itself would look
better than any new document, so specimens are divided into folds of countries, each seen with weights of the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence.matcher import Matcher, make_matcher
from evidence.meaning import load_meaning
from evidence.meaning_ngrams import NgramWeights
from evidence.training.blank import blank_weights
from evidence.training.corpus import Labelled, corpus_digest, read_documents, see, see_corpus
from evidence.training.learn_ngrams import learn_sequences
from evidence.training.public_labels import LABELS as PUBLIC_LABELS
from evidence.training.public_labels import read_public_documents
from evidence.training.specimens import Specimen, read_specimen_documents, read_specimens, specimens_digest
from evidence.weights_file import Weights
from extractors.reader import ReaderPool
from questionnaire.instrument import Instrument, load_instrument
from store.readings import Reading

FOLDS = 3


@dataclass(frozen=True, eq=False)
class Material:
    """What is learned from; calibration and borders are those of the labelled documents alone."""

    matcher: Matcher
    """With blank weights and the shipped letter sequences, which no labelled document taught."""
    labelled: tuple[Labelled, ...]
    more: tuple[Labelled, ...]
    """Specimens and public strategies."""

    def without(self, country: str) -> tuple[list[Labelled], list[Labelled]]:
        """Return labelled documents and `more`, both of all countries but one."""
        return (
            [document for document in self.labelled if document.country != country],
            [document for document in self.more if document.country != country],
        )


def gather(labels: Path, docs: Path, readings: Mapping[str, Reading] | None = None) -> Material:
    """Return all material; a minute and a half on one core."""
    instrument = load_instrument()
    blank = blank_weights(instrument)
    matcher = make_matcher(instrument, load_meaning(instrument), blank)
    labelled = see_corpus(labels, readings or read_documents(labels, docs), matcher.observer)
    more = [*_see_specimens(instrument, blank), *_see_public(matcher, docs)]
    return Material(matcher, tuple(labelled), tuple(more))


def material_digest(labels: Path, docs: Path) -> str:
    """Return the SHA-256 over all that is learned from."""
    parts = (corpus_digest(labels, docs), specimens_digest(read_specimens()), PUBLIC_LABELS.read_text(encoding="utf-8"))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def fold_of(country: str) -> int:
    """Return the fold of a country, the same whatever other countries there are."""
    return hashlib.sha256(country.encode()).digest()[0] % FOLDS


def _see_specimens(instrument: Instrument, blank: Weights) -> list[Labelled]:
    specimens = read_specimens()
    readings = read_specimen_documents(specimens)
    seen: list[Labelled] = []
    for fold in range(FOLDS):
        inside = [specimen for specimen in specimens if fold_of(specimen.country) == fold]
        others = [specimen for specimen in specimens if fold_of(specimen.country) != fold]
        seen += _see_with(learn_sequences(instrument, others, readings), instrument, blank, inside, readings)
    return seen


def _see_with(
    sequences: Mapping[str, NgramWeights], instrument: Instrument, blank: Weights, specimens: Sequence[Specimen],
    readings: Mapping[str, Reading],
) -> list[Labelled]:  # fmt: skip
    meaning = load_meaning(instrument)
    meaning.sequences = lambda language: sequences.get(language, sequences["en"])
    observer = make_matcher(instrument, meaning, blank).observer
    return [see(s.name, s.labels(), readings[s.name], observer) for s in specimens]


def _see_public(matcher: Matcher, docs: Path) -> list[Labelled]:
    with ReaderPool() as pool:
        return [
            see(document.name, document.labels, pool.read(document.payload, name=document.name), matcher.observer)
            for document in read_public_documents(docs.parents[1])
        ]
