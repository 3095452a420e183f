"""Likeness: is a page the same but for its date, counters or menu?

Belongs here: the substance of a page (its blocks without menus, dates and counters), its signature, and how alike two
signatures are. Does not belong here: what follows from it (`crawl`).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

SKETCH = 48
"""Smallest block hashes that are kept; the share that two pages have in common estimates how alike they are."""

NEAR = 0.9
_SHORT_BLOCK = 80
_DATE = re.compile(
    r"\d{1,2}[ ./\-]\s?(?:\w{3,12}\.?|\d{1,2})[ ./\-,]+\s?\d{2,4}|\d{4}[./\-]\d{1,2}[./\-]\d{1,2}|\d{1,2}:\d{2}|"
    r"\w{3,12}\.? \d{1,2},? \d{4}|\d{4}\s?年|\b(?:19|20)\d\d\b"
)
_COUNTER = re.compile(
    r"(?:views?|visits?|visitors?|hits|downloads?|vues?|visites?|visiteurs?|visitas?|visitantes?|visualizações|просмотр\w*|"
    r"посетител\w*|زيار\w*|مشاهد\w*|访问|浏览|点击)", re.I
)  # fmt: skip
_CHROME = ["nav", "footer", "header", "aside", "form", "select", "button", "script", "style", "noscript", "template"]


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


def sign_text(text: str) -> Signature:
    """Return the signature of a text whose blocks stand on lines of their own."""
    hashes = {_hash(block) for line in text.split("\n") if (block := _substance(line))}
    ordered = sorted(hashes)
    digest = hashlib.sha256(b"".join(value.to_bytes(8, "big") for value in ordered)).hexdigest()
    return Signature(digest, tuple(ordered[:SKETCH]), len(ordered))


def _substance(line: str) -> str:
    block = " ".join(line.split())
    if not any(letter.isalpha() for letter in block):
        return ""  # numbers alone count visitors or pages
    if len(block) <= _SHORT_BLOCK and (_DATE.search(block) or (_COUNTER.search(block) and re.search(r"\d", block))):
        return ""
    return block


def _hash(block: str) -> int:
    return int.from_bytes(hashlib.blake2b(block.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def same_substance(one: Signature, other: Signature) -> bool:
    """Tell whether two pages differ in nothing but dates, counters and menus."""
    return one.digest == other.digest


def resemblance(one: Signature, other: Signature) -> float:
    """Return how alike two pages are, 0 to 1: the share of common blocks, estimated from the sketches."""
    if not one.sketch or not other.sketch:
        return 1.0 if one.digest == other.digest else 0.0
    smallest = sorted(set(one.sketch) | set(other.sketch))[:SKETCH]
    both = set(one.sketch) & set(other.sketch)
    return sum(value in both for value in smallest) / len(smallest)
