"""Sitemaps and feeds: lists of addresses that a site offers.

Belongs here: recognising them by their bytes and reading addresses out of them. Does not belong here: fetching them.
No XML parser touches these bytes: entities and namespaces of hostile files do nothing.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Literal

from spiders.addresses import clean
from spiders.links import Link
from store.archive_coding import DecodingError, decode_body

MAX_ADDRESSES = 50_000
"""Addresses of one sitemap, as the protocol allows."""

MAX_FEED = 500
ListKind = Literal["sitemap", "sitemap index", "feed", ""]

_LOC = re.compile(r"<(?:(?!image:|video:|news:)\w+:)?loc\s*>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)", re.I)
_ITEM = re.compile(r"<(?:item|entry)[\s>](.*?)</(?:item|entry)>", re.I | re.S)
_RSS_LINK = re.compile(r"<link[^>/]*>\s*(?:<!\[CDATA\[)?\s*([^<\]\s]+)", re.I)
_ATOM_LINK = re.compile(r"<link\b[^>]*\bhref\s*=\s*[\"']([^\"']+)", re.I)
_TITLE = re.compile(r"<title[^>]*>\s*(?:<!\[CDATA\[)?\s*(.*?)\s*(?:\]\]>)?\s*</title>", re.I | re.S)
_ALTERNATE = re.compile(r"<xhtml:link\b[^>]*>", re.I)
_HREF = re.compile(r"\bhref\s*=\s*[\"']([^\"']+)", re.I)
_HREFLANG = re.compile(r"\bhreflang\s*=\s*[\"']([a-z]{2})", re.I)


def unpack(payload: bytes) -> bytes:
    """Return a sitemap that is itself a gzip file unpacked; anything else unchanged."""
    if not payload.startswith(b"\x1f\x8b"):
        return payload
    try:
        return decode_body(payload, "gzip")
    except DecodingError:
        return b""


def list_kind(payload: bytes) -> ListKind:
    """Return what list of addresses a payload is, by its bytes; empty when it is none."""
    head = payload[:2000].lower()
    if b"<sitemapindex" in head:
        return "sitemap index"
    if b"<urlset" in head:
        return "sitemap"
    if b"<rss" in head or b"<rdf:rdf" in head or (b"<feed" in head and b"<html" not in head):
        return "feed"
    return ""


def read_addresses(payload: bytes, base: str) -> list[Link]:
    """Return the addresses of a sitemap, a sitemap index, a feed, or a plain text list, without repetition."""
    text = payload.decode("utf-8", "replace")
    kind = list_kind(payload)
    found = _feed(text, base) if kind == "feed" else _sitemap(text, base) if kind else _lines(text, base)
    limit = MAX_FEED if kind == "feed" else MAX_ADDRESSES
    unique: dict[str, Link] = {}
    for link in found:
        if link.url:
            unique.setdefault(link.url, link)
        if len(unique) >= limit:
            break
    return list(unique.values())


def _sitemap(text: str, base: str) -> Iterator[Link]:
    for match in _LOC.finditer(text):
        yield Link(clean(html.unescape(match[1]), base), section="alternate")
    for match in _ALTERNATE.finditer(text):
        href, language = _HREF.search(match[0]), _HREFLANG.search(match[0])
        if href:
            address = clean(html.unescape(href[1]), base)
            yield Link(address, section="alternate", language=language[1].lower() if language else "")


def _feed(text: str, base: str) -> Iterator[Link]:
    for item in _ITEM.finditer(text):
        title = _TITLE.search(item[1])
        target = _ATOM_LINK.search(item[1]) or _RSS_LINK.search(item[1])
        if target:
            name = re.sub(r"<[^>]+>", "", html.unescape(title[1])) if title else ""
            yield Link(clean(html.unescape(target[1]), base), " ".join(name.split())[:300], "main")


def _lines(text: str, base: str) -> Iterator[Link]:
    if "<" in text[:200]:
        return
    for line in text.splitlines():
        if line.strip().startswith(("http://", "https://")):
            yield Link(clean(line.strip(), base), section="alternate")
