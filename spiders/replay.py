"""Replay: foreign archives in place of the network.

Belongs here: the index of WARC files that were handed in, which of their records a crawl starts from, and answers out
of them. Does not belong here: what follows from an answer (`crawl`). Nothing here opens a socket.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from spiders.addresses import authority_of, clean, host_of, key_of
from spiders.answers import Failure, Received
from spiders.frontier import Wanted
from store.archive import ArchivedResponse, ArchiveFault, read_response_at, read_responses
from store.archive_reading import Headers

if TYPE_CHECKING:
    from spiders.crawl import Crawl

RECORD_PRIORITY = 1.5
_CODED = frozenset({"content-encoding", "transfer-encoding"})


class ReplayArchive:
    """Where each address lies in the files of a replay."""

    def __init__(self, files: tuple[str, ...]) -> None:
        """Read through the files once; nothing of their payloads is kept."""
        self.files = tuple(Path(file) for file in files)
        self.faults: list[ArchiveFault] = []
        self._db = sqlite3.connect("")  # a temporary file that SQLite removes by itself
        self._db.execute("CREATE TABLE records (id INTEGER PRIMARY KEY, key TEXT, url TEXT, moment TEXT, place TEXT)")
        for number, file in enumerate(self.files):
            for item in read_responses(file):
                if isinstance(item, ArchiveFault):
                    self.faults.append(item)
                else:
                    self._add(number, item)
        self._db.execute("CREATE INDEX records_key ON records (key)")

    def _add(self, number: int, item: ArchivedResponse) -> None:
        offset, ordinal = item.original or (item.offset, item.ordinal)
        moment = item.captured_at.isoformat()
        place = f"{number}:{offset}:{ordinal}:{moment}"
        self._db.execute(
            "INSERT INTO records (key, url, moment, place) VALUES (?, ?, ?, ?)",
            (key_of(item.url), item.url, moment, place),
        )

    def locate(self, wanted: Wanted) -> Wanted:
        """Return a request with the place of its newest record, or marked as missed."""
        row = self._db.execute(
            "SELECT place, url FROM records WHERE key = ? ORDER BY moment DESC, id LIMIT 1", (key_of(wanted.url),)
        ).fetchone()
        return replace(wanted, place=row[0], url=row[1]) if row else replace(wanted, state="missed")

    def plant(self, crawl: Crawl) -> None:
        """Make every record in the country's scope a seed, in the order of the archive; report the rest."""
        self.report(crawl)
        outside: Counter[str] = Counter()
        taken: set[str] = set()
        for number, key, url, moment, place in self._db.execute(
            "SELECT id, key, url, moment, place FROM records ORDER BY id"
        ):
            if url.endswith("/robots.txt") and key == key_of(authority_of(clean(url) or url) + "/robots.txt"):
                continue
            if not crawl.scope.holds(url):
                outside[host_of(url)] += 1
                continue
            wanted = crawl.wanted(url, priority=RECORD_PRIORITY - number * 1e-7, place=place)
            if key in taken:
                wanted = replace(wanted, key=f"{key} at {moment}")
            taken.add(key)
            crawl.offer([wanted], "")
        for host, count in outside.items():
            message = (
                f"{count} records of {host} are not in the country's scope and were not read. If the host belongs to "
                "the country, name it with --seed or add it to the country's file."
            )
            crawl.note("out_of_scope", host, message, lasting=True, weight=1.0)
        self._miss_seeds(crawl)

    def _miss_seeds(self, crawl: Crawl) -> None:
        for number, seed in enumerate(crawl.job.seeds):
            wanted = crawl.wanted(
                clean(seed.url) or seed.url, priority=crawl.priority.of_seed(seed, number), seed=number
            )
            if self.locate(wanted).state == "missed":
                crawl.offer([wanted], "")

    def report(self, crawl: Crawl) -> None:
        """Note what could not be read in the files."""
        for fault in self.faults:
            message = f"{fault.file}, byte {fault.offset}: {fault.message}. What could be read was read."
            crawl.note("archive_fault", fault.file.name, message, lasting=True, weight=5.0, offset=fault.offset)

    @lru_cache(maxsize=8)  # noqa: B019
    def _origin(self, number: int) -> str:
        file = self.files[number]
        digest = hashlib.sha256()
        with file.open("rb") as source:
            while chunk := source.read(1 << 20):
                digest.update(chunk)
        return f"imported from {file.name} (SHA-256 {digest.hexdigest()}), not fetched by us"

    def origin_of(self, place: str) -> str:
        """Return the sentence that says where a record came from."""
        return self._origin(int(place.split(":", maxsplit=1)[0]))

    def answer(self, wanted: Wanted) -> Received | Failure:
        """Return the answer that the archive holds for a request."""
        number, offset, ordinal, moment = wanted.place.split(":", 3)
        found = read_response_at(self.files[int(number)], int(offset), int(ordinal))
        if isinstance(found, ArchiveFault):
            return Failure("archive_fault", f"{found.file}, byte {found.offset}: {found.message}.", passing=False)
        return Received(
            url=wanted.url, captured_at=datetime.fromisoformat(moment), http_status=found.http_status,
            headers=_decoded_headers(found.headers), body=found.payload, origin=self.origin_of(wanted.place),
        )  # fmt: skip


def _decoded_headers(headers: Headers) -> Headers:
    """Headers of a payload whose codings were undone: their headers are kept under another name."""
    return tuple((f"X-Archive-Orig-{name}" if name.lower() in _CODED else name, value) for name, value in headers)
