"""Half surrogates: halves of characters that some formats write apart and that no file or table can hold alone.

Belongs here: seeing them and putting them together. Does not belong here: where offsets count on a text's length
(`passages`).
"""

from __future__ import annotations


def has_halves(text: str) -> bool:
    """Tell whether a text holds a half surrogate."""
    try:
        text.encode("utf-8")  # many times quicker than a search
    except UnicodeEncodeError:
        return True
    return False


def join_halves(text: str) -> str:
    """Return a text with the halves of a character put together, and a sign of replacement for a half alone."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if has_halves(text) else text
