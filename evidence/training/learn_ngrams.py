"""Learn which letter sequences suggest which question and stance, from exemplars, specimens and the bank's terms.

Belongs here: the learning of `vectors/ngrams_<language>.npz`. Does not belong here: how the weights are used
(`evidence.meaning_ngrams`). Run: `python -m evidence.training.learn_ngrams` (needs the `dev` extra; half a minute).
No labelled document is read: exemplars and specimens were written for this project, terms stand in the instrument.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy import linalg, sparse
from sklearn.linear_model import LogisticRegression

from evidence.grammar import LANGUAGES
from evidence.meaning_ngrams import NgramWeights, grams, ngrams_file, units, unpack_ngrams
from evidence.meaning_table import VECTORS
from evidence.score_evidence import overlaps
from evidence.training.specimens import Specimen, read_specimen_documents, read_specimens, specimens_digest
from evidence.units import cut_units
from questionnaire.instrument import INSTRUMENTS, Instrument, load_instrument
from store.readings import Reading
from store.tables import STANCE_ORDER

EXEMPLARS = Path(__file__).parent.parent / "exemplars"
LEAST_SENTENCES = 2
MOST_FEATURES = 14_000
QUESTION_RIDGE = 5.0
STANCE_C = 3.0
EXACT = 1e-7
"""Gradient at which learning stops: where it stops earlier, machines that sum in another order stop elsewhere."""
UNMARKED = 0.5
"""Share of a specimen's units without a mark that are taken as examples of nothing."""
SHORTEST_UNMARKED = 30
"""Characters."""


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


def specimen_examples(
    instrument: Instrument, specimens: Sequence[Specimen], readings: Mapping[str, Reading]
) -> dict[str, list[Example]]:
    """Return the units of specimens as examples by language: what is marked in them, and some of what is not."""
    column = {question.code: i for i, question in enumerate(instrument.questions)}
    examples: dict[str, list[Example]] = {language: [] for language in LANGUAGES}
    for specimen in specimens:
        chance = np.random.default_rng(int.from_bytes(hashlib.sha256(specimen.name.encode()).digest()[:4]))
        for unit in cut_units(readings[specimen.name]):
            own = examples[unit.language if unit.language in examples else "en"]
            text = f"{unit.head} {unit.text}".strip()
            marks = [mark for mark in specimen.marks if overlaps(unit.text, mark.quote)]
            own += [Example(text, column[m.question], STANCE_ORDER.index(m.stance)) for m in marks]
            if not marks and len(unit.text) > SHORTEST_UNMARKED and chance.random() < UNMARKED:
                own.append(Example(text, -1, -1))
    return examples


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


def learn(instrument: Instrument, language: str, more: Sequence[Example] = ()) -> dict[str, Any]:
    """Return the arrays of one language's file, learned from exemplars, terms and `more`.

    Questions by ridge regression on one column each, in its dual form: as good as multinomial logistic regression here
    and a minute faster a language, which lets every measurement learn anew for what it leaves out. Stance by logistic
    regression.
    """
    examples = [*read_examples(instrument, language), *more]
    texts = [example.text for example in examples]
    features, idf = count_features(texts, language)
    matrix = design(texts, language, features, idf)
    count = len(instrument.questions)
    asked = np.array([example.question if example.question >= 0 else count for example in examples])
    told = np.array([example.stance for example in examples])
    weights = np.zeros((len(features), count + 5), dtype=np.float32)
    intercept = np.zeros(count + 5, dtype=np.float32)
    weights[:, : count + 1], intercept[: count + 1] = fit_ridge(matrix, np.eye(count + 1)[asked])
    by_stance = LogisticRegression(C=STANCE_C, tol=EXACT, max_iter=2000, class_weight="balanced").fit(
        matrix[told >= 0].astype(np.float64), told[told >= 0]
    )
    weights[:, count + 1 + by_stance.classes_] = by_stance.coef_.T
    intercept[count + 1 + by_stance.classes_] = by_stance.intercept_
    return _packed(instrument, features, idf, weights, intercept)


def fit_ridge(matrix: Any, targets: Any) -> tuple[Any, Any]:
    """Return weights and intercepts of a ridge regression of sparse rows on the columns of `targets`."""
    mean = targets.mean(axis=0)
    kernel = (matrix @ matrix.T).toarray().astype(np.float64)
    kernel[np.diag_indices(len(kernel))] += QUESTION_RIDGE
    dual = linalg.cho_solve(linalg.cho_factor(kernel, overwrite_a=True), targets - mean)
    return matrix.T @ dual, mean


def learn_sequences(
    instrument: Instrument, specimens: Sequence[Specimen], readings: Mapping[str, Reading]
) -> dict[str, NgramWeights]:
    """Return the weights of every language, learned from these specimens beside exemplars and terms."""
    more = specimen_examples(instrument, specimens, readings)
    return {
        language: unpack_ngrams(language, learn(instrument, language, more[language]))
        for language in instrument.languages
    }


def _packed(instrument: Instrument, features: dict[str, int], idf: Any, weights: Any, intercept: Any) -> dict[str, Any]:
    weight = np.round(np.linalg.norm(weights, axis=1) * idf, 5)  # machines sum in other orders: ties stay ties
    heaviest = np.sort(np.argsort(-weight, kind="stable")[:MOST_FEATURES])
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
    specimens = read_specimens()
    more = specimen_examples(instrument, specimens, read_specimen_documents(specimens))
    about: dict[str, Any] = {
        "learned_from": "evidence/exemplars/*.jsonl, evidence/specimens and the terms of gci.yml; no labelled text",
        "script": "evidence/training/learn_ngrams.py",
        "scikit_learn": version("scikit-learn"),
        "question_ridge": QUESTION_RIDGE,
        "stance_c": STANCE_C,
        "instrument_sha256": digest(INSTRUMENTS / "gci.yml"),
        "specimens_sha256": specimens_digest(specimens),
        "exemplars_sha256": {},
    }
    for language in instrument.languages:
        arrays = learn(instrument, language, more[language])
        np.savez_compressed(ngrams_file(language), **arrays)
        about["exemplars_sha256"][language] = digest(EXEMPLARS / f"{language}.jsonl")
        print(f"{language}: {arrays['weights'].shape[0]} features, {ngrams_file(language).stat().st_size / 1e6:.2f} MB")
    (VECTORS / "ngrams.yml").write_text(yaml.safe_dump(about, sort_keys=False), encoding="utf-8")


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
