"""Numbers that describe each block of a page: its text, its container, its place on the page.

Belongs here: the features of the model that tells main text from navigation, and their names. Does not belong here:
the model (`html_main`), its training (`training.main_text`).

Everything that depends on containers is computed once a container, top down or bottom up, and gathered with numpy.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from extractors.html_blocks import Container, PageBlocks, RawBlock

Matrix = npt.NDArray[np.float32]
Values = npt.NDArray[np.float64]
Indexes = npt.NDArray[np.intp]
Masks = npt.NDArray[np.int64]

NAME_PATTERNS: dict[str, str] = {
    "comment": r"comment|disqus|respond|reply",
    "share": r"share|social|follow|twitter|facebook",
    "related": r"related|recommend|more|also|similar|popular|trending|latest|recirc",
    "side": r"side|aside|rail|secondary",
    "foot": r"foot|bottom",
    "head": r"head|masthead|top",
    "navigation": r"nav|menu|crumb|tab",
    "advert": r"promo|advert|\bad-|\bads?\b|sponsor|banner|outbrain|taboola|dfp",
    "notice": r"cookie|popup|modal|overlay|consent|gdpr|newsletter|subscri|sign|login|regist",
    "tag": r"tag|categor|topic|label",
    "byline": r"byline|author|bio\b|meta|date|time|credit|info",
    "picture": r"caption|image|photo|gallery|media|video|figure|slide",
    "widget": r"widget|module|block|box",
    "legal": r"copyright|legal|disclaimer|terms",
    "control": r"search|form|pagin|pager|print|tool|button|btn",
    "card": r"teaser|card|list|item|feed|grid|tile",
    "summary": r"excerpt|summary|lead|intro|desc|subtitle|dek|standfirst",
    "article": r"article|story|post|entry|blog|news",
    "content": r"content|body|text|copy|main",
    "paragraph": r"paragraph|rich|prose|wysiwyg|articlebody",
}
"""Words in classes and ids of containers, as page builders use them."""

LANDMARKS = ("nav", "header", "footer", "aside", "form", "button", "select", "main", "article", "noscript")
KINDS = ("paragraph", "heading", "list_item", "table_row", "caption", "menu", "title")
TAGS = ("p", "div", "td", "th", "blockquote", "pre", "li", "section", "article")
AROUND = ("article", "main", "header", "footer", "aside", "table", "figure", "form", "ul", "ol", "dl")
LEVELS = 5
"""Ancestors that are looked at one by one."""
NEIGHBOURS = (-3, -2, -1, 1, 2, 3)
FAR = 9.0

_PATTERNS = tuple(re.compile(pattern) for pattern in NAME_PATTERNS.values())
_WORD = re.compile(r"\w+")
_SIGNS = re.compile(r"[.,;:!?。，、；،؛؟]")
_COMMAS = re.compile("[,，،]")
_ENDS = re.compile(r"[.!?…。！？؟:;][\"'”’»)\]]*$")
_DIGIT = re.compile(r"\d")

TEXT_FEATURES = (
    "log_length", "words_a_letter", "link_share", "signs_share", "ends_sentence", "digit_share", "capital_share",
    "copyright", "bar", "bold_share", "repeated", "kind", "level", "tag", "links", "landmark",
)  # fmt: skip
NEIGHBOUR_FEATURES = ("log_length", "link_share", "signs_share", "ends_sentence", "kind", "tag")


def feature_names() -> list[str]:
    """Return the names of the columns of `page_features`, in order."""
    names = list(TEXT_FEATURES)
    names += [f"near_{name}" for name in NAME_PATTERNS] + [f"any_{name}" for name in NAME_PATTERNS]
    names += [f"in_{tag}" for tag in AROUND]
    names += ["depth", "block_position", "text_position", "log_blocks", "log_page_length"]
    for level in range(LEVELS):
        names += [
            f"{name}_{level}" for name in ("log_text", "text_share", "link_share", "paragraphs", "score", "alike")
        ]
    names += ["most_alike", "in_best", "steps_to_best", "steps_to_best_chain", "shared_best_chain",
              "steps_to_title_chain",
              "after_title", "is_after_title", "title_chain_share", "before_best", "after_best", "log_alike_text",
              "alike_text_share", "after_heading"]  # fmt: skip
    return names + [f"{name}_{offset:+d}" for offset in NEIGHBOURS for name in NEIGHBOUR_FEATURES]


def page_features(page: PageBlocks) -> Matrix:
    """Return one row of features a block, float32, columns as in `feature_names`."""
    text = _text_features(page.blocks)
    place = _place_features(page)
    return np.hstack([text, place, _neighbours(text)]).astype(np.float32)


def _name_bits(names: str) -> int:
    """Return which patterns a container's names hold; none reaches over white space, so names count one by one."""
    bits = 0
    for name in names.split():
        bits |= _word_bits(name)
    return bits


@lru_cache(maxsize=20_000)
def _word_bits(name: str) -> int:
    return sum([1 << position for position, pattern in enumerate(_PATTERNS) if pattern.search(name)])


