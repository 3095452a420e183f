"""Documents of the last good run that the next one takes over, with their passages.

Belongs here: which rows of a partition stand for good, and joining their passages with new ones without making row
objects of them. Does not belong here: reading a payload, or when a reader reads again (`extractors`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from store.lake import Lake
from store.readings import has_reading
from store.row_schema import arrow_schema, to_arrow
from store.settings import Settings
from store.stage_keys import has_key
from store.tables import DOCUMENTS, PASSAGES, READ, DocumentRow, PassageRow


def readings_stand(settings: Settings, lake: Lake, country: str) -> bool:
    """Whether the reading of every document of a country is still there."""
    rows = lake.read_arrow(DOCUMENTS, country, ["reader_version", "document_id"])
    names = (rows.column(name).to_pylist() for name in ("reader_version", "document_id"))
    return all(has_reading(settings, version, digest) for version, digest in zip(*names, strict=True))


@dataclass(frozen=True)
class KeptDocuments:
    """Documents by payload digest whose rows and passages both stand in the lake."""

    documents: Mapping[str, DocumentRow]
    passages: pa.Table

    @classmethod
    def of(cls, settings: Settings, lake: Lake, country: str, is_kept: Callable[[DocumentRow], bool]) -> KeptDocuments:
        """Return what a country's next run may take over; nothing when its last run left something undone.

        A document that was read counts only with its passages: a run that was killed between the two tables leaves
        documents without. And only with its reading: whoever deletes `readings/` gets it made again.
        """
        tables = (DOCUMENTS, PASSAGES)
        whole = all(lake.exists(table, country) and lake.matches_schema(table, country) for table in tables)
        if not whole or not has_key(settings, DOCUMENTS, country):
            return cls({}, arrow_schema(PassageRow).empty_table())
        passages = lake.read_arrow(PASSAGES, country)
        with_passages = set(passages.column("document_id").unique().to_pylist())
        documents = {
            row.document_id: row
            for row in lake.read(DOCUMENTS, country, DocumentRow)
            if is_kept(row)
            and (row.status != READ or row.document_id in with_passages)
            and has_reading(settings, row.reader_version, row.document_id)
        }
        return cls(documents, passages)

    def write_passages(self, lake: Lake, country: str, kept: frozenset[str], new: Sequence[PassageRow]) -> int:
        """Replace the passages of a country by those of the `kept` documents and `new` ones; returns how many."""
        stand = pc.is_in(self.passages.column("document_id"), pa.array(sorted(kept), pa.string()))
        joined = pa.concat_tables([self.passages.filter(stand), to_arrow(PassageRow, new)])
        lake.write_arrow(PASSAGES, country, joined)
        return int(joined.num_rows)
