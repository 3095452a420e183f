"""Turn public quotes that reviewers confirmed into neighbours: a new file with its own version, made by hand only.

Belongs here: which reviewed quotes may be learned from, and the file they make. Does not belong here: exporting them
(`review`), or using them (`evidence.meaning_neighbours` takes up every `reviewed-*.npz` among the vectors). Nothing
runs this by itself: no schedule, no asset, no review step.

    python -m evidence.training.learn_from_reviewed REVIEWED.jsonl [--into FOLDER]

One JSON object a line: country, question, stance, quote, language, url, origin, decision. Only a decision `confirmed`
on a quote of a public capture is learned from; texts of people and uploads are refused, not skipped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evidence.meaning_table import TABLE_FILE, VECTORS, load_table
from evidence.training.learn_quotes import pack
from questionnaire.instrument import Instrument, load_instrument
from store.errors import BadInputError
from store.tables import Stance


class ReviewedError(BadInputError):
    """A line of the file must not or cannot be learned from; the message names file, line and reason."""


class ReviewedQuote(BaseModel):
    """One quote with the decision of a person."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: str = Field(pattern=r"^[A-Z]{3}$")
    question: str
    stance: Stance
    quote: str = Field(min_length=12, max_length=1200)
    language: str = Field(pattern=r"^[a-z]{2}$")
    url: str
    origin: str
    decision: str


@dataclass(frozen=True)
class ReviewedFile:
    """What was written."""

    path: Path
    quotes: int
    left_out: int


def learn_from_reviewed(source: Path, folder: Path, instrument: Instrument, today: date) -> ReviewedFile:
    """Write `reviewed-<day>-<digest>.npz` and its sidecar into a folder; returns what was written.

    The name holds the digest of the input, so that the same quotes make the same file and others never replace it.
    Raises ReviewedError when a line is no public quote, and when none is confirmed.
    """
    payload = source.read_bytes()
    quotes = [_read(source, number, line, instrument) for number, line in _lines(payload)]
    kept = [quote for quote in quotes if quote.decision == "confirmed"]
    if not kept:
        raise ReviewedError(f"{source} holds no confirmed quote; there is nothing to learn.")
    digest = hashlib.sha256(payload).hexdigest()
    rows = [{**quote.model_dump(), "text": quote.quote} for quote in kept]
    path = folder / f"reviewed-{today.isoformat()}-{digest[:12]}.npz"
    arrays: dict[str, Any] = pack(rows, load_table(), digest)
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)
    about = {
        "learned_from": "quotes of public captures that reviewers confirmed, as vectors; no sentence",
        "script": "evidence/training/learn_from_reviewed.py",
        "made_on": today.isoformat(),
        "input_sha256": digest,
        "instrument": instrument.id,
        "quotes": len(kept),
        "left_out": len(quotes) - len(kept),
        "countries": sorted({quote.country for quote in kept}),
        "table_sha256": hashlib.sha256(TABLE_FILE.read_bytes()).hexdigest(),
    }
    path.with_suffix(".yml").write_text(yaml.safe_dump(about, sort_keys=False), encoding="utf-8")
    return ReviewedFile(path, len(kept), len(quotes) - len(kept))


def _lines(payload: bytes) -> list[tuple[int, str]]:
    text = payload.decode("utf-8")
    return [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]


def _read(source: Path, number: int, line: str, instrument: Instrument) -> ReviewedQuote:
    try:
        quote = ReviewedQuote.model_validate(json.loads(line))
    except (ValidationError, ValueError) as error:
        raise ReviewedError(f"{source}:{number}: {error}") from error
    if not quote.url.startswith(("http://", "https://")) or not quote.origin.startswith(("fetched by us", "imported")):
        raise ReviewedError(
            f"{source}:{number}: {quote.url or 'a quote without an address'} is no public capture. "
            "Texts of people and uploads are never learned from; leave the line out."
        )
    if quote.question not in instrument.by_code:
        raise ReviewedError(f"{source}:{number}: {instrument.id} has no question {quote.question}.")
    return quote


def main() -> None:
    """Write the file of one set of reviewed quotes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--into", type=Path, default=VECTORS)
    options = parser.parse_args()
    made = learn_from_reviewed(options.source, options.into, load_instrument(), date.today())
    print(f"{made.path}: {made.quotes} quotes, {made.left_out} not confirmed and left out")


if __name__ == "__main__":
    main()
