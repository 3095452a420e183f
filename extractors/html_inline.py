"""Inline text of a block, with white space squeezed as a browser shows it.

Belongs here: what is added to the text of one block, and where links, bold words and silent elements lie in it. Does
not belong here: which elements end a block or are links (`html_blocks`).
"""

from __future__ import annotations


class InlineText:
    """The text of the block under way; it never begins with white space, so that places in it are places in the block.

    White space at its end may follow; who takes the text cuts spans to what is left.
    """

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Begin a block."""
        self._parts: list[str] = []
        self.length = 0
        self._ends_in_space = True  # so that more white space is not shown
        self.breaks = 0
        self.link_chars = 0
        self.bold_chars = 0
        self.links: list[tuple[int, int, str]] = []
        self.gaps: list[tuple[int, int]] = []
        """Where silent elements lie."""

    def add(self, text: str, bold: bool, preformatted: bool) -> None:
        """Add text of the source."""
        if preformatted:
            shown = text if self.length else text.lstrip()
        else:
            shown = " ".join(text.split())
            if not shown:
                shown = "" if self._ends_in_space else " "
            else:
                if text[0].isspace() and not self._ends_in_space:
                    shown = " " + shown
                if text[-1].isspace():
                    shown += " "
        if not shown:
            return
        self._parts.append(shown)
        self.length += len(shown)
        if bold:
            self.bold_chars += len(shown)
        if not shown.isspace():
            self.breaks = 0
        self._ends_in_space = shown[-1].isspace()

    def line_break(self) -> None:
        """Add the line break of a `br`."""
        self.breaks += 1
        self._parts.append("\n")
        self.length += 1
        self._ends_in_space = True

    def take(self) -> str:
        """Return the text of the block, without white space at its end."""
        return "".join(self._parts).rstrip()