def _text_features(blocks: list[RawBlock]) -> Values:
    seen = Counter(block.text for block in blocks)
    rows = np.empty((len(blocks), len(TEXT_FEATURES)))
    for position, block in enumerate(blocks):
        text, length = block.text, len(block.text)
        tag = block.container.tag
        rows[position] = (
            math.log1p(length), (text.count(" ") + text.count("\n") + 1) / length, block.link_chars / length,
            len(_SIGNS.findall(text)) / length, bool(_ENDS.search(text)), len(_DIGIT.findall(text)) / length,
            sum(map(str.isupper, text[:400])) / min(length, 400), "©" in text, "|" in text, block.bold_chars / length,
            seen[text] > 1, KINDS.index(block.kind) if block.kind in KINDS else -1,
            block.level if block.kind == "heading" else 0, TAGS.index(tag) if tag in TAGS else FAR, len(block.links),
            LANDMARKS.index(block.container.landmark) if block.container.landmark in LANDMARKS else -1,
        )  # fmt: skip
    return rows


def _place_features(page: PageBlocks) -> Values:
    blocks, containers = page.blocks, page.containers
    count = len(blocks)
    own = np.fromiter((block.container.order for block in blocks), dtype=np.intp, count=count)
    parent = np.fromiter((c.parent.order if c.parent else 0 for c in containers), dtype=np.intp, count=len(containers))
    lengths = np.fromiter((len(block.text) for block in blocks), dtype=float, count=count)
    links = np.fromiter((block.link_chars for block in blocks), dtype=float, count=count)
    plain = lengths - links
    total = max(1.0, lengths.sum())
    paragraph = (plain > 60) & (links < 0.4 * lengths)
    sums = _sum_up(own, parent, np.stack([plain, links, paragraph.astype(float)], axis=1))
    score = _scores(blocks, containers, paragraph, plain, sums)
    best = int(score.argmax()) if score.any() else -1
    alike = _count_alike(containers, parent)
    titled = titled_block(blocks)
    near, around, tags = _inherited(containers)
    chain = [own]
    for _ in range(LEVELS - 1):
        chain.append(parent[chain[-1]])
    columns = [
        _bits(near[own], len(NAME_PATTERNS)),
        _bits(around[own], len(NAME_PATTERNS)),
        _bits(tags[own], len(AROUND)),
    ]
    depth = np.fromiter((c.depth for c in containers), dtype=float, count=len(containers))
    position = np.arange(count)
    before = np.concatenate([[0.0], np.cumsum(lengths)[:-1]])
    columns.append(np.stack([depth[own], position / count, before / total, np.full(count, math.log1p(count)),
                             np.full(count, math.log1p(total))], axis=1))  # fmt: skip
    top = max(score[best], 1e-9) if best >= 0 else 1.0
    for found in chain:
        text, link = sums[found, 0], sums[found, 1]
        columns.append(np.stack([np.log1p(text), text / total, link / np.maximum(1, text + link), sums[found, 2],
                                 score[found] / top, alike[found]], axis=1))  # fmt: skip
    columns.append(_relations(blocks, own, parent, best=best, titled=titled, shares=sums[:, 0] / total, alike=alike))
    columns.append(_alike_text(blocks, plain, total))
    return np.hstack(columns)


def _sum_up(own: Indexes, parent: Indexes, values: Values) -> Values:
    """Sum what blocks hold over all containers around them."""
    sums = np.zeros((len(parent), values.shape[1]))
    np.add.at(sums, own, values)
    as_lists = sums.tolist()
    parents = parent.tolist()
    for order in range(len(as_lists) - 1, 0, -1):
        mine, above = as_lists[order], as_lists[parents[order]]
        for column, value in enumerate(mine):
            above[column] += value
    return np.array(as_lists)


def _scores(
    blocks: list[RawBlock], containers: list[Container], paragraph: npt.NDArray[np.bool_], plain: Values,
    sums: Values,
) -> Values:  # fmt: skip
    """Score containers by the paragraphs inside them, nearer ones more, links against."""
    score = np.zeros(len(containers))
    for position in np.flatnonzero(paragraph):
        block = blocks[position]
        if block.kind not in {"paragraph", "list_item"} or block.container.landmark in {"nav", "footer", "form"}:
            continue
        worth = 1 + len(_COMMAS.findall(block.text)) + min(3.0, plain[position] / 100)
        found = block.container.parent
        for share in (1.0, 0.5, 1 / 6):
            if found is None:
                break
            score[found.order] += worth * share
            found = found.parent
    return score * (1 - sums[:, 1] / np.maximum(1, sums[:, 0] + sums[:, 1]))


def _count_alike(containers: list[Container], parent: Indexes) -> Values:
    """Count siblings with the same tag and names: cards, comments, rows."""
    keys = [(above, c.tag, c.names) for above, c in zip(parent.tolist(), containers, strict=True)]
    counts = Counter(keys)
    return np.array([counts[key] for key in keys], dtype=float)


