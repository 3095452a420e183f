"""Independent sources: which rows of evidence are one voice.

Belongs here: telling copies, near copies and the same host apart from a second voice. Does not belong here: what the
voices say together (`drafting`), or what one row is worth (`drafting_weight`).
"""

from __future__ import annotations

from collections.abc import Sequence

from questionnaire.drafting_weight import Weighed

SHINGLE = 5
"""Characters of a shingle; letters and digits only, so that line breaks, quotes and dashes do not count."""
ALIKE = 0.5
"""Share of common shingles (of both together) from which two quotes are one text."""
HELD = 0.75
"""Share of the shorter quote's shingles that the longer one holds, from which it repeats it."""


def independent(support: Sequence[Weighed]) -> tuple[Weighed, ...]:
    """Return the best row of each voice, strongest first.

    One host is one voice, and so are texts that repeat each other, word for word or nearly: a press release on a second
    site, a law in a second collection.
    """
    kept: list[Weighed] = []
    texts: list[frozenset[str]] = []
    hosts: set[str] = set()
    for item in sorted(support, key=lambda item: item.rank):
        text = shingles(item.row.quote)
        if item.host in hosts or any(one_text(text, other) for other in texts):
            continue
        hosts.add(item.host)
        texts.append(text)
        kept.append(item)
    return tuple(kept)


def one_text(one: frozenset[str], other: frozenset[str]) -> bool:
    """Tell whether two quotes, as shingles, are one text."""
    if not one or not other:
        return one == other
    common = len(one & other)
    return common >= ALIKE * len(one | other) or common >= HELD * min(len(one), len(other))


def shingles(quote: str) -> frozenset[str]:
    """Return the shingles of a quote; a quote shorter than one is its own."""
    plain = "".join(char for char in quote.casefold() if char.isalnum())
    return frozenset(plain[i : i + SHINGLE] for i in range(max(1, len(plain) - SHINGLE + 1)))
