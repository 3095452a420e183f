"""The second layer of text: what a person reads where print broke it.

Belongs here: joining broken lines, hyphens at line ends, ligatures, kashida, marks (`bidi`) and invisible
characters. Does not belong here: the first layer, which stays as it is, because quotes come from it.
"""

from __future__ import annotations

import re

from extractors.bidi import fold_for_search

CJK = "\u2e80-\u303f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]\s*\n\s*(?=[a-zà-öø-ÿа-яёα-ω])")
_CJK_BREAK = re.compile(rf"(?<=[{CJK}])[ \t\u3000]*\n\s*(?=[{CJK}])")
_SPACE = re.compile(r"\s+")
LIGATURES = {0xFB00: "ff", 0xFB01: "fi", 0xFB02: "fl", 0xFB03: "ffi", 0xFB04: "ffl", 0xFB05: "st", 0xFB06: "st",
             0x0640: None}  # fmt: skip
"""Letters that print joined, and the kashida that stretches Arabic words."""
_LIGATURE = re.compile("[\ufb00-\ufb06\u0640]")


def mend(text: str) -> str:
    """Return a text with broken lines joined, words put together and invisible characters taken out."""
    if "\n" in text:
        text = _HYPHEN.sub("", text)
        text = _CJK_BREAK.sub("", text)
    text = _SPACE.sub(" ", text)
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
        if _LIGATURE.search(text):
            text = text.translate(LIGATURES)
        text = fold_for_search(text)
    return text.strip()