def titled_block(blocks: list[RawBlock]) -> int:
    """Return the position of the heading that repeats the page's title, or of the first h1, or -1."""
    title = next((block.text for block in blocks if block.kind == "title"), "")
    wanted = set(_WORD.findall(title.lower()))
    best, found = 0.35, -1
    for position, block in enumerate(blocks):
        if block.kind == "heading" and block.level <= 3 and wanted:
            words = set(_WORD.findall(block.text.lower()))
            share = len(words & wanted) / len(words | wanted) + (0.3 if block.level == 1 else 0.0)
            if words and share > best:
                best, found = share, position
    if found >= 0:
        return found
    return next((p for p, block in enumerate(blocks) if block.kind == "heading" and block.level == 1), -1)


def _inherited(
    containers: list[Container],
) -> tuple[Masks, Masks, Masks]:
    """Return bits of names near (container and parent), of names anywhere above, and of tags around."""
    own: list[int] = []
    near: list[int] = []
    around: list[int] = []
    tags: list[int] = []
    tag_bit = {tag: 1 << position for position, tag in enumerate(AROUND)}
    for container in containers:
        above = container.parent.order if container.parent else -1
        bits = _name_bits(container.names) if container.names else 0
        own.append(bits)
        near.append(bits | own[above] if above >= 0 else bits)
        around.append(bits | around[above] if above >= 0 else bits)
        tags.append(tag_bit.get(container.tag, 0) | (tags[above] if above >= 0 else 0))
    return np.array(near), np.array(around), np.array(tags)


def _bits(values: Masks, width: int) -> Values:
    return ((values[:, None] >> np.arange(width)) & 1).astype(float)


def _relations(
    blocks: list[RawBlock], own: Indexes, parent: Indexes, *, best: int, titled: int, shares: Values, alike: Values
) -> Values:
    """How a block stands to the best container and to the page's title."""
    parents = parent.tolist()
    best_chain, title_chain = (
        _chain(best, parents),
        _chain(blocks[titled].container.order if titled >= 0 else -1, parents),
    )
    to_best: list[float] = []
    to_chain: list[float] = []
    to_title: list[float] = []
    shared: list[float] = []
    title_share: list[float] = []
    most: list[float] = []
    for order in range(len(parents)):
        above = parents[order]
        root = order == 0
        to_best.append(0.0 if order == best else FAR if root else min(FAR, to_best[above] + 1))
        to_chain.append(0.0 if order in best_chain else FAR if root else min(FAR, to_chain[above] + 1))
        shared.append((0.0 if root else shared[above]) + (order in best_chain))
        to_title.append(0.0 if order in title_chain else FAR if root else min(FAR, to_title[above] + 1))
        title_share.append(shares[order] if order in title_chain else -1.0 if root else title_share[above])
        most.append(alike[order] if root else max(alike[order], most[above]))
    arrays = [np.array(values, dtype=float)[own] for values in (most, to_best, to_chain, shared, to_title, title_share)]
    many, steps, chain_steps, common, title_steps, title_part = arrays
    inside = steps < FAR
    positions = np.arange(len(blocks), dtype=float)
    indexes = np.flatnonzero(inside)
    first, last = (indexes[0], indexes[-1]) if len(indexes) else (0, len(blocks))
    after_title = positions - titled if titled >= 0 else np.full(len(blocks), -999.0)
    is_after = (positions > titled).astype(float) if titled >= 0 else np.full(len(blocks), -1.0)
    return np.stack([many, inside.astype(float), steps, chain_steps, common, title_steps, after_title, is_after,
                     title_part,
                     np.minimum(0, positions - first), np.maximum(0, positions - last)], axis=1)  # fmt: skip


def _chain(order: int, parents: list[int]) -> set[int]:
    found: set[int] = set()
    while order >= 0 and order not in found:
        found.add(order)
        order = parents[order] if order else -1
    return found


def _alike_text(blocks: list[RawBlock], plain: Values, total: float) -> Values:
    """Text of all blocks in containers alike, and how far the last heading is."""
    keys = []
    sums: Counter[tuple[str, str, str, str]] = Counter()
    for block, length in zip(blocks, plain.tolist(), strict=True):
        container, above = block.container, block.container.parent
        key = (container.tag, container.names[:60], above.tag if above else "", above.names[:60] if above else "")
        keys.append(key)
        sums[key] += length
    since, rows = -1, []
    for position, (block, key) in enumerate(zip(blocks, keys, strict=True)):
        if block.kind == "heading":
            since = position
        rows.append((math.log1p(max(0.0, sums[key])), sums[key] / total, position - since if since >= 0 else 99.0))
    return np.array(rows)


def _neighbours(text: Values) -> Values:
    columns = [TEXT_FEATURES.index(name) for name in NEIGHBOUR_FEATURES]
    picked = text[:, columns]
    parts = []
    for offset in NEIGHBOURS:
        moved = np.full_like(picked, -1.0)
        if abs(offset) < len(picked):
            if offset > 0:
                moved[:-offset] = picked[offset:]
            else:
                moved[-offset:] = picked[:offset]
        parts.append(moved)
    return np.hstack(parts)
