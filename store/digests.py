"""Identity by SHA-256.

Belongs here: how bytes and tuples of text become identifiers. Nothing else.
"""

from __future__ import annotations

import hashlib


def payload_digest(payload: bytes) -> str:
    """Return the SHA-256 of a body after transfer and content decoding, as 64 hexadecimal digits."""
    return hashlib.sha256(payload).hexdigest()


def identify(*parts: str) -> str:
    """Return a SHA-256 over text parts; parts are separated so that ("ab", "c") and ("a", "bc") differ."""
    digest = hashlib.sha256()
    for part in parts:
        encoded = part.encode("utf-8")
        digest.update(len(encoded).to_bytes(8, "big"))
        digest.update(encoded)
    return digest.hexdigest()
