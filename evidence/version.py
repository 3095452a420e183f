"""The version of the matcher: changes whenever grammars, weights, vectors or rules change what is found.

Belongs here: one string. Does not belong here: anything that reads a document.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

RULES_VERSION = "1"
"""Raised by hand when code changes what is found; data files speak for themselves."""

_DATA = ("grammars/*.yml", "acts/*.yml", "weights/*.npz", "vectors/*")


def _version() -> str:
    room = Path(__file__).parent
    digest = hashlib.sha256(RULES_VERSION.encode())
    for pattern in _DATA:
        for path in sorted(room.glob(pattern)):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return f"{RULES_VERSION}-{digest.hexdigest()[:12]}"


MATCHER_VERSION: str = _version()
