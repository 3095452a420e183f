"""Whose: which country a text speaks about.

Belongs here: the check whether a document belongs to the country it was filed under. Does not belong here: names of
countries (`sources.country_names`), judging evidence.
"""

from __future__ import annotations

from collections import Counter

from sources.country_names import countries_in
from store.readings import Reading
from store.tables import DocumentRow

HEAD = 3000
"""Characters in which a document says whose it is."""
LEAST_NAMED = 4
"""Times another country must be named before the document counts as another country's."""


def named_countries(text: str) -> Counter[str]:
    """Return how often each country is named in a text, by ISO 3166-1 alpha-3 code."""
    return Counter(mention.country for mention in countries_in(text))


def foreign_document(document: DocumentRow, reading: Reading) -> str | None:
    """Return a sentence for a reviewer when a document seems to be another country's, otherwise None.

    It does when its head and body name one other country often and its own not at all.
    """
    if not reading.is_read:
        return None
    named = named_countries(reading.text[: 40 * HEAD])
    own = named.pop(document.country, 0)
    if own or not named:
        return None
    other, times = named.most_common(1)[0]
    if times < LEAST_NAMED or not named_countries(reading.text[:HEAD]).get(other):
        return None
    return (
        f"{document.name} names {other} {times} times and {document.country} never: it may be another country's "
        "document in the wrong folder. Look before its evidence is used."
    )
