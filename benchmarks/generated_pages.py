"""Archives of invented pages: exemplar sentences between filler, the same pages for the same numbers.

Belongs here: what `refresh.py` and `countries.py` replay. Does not belong here: measuring.
"""

from __future__ import annotations

import json
import random
from functools import cache
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

EXEMPLARS = Path(__file__).resolve().parents[1] / "evidence" / "exemplars"

_WORDS = (
    *("the", "ministry", "of", "public", "works", "publishes", "its", "notices", "on", "roads", "bridges", "markets"),
    *("schools", "harbours", "water", "forests", "and", "fisheries", "for", "citizens", "who", "visit", "offices"),
    *("in", "capital", "every", "week", "under", "rules", "service"),
)


@cache
def sentences() -> tuple[str, ...]:
    """Return exemplar sentences in English and French in an order of their own."""
    found = [
        json.loads(line)["text"]
        for language in ("en", "fr")
        for line in (EXEMPLARS / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    random.Random(1).shuffle(found)
    return tuple(found)


def page(number: int, edition: int) -> bytes:
    """Return one page: a heading, forty paragraphs of filler and two exemplar sentences."""
    chance = random.Random(f"{number} {edition}")
    known = sentences()
    filler = [
        " ".join(chance.choice(_WORDS) for _ in range(chance.randint(12, 40))).capitalize() + "." for _ in range(40)
    ]
    filler.insert(10, known[number % len(known)])
    filler.insert(30, known[(number * 7 + edition) % len(known)])
    body = "".join(f"<p>{text}</p>" for text in filler)
    return f"<html lang=en><title>Page {number}</title><body><h1>Page {number}</h1>{body}</body></html>".encode()


def write_archive(path: Path, host: str, pages: int, *, first: int = 0, changed: int = 0) -> None:
    """Write an archive of `pages` pages of a host, numbered from `first`; the first `changed` are a second edition."""
    with path.open("wb") as sink:
        writer = WARCWriter(sink, gzip=True)
        for number in range(first, first + pages):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"https://{host}/page/{number}",
                "response",
                payload=BytesIO(page(number, 2 if number - first < changed else 1)),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": "2026-11-20T00:00:00Z"},
            )
            writer.write_record(record)
