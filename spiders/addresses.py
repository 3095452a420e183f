"""Addresses: absolute, clean, and the key under which two spellings are one.

Belongs here: joining, cleaning and comparing web addresses. Does not belong here: whether an address may be connected
to (`gate`), belongs to a country (`scope`), or is worth a visit (`priority`, `traps`).
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urljoin, urlsplit, urlunsplit

MAX_ADDRESS = 2048
"""Characters of an address; longer ones are traps or attacks."""

SESSION_NAMES = frozenset(
    {
        "phpsessid", "jsessionid", "aspsessionid", "asp.net_sessionid", "sid", "sessid", "sessionid", "session_id",
        "cfid", "cftoken", "zenid", "oscsid", "_ga", "_gl", "fbclid", "gclid", "msclkid", "yclid", "mc_cid", "mc_eid",
    }
)  # fmt: skip
"""Query names that tell visits apart, never pages."""

_PORTS = {"http": 80, "https": 443}
_MATRIX_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
_ASP_SESSION = re.compile(r"/\((?:[A-Z]\([^()/]{8,}\))+\)(?=/)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_SAFE_PATH = "/%:@!$&'()*+,;=~-._"
_SAFE_QUERY = _SAFE_PATH + "?[]|"
_PLAIN_PATH = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+/?|/")
_PLAIN_ADDRESS = re.compile(
    r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::(?!80/|443/|0)\d{2,5})?(?:(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)+/?|/)"
)


def clean(url: str, base: str = "") -> str:
    """Return an absolute http(s) address without fragment, session names and default port; empty when it is none.

    Letters outside ASCII are percent-encoded as UTF-8, host names by IDNA; the order of the query is kept.
    """
    if base and len(url) <= MAX_ADDRESS and _PLAIN_PATH.fullmatch(url) and (root := _root_of(base)):
        return root + url  # most links of a page: nothing in them is to be mended
    return _clean(url, base)


@lru_cache(maxsize=4096)
def _root_of(base: str) -> str:
    """Return scheme, host and port of an address in the form that `clean` gives them, or an empty string."""
    cleaned = _clean(base, "")
    return authority_of(cleaned) if cleaned else ""


@lru_cache(maxsize=8192)
def _clean(url: str, base: str) -> str:
    url = _CONTROL.sub("", url.strip())
    if not url or len(url) > MAX_ADDRESS:
        return ""
    try:
        joined = urlsplit(urljoin(base, url) if base else url)
        host = _host(joined)
        port = joined.port
    except ValueError:
        return ""
    scheme = joined.scheme.lower()
    if scheme not in _PORTS or not host or "@" in joined.netloc:
        return ""
    netloc = host if port is None or port == _PORTS[scheme] else f"{host}:{port}"
    path = quote(_ASP_SESSION.sub("", _MATRIX_SESSION.sub("", joined.path)) or "/", safe=_SAFE_PATH)
    return urlunsplit((scheme, netloc, _without_dots(path), _clean_query(joined.query), ""))


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host.lower()
    return host.encode("idna").decode("ascii").lower()


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    for part in path.split("/")[1:]:
        if part == "..":
            kept = kept[:-1]
        elif part != ".":
            kept.append(part)
    return "/" + "/".join(kept)


def _clean_query(query: str) -> str:
    if not query:
        return ""
    parts = [part for part in query.split("&") if part and not _is_session(part.partition("=")[0])]
    return quote("&".join(parts), safe=_SAFE_QUERY)


def _is_session(name: str) -> bool:
    name = name.lower()
    return name in SESSION_NAMES or name.startswith("utm_")


@lru_cache(maxsize=8192)
def key_of(url: str) -> str:
    """Return the key under which spellings of one address meet: percent-encoding undone, query sorted."""
    if _PLAIN_ADDRESS.fullmatch(url):
        return url
    parts = urlsplit(clean(url) or url)
    query = "&".join(sorted(f"{name}={value}" for name, value in parse_qsl(parts.query, keep_blank_values=True)))
    return urlunsplit((parts.scheme, parts.netloc, unquote(parts.path), query, ""))


@lru_cache(maxsize=4096)
def authority_of(url: str) -> str:
    """Return scheme, host and port: what a robots.txt file and a connection belong to."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def host_of(url: str) -> str:
    """Return the host name in lower case, without port and brackets."""
    try:
        return (urlsplit(url).hostname or "").lower().rstrip(".")
    except ValueError:
        return ""


def lies_under(host: str, domain: str) -> bool:
    """Tell whether a host is a domain or lies under it."""
    return host == domain or host.endswith("." + domain)
