"""Learn the scorer's weights from the whole labelled corpus.

Belongs here: the command that writes `weights/scorer.npz`. Run: `python -m evidence.training.learn_scorer` (half a
minute; needs the `dev` extra and `../shared`). Only weights enter the project. What they are worth on countries that
nothing was learned from is what `python -m evidence.training.leave_one_out` prints.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from evidence.matcher import make_matcher
from evidence.meaning import load_meaning
from evidence.training.blank import blank_weights
from evidence.training.corpus import corpus_digest, read_documents, see_corpus
from evidence.training.learning import learn
from evidence.weights_file import WEIGHTS_FILE, pack_weights
from questionnaire.instrument import load_instrument

SHARED = Path("..") / "shared" / "gold"


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=Path, default=SHARED / "labels.jsonl")
    parser.add_argument("--docs", type=Path, default=SHARED / "docs")
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE)
    options = parser.parse_args()
    instrument = load_instrument()
    matcher = make_matcher(instrument, load_meaning(instrument), blank_weights(instrument))
    corpus = see_corpus(options.labels, read_documents(options.labels, options.docs), matcher.observer)
    weights = learn(corpus, matcher.scorer, corpus_digest(options.labels, options.docs))
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(options.out, **pack_weights(weights))  # type: ignore[arg-type]
    print(f"{options.out}: {options.out.stat().st_size:,} bytes, threshold {weights.threshold:.3f}, ")
    print(f"in place from {weights.in_place_from:.3f}, corpus {weights.corpus[:16]}")


if __name__ == "__main__":
    main()
