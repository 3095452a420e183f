"""How plausible is a text as writing: used to choose among encodings.

Belongs here: the candidates and their score. Does not belong here: which language a text is in.

A wrong encoding shows: letters of several scripts in one word, capitals inside words, symbols and control characters
between letters, letters that the script's languages hardly use.
"""

from __future__ import annotations

import re

CANDIDATES: tuple[str, ...] = (
    "cp1252", "cp1256", "cp1251", "gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "koi8-r", "koi8-u", "cp1250",
    "cp1253", "cp1254", "cp1255", "cp1257", "cp1258", "iso8859-2", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8",
    "iso8859-13", "iso8859-15", "cp874", "cp866", "mac_cyrillic", "mac_roman",
)  # fmt: skip
"""Encodings that may be chosen without a declaration, likelier ones first."""

MARGIN = 0.04
"""A candidate beats the declared encoding only when it is this much more plausible."""


def choose_encoding(sample: bytes, declared: tuple[str, ...]) -> str:
    """Return the encoding that makes the most plausible text of `sample`; a declared one keeps a small advantage."""
    scores: dict[str, float] = {}
    for encoding in dict.fromkeys((*declared, *CANDIDATES)):
        scores[encoding] = plausibility(sample, encoding) + (MARGIN if encoding in declared else 0.0)
    return max(scores, key=lambda encoding: scores[encoding])


_WORD = re.compile(r"[^\W\d_]+")


def plausibility(sample: bytes, encoding: str) -> float:
    """Return at most 1.0: how much `sample` looks like writing when decoded with `encoding`."""
    text = sample.decode(encoding, "replace")
    return 1.0 - text.count("\ufffd") / max(1, len(text))
