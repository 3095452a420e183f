"""Columns in different languages side by side, told from columns that follow each other.

Belongs here: the comparison of the words of columns. Does not belong here: naming the languages (`language_detection`).

Columns of one language share their most frequent words; columns in two languages hardly share any. The comparison
needs no
list of languages, so it works for languages that nobody covers.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from extractors.pdf_columns import Run

_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH_WORDS = 80
_PLENTY = 1500
_SAME_LANGUAGE = 0.45
"""Cosine of word counts; measured 0.7 to 0.95 within a language and 0.05 to 0.25 between two."""


def runs_in_parallel(pages: Sequence[Sequence[Run]]) -> bool:
    """Tell whether the columns of a document stand in different languages."""
    words: dict[int, Counter[str]] = {}
    for runs in pages:
        if words and all(counter.total() >= _PLENTY for counter in words.values()):
            break
        for run in runs:
            if run.column:
                counter = words.setdefault(run.column, Counter())
                for line in run.lines:
                    counter.update(_WORD.findall(line.text.casefold()))
    enough = [counter for _, counter in sorted(words.items()) if counter.total() >= _ENOUGH_WORDS]
    return any(_cosine(one, other) < _SAME_LANGUAGE for one, other in pairwise(enough))


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    product = sum(count * other[word] for word, count in one.items())
    norms = math.sqrt(sum(count**2 for count in one.values()) * sum(count**2 for count in other.values()))
    return product / norms if norms else 1.0
