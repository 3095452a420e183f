"""A multilingual sentence model as a setting: a tiny one made here, read without torch."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from evidence.meaning import load_meaning
from evidence.meaning_model import load_model
from evidence.meaning_tokenizer import ModelError, load_tokenizer
from questionnaire.instrument import load_instrument
from store.settings import Settings

WORDS = ["[UNK]", "équipe", "nationale", "incidents", "loi", "données", "personnelles", "team", "national", "law"]


def tokenizer_json(words: list[str] | None = None) -> dict[str, Any]:
    """A word tokenizer in the Hugging Face form."""
    vocabulary = {word: i for i, word in enumerate(words or WORDS)}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [],
        "normalizer": {"type": "Lowercase"},
        "pre_tokenizer": {"type": "Whitespace"},
        "post_processor": None,
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]"},
    }


def write_safetensors(path: Path, tensors: dict[str, np.ndarray[Any, Any]]) -> None:
    header: dict[str, Any] = {}
    payload = b""
    for name, tensor in tensors.items():
        kind = {"float32": "F32", "float16": "F16", "int8": "I8", "int64": "I64"}[tensor.dtype.name]
        raw = tensor.tobytes()
        header[name] = {"dtype": kind, "shape": tensor.shape, "data_offsets": [len(payload), len(payload) + len(raw)]}
        payload += raw
    encoded = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(encoded)) + encoded + payload)


def make_folder(folder: Path, kind: type = np.float32) -> Path:
    """French and English words of one meaning share a direction, as a multilingual model would have it."""
    meaning = {"équipe": 0, "team": 0, "nationale": 1, "national": 1, "incidents": 2, "loi": 3, "law": 3}
    table = np.zeros((len(WORDS), 5))
    for i, word in enumerate(WORDS):
        table[i, meaning.get(word, 4)] = 100
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer_json()), encoding="utf-8")
    write_safetensors(folder / "model.safetensors", {"embeddings": table.astype(kind)})
    return folder


@pytest.mark.parametrize("kind", [np.float32, np.float16, np.int8])
def test_a_folder_as_model2vec_saves_it(tmp_path: Path, kind: type) -> None:
    model = load_model(make_folder(tmp_path / "model", kind))
    french, english, none = model.encode(["Équipe nationale", "national team", ""])
    assert np.allclose(french, english, atol=1e-5)
    assert not none.any()


def test_a_folder_with_an_array_file(tmp_path: Path) -> None:
    folder = make_folder(tmp_path / "model")
    table = load_model(folder).embeddings
    (folder / "model.safetensors").unlink()
    np.savez(folder / "embeddings.npz", embeddings=table, weights=np.ones(len(table)))
    assert np.array_equal(load_model(folder).embeddings, table)


def test_it_adds_a_channel_and_changes_similarity(tmp_path: Path) -> None:
    bank = load_instrument()
    plain = load_meaning(bank)
    with_model = load_meaning(bank, Settings(sentence_model=str(make_folder(tmp_path / "model"))))
    text = ["Équipe nationale incidents"]
    assert "model" not in plain.channels(text, "fr")
    channels = with_model.channels(text, "fr")
    assert channels["model"].shape == (1, 84)
    assert not np.allclose(channels["ngrams"], plain.channels(text, "fr")["ngrams"])
    assert not np.allclose(with_model.similarity(text, "fr"), plain.similarity(text, "fr"))


def test_nothing_is_loaded_when_it_is_not_configured() -> None:
    code = (
        "import sys; from evidence.meaning import load_meaning; from questionnaire.instrument import load_instrument; "
        "load_meaning(load_instrument()).similarity(['a national team'], 'en'); "
        "print([n for n in ('tokenizers', 'torch', 'transformers', 'sklearn') if n in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="GCIDESK_SENTENCE_MODEL"):
        load_meaning(load_instrument(), Settings(sentence_model=str(tmp_path / "nowhere")))
    folder = make_folder(tmp_path / "model")
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", 1 << 60) + b"{}")
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        load_model(folder)
    write_safetensors(folder / "model.safetensors", {"embeddings": np.zeros((2, 2), np.int64)})
    with pytest.raises(ModelError, match="I64"):
        load_model(folder)
    write_safetensors(folder / "model.safetensors", {"weights": np.zeros(3, np.float32)})
    with pytest.raises(ModelError, match="embeddings"):
        load_model(folder)
    (folder / "tokenizer.json").write_text("{}", encoding="utf-8")
    write_safetensors(folder / "model.safetensors", {"embeddings": np.zeros((2, 2), np.float32)})
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        load_model(folder)
    (folder / "model.safetensors").unlink()
    np.savez(folder / "embeddings.npz", embeddings=np.array([{"a": 1}], dtype=object))
    with pytest.raises(ModelError, match=r"embeddings\.npz"):
        load_model(folder)


def write_tokenizer(path: Path, model: dict[str, Any], normalizer: dict[str, Any] | None = None) -> Path:
    path.write_text(json.dumps({**tokenizer_json(), "normalizer": normalizer, "model": model}), encoding="utf-8")
    return path


def test_unigram_takes_the_likeliest_cut(tmp_path: Path) -> None:
    vocab = [["<unk>", 0.0], ["▁кибер", -3.0], ["безопасность", -3.0], ["▁ки", -2.0], ["бер", -2.0], ["б", -1.0]]
    tokenizer = load_tokenizer(write_tokenizer(tmp_path / "t.json", {"type": "Unigram", "vocab": vocab}))
    assert tokenizer.ids("кибербезопасность") == [1, 2]
    assert tokenizer.ids("кибер  кибер") == [1, 1]
    assert tokenizer.ids("ббz") == [5, 5], "letters of no piece are passed over"
    assert tokenizer.ids("") == []


def test_wordpiece_folds_as_the_file_says(tmp_path: Path) -> None:
    model = {"type": "WordPiece", "vocab": {"securite": 0, "cyber": 1, "##securite": 2, "网": 3}}
    bert = {"type": "BertNormalizer", "lowercase": True, "strip_accents": None}
    folding = load_tokenizer(write_tokenizer(tmp_path / "t.json", model, bert))
    assert folding.ids("Cybersécurité, SÉCURITÉ 网络") == [1, 2, 0, 3]
    plain = load_tokenizer(write_tokenizer(tmp_path / "u.json", model))
    assert plain.ids("Cybersécurité") == []


def test_byte_pairs_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="BPE"):
        load_tokenizer(write_tokenizer(tmp_path / "t.json", {"type": "BPE", "vocab": {}, "merges": []}))


def test_long_words_and_long_texts_are_cut(tmp_path: Path) -> None:
    vocab = [["▁", -1.0], ["a", -1.0]]
    tokenizer = load_tokenizer(write_tokenizer(tmp_path / "t.json", {"type": "Unigram", "vocab": vocab}))
    assert len(tokenizer.ids("a" * 1_000_000)) == 100
    assert len(tokenizer.ids("a " * 100_000)) == 2 * 512
