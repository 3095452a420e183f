"""Public labels: what the team read in real strategies that lie beside the project, as places, never as sentences.

Belongs here: turning places in archived documents back into labels. Does not belong here: the documents, which are not
part of this project, or learning. `public_labels.jsonl` holds a line for each (document, question, stance): address,
digest of the payload, and spans of characters in its text. One reader labelled them by the readers' rules of the
labelled corpus; no second reader has.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warcio.archiveiterator import ArchiveIterator

LABELS = Path(__file__).parent / "public_labels.jsonl"
ARCHIVE = Path("realweb") / "strategies.warc.gz"


@dataclass(frozen=True, eq=False)
class PublicDocument:
    """A document beside the project with its label rows."""

    name: str
    payload: bytes
    labels: tuple[dict[str, Any], ...]


def read_public_documents(beside: Path, labels: Path = LABELS) -> Iterator[PublicDocument]:
    """Yield the labelled public documents of the folder beside the project; none where their archive is missing."""
    if not (beside / ARCHIVE).is_file():
        return
    rows = [json.loads(line) for line in labels.read_text(encoding="utf-8").splitlines()]
    with (beside / ARCHIVE).open("rb") as stream:
        for record in ArchiveIterator(stream):
            if record.rec_type == "response":
                payload = record.content_stream().read()
                digest = hashlib.sha256(payload).hexdigest()
                own = [row for row in rows if row["sha256"] == digest]
                if own:
                    yield PublicDocument(f"{own[0]['country']}.en.txt", payload, tuple(_labels(own, payload)))


def _labels(rows: list[dict[str, Any]], payload: bytes) -> Iterator[dict[str, Any]]:
    text = payload.decode("utf-8", "replace")
    for row in rows:
        held = {name: row[name] for name in ("country", "question", "stance", "confidence")}
        yield {**held, "quotes": [text[start:end] for start, end in row["spans"]]}
