"""The case forms of a Russian place name, by its endings.

Belongs here: endings of nouns and adjectives in place names. Does not belong here: any other Russian grammar. A wrong
form that no text contains does no harm; a form that is a common word would, so short stems are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_ENDINGS: Sequence[tuple[str, tuple[str, ...]]] = (
    ("ская", ("ской", "скую")),
    ("ное", ("ного", "ному", "ным", "ном")),
    ("ое", ("ого", "ому", "ым", "ом")),
    ("ая", ("ой", "ую")),
    ("ые", ("ых", "ым", "ыми")),
    ("ие", ("их", "им", "ими")),
    ("ый", ("ого", "ому", "ым", "ом")),
    ("ой", ("ого", "ому", "ым", "ом")),
    ("ия", ("ии", "ию", "ией")),
    ("ея", ("еи", "ею", "еей", "ее")),
    ("во", ("ва", "ву", "вом", "ве")),
    ("ка", ("ки", "ке", "ку", "кой")),
    ("га", ("ги", "ге", "гу", "гой")),
    ("а", ("ы", "е", "у", "ой")),
    ("я", ("и", "е", "ю", "ей")),
    ("ы", ("", "ов", "ам", "ами", "ах")),
    ("ь", ("и", "я", "ю", "ем", "е", "ью")),
)
_CONSONANTS = "бвгджзклмнпрстфхцчшщ"


def cases_of(name: str) -> set[str]:
    """Return the oblique forms of a Russian name; nothing for names in other scripts or that never change.

    The words of a name take the same case: the n-th form of each word is joined with the n-th of the others.
    """
    words = name.split()
    if not words or not all(re.fullmatch(r"[А-Яа-яёЁ()’'-]+", word) for word in words):
        return set()
    forms = [_forms(word) for word in words]
    longest = max(map(len, forms))
    if longest == 0:
        return set()
    return {
        " ".join(_case(word, of_word, case) for word, of_word in zip(words, forms, strict=True))
        for case in range(longest)
    }


def _case(word: str, forms: tuple[str, ...], case: int) -> str:
    return forms[min(case, len(forms) - 1)] if forms else word


def _forms(word: str) -> tuple[str, ...]:
    if len(word) < 4:
        return ()
    for ending, replaced in _ENDINGS:
        if word.endswith(ending):
            stem = word[: -len(ending)]
            return tuple(stem + other for other in replaced)
    if word[-1] in _CONSONANTS:
        return (f"{word}а", f"{word}у", f"{word}ом", f"{word}е")
    return ()
