"""Endings: did the whole body arrive, when nothing stated its length?

Belongs here: what the last bytes of a payload say about that, by format. Does not belong here: bodies with a stated
length or chunks, of which the connection itself tells (`live`), or content codings (`store.archive_coding`).
"""

from __future__ import annotations

import re
from typing import Literal

Ending = Literal["whole", "cut", "unknown"]
Ended = Literal["length", "close", "reset"]
"""How a body ended: as its length or chunks state, or, where nothing stated a length, with the connection."""

_TAIL = 2048
_ZIP_TAIL = 70_000
"""A zip file ends with its directory's end record and a comment of at most 64 KiB."""

_OPENED = re.compile(rb"<html[\s>]", re.I)
_CLOSED = re.compile(rb"</(?:html|body|frameset)\s*>", re.I)
_OPEN_TAG = re.compile(rb"<[a-z/!][^<>]*$", re.I)


def judge_ending(payload: bytes) -> Ending:
    """Return whether a payload ends as its format demands; a page that leaves `</html>` out is unknown, not cut.

    A PDF ends with %%EOF, a zip file (docx, xlsx) with the end of its directory; a page that ends inside a tag was cut.
    """
    tail = payload[-_TAIL:].replace(b"\0", b"")
    if payload.startswith(b"%PDF"):
        return "whole" if b"%%EOF" in tail else "cut"
    if payload.startswith(b"PK\x03\x04"):
        return "whole" if b"PK\x05\x06" in payload[-_ZIP_TAIL:] else "cut"
    if not _OPENED.search(payload[:4096].replace(b"\0", b"")):
        return "unknown"
    if _CLOSED.search(tail):
        return "whole"
    return "cut" if _OPEN_TAG.search(tail) else "unknown"


def what_is_missing(url: str, payload: bytes, ended: Ended) -> str | None:
    """Return a sentence when a payload was certainly or very likely cut off, else None."""
    if ended == "length":
        return None
    ending = judge_ending(payload)
    if ending == "whole" or (ending == "unknown" and ended == "close"):
        return None
    how = "the connection was reset" if ended == "reset" else "the connection was closed"
    return (
        f"{url} broke off after {len(payload)} bytes: {how}, no length was stated and the end of the file is missing."
    )
