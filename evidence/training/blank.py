"""Blank weights: what a scorer is given before anything was learned, so that it can lend its columns to learning.

Belongs here: empty models. Does not belong here: learning.
"""

from __future__ import annotations

import numpy as np

from evidence.forest import Forest, Linear
from evidence.grammar import load_grammars
from evidence.stance import Marker
from evidence.training.learning_grammar import learn_grammar
from evidence.weights_file import Priors, Weights
from questionnaire.instrument import Instrument


def blank_weights(instrument: Instrument) -> Weights:
    """Return weights that say nothing, save for the grammar, which is learned from exemplars alone."""
    grammar = learn_grammar(Marker(load_grammars()))
    count = len(instrument.questions)
    node = np.zeros((0, 1), dtype=np.int16)
    value = np.zeros((0, 1), dtype=np.float32)
    forest = Forest(node, value, node, node, value, np.zeros(1, dtype=np.float32), 0)
    none = np.zeros(0, dtype=np.float32)
    linear = Linear(none, none, np.zeros((0, 1), dtype=np.float32), np.zeros(1, dtype=np.float32))
    priors = Priors(
        np.zeros(count, np.float32), np.zeros((3, count), np.float32), np.full((count, 4), 0.25, np.float32),
        np.full((3, count, 4), 0.25, np.float32),
    )  # fmt: skip
    return Weights(
        passage=forest, pair=forest, pair_linear=linear, quote=forest, grammar=grammar, unit_stance=linear,
        stance=linear, stance_forest=forest, in_place=linear, priors=priors, slope=1.0, offset=0.0,
        threshold=0.5, threshold_beside=0.5, in_place_from=0.5, corpus="",
        questions=tuple(q.code for q in instrument.questions),
    )  # fmt: skip
