"""Markdown files: anchored on their source text.

Belongs here: headings, lists, tables, front matter of Markdown. Does not belong here: making HTML of it.
The text layer is the decoded source itself; marks (`#`, `*`, `|`) stay in it and are left out of the reading text.
"""

from __future__ import annotations

import re
from datetime import date

from extractors.html_metadata import parse_iso_date
from extractors.layout import Kind, Layout, LayoutBuilder, unreadable
from extractors.request import ReadRequest
from extractors.text_encoding import decode

_HEADING = re.compile(r" {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_ITEM = re.compile(r"(\s*)([-*+]|\d{1,9}[.)])\s+\S")
_FRONT = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)\n", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z_][\w-]*):\s*(.*?)\s*$", re.MULTILINE)
_MARKS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|`+|^\s*>+\s?", re.MULTILINE)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_DATE_FIELDS = ("publication_date", "published", "date", "enactment_date")


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of a Markdown file."""
    decoded = decode(payload, declared_charset=request.declared_charset)
    text = decoded.text[: request.limits.characters]
    if not text.strip():
        return unreadable("md", "no_text", "The file holds no text.")
    builder = LayoutBuilder()
    fields = _front_matter(text, builder)
    for paragraph in re.split(
        r"(?<=\n)(?=\s*\n)|(?<=\n)(?= {0,3}#{1,6}\s)|(?<=\n)(?=\s*(?:[-*+]|\d{1,9}[.)])\s+\S)|(?<=\n)(?=\|)",
        text[builder.position :],
    ):
        _add(builder, paragraph)
    blocks = builder.blocks
    headings = [(b.level, strip_marks(text[b.start : b.end])) for b in blocks if b.kind == "heading"]
    title = fields.get("title") or (headings[0][1] if headings else "")
    return Layout(
        format="md", reason=decoded.note, text=builder.text, blocks=blocks, title=title[:500],
        published_on=_published(fields), outline=tuple("  " * (level - 1) + name for level, name in headings)[:500],
        metadata={"encoding": decoded.encoding},
    )  # fmt: skip


def strip_marks(text: str) -> str:
    """Return Markdown source as a person reads it: without marks of headings, emphasis, links and quotes."""
    heading = _HEADING.match(text)
    text = heading.group(2) if heading and "\n" not in text else text
    return _MARKS.sub("", _LINK.sub(r"\1", text)).strip()


def _front_matter(text: str, builder: LayoutBuilder) -> dict[str, str]:
    match = _FRONT.match(text)
    if not match:
        return {}
    for line in match.group().splitlines(keepends=True):
        builder.add(line.rstrip("\n"), kind="menu", role="navigation")
    return {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(match.group(1))}


def _published(fields: dict[str, str]) -> date | None:
    return next((found for name in _DATE_FIELDS if (found := parse_iso_date(fields.get(name, "")))), None)


def _add(builder: LayoutBuilder, paragraph: str) -> None:
    body = paragraph.strip()
    if not body:
        builder.skip(paragraph)
        return
    lead = len(paragraph) - len(paragraph.lstrip())
    builder.skip(paragraph[:lead])
    kind: Kind = "paragraph"
    level = 0
    if heading := _HEADING.match(body):
        kind, level = "heading", len(heading.group(1))
    elif item := _ITEM.match(body):
        kind, level = "list_item", 1 + len(item.group(1)) // 2
    elif body.startswith("|"):
        kind = "table_row"
    builder.add(
        body, separator=paragraph[lead + len(body) :], kind=kind, level=level, broken=True,
        role="navigation" if body.startswith("<!--") else "main",
    )  # fmt: skip
