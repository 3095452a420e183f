"""The version of the matcher: changes whenever code, grammars, weights or vectors change.

Belongs here: one string. Does not belong here: anything that reads a document.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

RULES_VERSION = "1"
"""Raised by hand with a change that people should notice; files speak for themselves."""

_DATA = ("*.py", "*.yml", "grammars/*.yml", "acts/*.yml", "han/*.*", "weights/*.npz", "vectors/*")
"""Everything that decides what is found, code included: findings of other files are never taken for these."""
_OUTSIDE = ("sources/country_[an]*.*", "sources/folded_text.py", "sources/russian_cases.*", "sources/written_dates.py")
"""What decides beside this room: names and adjectives of countries, folding of letters, dates in words."""


def _version() -> str:
    room = Path(__file__).parent
    digest = hashlib.sha256(RULES_VERSION.encode())
    found = [path for pattern in _DATA for path in sorted(room.glob(pattern))]
    found += [path for pattern in _OUTSIDE for path in sorted(room.parent.glob(pattern))]
    for path in found:
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return f"{RULES_VERSION}-{digest.hexdigest()[:12]}"


MATCHER_VERSION: str = _version()
