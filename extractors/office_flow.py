"""A layout as a plain text document that LibreOffice can set, for formats that it does not open.

Belongs here: blocks to flat OpenDocument, with a bookmark at each. Does not belong here: running LibreOffice
(`office_rendition`), reading a format.

Nothing of the payload but its text gets there: no markup, picture, style or address, so a hostile book has no way to
the program that sets it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from xml.sax.saxutils import escape

from extractors.bidi import has_right_to_left
from extractors.layout import Block, Layout

_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    ' xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
    ' office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.text">'
    "<office:automatic-styles>"
    '<style:page-layout style:name="sheet"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm"'
    ' fo:margin="2.5cm"/></style:page-layout>'
)
_STYLE = (
    '<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="0.2cm"'
    ' style:writing-mode="{mode}"{breaks}/><style:text-properties fo:font-size="{size}"'
    ' style:font-size-asian="{size}" style:font-size-complex="{size}"/></style:style>'
)
_BODY = (
    "</office:automatic-styles><office:master-styles>"
    '<style:master-page style:name="Standard" style:page-layout-name="sheet"/></office:master-styles>'
    "<office:body><office:text>"
)
_END = "</office:text></office:body></office:document>"


def as_flow(layout: Layout, chapters: Collection[int]) -> bytes:
    """Return a flat OpenDocument text of a layout; blocks whose index is in `chapters` begin a page.

    The bookmark `b12` stands at the beginning of block 12. Navigation is left out.
    """
    parts = [_HEAD, *_styles(), _BODY]
    for index, block in enumerate(layout.blocks):
        if block.role == "navigation":
            continue
        text = layout.text[block.start : block.end]
        style = _name(block.kind == "heading", has_right_to_left(text), index in chapters and index > 0)
        mark = f'<text:bookmark text:name="b{index}"/>'
        parts.append(f'<text:p text:style-name="{style}">{mark}{_shown(block, text)}</text:p>')
    return "".join([*parts, _END]).encode()


def _styles() -> list[str]:
    kinds = [(large, left, fresh) for large in (False, True) for left in (False, True) for fresh in (False, True)]
    return [
        _STYLE.format(
            name=_name(large, left, fresh), mode="rl-tb" if left else "lr-tb", size="15pt" if large else "11pt",
            breaks=' fo:break-before="page"' if fresh else "",
        )
        for large, left, fresh in kinds
    ]  # fmt: skip


def _name(large: bool, leftwards: bool, fresh: bool) -> str:
    return f"p{large:d}{leftwards:d}{fresh:d}"


def _shown(block: Block, text: str) -> str:
    marker = f"{block.marker} " if block.marker else ""
    plain = escape(_FORBIDDEN.sub(" ", marker + text))
    return plain.replace("\t", "<text:tab/>").replace("\n", "<text:line-break/>")
