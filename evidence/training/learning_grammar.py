"""Learning the grammar model: what marks say of stance, from the project's own exemplars in seven languages.

Belongs here: one linear model over marks and their meetings. Does not belong here: any labelled document.
"""

from __future__ import annotations

import json

import numpy as np

from evidence.forest import Linear
from evidence.grammar import LANGUAGES
from evidence.meaning import EXEMPLARS
from evidence.stance import Marker, mark_pairs
from evidence.training.fitting import fit_linear
from store.tables import STANCE_ORDER


def learn_grammar(marker: Marker) -> Linear:
    """Return the model over `mark_pairs`; outputs are STANCE_ORDER. Distractors, which state nothing, are left out."""
    rows, labels = [], []
    for language in LANGUAGES:
        for line in (EXEMPLARS / f"{language}.jsonl").read_text(encoding="utf-8").splitlines():
            exemplar = json.loads(line)
            if exemplar["stance"] in STANCE_ORDER:
                rows.append(marker.marks(exemplar["text"], language))
                labels.append(STANCE_ORDER.index(exemplar["stance"]))
    return fit_linear(mark_pairs(np.array(rows, dtype=np.float32)), np.array(labels), 0.1)
