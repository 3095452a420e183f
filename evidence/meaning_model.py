"""A multilingual sentence model as a setting: a local folder, loaded only when configured.

Belongs here: the folder's format and its encoder. Does not belong here: shipping a model or fetching one (neither is
done), running a neural network (the folder holds a static table, so numpy is enough), or tokenizing
(`meaning_tokenizer`).

The folder is what `model2vec` saves: `tokenizer.json` and `model.safetensors` with a tensor `embeddings` (tokens x
dimensions; float32, float16 or int8), or `embeddings.npz` with an array of that name; `weights` by token is optional.
How to make one from a sentence-transformers model stands in `docs/sentence-model.md`.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from evidence.meaning_table import Vectors, unit
from evidence.meaning_tokenizer import ModelError, Tokenizer, load_tokenizer

_TYPES: Final = {"F32": np.float32, "F16": np.float16, "I8": np.int8}
MOST_HEADER_BYTES = 10_000_000


@dataclass(frozen=True, eq=False)
class SentenceModel:
    """A static multilingual table with its tokenizer."""

    tokenizer: Tokenizer
    embeddings: Vectors
    weights: Vectors

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """Return unit vectors, float32 (sentences x dimensions); a sentence without tokens is all zero."""
        result = np.zeros((len(sentences), self.embeddings.shape[1]), dtype=np.float32)
        for row, sentence in enumerate(sentences):
            ids = [i for i in self.tokenizer.ids(sentence) if i < len(self.embeddings)]
            if ids:
                result[row] = (self.embeddings[ids] * self.weights[ids, None]).mean(axis=0)
        return unit(result)


def load_model(folder: Path) -> SentenceModel:
    """Return the model of a local folder; raises ModelError when it is not one."""
    if not folder.is_dir():
        raise ModelError(f"GCIDESK_SENTENCE_MODEL names {folder}, which is no folder. Name a local folder or unset it.")
    embeddings, weights = _embeddings(folder)
    return SentenceModel(load_tokenizer(folder / "tokenizer.json"), embeddings, weights)


def _embeddings(folder: Path) -> tuple[Vectors, Vectors]:
    tensors, file = _npz(folder / "embeddings.npz") or _safetensors(folder / "model.safetensors") or ({}, folder)
    table = tensors.get("embeddings")
    if table is None or table.ndim != 2:
        raise ModelError(
            f"The sentence model in {folder} holds no two-dimensional tensor 'embeddings' "
            "in embeddings.npz or model.safetensors. Save it again with model2vec."
        )
    weights = tensors.get("weights", np.ones(len(table))).astype(np.float32)
    if len(weights) != len(table):
        raise ModelError(f"{file}: {len(weights)} weights for {len(table)} tokens.")
    return table.astype(np.float32), weights


def _npz(path: Path) -> tuple[dict[str, Any], Path] | None:
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as held:
            return {name: held[name] for name in held.files}, path
    except (OSError, ValueError) as error:
        raise ModelError(f"The sentence model's {path} cannot be read: {error}") from error


def _safetensors(path: Path) -> tuple[dict[str, Any], Path] | None:
    """Read the plain safetensors form: length, JSON header, bytes. No code in a file is ever run."""
    if not path.exists():
        return None
    payload = path.read_bytes()
    try:
        (size,) = struct.unpack_from("<Q", payload)
        if size > min(MOST_HEADER_BYTES, len(payload)):
            raise ValueError(f"a header of {size} bytes")
        header = json.loads(payload[8 : 8 + size])
        header.pop("__metadata__", None)
        return {name: _tensor(payload, 8 + size, spec) for name, spec in header.items()}, path
    except (ValueError, KeyError, TypeError, struct.error) as error:
        raise ModelError(f"The sentence model's {path} is no safetensors file: {error}") from error


def _tensor(payload: bytes, base: int, spec: dict[str, Any]) -> Any:
    if spec["dtype"] not in _TYPES and spec["dtype"] != "F64":
        raise ValueError(f"tensors of type {spec['dtype']} are not read")
    kind = np.dtype(_TYPES.get(spec["dtype"], np.float64))
    start, end = spec["data_offsets"]
    return np.frombuffer(payload[base + start : base + end], dtype=kind).reshape(spec["shape"])
