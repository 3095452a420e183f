"""Builds `demonstration.warc.gz` from the source files, the same bytes every time.

Belongs here: the records of the demonstration's archive. Does not belong here: how its pages look (`page_bytes`).

Run `python -m sources.demonstration.build_archive` after a change of a page; a test compares archive and sources.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from sources.demonstration import ARCHIVE
from sources.demonstration.page_bytes import content_type_of, payload_of
from sources.demonstration.page_sources import PageSource, load_pages

CAPTURED_FROM = datetime(2026, 11, 2, 9, 0, 0, tzinfo=UTC)
"""Time of the first record; the others follow at a polite crawl's pace."""

_PACE = timedelta(seconds=7)
_ABOUT = (
    b"software: gcidesk, sources/demonstration/build_archive.py\r\n"
    b"format: WARC File Format 1.1\r\n"
    b"description: Demonstration country of gcidesk. All pages, names and facts are invented for this project.\r\n"
)


def build(pages: Iterable[PageSource], *, compress: bool = True) -> bytes:
    """Return the archive of `pages`; uncompressed, its bytes depend only on the sources and reportlab's version."""
    sink = io.BytesIO()
    writer = WARCWriter(sink, gzip=compress, warc_version="WARC/1.1")
    about = writer.create_warc_record(
        ARCHIVE.name,
        "warcinfo",
        payload=io.BytesIO(_ABOUT),
        length=len(_ABOUT),
        warc_headers_dict=_identity("about", 0),
    )
    writer.write_record(about)
    for number, page in enumerate(pages):
        payload = payload_of(page)
        headers = StatusAndHeaders("200 OK", _http_headers(page, payload, number), protocol="HTTP/1.1")
        record = writer.create_warc_record(
            page.address,
            "response",
            payload=io.BytesIO(payload),
            length=len(payload),
            http_headers=headers,
            warc_headers_dict=_identity(page.address, number),
        )
        writer.write_record(record)
    return sink.getvalue()


def _identity(address: str, number: int) -> dict[str, str]:
    moment = CAPTURED_FROM + number * _PACE
    return {
        "WARC-Record-ID": f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'gcidesk demonstration {address}')}>",
        "WARC-Date": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def _http_headers(page: PageSource, payload: bytes, number: int) -> list[tuple[str, str]]:
    modified = datetime.combine(page.dated, datetime.min.time(), tzinfo=UTC)
    return [
        ("Date", format_datetime(CAPTURED_FROM + number * _PACE, usegmt=True)),
        ("Server", "nginx"),
        ("Content-Type", content_type_of(page)),
        ("Content-Length", str(len(payload))),
        ("Last-Modified", format_datetime(modified, usegmt=True)),
    ]


def main(target: Path = ARCHIVE) -> None:
    """Write the archive and say how much it holds."""
    pages = load_pages()
    target.write_bytes(build(pages))
    print(f"{target}: {len(pages)} records, {target.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
