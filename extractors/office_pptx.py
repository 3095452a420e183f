"""PowerPoint: slides as pages, titles as headings, bullets, tables, speaker notes.

Belongs here: PresentationML through python-pptx. Does not belong here: unpacking limits (`office_package`).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from extractors.layout import Layout, LayoutBuilder, unreadable
from extractors.office_package import Package, PackageError
from extractors.office_tables import add_table
from extractors.request import ReadRequest
from store.readings import Page

FORMAT = "pptx"
KIND = "PowerPoint file"
_NO_TITLE = re.compile(
    r"(?i)\s*(?:(?:slide|diapositive|diapositiva|folie|слайд|幻灯片|شريحة)\s*\d+|(?:microsoft )?powerpoint presentation"
    r"|présentation powerpoint|presentación de powerpoint|apresentação do powerpoint|презентация powerpoint"
    r"|powerpoint 演示文稿|عرض تقديمي في powerpoint)?\s*$"
)
"""What PowerPoint writes as the title of a file to which nobody gave one."""
_POINTS = 12700
"""English metric units in a point."""


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of a presentation, a page a slide; bad input is a layout with a status and a sentence."""
    try:
        Package(payload, request.limits, KIND)
    except PackageError as error:
        return unreadable(FORMAT, error.status, str(error))
    from pptx import Presentation

    try:
        presentation = Presentation(io.BytesIO(payload))
        return _lay_out(presentation, request)
    except PackageError as error:
        return unreadable(FORMAT, error.status, str(error))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        return unreadable(FORMAT, "damaged", f"The {KIND} is damaged: {type(error).__name__}: {str(error)[:120]}.")


def _lay_out(presentation: Any, request: ReadRequest) -> Layout:
    builder = LayoutBuilder()
    pages = []
    width = (presentation.slide_width or 0) / _POINTS
    height = (presentation.slide_height or 0) / _POINTS
    title = ""
    outline = []
    for number, slide in enumerate(presentation.slides, start=1):
        start = builder.position
        heading = _add_slide(builder, slide, number)
        title = title or heading
        outline += [heading] if heading else []
        pages.append(Page(number=number, start=start, end=builder.position, width=width, height=height))
        if number >= request.limits.pages or builder.position > request.limits.characters:
            break
    text = builder.text
    if not text.strip():
        return unreadable(FORMAT, "no_text", f"The {KIND} has {len(pages)} slides and no text on them.")
    core = presentation.core_properties
    metadata = {"title": core.title or "", "author": core.author or "", "subject": core.subject or ""}
    return Layout(
        format=FORMAT, text=text, blocks=builder.blocks, pages=tuple(pages),
        title=title if title and _NO_TITLE.match(core.title or "") else core.title or title,
        outline=tuple(outline[:2000]), metadata={name: value[:500] for name, value in metadata.items() if value},
    )  # fmt: skip


def _add_slide(builder: LayoutBuilder, slide: Any, number: int) -> str:
    title_shape = slide.shapes.title
    if title_shape is not None and not title_shape.has_text_frame:
        title_shape = None  # a picture stands where the title should
    heading = " ".join(title_shape.text_frame.text.split()) if title_shape is not None else ""
    if heading:
        builder.add(heading, kind="heading", level=1, page=number)
    for shape in _shapes(slide.shapes, 0):
        if title_shape is not None and shape.shape_id == title_shape.shape_id:
            continue
        if shape.has_text_frame:
            _add_paragraphs(builder, shape.text_frame, number, _is_furniture(shape))
        elif getattr(shape, "has_table", False) and shape.has_table:
            rows = [[(" ".join(cell.text.split()), 1) for cell in row.cells] for row in shape.table.rows]
            add_table(builder, rows, header_rows=1 if shape.table.first_row else None, page=number)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        _add_paragraphs(builder, slide.notes_slide.notes_text_frame, number)
    return heading[:300]


def _shapes(shapes: Any, depth: int) -> Iterator[Any]:
    """Yield shapes from top to bottom, those of groups too."""
    for shape in sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0)):
        if hasattr(shape, "shapes") and depth < 10:
            yield from _shapes(shape.shapes, depth + 1)
        else:
            yield shape


def _is_furniture(shape: Any) -> bool:
    """Tell whether a shape is the slide's number, date, header or footer: it says nothing of the matter."""
    return bool(shape.is_placeholder) and shape.placeholder_format.type in _furniture()


@cache
def _furniture() -> frozenset[Any]:
    from pptx.enum.shapes import PP_PLACEHOLDER

    kinds = PP_PLACEHOLDER
    return frozenset({kinds.SLIDE_NUMBER, kinds.DATE, kinds.FOOTER, kinds.HEADER})


def _add_paragraphs(builder: LayoutBuilder, frame: Any, number: int, furniture: bool = False) -> None:
    for paragraph in frame.paragraphs:
        text = paragraph.text.replace("\v", "\n").strip()
        if text and furniture:
            builder.add(text, kind="menu", role="navigation", page=number)
        elif text:
            several = len(frame.paragraphs) > 1
            builder.add(
                text,
                kind="list_item" if several else "paragraph",
                level=paragraph.level + 1 if several else 0,
                page=number,
            )
