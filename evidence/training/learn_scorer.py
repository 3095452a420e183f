"""Learn the scorer's weights from all material: labelled documents, specimens, public strategies.

Belongs here: the command that writes `weights/scorer.npz`. Run: `python -m evidence.training.learn_scorer` (two
minutes; needs the `dev` extra and `../shared`). Only weights enter the project. What they are worth on countries that
nothing was learned from is what `python -m evidence.training.leave_one_out` prints.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from evidence.training.learning import learn
from evidence.training.material import gather, material_digest
from evidence.weights_file import WEIGHTS_FILE, pack_weights

SHARED = Path("..") / "shared" / "gold"


def main() -> None:
    """Learn and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--labels", type=Path, default=SHARED / "labels.jsonl")
    parser.add_argument("--docs", type=Path, default=SHARED / "docs")
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE)
    options = parser.parse_args()
    material = gather(options.labels, options.docs)
    digest = material_digest(options.labels, options.docs)
    weights = learn(material.labelled, material.more, material.matcher.scorer, digest)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(options.out, **pack_weights(weights))  # type: ignore[arg-type]
    print(f"{options.out}: {options.out.stat().st_size:,} bytes, claimed from {weights.threshold:.3f},")
    print(f"beside such a claim from {weights.threshold_beside:.3f}, in place from {weights.in_place_from:.3f},")
    print(f"learned from {weights.corpus[:16]}")


if __name__ == "__main__":
    main()
