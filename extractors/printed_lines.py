"""Printed lines of a text layer to paragraphs, headings, list items, page furniture.

Belongs here: what can be told from lines of text alone. Does not belong here: geometry (`pdf`), sentences.
"""

from __future__ import annotations

import re

from extractors.layout import Kind, LayoutBuilder
from store.readings import Page

ARTICLE = re.compile(
    r"\s*(?:article|art\.|section|art[íi]culo|artigo|статья|المادة|مادة|المــادة|الفصل|§)\s*[\w\u0660-\u0669]|\s*第[一二三四五六七八九十百千零〇\d]+[条條]",
    re.IGNORECASE,
)
DIVISION = re.compile(
    r"\s*(?:chapter|part|title|annex|appendix|schedule|chapitre|titre|annexe|partie|cap[íi]tulo|t[íi]tulo|anexo|secci[óo]n|parte|глава|раздел|приложение|"
    r"الباب|القسم|الملحق)\s+[\w\u0660-\u0669]|\s*第[一二三四五六七八九十百\d]+[章节節编篇部分]",
    re.IGNORECASE,
)
ITEM = re.compile(
    r"\s*(?:[•●○▪■◦‣·–—*➢✓\uf0b7\uf0a7\uf0d8-](?=\s|\S)(?!-)|\(?(?:\d{1,3}|[a-zA-Zа-я]|[ivxIVX]{1,5}|[\u0621-\u064a]{1,2}|[一二三四五六七八九十]{1,3})[)）.、]"
    r"(?=[\s\D])|（[一二三四五六七八九十\d]{1,3}）|\d{1,2}(?:\.\d{1,2}){1,4}\.?\s|\d{1,3}[°º]\)?\s)"
)
CONTENTS = re.compile(r".{3,}?(?:\.{4,}|(?:\. ){4,}|…{2,}|_{4,}|\s\|\s|\t)\s*(?:\d{1,4}|[ivxl]{1,6})\s*$")
PAGE_NUMBER = re.compile(
    r"\s*(?:[-–—]\s*)?(?:page\s+|p\.\s*)?(?:\d{1,4}|[ivxlIVXL]{1,6})(?:\s*(?:/|of|sur|de)\s*\d{1,4})?(?:\s*[-–—|])?\s*$",
    re.IGNORECASE,
)
_END = re.compile(r"[.;:!?…。；：！？؟؛]['\"”’»)\]」』）]*\s*$")


def lay_out_lines(text: str) -> tuple[LayoutBuilder, tuple[Page, ...]]:
    """Return blocks over a text of printed lines and its pages (by form feeds); the text layer equals `text`."""
    builder = LayoutBuilder()
    lines = text.splitlines(keepends=True)
    width = _width([len(line.rstrip()) for line in lines if line.strip()])
    paragraph: list[str] = []
    for line in lines:
        if paragraph and _breaks("".join(paragraph), paragraph[-1], line, width):
            _emit(builder, paragraph)
            paragraph = []
        paragraph.append(line)
    _emit(builder, paragraph)
    return builder, ()


def _width(lengths: list[int]) -> int:
    lengths.sort()
    return lengths[int(len(lengths) * 0.8)] if lengths else 0


def _breaks(paragraph: str, previous: str, line: str, width: int) -> bool:
    if not line.strip() or not paragraph.strip():
        return not line.strip() and bool(paragraph.strip())
    if ARTICLE.match(line) or DIVISION.match(line) or ITEM.match(line):
        return True
    short = len(previous.rstrip()) < 0.75 * width
    return short and bool(_END.search(previous))


def _emit(builder: LayoutBuilder, paragraph: list[str]) -> None:
    text = "".join(paragraph)
    body = text.strip()
    if not body:
        builder.skip(text)
        return
    lead = len(text) - len(text.lstrip())
    builder.skip(text[:lead])
    builder.add(body, separator=text[lead + len(body) :], kind=_kind(body), broken=True)


def _kind(body: str) -> Kind:
    if CONTENTS.match(body.replace("\n", " ")):
        return "contents"
    if DIVISION.match(body) and len(body) < 150:
        return "heading"
    if ITEM.match(body):
        return "list_item"
    return "paragraph"
