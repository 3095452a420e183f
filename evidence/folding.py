"""Folding: the one spelling in which text and grammar words are compared.

Belongs here: case, accents, Arabic letter forms and articles, traditional Chinese signs, ligatures, white
space. Does not belong here: any word.

A folded text has no offsets into the text layer; it only answers whether a word occurs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from evidence.han import simplify

_ARABIC_MARKS = re.compile(r"[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")
_ARABIC_LETTERS = (
    ("أ", "ا"), ("إ", "ا"), ("آ", "ا"), ("ٱ", "ا"), ("ى", "ي"), ("ة", "ه"), ("ؤ", "و"), ("ئ", "ي"),
)  # fmt: skip
"""Replaced one by one, which is four times as fast as a table of all."""
_ARTICLE = re.compile(r"\b(?:[وفبك]?ال|[وف]?لل)(?=\w{2})")
_BROKEN_LIGATURE = re.compile("اال")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_COMBINING = re.compile(r"[\u0300-\u036f\u1e00-\u1eff]")
_LATIN = {
    code: unicodedata.normalize("NFD", chr(code))[0]
    for code in range(0xC0, 0x250)
    if unicodedata.decomposition(chr(code)) and not unicodedata.decomposition(chr(code)).startswith("<")
} | {0x2019: " "}
"""Accented Latin letters to their bare letter, one by one; apostrophes part words."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_HAN_GAP = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


LONGEST_KEPT, MOST_KEPT = 1000, 20_000
"""Characters up to which a folded text is kept, and how many are; a unit is read by several finders, one by one."""


def fold(text: str, language: str) -> str:
    """Return text in lower case, NFKC, without accents (Latin) or marks and articles (Arabic), one space a gap."""
    return kept_texts(text, language) if len(text) <= LONGEST_KEPT else _folded(text, language)


def _folded(text: str, language: str) -> str:
    if text.isascii():
        return _one_space(text.lower()).replace("'", " ")
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    if language == "zh":
        return simplify(_HAN_GAP.sub("", _one_space(plain)))
    if language == "ar":
        plain = _ARABIC_MARKS.sub("", plain)
        for letter, folded in _ARABIC_LETTERS:
            plain = plain.replace(letter, folded)
        plain = _BROKEN_LIGATURE.sub("الا", plain)
        return _one_space(_ARTICLE.sub("", plain))
    if language == "ru":
        return _one_space(plain.replace("ё", "е"))
    for letter in set(_NOT_ASCII.findall(plain)):
        if (bare := _LATIN.get(ord(letter))) is not None:
            plain = plain.replace(letter, bare)
    plain = plain.replace("'", " ")
    if _COMBINING.search(plain):
        plain = "".join(c for c in unicodedata.normalize("NFD", plain) if not unicodedata.combining(c))
    return _one_space(plain)


def _one_space(text: str) -> str:
    """Return text with one space for each run of white space, at its ends too."""
    solid = " ".join(text.split())
    if not solid:
        return " " if text else ""
    before, after = " " if text[0].isspace() else "", " " if text[-1].isspace() else ""
    return f"{before}{solid}{after}" if before or after else solid


kept_texts = lru_cache(maxsize=MOST_KEPT)(_folded)


def spell(text: str) -> str:
    """Return text cut as `fold` cuts it, in lower case, but with its accents: where "publica" is not "pública"."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).lower()
    return _one_space(plain.replace("\u2019", " ").replace("'", " "))
