"""Turn labelled quotes into neighbours: vectors only, each with question, stance, language and country, no sentence.

Belongs here: the making of `vectors/quotes.npz` from a label file. Does not belong here: reviewed quotes of a running
desk (`learn_from_reviewed`). Run: `python -m evidence.training.learn_quotes LABELS.jsonl`.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from evidence.meaning_neighbours import QUOTES_FILE
from evidence.meaning_table import TABLE_FILE, StaticTable, load_table
from store.tables import STANCE_ORDER

_LANGUAGE = re.compile(r"\.(en|fr|es|pt|ar|zh|ru)\.[a-z]+$")


def pack(rows: Sequence[dict[str, Any]], table: StaticTable, digest: str) -> dict[str, Any]:
    """Return the arrays of a file of neighbours; a row has text, question, stance, language and country."""
    vectors = table.encode([row["text"] for row in rows])
    codes = sorted({row["question"] for row in rows})
    countries = sorted({row["country"] for row in rows})
    languages = sorted({row["language"] for row in rows})
    return {
        "vectors": np.round(vectors * 127).astype(np.int8),
        "question": np.array([codes.index(row["question"]) for row in rows], dtype=np.int16),
        "stance": np.array([STANCE_ORDER.index(row["stance"]) for row in rows], dtype=np.int8),
        "country": np.array([countries.index(row["country"]) for row in rows], dtype=np.int16),
        "language": np.array([languages.index(row["language"]) for row in rows], dtype=np.int8),
        "codes": _names(codes),
        "countries": _names(countries),
        "languages": _names(languages),
        "corpus": _names([digest]),
    }


def read_labels(path: Path) -> list[dict[str, Any]]:
    """Return one row a labelled quote."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        label = json.loads(line)
        if not label["question"]:
            continue
        told = _LANGUAGE.search(label["document"])
        language = told.group(1) if told else "en"
        rows += [{**label, "text": quote, "language": language} for quote in label["quotes"]]
    return rows


def _names(names: Sequence[str]) -> Any:
    return np.frombuffer("\n".join(names).encode(), dtype=np.uint8)


def main() -> None:
    """Write the file of neighbours of a label file."""
    path = Path(sys.argv[1])
    rows = read_labels(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    np.savez_compressed(QUOTES_FILE, **pack(rows, load_table(), digest))
    about = {
        "learned_from": "labelled quotes, as vectors with country, question and stance; no sentence",
        "script": "evidence/training/learn_quotes.py",
        "labels_sha256": digest,
        "quotes": len(rows),
        "table_sha256": hashlib.sha256(TABLE_FILE.read_bytes()).hexdigest(),
    }
    QUOTES_FILE.with_suffix(".yml").write_text(yaml.safe_dump(about, sort_keys=False), encoding="utf-8")
    print(f"{len(rows)} quotes, {QUOTES_FILE.stat().st_size / 1e6:.2f} MB, labels {digest}")


if __name__ == "__main__":
    main()
