"""Page numbers for formats that have none, from a rendition by LibreOffice.

Belongs here: running LibreOffice on one payload, and finding each block of the layout on the rendition's pages. Does
not belong here: the text layer, which is read from the original bytes and never from the rendition; what is set of
formats that LibreOffice does not open (`office_flow`).

The rendition is a derived layer: without LibreOffice the same text layer comes out, only without pages. Pages of
another program or version may break elsewhere, so `metadata["pages"]` says where the numbers come from.
"""

from __future__ import annotations

import enum
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from extractors.layout import Block, Layout
from extractors.office_flow import as_flow
from extractors.request import ReadRequest
from store.readings import Page

SECONDS = 60.0
MAX_BYTES = 20 * 2**20
"""Larger files are not rendered: their pages are not worth the minutes."""
_PROBE = 40
_LETTERS = re.compile(r"[\W_]+")
_FILTERS = {"docx": "docx", "odt": "odt", "rtf": "rtf"}
_BOOKMARKED = 'pdf:writer_pdf_Export:{"ExportBookmarksToPDFDestination":{"type":"boolean","value":"true"}}'
"""A PDF in which every bookmark of the source is a named place."""


def with_pages(layout: Layout, payload: bytes, request: ReadRequest) -> Layout:
    """Return the layout with the page of each block, where LibreOffice is installed and renders the payload in time."""
    if not request.renditions or layout.status != "read" or layout.format not in _FILTERS:
        return layout
    rendition = render_pdf(payload, layout.format)
    texts = _page_texts(rendition) if rendition else []
    if not texts:
        return layout
    return _numbered(layout, locate(layout, texts), len(texts))


def with_flow_pages(layout: Layout, chapters: Collection[int], request: ReadRequest) -> Layout:
    """Return the layout with the page of each block in a rendition of its text, for formats that LibreOffice does not
    open; blocks in `chapters` begin a page.
    """
    if not request.renditions or layout.status != "read":
        return layout
    places, count = _named_places(render_flow(layout, chapters), len(layout.blocks))
    if not places:
        return layout
    page = count
    pages: list[int | None] = []
    for index in reversed(range(len(layout.blocks))):  # a block that was left out stands where the next one begins
        page = min(page, places.get(index, page))
        pages.append(page)
    return _numbered(layout, pages[::-1], count)


def _numbered(layout: Layout, pages: Sequence[int | None], count: int) -> Layout:
    blocks = tuple(block._replace(page=page) for block, page in zip(layout.blocks, pages, strict=True))
    return replace(
        layout, blocks=blocks, pages=_spans(blocks, count, len(layout.text)),
        metadata={**layout.metadata, "pages": "of a rendition by LibreOffice"},
    )  # fmt: skip


def render_flow(layout: Layout, chapters: Collection[int]) -> bytes:
    """Return the PDF that LibreOffice makes of a layout's text; empty when it makes none or is not installed."""
    if sum(block.end - block.start for block in layout.blocks if block.role != "navigation") > MAX_BYTES:
        return b""  # the flow would be larger still
    flow = as_flow(layout, chapters)
    return b"" if len(flow) > MAX_BYTES else convert(flow, "fodt", _BOOKMARKED)[1]


def render_pdf(payload: bytes, format_name: str) -> bytes:
    """Return the PDF that LibreOffice makes of a payload; empty when it is not installed or makes none in time."""
    if format_name not in _FILTERS or len(payload) > MAX_BYTES:
        return b""
    return convert(payload, _FILTERS[format_name], "pdf")[1]


class Conversion(enum.Enum):
    """How a conversion ended."""

    DONE = enum.auto()
    NOT_INSTALLED = enum.auto()
    TOO_SLOW = enum.auto()
    REFUSED = enum.auto()


def convert(payload: bytes, extension: str, wanted: str) -> tuple[Conversion, bytes]:
    """Return a payload (named by its ending) in another format, as LibreOffice writes it; empty when it does not.

    `wanted` is an ending, after which a filter and its options may follow as `--convert-to` takes them.
    """
    program = shutil.which("soffice")
    if program is None:
        return Conversion.NOT_INSTALLED, b""
    with tempfile.TemporaryDirectory(prefix="gcidesk-rendition-", ignore_cleanup_errors=True) as folder:
        source = Path(folder) / f"source.{extension}"
        source.write_bytes(payload)
        command = [
            program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore", "--nolockcheck",
            "--convert-to", wanted, "--outdir", folder, str(source),
        ]  # fmt: skip
        outcome = _run(command, folder)
        converted = source.with_suffix(f".{wanted.partition(':')[0]}")
        if outcome is Conversion.DONE and converted.exists():
            return outcome, converted.read_bytes()
        return (Conversion.REFUSED if outcome is Conversion.DONE else outcome), b""


