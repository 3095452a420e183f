"""Learn which letter sequences suggest which question and stance, from the exemplars and the bank's terms.

Belongs here: the learning of `vectors/ngrams_<language>.npz`. Does not belong here: how the weights are used
(`evidence.meaning_ngrams`). Run: `python -m evidence.training.learn_ngrams` (needs the `dev` extra; about two minutes).
No labelled document is read: exemplars were written for this project, terms stand in the instrument.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from evidence.meaning_ngrams import grams, ngrams_file, units
from evidence.meaning_table import VECTORS
from questionnaire.instrument import INSTRUMENTS, Instrument, load_instrument
from store.tables import STANCE_ORDER

EXEMPLARS = Path(__file__).parent.parent / "exemplars"
LEAST_SENTENCES = 2
MOST_FEATURES = 14_000
QUESTION_C = 10.0
STANCE_C = 3.0


@dataclass(frozen=True)
class Example:
    """A text with its question (-1 for none) and its stance (-1 for terms and distractors)."""

    text: str
    question: int
    stance: int


def read_examples(instrument: Instrument, language: str) -> list[Example]:
    """Return exemplars and terms of one language."""
    column = {question.code: i for i, question in enumerate(instrument.questions)}
    rows = [json.loads(line) for line in (EXEMPLARS / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()]
    examples = [
        Example(
            row["text"],
            -1 if row["stance"] == "none" else column[row["question"]],
            -1 if row["stance"] == "none" else STANCE_ORDER.index(row["stance"]),
        )
        for row in rows
        if row["question"] in column
    ]
    terms = [Example(term, column[q.code], -1) for q in instrument.questions for term in q.terms.get(language, ())]
    return examples + terms


def design(texts: Sequence[str], language: str, features: dict[str, int], idf: Any) -> Any:
    """Return the sparse feature matrix, each row at the length that `NgramWeights` divides by."""
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for number, text in enumerate(texts):
        parts: list[tuple[int, float]] = []
        squares = 0.0
        for unit in units(text, language):
            known = [features[gram] for gram in grams(unit, language) if gram in features]
            parts.extend((column, float(idf[column])) for column in known)
            squares += float(sum(idf[column] ** 2 for column in known))
        length = max(squares**0.5, 1e-6)
        for column, value in parts:
            rows.append(number)
            columns.append(column)
            values.append(value / length)
    return sparse.csr_matrix((values, (rows, columns)), shape=(len(texts), len(features)), dtype=np.float32)


def count_features(texts: Sequence[str], language: str) -> tuple[dict[str, int], Any]:
    """Return the features that occur in enough texts, and their inverse document frequency."""
    seen: Counter[str] = Counter()
    for text in texts:
        seen.update({gram for unit in units(text, language) for gram in grams(unit, language)})
    kept = sorted(gram for gram, count in seen.items() if count >= LEAST_SENTENCES)
    idf = np.log((1 + len(texts)) / (1 + np.array([seen[gram] for gram in kept]))) + 1
    return {gram: i for i, gram in enumerate(kept)}, idf.astype(np.float32)


def learn(instrument: Instrument, language: str) -> dict[str, Any]:
    """Return the arrays of one language's file."""
    examples = read_examples(instrument, language)
    texts = [example.text for example in examples]
    features, idf = count_features(texts, language)
    matrix = design(texts, language, features, idf)
    count = len(instrument.questions)
    asked = np.array([example.question if example.question >= 0 else count for example in examples])
    told = np.array([example.stance for example in examples])
    weights = np.zeros((len(features), count + 5), dtype=np.float32)
    intercept = np.zeros(count + 5, dtype=np.float32)
    by_question = LogisticRegression(C=QUESTION_C, max_iter=300).fit(matrix, asked)
    weights[:, by_question.classes_] = by_question.coef_.T
    intercept[by_question.classes_] = by_question.intercept_
    by_stance = LogisticRegression(C=STANCE_C, max_iter=300, class_weight="balanced").fit(
        matrix[told >= 0], told[told >= 0]
    )
    weights[:, count + 1 + by_stance.classes_] = by_stance.coef_.T
    intercept[count + 1 + by_stance.classes_] = by_stance.intercept_
    return _packed(instrument, features, idf, weights, intercept)


def _packed(instrument: Instrument, features: dict[str, int], idf: Any, weights: Any, intercept: Any) -> dict[str, Any]:
    heaviest = np.sort(np.argsort(-(np.linalg.norm(weights, axis=1) * idf))[:MOST_FEATURES])
    names = list(features)
    scale = np.abs(weights[heaviest]).max(axis=1) / 127
    scale[scale == 0] = 1
    return {
        "features": np.frombuffer("\n".join(names[i] for i in heaviest).encode(), dtype=np.uint8),
        "questions": np.frombuffer("\n".join(q.code for q in instrument.questions).encode(), dtype=np.uint8),
        "idf": idf[heaviest].astype(np.float16),
        "scale": scale.astype(np.float16),
        "weights": np.round(weights[heaviest] / scale[:, None]).astype(np.int8),
        "intercept": intercept,
    }


def main() -> None:
    """Write the weights of every language of the bank."""
    instrument = load_instrument()
    about: dict[str, Any] = {
        "learned_from": "evidence/exemplars/*.jsonl and the terms of gci.yml; no labelled text",
        "script": "evidence/training/learn_ngrams.py",
        "scikit_learn": version("scikit-learn"),
        "question_c": QUESTION_C,
        "stance_c": STANCE_C,
        "instrument_sha256": digest(INSTRUMENTS / "gci.yml"),
        "exemplars_sha256": {},
    }
    for language in instrument.languages:
        arrays = learn(instrument, language)
        np.savez_compressed(ngrams_file(language), **arrays)
        about["exemplars_sha256"][language] = digest(EXEMPLARS / f"{language}.jsonl")
        print(f"{language}: {arrays['weights'].shape[0]} features, {ngrams_file(language).stat().st_size / 1e6:.2f} MB")
    (VECTORS / "ngrams.yml").write_text(yaml.safe_dump(about, sort_keys=False), encoding="utf-8")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
