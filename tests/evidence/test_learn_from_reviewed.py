"""Reviewed public quotes become neighbours by a command, and nothing else does."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from evidence.meaning_neighbours import load_all_neighbours, load_neighbours
from evidence.meaning_table import VECTORS, load_table
from evidence.training.learn_from_reviewed import ReviewedError, learn_from_reviewed
from questionnaire.instrument import load_instrument

GCI = load_instrument()
DAY = date(2026, 11, 20)
QUOTE = "The national response team of Maravelle answers calls day and night."
LINE: dict[str, Any] = {
    "country": "XDM", "question": "T.1.1", "stance": "in_place", "quote": QUOTE, "language": "en",
    "url": "https://cirt.maravelle.example/", "origin": "fetched by us", "decision": "confirmed",
}  # fmt: skip


def write(folder: Path, *lines: dict[str, Any]) -> Path:
    path = folder / "reviewed.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_confirmed_quotes_make_a_versioned_file_that_meaning_takes_up(tmp_path: Path) -> None:
    source = write(tmp_path, LINE, {**LINE, "decision": "rejected", "quote": "Something that a reviewer threw out."})
    folder = tmp_path / "vectors"
    folder.mkdir()
    shutil.copy(VECTORS / "quotes.npz", folder)
    made = learn_from_reviewed(source, folder, GCI, DAY)
    assert (made.quotes, made.left_out) == (1, 1)
    assert made.path.name.startswith("reviewed-2026-11-20-")
    assert "input_sha256" in made.path.with_suffix(".yml").read_text(encoding="utf-8")
    assert QUOTE.encode() not in made.path.read_bytes()
    together = load_all_neighbours(folder)
    assert len(together.questions) == len(load_neighbours().questions) + 1
    near = together.nearest_by_question(load_table().encode([QUOTE]), ("T.1.1", "L.1.1"))[0]
    assert near[0] > 0.99
    assert len(together.without("XDM").questions) == len(load_neighbours().questions)


def test_the_same_quotes_make_the_same_file_and_others_another(tmp_path: Path) -> None:
    first = learn_from_reviewed(write(tmp_path, LINE), tmp_path, GCI, DAY)
    before = first.path.read_bytes()
    assert learn_from_reviewed(write(tmp_path, LINE), tmp_path, GCI, DAY).path == first.path
    assert first.path.read_bytes() == before
    assert learn_from_reviewed(write(tmp_path, LINE, LINE), tmp_path, GCI, DAY).path != first.path


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"url": "upload.pdf"}, "no public capture"),
        ({"url": ""}, "no public capture"),
        ({"origin": "uploaded by a person"}, "no public capture"),
        ({"question": "Z.9"}, "no question Z.9"),
        ({"stance": "yes"}, "stance"),
        ({"note": "what a reviewer wrote"}, "note"),
        ({"decision": "rejected"}, "no confirmed quote"),
    ],
)
def test_what_must_not_be_learned_from_is_refused(tmp_path: Path, changed: dict[str, str], reason: str) -> None:
    with pytest.raises(ReviewedError, match=reason):
        learn_from_reviewed(write(tmp_path, {**LINE, **changed}), tmp_path / "out", GCI, DAY)
    assert not (tmp_path / "out").exists()


def test_nothing_else_calls_it() -> None:
    root = Path(__file__).parents[2]
    rooms = ("pipelines", "assets", "review", "spiders", "extractors", "evidence", "questionnaire", "sources", "store")
    callers = [
        path.relative_to(root).as_posix()
        for room in rooms
        for path in (root / room).rglob("*.py")
        if re.search(r"import.*learn_from_reviewed|learn_from_reviewed\(", path.read_text(encoding="utf-8"))
    ]
    assert callers == ["evidence/training/learn_from_reviewed.py"]
