"""What the hostile hosts do, and the outcome that is recorded for each behaviour.

Hosts by last number: 1 is the start page and everything that answers at once; 2 to 6 have odd robots.txt files; 10 and
above are slow or endless, a host each so that they keep nobody waiting.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import re
import socket
import struct
import time
import zlib
from dataclasses import dataclass
from functools import cache

import brotli
import zstandard

from tests.spiders.hostile.server import Asked, Handler

WORDS = "The national cybersecurity law applies to every operator of essential services in the country. "
MEBI = 1024 * 1024


@dataclass(frozen=True)
class Behaviour:
    """A behaviour and its outcome: a capture of a certain quality, or an issue of a certain code."""

    name: str
    host: int
    path: str
    capture: bool
    issue: str = ""
    quality: str = ""
    """Reason for low quality, or empty for a good page."""


BEHAVIOURS = (
    Behaviour("a plain page", 1, "/plain", True),
    Behaviour("truncated: fewer bytes than stated", 1, "/truncated", False, "truncated"),
    Behaviour("broken chunks", 1, "/broken-chunks", False, "truncated"),
    Behaviour("gzip bomb", 1, "/gzip-bomb", False, "decompression_bomb"),
    Behaviour("brotli bomb", 1, "/brotli-bomb", False, "decompression_bomb"),
    Behaviour("zstd bomb", 1, "/zstd-bomb", False, "decompression_bomb"),
    Behaviour("a gzip bomb inside a gzip bomb", 1, "/double-bomb", False, "decompression_bomb"),
    Behaviour("broken gzip", 1, "/broken-gzip", False, "broken_encoding"),
    Behaviour("gzip cut off in the middle", 1, "/cut-gzip", False, "truncated"),
    Behaviour("gzip without its last eight bytes", 1, "/gzip-no-trailer", False, "truncated"),
    Behaviour("brotli cut off", 1, "/cut-brotli", False, "truncated"),
    Behaviour("zstd cut off", 1, "/cut-zstd", False, "truncated"),
    Behaviour("chunks without a last one", 1, "/unended-chunks", False, "truncated"),
    Behaviour("no length, ends inside a tag", 1, "/cut-in-tag", False, "truncated"),
    Behaviour("no length, reset before the end of the page", 1, "/reset", False, "truncated"),
    Behaviour("no length, a PDF without its end", 1, "/cut-pdf", False, "truncated"),
    Behaviour("no length, markup left open", 1, "/open-end", True, "perhaps_truncated"),
    Behaviour("no length, a whole page", 1, "/whole-by-close", True),
    Behaviour("says gzip, sends plain text", 1, "/lying-encoding", True),
    Behaviour("more bytes than stated", 1, "/short-length", True),
    Behaviour("states 5 GiB", 1, "/huge-length", False, "too_large"),
    Behaviour("a PDF that says it is HTML", 1, "/lying-type", True),
    Behaviour("redirect loop", 1, "/loop-a", False, "redirect_loop"),
    Behaviour("redirect without end", 1, "/hop/0", False, "redirect_loop"),
    Behaviour("redirect to itself until a cookie comes", 1, "/cookie-wall", False, "redirect_loop"),
    Behaviour("redirect to a private address", 1, "/to-private", False, "private_address"),
    Behaviour("redirect to the metadata address of a cloud", 1, "/to-metadata", False, "private_address"),
    Behaviour("redirect to a mapped address", 1, "/to-mapped", False, "private_address"),
    Behaviour("redirect to a file", 1, "/to-file", False, "scheme_refused"),
    Behaviour("redirect nowhere", 1, "/to-nowhere", False, "http_302"),
    Behaviour("503 once, then a page", 1, "/once-503", True),
    Behaviour("503 for ever", 1, "/always-503", False, "http_503"),
    Behaviour("404", 1, "/gone", False, "http_404"),
    Behaviour("304 that nobody asked for", 1, "/unasked-304", False, "unasked_304"),
    Behaviour("null bytes in the text", 1, "/null-bytes", True),
    Behaviour("UTF-16 without a mark", 1, "/utf16", True),
    Behaviour("empty body", 1, "/empty", True, quality="empty body"),
    Behaviour("soft 404", 1, "/soft-404", True, quality="error page answered as found"),
    Behaviour("bot wall that answers 200", 1, "/bot-wall", True, quality="bot wall"),
    Behaviour("login form", 1, "/login-form", True, quality="login form"),
    Behaviour("maintenance page", 1, "/maintenance", True, quality="maintenance page"),
    Behaviour("closes without an answer", 1, "/closes", False, "connection_lost"),
    Behaviour("no HTTP", 1, "/garbage", False, "bad_http"),
    Behaviour("headers without end", 1, "/header-flood", False, "headers_too_large"),
    Behaviour("100,000 links", 1, "/many-links", True, "too_many_links"),
    Behaviour("found only through UTF-16", 1, "/behind-utf16", True),
    Behaviour("found only in the sitemap", 1, "/only-in-sitemap", True),
    Behaviour("found only in the feed", 1, "/only-in-feed", True),
    Behaviour("path that robots.txt forbids", 1, "/forbidden/page", False, "robots_disallowed"),
    Behaviour("path that the longest match allows", 1, "/forbidden/but-open", True),
    Behaviour("robots.txt answers 500", 2, "/page", False),
    Behaviour("robots.txt answers 403", 3, "/page", True),
    Behaviour("robots.txt changes after the first look", 4, "/page", True),
    Behaviour("10 MB robots.txt: what stands early holds", 5, "/early", False, "robots_disallowed"),
    Behaviour("10 MB robots.txt: what stands late does not", 5, "/late", True),
    Behaviour("robots.txt redirected to another host", 6, "/closed", False, "robots_disallowed"),
    Behaviour("429 storm with Retry-After", 7, "/stormy", True),
    Behaviour("asks us to come back in a day", 8, "/tomorrow", False),
    Behaviour("never-ending body", 10, "/endless", False, "too_large"),
    Behaviour("one byte a second", 11, "/slow", False, "timeout"),
    Behaviour("never answers", 12, "/silent", False, "timeout"),
)

HOST_ISSUES = {2: "robots_unreachable", 8: "host_asks_to_wait"}
"""Issues about a whole host."""

PICTURES = ("/picture.jpg", "/picture.PNG", "/picture.svg", "/style.css", "/script.js", "/film.mp4", "/font.woff2")
"""Links that lead to no text."""

EMBEDDED = (
    "/icon-link", "/style-sheet", "/script-source", "/image-source", "/image-set", "/image-poster", "/video-source",
    "/image-meta", "/object-data", "/image-in-sitemap", "/image-thumbnail",
)  # fmt: skip
"""What a browser would load with a page."""

CALENDAR_AT_MOST = 8
PAGINATION_AT_MOST = 62
ALL_HOSTS = sorted({behaviour.host for behaviour in BEHAVIOURS})


def page(title: str, *links: str, body: str = "") -> bytes:
    items = "".join(f'<li><a href="{link}">about {link.rsplit("/", 1)[-1]}</a></li>' for link in links)
    text = body or f"{WORDS * 3} This page is called {title}."
    main = f"<main><h1>{title}</h1><p>{text}</p><ul>{items}</ul></main>"
    return f"<!doctype html><html lang=en><title>{title}</title>{main}".encode()


def hosts() -> dict[int, Handler]:
    """Return what each host answers; bombs are packed before anybody asks."""
    _bombs()
    return {
        1: _first, 2: _robots_500, 3: _robots_403, 4: _changing_robots, 5: _huge_robots, 6: _redirected_robots,
        7: _storm, 8: _tomorrow, 10: _endless, 11: _slow, 12: _silent,
    }  # fmt: skip


def _close(asked: Asked) -> None:
    asked.closed = True  # type: ignore[attr-defined]


def _start(asked: Asked) -> None:
    links = [b.path for b in BEHAVIOURS if b.host == 1 and not b.path.startswith(("/behind", "/only"))]
    others = [asked.address(b.host, b.path) for b in BEHAVIOURS if b.host != 1]
    bad = [
        *PICTURES, "ftp://site.example/file", "data:text/html,x", "javascript:void(0)", "file:///etc/passwd", "mailto:a@b.example",
        "http://[::ffff:10.0.0.1]/", "//169.254.169.254/latest", "http://user:secret@127.0.0.1/", "http://[broken",
    ]  # fmt: skip
    asked.answer(
        b'<link rel="alternate" type="application/rss+xml" href="/feed.xml"><link rel="icon" href="/icon-link">'
        b'<link rel="stylesheet" href="/style-sheet"><script src="/script-source"></script><img src="/image-source">'
        b'<picture><source srcset="/image-set 2x"></picture><video poster="/image-poster" src="/video-source"></video>'
        b'<meta property="og:image" content="/image-meta"><object data="/object-data"></object>'
        + page(
            "start",
            *links,
            *others,
            "/calendar?month=1&year=2026",
            "/list?page=1",
            "/same?PHPSESSID=1",
            "/same?sid=2",
            *bad,
        )
    )


def _first(asked: Asked) -> None:
    path = asked.path.partition("?")[0]
    plain = {
        "/robots.txt": lambda: asked.answer(
            b"User-agent: *\nDisallow: /forbidden/\nAllow: /forbidden/but-open\n"
            + f"Sitemap: {asked.address(1, '/sitemap.xml')}\n".encode(), Content_Type="text/plain"),
        "/": lambda: _start(asked),
        "/sitemap.xml": lambda: asked.answer(
            _in_list(asked, "<urlset><url><loc>", "/only-in-sitemap", "</loc>")
            + _in_list(asked, "<image:image><image:loc>", "/image-in-sitemap", "</image:loc></image:image>")
            + _in_list(asked, "<video:video><video:thumbnail_loc>", "/image-thumbnail", "</video:thumbnail_loc>")
            + _in_list(asked, "<video:content_loc>", "/video-source", "</video:content_loc></video:video></url></urlset>")
        ),
        "/feed.xml": lambda: asked.answer(_in_list(asked, "<rss><item><link>", "/only-in-feed", "</link></item>")),
        "/gone": lambda: asked.answer(b"gone", "404 Not Found"),
        "/to-nowhere": lambda: asked.answer(b"", "302 Found"),
        "/unasked-304": lambda: asked.answer(b"", "304 Not Modified", Content_Length=""),
        "/empty": lambda: asked.answer(b""),
        "/soft-404": lambda: asked.answer(page("Oops", body="Sorry, page not found. Try the search.")),
        "/bot-wall": lambda: asked.answer(page("Wait", body="Checking your browser before accessing the site.")),
        "/login-form": lambda: asked.answer(page("Members", body='<form>Word <input type="password"></form>')),
        "/maintenance": lambda: asked.answer(page("Soon", body="The site is down for maintenance.")),
        "/lying-type": lambda: asked.answer(b"%PDF-1.4\n%\xe2\xe3\n" + b"1 0 obj <<>> endobj\n" * 20),
        "/null-bytes": lambda: asked.answer(page("null").replace(b" ", b" \0")),
        "/utf16": lambda: asked.answer(_utf16("/behind-utf16"), Content_Type="text/html"),
        "/lying-encoding": lambda: asked.answer(page("plain"), Content_Encoding="gzip"),
        "/broken-gzip": lambda: asked.answer(_spoilt_gzip(), Content_Encoding="gzip"),
        "/cut-gzip": lambda: asked.answer(gzip.compress(os.urandom(4000))[:2000], Content_Encoding="gzip"),
        "/gzip-no-trailer": lambda: asked.answer(gzip.compress(page("trailer"))[:-8], Content_Encoding="gzip"),
        "/cut-brotli": lambda: asked.answer(brotli.compress(os.urandom(4000))[:2000], Content_Encoding="br"),
        "/cut-zstd": lambda: asked.answer(zstandard.compress(os.urandom(4000))[:2000], Content_Encoding="zstd"),
        "/gzip-bomb": lambda: asked.answer(_zeros_gzip(), Content_Encoding="gzip"),
        "/double-bomb": lambda: asked.answer(_bombs()["gzip, gzip"], Content_Encoding="gzip, gzip"),
        "/brotli-bomb": lambda: asked.answer(_bombs()["br"], Content_Encoding="br"),
        "/zstd-bomb": lambda: asked.answer(_bombs()["zstd"], Content_Encoding="zstd"),
        "/many-links": lambda: asked.answer(_many_links()),
    }  # fmt: skip
    if path in plain:
        plain[path]()
    elif path in _RAW:
        _RAW[path](asked)
    elif path.startswith("/to-"):
        asked.answer(b"moved", "302 Found", Location=_TARGETS[path])
    elif path.startswith("/loop-"):
        asked.answer(b"", "301 Moved", Location="/loop-b" if path.endswith("a") else "/loop-a")
    elif path.startswith("/hop/"):
        asked.answer(b"", "302 Found", Location=f"/hop/{int(path[5:]) + 1}")
    elif path == "/cookie-wall":
        asked.answer(b"", "302 Found", Location="/cookie-wall", Set_Cookie="seen=1")
    elif path in ("/always-503", "/once-503") and (path == "/always-503" or asked.count == 1):
        asked.answer(b"busy", "503 Service Unavailable")
    else:
        _listing(asked, path)


def _listing(asked: Asked, path: str) -> None:
    """A calendar and a list without end, and plain pages."""
    number = int((re.findall(r"(?:month|page)=(\d+)", asked.path) or ["0"])[0])
    if path == "/calendar":
        asked.answer(page(f"Month {number}", f"/calendar?month={number + 1}&year={2026 + number}"))
    elif path == "/list":
        asked.answer(page(f"List {number}", f"/list?page={number + 1}"))
    else:
        asked.answer(page(path))


_TARGETS = {
    "/to-private": "http://10.0.0.1/admin",
    "/to-metadata": "http://169.254.169.254/latest/meta-data/",
    "/to-mapped": "http://[::ffff:127.0.0.1]/",
    "/to-file": "file:///etc/passwd",
}


@cache
def _many_links() -> bytes:
    return page("many", body="".join(f'<a href="/gone">x{n}</a>' for n in range(100_000)))


def _in_list(asked: Asked, before: str, path: str, after: str) -> bytes:
    return f"{before}{asked.address(1, path)}{after}".encode()


def _utf16(link: str) -> bytes:
    return page("utf16", link).decode().encode("utf-16-le")


def _spoilt_gzip() -> bytes:
    packed = bytearray(gzip.compress(page("spoilt") * 20))
    packed[40:60] = b"\xff" * 20
    return bytes(packed)


@cache  # a server that packs a bomb anew for every request is slow on a busy machine, which is another behaviour
def _zeros_gzip() -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(bytes(40 * MEBI)) + packer.flush()


@cache
def _bombs() -> dict[str, bytes]:
    """Return zeros in every coding, by the name that its answer states."""
    zeros = bytes(40 * MEBI)
    packed = {"br": brotli.compress(zeros, quality=1), "zstd": zstandard.compress(zeros)}
    return {**packed, "gzip, gzip": gzip.compress(_zeros_gzip())}


def _truncated(asked: Asked) -> None:
    asked.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5000\r\n\r\n" + page("half"))
    _close(asked)


def _broken_chunks(asked: Asked) -> None:
    asked.send(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\nworld\r\n"
    )
    _close(asked)


def _unended_chunks(asked: Asked) -> None:
    body = page("chunks")
    asked.send(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
        + f"{len(body):x}\r\n".encode() + body + b"\r\n"
    )  # fmt: skip
    _close(asked)


def _until_close(body: bytes, media_type: str = "text/html", reset: bool = False) -> Handler:
    """Answer without a length: the body ends with the connection."""

    def answer(asked: Asked) -> None:
        asked.send(f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\nConnection: close\r\n\r\n".encode() + body)
        if reset:
            time.sleep(0.3)  # what was sent must have been read: a reset throws the rest away
            asked.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        _close(asked)

    return answer


def _short_length(asked: Asked) -> None:
    body = page("long")
    asked.send(
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
        + b"MORE" * 50
    )
    _close(asked)


def _huge_length(asked: Asked) -> None:
    asked.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5368709120\r\n\r\n" + bytes(1000))
    time.sleep(0.3)
    _close(asked)


def _header_flood(asked: Asked) -> None:
    with contextlib.suppress(OSError):
        asked.send(b"HTTP/1.1 200 OK\r\n")
        for number in range(20_000):
            asked.send(f"X-Header-{number}: {'y' * 900}\r\n".encode())
    _close(asked)


def _garbage(asked: Asked) -> None:
    asked.send(b"\x16\x03\x01 this is no HTTP at all\r\n\r\n" * 10)
    _close(asked)


_RAW = {
    "/unended-chunks": _unended_chunks,
    "/cut-in-tag": _until_close(page("cut", "/gone")[:-30] + b'<a href="/nowh'),
    "/reset": _until_close(page("reset")[:-5], reset=True),
    "/cut-pdf": _until_close(b"%PDF-1.4\n%\xe2\xe3\n" + b"1 0 obj <<>> endobj\n" * 20, "application/pdf"),
    "/open-end": _until_close(page("open end")),
    "/whole-by-close": _until_close(page("whole by close") + b"</body></html>"),
    "/truncated": _truncated,
    "/broken-chunks": _broken_chunks,
    "/short-length": _short_length,
    "/huge-length": _huge_length,
    "/header-flood": _header_flood,
    "/garbage": _garbage,
    "/closes": _close,
}


def _robots_500(asked: Asked) -> None:
    if asked.path == "/robots.txt":
        asked.answer(b"", "500 Internal Server Error")
    else:
        asked.answer(page("never asked"))


def _robots_403(asked: Asked) -> None:
    if asked.path == "/robots.txt":
        asked.answer(b"", "403 Forbidden")
    elif asked.path == "/robots-of-six.txt":
        asked.answer(b"User-agent: *\nDisallow: /closed\n", Content_Type="text/plain")
    else:
        asked.answer(page(f"open {asked.path}"))


def _changing_robots(asked: Asked) -> None:
    if asked.path == "/robots.txt":
        asked.answer(b"" if asked.count == 1 else b"User-agent: *\nDisallow: /\n", Content_Type="text/plain")
    else:
        asked.answer(page(f"changing {asked.path}"))


def _huge_robots(asked: Asked) -> None:
    if asked.path == "/robots.txt":
        body = (
            b"User-agent: *\nDisallow: /early\n"
            + b"# filler line of a file that never ends\n" * 260_000
            + b"Disallow: /late\n"
        )
        with contextlib.suppress(OSError):
            asked.answer(body, Content_Type="text/plain")
        _close(asked)
    else:
        asked.answer(page(f"huge {asked.path}"))


def _redirected_robots(asked: Asked) -> None:
    if asked.path == "/robots.txt":
        asked.answer(b"", "301 Moved", Location=asked.address(3, "/robots-of-six.txt"))
    else:
        asked.answer(page(f"six {asked.path}"))


def _storm(asked: Asked) -> None:
    if asked.path == "/robots.txt":
        asked.answer(b"", "404 Not Found")
    elif asked.count <= 2:
        asked.answer(b"slow down", "429 Too Many Requests", Retry_After="1")
    else:
        asked.answer(page("after the storm"))


def _tomorrow(asked: Asked) -> None:
    if asked.path == "/robots.txt":
        asked.answer(b"", "404 Not Found")
    else:
        asked.answer(b"later", "503 Service Unavailable", Retry_After="86400")


def _endless(asked: Asked) -> None:
    if asked.path == "/robots.txt":
        asked.answer(b"", "404 Not Found")
        return
    with contextlib.suppress(OSError):
        asked.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
        block = b"<p>and so on</p>" * 4096
        for _ in range(4096):
            asked.send(block)
    _close(asked)


def _slow(asked: Asked) -> None:
    if asked.path == "/robots.txt":
        asked.answer(b"", "404 Not Found")
        return
    with contextlib.suppress(OSError):
        asked.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n")
        for _ in range(20):
            asked.send(b"x")
            time.sleep(1)
    _close(asked)


def _silent(asked: Asked) -> None:
    if asked.path == "/robots.txt":
        asked.answer(b"", "404 Not Found")
        return
    time.sleep(20)
    _close(asked)
