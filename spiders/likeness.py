"""Likeness: is a page the same but for its date, counters or menu?

Belongs here: the substance of a page (its blocks without menus, dates and counters), its signature, and how alike two
signatures are. Does not belong here: what follows from it (`crawl`).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from selectolax.lexbor import LexborHTMLParser

SKETCH = 48
"""Smallest block hashes that are kept; the share that two pages have in common estimates how alike they are."""

NEAR = 0.9
"""Resemblance from which two pages are near duplicates. Of 92 pages of laws on a real site, different acts reach 0.84
(short acts in one template) and one act published twice 0.96; of 120 on another, different acts reach 0.62."""

WORDS = Path(__file__).parent / "likeness_words.yml"
_SHORT_BLOCK = 80
_MOST_WORDS = 6
"""Words of a stamp or counter without its date and number; a line that says more is text."""

_DATE = re.compile(
    r"\d{1,2}[ ./\-]\s?(?:[^\W\d_]{3,12}\.?|\d{1,2})[ ./\-,]+\s?\d{2,4}|\d{4}[./\-]\d{1,2}[./\-]\d{1,2}|"
    r"\d{1,2}:\d{2}(?::\d{2})?|[^\W\d_]{3,12}\.? \d{1,2},? \d{4}|\d{4}\s?年(?:\s?\d{1,2}\s?月)?(?:\s?\d{1,2}\s?日)?"
)
_CHROME = ["nav", "footer", "header", "aside", "select", "button", "script", "style", "noscript", "template"]


@dataclass(frozen=True)
class Signature:
    """The substance of a page: a digest of all its blocks, and a sketch for comparing."""

    digest: str
    sketch: tuple[int, ...]
    blocks: int

    def to_text(self) -> str:
        """Return a form for keeping."""
        return f"{self.digest} {self.blocks} {','.join(map(str, self.sketch))}"


def signature_from_text(text: str) -> Signature | None:
    """Return the signature that `to_text` wrote, or None for an empty text."""
    if not text:
        return None
    digest, blocks, sketch = text.split(" ")
    return Signature(digest, tuple(int(part) for part in sketch.split(",") if part), int(blocks))


def text_without_menus(tree: LexborHTMLParser) -> str:
    """Return the text of a parsed page, a block a line; the tree loses its menus on the way."""
    tree.strip_tags(_CHROME)
    body = tree.body
    return (body.text(separator="\n") or "") if body is not None else ""


def sign_text(text: str, title: str = "") -> Signature:
    """Return the signature of a text whose blocks stand on lines of their own; the title counts in the digest only."""
    hashes = {_hash(block) for line in text.split("\n") if (block := _substance(line))}
    ordered = sorted(hashes)
    digest = hashlib.sha256(_substance(title).encode("utf-8", "replace") + b"\0")
    digest.update(b"".join(value.to_bytes(8, "big") for value in ordered))
    return Signature(digest.hexdigest(), tuple(ordered[:SKETCH]), len(ordered))


def _substance(line: str) -> str:
    """Return a block's text; of a stamp, a counter or a notice of rights its words without date and number.

    A date inside a sentence is substance: "in force since 1 May 2026" may become another day. Only in a short line that
    says when the page was updated, counts its readers, or is nothing but a date, date and number say nothing.
    """
    block = " ".join(line.split())
    if len(block) > _SHORT_BLOCK or not any(letter.isdigit() for letter in block):
        return block if any(letter.isalpha() for letter in block) else ""
    bare, dates = _DATE.subn(" ", block)
    words = re.findall(r"[^\W\d_]+", bare)
    if not words:
        return ""  # a date, or numbers that count visitors or pages
    stamps, counts = _marks()
    folded = block.casefold()
    is_mark = counts.search(folded) or (dates and stamps.match(folded))
    return " ".join(words) if is_mark and len(words) <= _MOST_WORDS else block


@cache
def _marks() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the patterns of words that open a stamp, and of those that stand in a counter or notice."""
    groups = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    stamps = _any_of(groups["stamps"])
    return re.compile(rf"\W*{stamps}"), re.compile(_any_of({**groups["counters"], **groups["notices"]}))


def _any_of(words: dict[str, list[str]]) -> str:
    """Return a pattern of words at their beginning; Chinese is written without spaces."""
    unique = sorted({word.casefold() for group in words.values() for word in group})
    begun = "|".join(re.escape(word) for word in unique if not _is_han(word))
    inside = "|".join(re.escape(word) for word in unique if _is_han(word))
    return rf"(?:(?<!\w)(?:{begun})" + (rf"|[\u4e00-\u9fff]{{0,4}}(?:{inside}))" if inside else ")")


def _is_han(word: str) -> bool:
    return "\u4e00" <= word[0] <= "\u9fff"


def _hash(block: str) -> int:
    return int.from_bytes(hashlib.blake2b(block.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def same_substance(one: Signature, other: Signature) -> bool:
    """Tell whether two pages differ in nothing but dates, counters and menus."""
    return one.digest == other.digest


def bands_of(signature: Signature) -> list[int]:
    """Return keys of which two pages that are nearly alike share at least one, almost surely.

    Each stands for two of the smallest block hashes: pages with nine tenths of their blocks in common share a pair of
    three with 0.99.
    """
    pairs = zip(signature.sketch[0:6:2], signature.sketch[1:6:2], strict=False)
    return [_hash(f"{one} {other}") >> 1 for one, other in pairs]


def resemblance(one: Signature, other: Signature) -> float:
    """Return how alike two pages are, 0 to 1: the share of common blocks, estimated from the sketches."""
    if not one.sketch or not other.sketch:
        return 1.0 if one.digest == other.digest else 0.0
    smallest = sorted(set(one.sketch) | set(other.sketch))[:SKETCH]
    both = set(one.sketch) & set(other.sketch)
    return sum(value in both for value in smallest) / len(smallest)
