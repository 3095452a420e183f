"""From blocks of pages to the layout of a document: text layer, page spans, paragraphs that run over a page break.

Belongs here: the order in which blocks enter the layout and what is joined. Does not belong here: finding lines,
columns or blocks of a page.

Furniture enters the layout once, as navigation, where it is first seen; repeated furniture is dropped. So the
halves of a paragraph stand next to each other and become one block: it begins on one page and ends on the next.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from extractors.layout import LayoutBuilder
from extractors.pdf_blocks import BlockDraft, Body, heading_level
from extractors.pdf_pages import Sheet
from extractors.pdf_text import PrintedLine
from store.readings import Page

_DIGITS = re.compile(r"\d+")
_LARGEST_BLOCK = 20_000


class _Held(NamedTuple):
    """A block that waits for what follows it."""

    draft: BlockDraft
    page: int
    column: int
    level: int
    continued: bool


class LayoutWriter:
    """Takes blocks page by page; call `begin_page`, then `add` for each block, at last `finish`."""

    def __init__(self) -> None:
        self._builder = LayoutBuilder()
        self._pages: list[Page] = []
        self._held: _Held | None = None
        self._seen: set[str] = set()
        self._last: dict[int, BlockDraft] = {}
        """The last block of each column."""

    @property
    def length(self) -> int:
        """Length of the text layer so far."""
        return self._builder.position

    def begin_page(self, sheet: Sheet) -> None:
        """Begin a page and add its furniture that was not seen before."""
        fresh = [line for line in (*sheet.furniture, *sheet.margin) if self._is_new(line)]
        if fresh:
            self._release()
        position = self.length + (len(self._held.draft.text) + 1 if self._held else 0)
        self._pages.append(
            Page(
                number=sheet.number, start=position, end=position, width=round(sheet.width, 1),
                height=round(sheet.height, 1), layer=sheet.layer,
            )
        )  # fmt: skip
        for line in fresh:
            text = line.text.strip()
            box = sheet.on_page(line.box)
            self._builder.add(
                text, role="navigation", page=sheet.number, lines=((0, len(text), box),), broken=True,
                ocr_confidence=line.confidence,
            )  # fmt: skip

    def _is_new(self, line: PrintedLine) -> bool:
        text = line.text.strip()
        key = _DIGITS.sub("#", text.casefold())
        if len(text) <= 4 or key in self._seen:
            return False
        self._seen.add(key)
        return True

    def add(self, draft: BlockDraft, sheet: Sheet, column: int, body: Body, *, first: bool) -> None:
        """Add a block; `first` tells that a column or page begins with it, so that it may go on from the last one."""
        if sheet.turned:
            draft = draft._replace(lines=tuple((start, end, sheet.on_page(box)) for start, end, box in draft.lines))
        held = self._held
        if first and held is not None and column == held.column == 0 and goes_on(held.draft, draft):
            self._held = held._replace(draft=join(held.draft, draft))
            return
        self._release()
        level = heading_level(draft, body) if draft.kind == "heading" else 0
        last = self._last.get(column)
        continued = first and column > 0 and last is not None and goes_on(last, draft)
        self._last[column] = draft
        self._held = _Held(draft, sheet.number, column, level, continued)

    def _release(self) -> None:
        if self._held is None:
            return
        draft, page, column, level, continued = self._held
        self._builder.add(
            draft.text, kind=draft.kind, page=page, lines=draft.lines, broken=True, column=column, level=level,
            continued=continued, ocr_confidence=draft.confidence, reading=draft.reading,
        )  # fmt: skip
        self._held = None

    def finish(self) -> LayoutBuilder:
        """Add what waits and return the builder; `pages` is complete then."""
        self._release()
        ends = [page.start for page in self._pages[1:]] + [self.length]
        self._pages = [replace(page, end=end) for page, end in zip(self._pages, ends, strict=True)]
        return self._builder

    @property
    def pages(self) -> tuple[Page, ...]:
        """The pages with their spans, after `finish`."""
        return tuple(self._pages)


def goes_on(before: BlockDraft, after: BlockDraft) -> bool:
    """Tell whether a block at the top of a page or column goes on from the last one of the page or column before."""
    if after.kind != "paragraph" or before.kind not in ("paragraph", "list_item") or not before.ends_open:
        return False
    if abs(before.size - after.size) > 0.1 * before.size or before.bold != after.bold:
        return False
    if len(before.text) > _LARGEST_BLOCK:
        return False
    first = after.text[:1]
    return before.ends_full or not first.isupper() or before.text.endswith(("-", ",", "،", "，", "、"))


def join(before: BlockDraft, after: BlockDraft) -> BlockDraft:
    """Return two blocks as one, a line break between them."""
    shift = len(before.text) + 1
    lines = tuple((start + shift, end + shift, box) for start, end, box in after.lines)
    sure = [value for value in (before.confidence, after.confidence) if value is not None]
    return before._replace(
        text=f"{before.text}\n{after.text}", lines=before.lines + lines, ends_open=after.ends_open,
        ends_full=after.ends_full, confidence=min(sure) if sure else None,
    )  # fmt: skip
