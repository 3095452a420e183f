"""Links of a page, with what the page says about each.

Belongs here: decoding a page's text, and finding its links, their text, section and language. Does not belong here:
what a link is worth (`priority`), or the page's meaning (`extractors`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from selectolax.lexbor import LexborHTMLParser, LexborNode
from w3lib.encoding import html_to_unicode

from spiders.addresses import clean
from spiders.likeness import Signature, sign_text, text_without_menus

Section = Literal["main", "navigation", "footer", "alternate", "refresh"]

MAX_LINKS = 20_000
"""Links of one page that are looked at; the rest is counted, not followed."""

MAX_LINK_TEXT = 300
MAX_HTML = 16 * 1024 * 1024
_ANCESTORS = 12
_NAVIGATION = re.compile(
    r"\b(nav|navbar|navigation|menu|breadcrumbs?|sidebar|header|toolbar|skip|social|share)\b", re.I
)
_FOOTER = re.compile(r"\b(footer|copyright|colophon)\b", re.I)
_REFRESH = re.compile(r"""url\s*=\s*['"]?([^'">\s]+)""", re.I)
_MARKUP = re.compile(rb"<\s*(!doctype|html|head|body|a|p|div|title|table|h1|meta|script|frameset)\b", re.I)


@dataclass(frozen=True)
class Link:
    """A link on a page: absolute address, its text, where on the page it stands, the language it announces."""

    url: str
    text: str = ""
    section: Section = "main"
    language: str = ""
    nofollow: bool = False
    feed: bool = False


@dataclass(frozen=True)
class PageLinks:
    """What a page says about others and about itself."""

    links: tuple[Link, ...] = ()
    title: str = ""
    language: str = ""
    text: str = ""
    """Visible text, cut at `MAX_TEXT`, for judging what the page is worth."""
    canonical: str = ""
    password_fields: int = 0
    noindex: bool = False
    left_out: int = 0
    main_text: str = ""
    """Text without menus, header and footer, a block a line."""
    signature: Signature | None = None


MAX_TEXT = 200_000


def is_html(payload: bytes, declared_type: str) -> bool:
    """Tell by the bytes whether a payload is a page with links; the declared type decides only when bytes do not."""
    head = payload[:4096].replace(b"\0", b"")
    if head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(
        (b"%PDF", b"PK\x03\x04", b"\x89PNG", b"GIF8", b"\xff\xd8", b"{\\rtf")
    ):
        return False
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<?xml", b"<rss", b"<feed", b"<urlset", b"<sitemapindex")):
        return b"<html" in head.lower()
    if _MARKUP.search(head):
        return True
    return declared_type in {"text/html", "application/xhtml+xml"} and b"<" in payload


def decode_page(payload: bytes, content_type: str) -> str:
    """Return the text of a page: by its byte order mark, its header, its meta element, else UTF-8."""
    body = payload[:MAX_HTML]
    if not body.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        head = body[:400]
        if head.count(0) * 3 > len(head):  # UTF-16 without a mark: every second byte of markup is zero
            return body.decode("utf-16-le" if head[1::2].count(0) > head[0::2].count(0) else "utf-16-be", "replace")
    _, text = html_to_unicode(content_type, body)
    return text.replace("\0", "")


def read_links(payload: bytes, url: str, content_type: str) -> PageLinks:
    """Return the links of an HTML payload; never raises for bad markup."""
    tree = LexborHTMLParser(decode_page(payload, content_type))
    base = _base(tree, url)
    links: list[Link] = []
    canonical = ""
    left_out = 0
    for node in tree.css("a[href], area[href], link[href], frame[src], iframe[src]"):
        if node.tag == "link":
            canonical = canonical or _canonical(node, base)
            found = _head_link(node, base)
        elif len(links) >= MAX_LINKS:
            left_out += 1
            continue
        else:
            found = _body_link(node, base)
        if found is not None:
            links.append(found)
    metas = _metas(tree)
    if target := _REFRESH.search(metas.get("refresh", "")):
        address = clean(target[1], base)
        links += [Link(address, section="refresh")] if address else []
    root = tree.root
    title, password_fields = _text(tree.css_first("title"), 300), len(tree.css('input[type="password"]'))
    text = _visible_text(tree)
    main_text = text_without_menus(tree)
    return PageLinks(
        links=tuple(links),
        title=title,
        language=((root.attributes.get("lang") if root else None) or "")[:2].lower(),
        text=text,
        main_text=main_text,
        canonical=canonical,
        password_fields=password_fields,
        noindex="noindex" in metas.get("robots", "").lower(),
        left_out=left_out,
        signature=sign_text(main_text, title),
    )


def _base(tree: LexborHTMLParser, url: str) -> str:
    node = tree.css_first("base[href]")
    return clean((node.attributes.get("href") or "") if node else "", url) or url


def _metas(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        name = (node.attributes.get("http-equiv") or node.attributes.get("name") or "").lower()
        found.setdefault(name, node.attributes.get("content") or "")
    return found


def _canonical(node: LexborNode, base: str) -> str:
    if "canonical" not in (node.attributes.get("rel") or "").lower().split():
        return ""
    return clean(node.attributes.get("href") or "", base)


def _head_link(node: LexborNode, base: str) -> Link | None:
    relation = (node.attributes.get("rel") or "").lower().split()
    media_type = (node.attributes.get("type") or "").lower()
    address = clean(node.attributes.get("href") or "", base)
    if not address or "alternate" not in relation:
        return None
    if "rss" in media_type or "atom" in media_type:
        return Link(address, node.attributes.get("title") or "", "alternate", feed=True)
    language = (node.attributes.get("hreflang") or "")[:2].lower()
    return Link(address, "", "alternate", language) if language and "oembed" not in media_type else None


def _body_link(node: LexborNode, base: str) -> Link | None:
    attributes = node.attributes
    href = attributes.get("href") or attributes.get("src") or ""
    if href.startswith("#"):
        return None
    address = clean(href, base)
    if not address:
        return None
    text = _text(node, MAX_LINK_TEXT) or _picture_text(node) or attributes.get("title") or ""
    return Link(
        address,
        text[:MAX_LINK_TEXT],
        _section(node),
        (attributes.get("hreflang") or "")[:2].lower(),
        "nofollow" in (attributes.get("rel") or "").lower(),
    )


def _picture_text(node: LexborNode) -> str:
    picture = node.css_first("img[alt]")
    return (picture.attributes.get("alt") or "") if picture else ""


def _section(node: LexborNode) -> Section:
    parent = node.parent
    for _ in range(_ANCESTORS):
        if parent is None or parent.tag in ("body", "main", "article"):
            break
        if parent.tag in ("nav", "header", "aside"):
            return "navigation"
        if parent.tag == "footer":
            return "footer"
        if parent.tag in ("div", "ul", "section", "td", "table"):
            attributes = parent.attributes
            names = f"{attributes.get('class') or ''} {attributes.get('id') or ''} {attributes.get('role') or ''}"
            if len(names) > 2:
                if _FOOTER.search(names):
                    return "footer"
                if _NAVIGATION.search(names):
                    return "navigation"
        parent = parent.parent
    return "main"


def _text(node: LexborNode | None, limit: int) -> str:
    return " ".join(node.text(separator=" ").split())[:limit] if node is not None else ""


def _visible_text(tree: LexborHTMLParser) -> str:
    body = tree.body
    if body is None:
        return ""
    tree.strip_tags(["script", "style", "noscript", "template", "svg"])
    return (body.text(separator=" ") or "")[:MAX_TEXT]
