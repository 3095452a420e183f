"""What the first words of a line say: article, chapter, item of a list, contents line, page number.

Belongs here: patterns in seven languages that several formats share. Does not belong here: decisions about blocks
(`printed_lines`, `passages`).
"""

from __future__ import annotations

import re

ARTICLE_WORDS = r"articles?|art\.?|section|sec\.|art[íi]culos?|art[íi]c\.|artigos?|статья|ст\.|п\.|"
ARTICLE_WORDS += r"المادة|مادة|المــادة|الماد[ةه]|الفصل|§{1,2}"
ORDINALS = (
    "first|one|premier|première|1er|primero|primera|primeiro|único|unico|única|unique|الأولى|االولى|األولى|الاولى|الأول|األول|"
    "الثانية|الثالثة|الرابعة|الخامسة|السادسة|السابعة|الثامنة|التاسعة|العاشرة|первая"
)
_DIGITS = r"[\d\u0660-\u0669\u06f0-\u06f9]"
_HAN_NUMBER = "[一二三四五六七八九十百千零〇两\\d]+"

ARTICLE = re.compile(
    rf"(?P<lead>[\s#*_>«\"“(]*)(?:(?:{ARTICLE_WORDS})\s*[:.]?\s*(?:n[°ºo]\.?\s*)?"
    rf"[(（]?\s*(?P<number>{_DIGITS}+(?:\s?(?:bis|ter|quater|quinquies)\b|[-.‑]{_DIGITS}+|[A-Z]\b)*|(?:{ORDINALS})(?!\w))"
    rf"\s*[)）]?\s*[º°ª.]*|(?P<han>第{_HAN_NUMBER}[条條](?:之{_HAN_NUMBER})?))",
    re.IGNORECASE,
)
"""`Article 16`, `ARTICULO 3º`, `Art. 2º`, `Статья 5`, `المادة 3`, `第十条` at the start of a line."""

DIVISION = re.compile(
    r"[\s#*_>]*(?:(?P<high>part|title|book|titre|partie|livre|t[íi]tulo|parte|libro|livro|раздел|часть|القسم|الكتاب)"
    r"|(?P<middle>chapter|annex|appendix|schedule|chapitre|annexe|cap[íi]tulo|anexo|ap[ée]ndice|глава|приложение|الباب|الفصل|الملحق|ملحق)"
    r"|(?P<low>section|sub-?section|sous-section|secci[óo]n|se[çc][ãa]o|подраздел|параграф|الفرع|المبحث))\s*[:.]?\s+"
    rf"(?:{_DIGITS}+|[IVXLC]+\b|[A-Z]\b|{ORDINALS}|one|two|three|four|five|six|seven|eight|nine|ten|preliminar|preliminary|préliminaire"
    r"|первый|первая|الثاني|الثالث|الرابع|الخامس|السادس|السابع|الثامن|التاسع|العاشر|الحادي|التمهيدي)(?!\w)"
    rf"|[\s#*_>]*第{_HAN_NUMBER}(?P<han>[编編篇部章节節])",
    re.IGNORECASE,
)
"""Heading of a part, chapter, section or annex at the start of a line."""

BULLET = re.compile(
    r"\s*[•●○▪▫■□◦‣·➢➤✓✔❖◆◊\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf0a8\u2013\u2014-]\s*(?=[^\s-])|\s*\*\s+(?=\S)"
)
"""A sign that opens an item."""
COUNTER = re.compile(
    r"\s*(?:(?P<paren>\((?:\d{1,3}|[A-Za-zа-яё]|[ivxIVX]{1,6}|[\u0621-\u064a]{1,2})\))"
    r"|(?P<half>(?:\d{1,3}|[A-Za-zа-яё]|[ivxIVX]{1,6}|[\u0621-\u064aهـ]{1,3})[)）](?!\w*\())"
    r"|(?P<degree>\d{1,3}\s?[°º]\)?(?=\s))"
    r"|(?P<dot>(?:\d{1,3}|[A-Za-zа-яё]|[ivxIVX]{1,6})\.(?:-\s?)?(?=\s|[^\W\d]))"
    r"|(?P<levels>\d{1,2}(?:\.\d{1,2}){1,4}\.?(?=\s|[^\W\d]))"
    r"|(?P<dash>\d{1,3}\s?[-–—](?=\s|[\u0621-\u064a])|[\u0621-\u064a]\s?[-–—]\s|[-–—]\s?\d{1,3}(?=[\u0621-\u064a]))"
    r"|(?P<han>[一二三四五六七八九十]{1,3}[、．.])|(?P<hanparen>[（(][一二三四五六七八九十\d]{1,3}[）)])|(?P<circle>[①-⑳]))"
)
"""A number or letter that counts items; the group names its style, so that levels can be told apart."""

