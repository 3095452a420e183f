"""What a shape's parser returns, and how it fails.

Belongs here: rows before they are attributed to a country. Does not belong here: parsing, attribution.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from store.errors import BadInputError

SEPARATOR = "\t"
"""Between the cells of a row, as in the text layer of any other table."""


class UnknownShapeError(BadInputError):
    """A page does not have the shape that its contract describes; the message names the selector."""

    def __init__(self, selector: str, reason: str) -> None:
        super().__init__(f"{selector}: {reason}")
        self.selector, self.reason = selector, reason


class UnreadablePageError(BadInputError):
    """A document of the right form without a text layer: scanned, empty, encrypted. Its shape is not in question."""


def web_link(text: str) -> str:
    """Return an address that may be shown as a link: http or https with a host; else an empty text."""
    try:
        parts = urlsplit(text.strip())
        return text.strip() if parts.scheme in {"http", "https"} and parts.hostname else ""
    except ValueError:
        return ""


@dataclass(frozen=True, kw_only=True)
class FoundRow:
    """One row: its own text, its fields, its link, and the text that says whose it is.

    `start` is set where the row is a span of a text layer that somebody else made (PDF, plain text).
    """

    text: str
    country: tuple[tuple[str, str], ...]
    """How the row says its country, in the order to try: (way, text)."""
    fields: dict[str, str] = field(default_factory=dict)
    link: str = ""
    start: int | None = None
    part: tuple[int, int] | None = None
    """Span of all that the document says about the country, where that is more than the row."""