def _run(command: Sequence[str], folder: str) -> Conversion:
    """Run LibreOffice and return how it ended; what it wrote counts only where that is DONE.

    It gets a process group, to be stopped as a whole, and stays in the session of the worker, to end with it.
    """
    environment = {"PATH": os.environ.get("PATH", ""), "HOME": folder, "LANG": "C.UTF-8", "TMPDIR": folder}
    with _raised_memory():
        process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, process_group=0,
        )  # fmt: skip
    try:
        return Conversion.DONE if process.wait(SECONDS) == 0 else Conversion.REFUSED
    except subprocess.TimeoutExpired:
        return Conversion.TOO_SLOW
    finally:
        with suppress(ProcessLookupError):  # `soffice` starts others, which may live longer than it
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def _raised_memory() -> Iterator[None]:
    """LibreOffice reserves more address space than a worker may use: let it take what the hard limit allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _page_texts(rendition: bytes) -> list[str]:
    """Return the text of each page; empty when the rendition cannot be read."""
    texts = []
    try:
        document = pypdfium2.PdfDocument(rendition)
    except pypdfium2.PdfiumError:
        return []
    try:
        for index in range(len(document)):
            page = document[index]
            textpage = page.get_textpage()
            texts.append(textpage.get_text_range())
            textpage.close()
            page.close()
    except pypdfium2.PdfiumError:
        return []
    finally:
        document.close()
    return texts


def _named_places(rendition: bytes, count: int) -> tuple[dict[int, int], int]:
    """Return the page, from 1, of each of `count` blocks that has a named place in a rendition, and the number of its
    pages.
    """
    if not rendition:
        return {}, 0
    try:
        document = pypdfium2.PdfDocument(rendition)
    except pypdfium2.PdfiumError:
        return {}, 0
    try:
        places: dict[int, int] = {}
        for index in range(count):
            # by name: asking for the n-th place walks all before it
            place = pdfium.FPDF_GetNamedDestByName(document.raw, f"b{index}".encode())
            page = pdfium.FPDFDest_GetDestPageIndex(document.raw, place) if place else -1
            if page >= 0:
                places[index] = page + 1
        return places, len(document)
    finally:
        document.close()


def locate(layout: Layout, texts: Sequence[str]) -> list[int | None]:
    """Return the page of each block: the first page from the last found one on whose text holds the block's
    beginning.
    """
    plain = [_plain(text) for text in texts]
    found: list[int | None] = []
    current, position = 0, 0
    for block in layout.blocks:
        probe = _plain(layout.text[block.start : block.end])[:_PROBE]
        place = _search(plain, probe, current, position)
        if place is not None:
            current, position = place
        found.append(current + 1)
    return found


def _search(plain: Sequence[str], probe: str, page: int, position: int) -> tuple[int, int] | None:
    if len(probe) < 4:
        return None
    for ahead in range(page, min(page + 4, len(plain))):
        place = plain[ahead].find(probe, position if ahead == page else 0)
        if place >= 0:
            return ahead, place + len(probe)
    for ahead in range(page, min(page + 2, len(plain))):
        begin = len(probe) // 2
        tail = plain[ahead][-begin:] if begin else ""
        if tail and probe.startswith(tail[-8:]) and len(tail) >= 8:
            return ahead, len(plain[ahead])
    return None


def _plain(text: str) -> str:
    return _LETTERS.sub("", text).casefold()


def _spans(blocks: Sequence[Block], count: int, length: int) -> tuple[Page, ...]:
    starts: dict[int, int] = {}
    for block in blocks:
        if block.page is not None:
            starts.setdefault(block.page, block.start)
    ends: list[int] = []
    following = length
    for number in range(count, 0, -1):
        ends.append(following)  # where the first block of a later page begins
        following = min(following, starts.get(number, length))
    pages = []
    begin = 0
    for number, end in enumerate(reversed(ends), start=1):
        pages.append(Page(number=number, start=begin, end=max(begin, end)))
        begin = max(begin, end)
    return tuple(pages)