_CONTENTS_NUMBER = re.compile(r"(?:^|(?<=[\s.…_·|]))(?:\d{1,4}|[ivxl]{1,6})\s*$")
PAGE_NUMBER = re.compile(
    r"\s*(?:[-–—|]\s*)?(?:page|p\.|pág\.?|página|стр\.|صفحة|第)?\s*(?:\d{1,4}|[ivxl]{1,6}|[IVXL]{1,6})\s*(?:页)?"
    r"(?:\s*(?:/|\||of|sur|de|из|من)\s*\d{1,4})?(?:\s*[-–—|])?\s*$",
    re.IGNORECASE,
)
"""A page number that stands alone in its line."""
_SENTENCE_END = re.compile(r"[.!?…。！？؟][\"'”’»)\]」』）]*\s*$")
_CLAUSE_END = re.compile(r"[.;:!?…。；：！？؟؛،,][\"'”’»)\]」』）]*\s*$")
JOINER_END = re.compile(r"(?:\b(?:and|or|et|ou|y|o|e|и|или)|و|أو|和|或|及)\s*$", re.IGNORECASE)
"""A line that ends with `and` or `or`, as the last item but one of an enumeration does."""


def is_contents_line(text: str) -> bool:
    """Tell whether a line of a table of contents: a title, a leader of dots or a bar, a page number."""
    number = _CONTENTS_NUMBER.search(text[-12:])
    if number is None:
        return False
    before = text[: len(text) - len(number.group())]
    title = before.rstrip(" .…_·|\t\u00a0")
    leader = before[len(title) :]
    dots = sum(map(leader.count, "._·"))
    return len(title) >= 2 and (dots >= 4 or "…" in leader or "|" in leader or "\t" in leader)


def ends_sentence(text: str) -> bool:
    """Tell whether a line ends a sentence."""
    return bool(_SENTENCE_END.search(text[-40:]))


def ends_clause(text: str) -> bool:
    """Tell whether a line ends a clause."""
    return bool(_CLAUSE_END.search(text[-40:]))


def item_style(text: str) -> str:
    """Return how an item is counted (`paren`, `dot`, `bullet` …, with `a`, `i` or `1`), or "" when it is no item."""
    if counter := COUNTER.match(text):
        style = counter.lastgroup or ""
        sign = re.sub(r"\W", "", counter.group()) if style != "levels" else counter.group()
        kind = "1" if sign[:1].isdigit() else "i" if len(sign) > 1 and set(sign.lower()) <= set("ivx") else "a"
        return f"{style} {kind if style != 'levels' else sign.count('.')}"
    return "bullet" if BULLET.match(text) else ""


def division_level(division: re.Match[str]) -> int:
    """Return 1 for parts and titles, 2 for chapters and annexes, 3 for sections."""
    han = division["han"] or ""
    if division["high"] or (han and han in "编編篇部"):
        return 1
    return 3 if division["low"] or (han and han in "节節") else 2


def unit_level(text: str) -> int:
    """Return the level of a heading that names a part, chapter, section (1 to 3) or article (5), else 0."""
    if ends_clause(text) or text[:1].islower():
        return 0
    if division := DIVISION.match(text):
        return division_level(division)
    if article := ARTICLE.match(text):
        rest = text[article.end() :].lstrip(" )")
        return 5 if not rest or rest[0] in ":.-–—(" else 0
    return 0


def article_number(text: str) -> str:
    """Return the number of the article that a text begins with, as printed; "" when it begins with none."""
    match = ARTICLE.match(text)
    if not match:
        return ""
    if match["han"]:
        return match["han"]
    return " ".join(match["number"].split())
