"""Markdown files: anchored on their source text.

Belongs here: headings, tables, front matter and marks of Markdown. Does not belong here: grouping lines to paragraphs
(`printed_lines`), making HTML of it.

The text layer is the decoded source itself; marks (`#`, `*`, `|`, link targets) stay in it and are left out of the
reading text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from extractors.html_metadata import parse_iso_date
from extractors.layout import Layout, LayoutBuilder, unreadable
from extractors.mending import mend
from extractors.printed_lines import add_lines, is_double_spaced
from extractors.request import ReadRequest
from extractors.text_encoding import decode

_FRONT = re.compile(r"\A---\n(.*?)\n(?:---|\.\.\.)(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z_][\w-]*):\s*(.*?)\s*$", re.MULTILINE)
_SPECIAL = re.compile(
    r"^(?:[ ]{0,3}(?P<hashes>\#{1,6})[ \t]+\S.*|(?P<row>[ ]{0,3}\|.*\|[ \t]*)|(?P<comment><!--.*?-->)"
    r"|(?P<rule>[ ]{0,3}(?:[-*_][ \t]*){3,})|(?P<fence>```.*|~~~.*)|(?P<underlined>\S.*\n(?:={3,}|-{3,})[ \t]*))$",
    re.MULTILINE,
)
_LINK = re.compile(r"!?\[([^\]\n]{0,500})\]\([^)\s]{0,2000}(?:\s+\"[^\"\n]*\")?\)")
_EMPHASIS = re.compile(r"\*{1,3}(?=\S)|(?<=\S)\*{1,3}|(?<!\w)_{1,3}(?=\w)|(?<=[\w.])_{1,3}(?!\w)|`+")
_LINE_MARKS = re.compile(
    r"^[ ]{0,3}(?:>[ ]?)+|^[ ]{0,3}\#{1,6}[ \t]+|[ \t]+\#+[ \t]*$|\\(?=[\\`*_{}\[\]()#+.!|>-])", re.MULTILINE
)
_TABLE_RULE = re.compile(r"[\s|:-]+")
_DATE_FIELDS = ("publication_date", "published_on", "published", "date", "enactment_date")


def read(payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout of a Markdown file."""
    decoded = decode(payload, declared_charset=request.declared_charset)
    text = decoded.text[: request.limits.characters]
    if not text.strip():
        return unreadable("md", "no_text", "The file holds no text.")
    builder = LayoutBuilder()
    fields = _front_matter(text, builder)
    body = text[builder.position :]
    double = is_double_spaced(body)
    header: list[str] = []
    for piece, match in _pieces(body):
        if match is None:
            add_lines(builder, piece, double=double)
            header = header if not piece.strip() else []
        else:
            header = _add_special(builder, piece, match, header)
    blocks = builder.blocks
    headings = [(b.level, strip_marks(text[b.start : b.end])) for b in blocks if b.kind == "heading"]
    title = fields.get("title") or next((name for level, name in headings if level == 1), "")
    return Layout(
        format="md", reason=decoded.note, text=builder.text, blocks=blocks, title=(title or _first(headings))[:500],
        published_on=_published(fields), outline=tuple("  " * (level - 1) + name for level, name in headings)[:500],
        language=fields.get("lang", fields.get("language", "")).lower()[:35],
        metadata={"encoding": decoded.encoding}, mend=strip_marks,
    )  # fmt: skip


def strip_marks(text: str) -> str:
    """Return Markdown source as a person reads it: no marks of headings, emphasis, links, quotes, escapes."""
    text = _LINK.sub(r"\1", _LINE_MARKS.sub("", text)) if "[" in text else _LINE_MARKS.sub("", text)
    return mend(_EMPHASIS.sub("", text))


def _first(headings: list[tuple[int, str]]) -> str:
    return headings[0][1] if headings else ""


def _front_matter(text: str, builder: LayoutBuilder) -> dict[str, str]:
    """Add the front matter, a block a line, as navigation but for summaries; returns its fields."""
    match = _FRONT.match(text)
    if not match:
        return {}
    for line in match.group().splitlines(keepends=True):
        body = line.rstrip("\n")
        if _is_prose(body):
            builder.add(body, separator=line[len(body) :])
        elif body.strip():
            builder.add(body, separator=line[len(body) :], kind="menu", role="navigation")
        else:
            builder.skip(line)
    return {name.lower(): value.strip("\"'") for name, value in _FIELD.findall(match.group(1))}


def _is_prose(line: str) -> bool:
    """A field that holds a summary of the document, not a value."""
    return len(line.split()) >= 10 and "http" not in line


def _pieces(text: str) -> Iterator[tuple[str, re.Match[str] | None]]:
    """Part the source into special lines and the text between them; the pieces joined are the source."""
    position = 0
    for match in _SPECIAL.finditer(text):
        if match.start() > position:
            yield text[position : match.start()], None
        yield match.group(), match
        position = match.end()
    if position < len(text):
        yield text[position:], None


def _add_special(builder: LayoutBuilder, piece: str, match: re.Match[str], header: list[str]) -> list[str]:
    """Add one special line; returns the header cells that hold for table rows after it."""
    if match["row"]:
        return _add_row(builder, piece, header)
    body = piece.strip()
    builder.skip(piece[: piece.find(body)])
    rest = piece[piece.find(body) + len(body) :]
    if match["hashes"]:
        builder.add(body, separator=rest, kind="heading", level=len(match["hashes"]), reading=strip_marks(body))
    elif match["underlined"]:
        first = body.split("\n", 1)[0]
        level = 1 if "=" in body.rsplit("\n", 1)[-1] else 2
        builder.add(first, separator=body[len(first) :] + rest, kind="heading", level=level, reading=strip_marks(first))
    elif match["comment"]:
        builder.add(body, separator=rest, kind="menu", role="navigation")
    else:
        builder.skip(body + rest)
    return []


def _add_row(builder: LayoutBuilder, piece: str, header: list[str]) -> list[str]:
    cells = [strip_marks(cell) for cell in piece.strip().strip("|").split("|")]
    if _TABLE_RULE.fullmatch(piece):
        builder.skip(piece)
        return header
    pairs = [f"{name}: {cell}" if name else cell for name, cell in zip(header, cells, strict=False) if cell]
    body = piece.rstrip()
    reading = "; ".join(pairs) if header else "; ".join(filter(None, cells))
    builder.add(body, separator=piece[len(body) :], kind="table_row", reading=reading)
    return header or cells


def _published(fields: dict[str, str]) -> date | None:
    return next((found for name in _DATE_FIELDS if (found := parse_iso_date(fields.get(name, "")))), None)
