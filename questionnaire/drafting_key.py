"""What the drafts of a country are made from, so that a refresh keeps them when nothing of it changed.

Belongs here: that one key. Does not belong here: drafting (`drafting`) or the search log (`search_log`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from pathlib import Path

from questionnaire.instrument import Instrument
from questionnaire.search_log import SearchedCountry
from store.digests import identify
from store.tables import EvidenceRow

_DATA = ("*.py", "*.yml", "phrases/*.*")
"""Everything that decides how an answer is drafted and worded, code included."""


def drafting_key(
    instrument: Instrument,
    evidence: Iterable[EvidenceRow],
    searched: SearchedCountry,
    *,
    today: date,
    matcher_version: str,
) -> str:
    """Return what the drafts and the search log of a country are made from.

    The day counts by month, as in `evidence.matching_key`. When a page was fetched once more and when an issue occurred
    say nothing new.
    """
    issues = [f"{issue.stage} {issue.code} {issue.subject} {issue.message}" for issue in searched.issues]
    return identify(
        _drafting_version(),
        matcher_version,
        today.strftime("%Y-%m"),
        instrument.model_dump_json(),
        *("evidence", *map(repr, evidence)),
        *("documents", *map(repr, searched.documents)),
        *("captures", *sorted({capture.url for capture in searched.captures})),
        *("issues", *issues),
        *("near misses", *map(repr, searched.misses)),
        *("seeds", *map(repr, searched.seeds), *searched.languages),
        *("repositories", *sorted(searched.repository_hosts)),
    )


@lru_cache(maxsize=1)
def _drafting_version() -> str:
    room = Path(__file__).parent
    digest = hashlib.sha256()
    for pattern in _DATA:
        for path in sorted(room.glob(pattern)):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
