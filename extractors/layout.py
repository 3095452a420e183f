"""What every format backend returns: a text layer made of blocks.

Belongs here: the data classes between the backends (`html`, `plaintext`, `markdown`, `pdf`, `office_…`) and
`passages`, and the builder that keeps offsets right. Does not belong here: any parsing, sentence borders, languages.

A backend adds blocks in reading order to a `LayoutBuilder`; the text layer is the concatenation of what it added, so
that `layout.text[block.start:block.end] == ` the block's text, always. `passages.build` then cuts blocks into
passages and finds sentences, languages, sections, articles and heads of enumerations; a backend gives only what it
alone can see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

from extractors.mending import mend
from store.readings import Page
from store.tables import READ

Kind = Literal["paragraph", "heading", "list_item", "table_row", "caption", "contents", "menu", "title"]
Role = Literal["main", "navigation"]
Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in points from the page's top left corner."""


class Line(NamedTuple):
    """A printed line with its span in the text layer and its box."""

    start: int
    end: int
    box: Box


class Block(NamedTuple):
    """A run of the text layer that belongs together: a paragraph, a heading, a list item, a row of a table.

    A named tuple, not a dataclass: a document has tens of thousands, and a frozen dataclass takes three times as long.
    """

    start: int
    end: int
    kind: Kind = "paragraph"
    role: Role = "main"
    page: int | None = None
    """Page on which the block begins, from 1; None where the format has no pages."""
    lines: tuple[Line, ...] = ()
    """Printed lines in order; empty where the format has none."""
    level: int = 0
    """Depth of a heading (1 is the highest) or of a list item (1 is the outermost); 0 when unknown."""
    marker: str = ""
    """Number or sign of a list item that stands outside the text layer, such as `a.` of an HTML list."""
    reading: str | None = None
    """The block as a person reads it, where that differs from the text (a table row with its header cells); else
    None, and `passages` mends hyphenation, ligatures and broken lines itself."""
    broken: bool = False
    """Whether line breaks inside the text are an accident of printing (PDF, line-broken plain text). False keeps
    them as borders of sentences."""
    language: str = ""
    """Language that the document declares for the block (`lang` of HTML), a hint only; ISO 639-1 or empty."""
    column: int = 0
    """Columns that run side by side in different languages get different numbers; sections and article numbers are
    followed in each column by itself."""
    continued: bool = False
    """Whether the block goes on from the previous one of the same column (a paragraph over a page break): its first
    sentence is the rest of that one's last."""
    gaps: tuple[tuple[int, int], ...] = ()
    """Spans inside the block that do not belong to it (a page number between two halves of a sentence): they stay in
    the text and are left out of the reading text."""
    head: tuple[int, int] | None = None
    """Span of the head that a list item depends on, where the backend knows it (the term of a definition list)."""
    ocr_confidence: float | None = None
    """0 to 1 for text read from a picture."""
    opens_section: bool = False
    """Whether navigation opens a section all the same: the headline of a page, the name of a file in an archive."""


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A document as its backend saw it. Bad input is a layout with a status other than `read` and a reason."""

    format: str
    status: str = READ
    """`read`, or no_text, encrypted, damaged, wrong_type, too_large, timeout."""
    reason: str = ""
    """A sentence for a reviewer when the status is not `read`, or when only part was read."""
    text: str = ""
    blocks: tuple[Block, ...] = ()
    pages: tuple[Page, ...] = ()
    title: str = ""
    published_on: date | None = None
    outline: tuple[str, ...] = ()
    """Bookmarks of the document in order, deeper ones indented by two spaces a level."""
    language: str = ""
    """Language that the document declares for itself, a hint only."""
    metadata: dict[str, str] = field(default_factory=dict)
    resumable: bool = False
    """True when pages are left for a later run (OCR budget)."""
    mend: Callable[[str], str] = mend
    """How a slice of the text is read: joins what print broke, and takes out marks of the format's own."""


def unreadable(format_name: str, status: str, reason: str) -> Layout:
    """Return the layout of a payload that cannot be read; `reason` is a sentence for a reviewer."""
    return Layout(format=format_name, status=status, reason=reason)


class LayoutBuilder:
    """Collects blocks and keeps their offsets; one builder a document."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []

    @property
    def position(self) -> int:
        """Where the next text begins, in code points."""
        return self._length

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks added so far."""
        return tuple(self._blocks)

    @property
    def text(self) -> str:
        """The text layer so far."""
        return "".join(self._parts)

    def skip(self, text: str) -> int:
        """Add text that belongs to no block (white space between blocks); returns where it began."""
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return start

    def add(
        self,
        text: str,
        *,
        separator: str = "\n",
        kind: Kind = "paragraph",
        role: Role = "main",
        page: int | None = None,
        lines: tuple[tuple[int, int, Box], ...] = (),
        level: int = 0,
        marker: str = "",
        reading: str | None = None,
        broken: bool = False,
        language: str = "",
        column: int = 0,
        continued: bool = False,
        gaps: tuple[tuple[int, int], ...] = (),
        head: tuple[int, int] | None = None,
        ocr_confidence: float | None = None,
        opens_section: bool = False,
    ) -> Block:
        """Add a block and the separator after it (not part of the block).

        `lines` (start, end, box) and `gaps` are relative to the block's text, `head` is absolute. Returns the block
        with its offsets in the text layer.
        """
        start = self._length
        self._parts += (text, separator)
        end = start + len(text)
        self._length = end + len(separator)
        block = Block(
            start=start, end=end, kind=kind, role=role, page=page,
            lines=tuple([Line(start + first, start + last, box) for first, last, box in lines]),
            level=level, marker=marker, reading=reading, broken=broken, language=language, column=column,
            continued=continued, gaps=tuple([(start + first, start + last) for first, last in gaps]), head=head,
            ocr_confidence=ocr_confidence, opens_section=opens_section,
        )  # fmt: skip
        self._blocks.append(block)
        return block
