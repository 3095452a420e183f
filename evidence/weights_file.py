"""The scorer's weights: their parts and their file.

Belongs here: the classes that hold what is learned, and reading and writing them. Does not belong here: using them
(`scorer`), learning them (`training/`).

A file names the columns it was made for; weights made for other columns are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidence.features import PAIR_COLUMNS, PASSAGE_COLUMNS
from evidence.forest import Floats, Forest, Linear, pack, unpack_forest, unpack_linear
from evidence.stance import PAIR_STANCE_COLUMNS, UNIT_COLUMNS
from store.errors import BadInputError

WEIGHTS_FILE = Path(__file__).parent / "weights" / "scorer.npz"

FEW_SENTENCES = 8
"""Units below which nothing stands in passing in a text."""
_FORESTS = ("passage", "pair", "quote", "stance_forest")
_LINEARS = ("pair_linear", "grammar", "unit_stance", "stance", "in_place")
_NUMBERS = ("slope", "offset", "threshold", "threshold_beside", "in_place_from")
_COLUMNS = ("passage_columns", "pair_columns", "unit_columns", "stance_columns")


class WeightsError(BadInputError):
    """The scorer's weights are missing or were made for other columns."""


@dataclass(frozen=True, eq=False)
class Priors:
    """How often each question had evidence in training, and with which stance; overall and by group of natures."""

    found: Floats
    """Questions."""
    found_by_kind: Floats
    """Groups x questions."""
    stance: Floats
    """Questions x stances."""
    stance_by_kind: Floats
    """Groups x questions x stances."""


@dataclass(frozen=True, eq=False)
class Weights:
    """Everything that is learned."""

    passage: Forest
    pair: Forest
    pair_linear: Linear
    quote: Forest
    grammar: Linear
    """What marks alone say of stance, learned from exemplars."""
    unit_stance: Linear
    stance: Linear
    stance_forest: Forest
    in_place: Linear
    """Whether a claimed pair is evidence in place; told of pairs without evidence too."""
    priors: Priors
    slope: float
    offset: float
    """Calibration of the pair's log-odds: slope x + offset."""
    threshold: float
    """Probability from which a pair is claimed in any document."""
    threshold_beside: float
    """Probability from which a pair is claimed beside one that reaches `threshold` in the same document."""
    in_place_from: float
    """Probability that a pair is evidence and in place, from which it is called in place."""
    questions: tuple[str, ...]
    corpus: str
    """Digest of all that the weights were learned from (`training.material`)."""

    def needed(self, found: Floats, units: int) -> float:
        """Return the probability from which a document's pairs are claimed, given those of all its pairs and its units.

        A document that surely bears on one question is trusted with others, any other is left alone, and so are a
        few sentences, in which nothing stands in passing (0103).
        """
        is_trusted = units >= FEW_SENTENCES and found.max(initial=0.0) >= self.threshold
        return self.threshold_beside if is_trusted else self.threshold


def pack_weights(weights: Weights) -> dict[str, NDArray[Any]]:
    """Return the arrays of a weights file."""
    arrays: dict[str, NDArray[Any]] = {}
    for name in (*_FORESTS, *_LINEARS):
        arrays |= pack(name, getattr(weights, name))
    for name in ("found", "found_by_kind", "stance", "stance_by_kind"):
        arrays[f"priors.{name}"] = getattr(weights.priors, name)
    arrays["numbers"] = np.array([getattr(weights, name) for name in _NUMBERS])
    for name, words in _worded(weights.questions, weights.corpus).items():
        arrays[name] = np.frombuffer("\n".join(words).encode(), dtype=np.uint8)
    return arrays


def _worded(questions: tuple[str, ...], corpus: str) -> dict[str, tuple[str, ...]]:
    return {
        "questions": questions, "corpus": (corpus,), "passage_columns": PASSAGE_COLUMNS,
        "pair_columns": PAIR_COLUMNS, "unit_columns": UNIT_COLUMNS, "stance_columns": PAIR_STANCE_COLUMNS,
    }  # fmt: skip


def load_weights(path: Path = WEIGHTS_FILE) -> Weights:
    """Return the weights of a file; raises WeightsError when it is missing, damaged or made for other columns."""
    try:
        with np.load(path, allow_pickle=False) as held:
            words = {name: tuple(bytes(held[name]).decode().split("\n")) for name in ("questions", "corpus", *_COLUMNS)}
            expected = _worded((), "")
            for name in _COLUMNS:
                if words[name] != expected[name]:
                    raise WeightsError(
                        f"{path} was made for other {name}. Run python -m evidence.training.learn_scorer."
                    )
            return Weights(
                passage=unpack_forest("passage", held), pair=unpack_forest("pair", held),
                pair_linear=unpack_linear("pair_linear", held), quote=unpack_forest("quote", held),
                grammar=unpack_linear("grammar", held), unit_stance=unpack_linear("unit_stance", held),
                stance=unpack_linear("stance", held), stance_forest=unpack_forest("stance_forest", held),
                in_place=unpack_linear("in_place", held),
                priors=Priors(*(held[f"priors.{n}"] for n in ("found", "found_by_kind", "stance", "stance_by_kind"))),
                questions=words["questions"], corpus=words["corpus"][0],
                **{name: float(x) for name, x in zip(_NUMBERS, held["numbers"], strict=True)},
            )  # fmt: skip
    except (OSError, KeyError, ValueError) as error:
        raise WeightsError(
            f"The scorer's weights in {path} cannot be read ({error}). Install the project again, "
            "or make them with python -m evidence.training.learn_scorer."
        ) from error
