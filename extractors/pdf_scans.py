"""Pages of a PDF that are pictures of text: read within a budget, remembered for the next run.

Belongs here: the budget, the store of pages already read, from picture pixels to page points. Does not belong here:
when a page needs it (`pdf_quality`), reading one picture (`ocr`).
"""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pypdfium2

from extractors.pdf_text import PrintedLine
from extractors.request import ReadRequest

if TYPE_CHECKING:
    from PIL import Image

KEPT_FORM = 1
"""Raised when the stored form, the engine's settings or the languages' order of trial changes."""


MAX_TRIES = 3
"""Runs in which a page may take too long before it is given up: a busy machine is not the page's fault."""


class ReadPage(NamedTuple):
    """A page as OCR read it; lines in points of the page turned upright."""

    lines: tuple[PrintedLine, ...]
    turned: int
    """Degrees clockwise that make the page upright."""


class ScanReader:
    """Reads pictures of pages of one document; count what was read and why others were not."""

    def __init__(self, document: pypdfium2.PdfDocument, request: ReadRequest) -> None:
        self._document = document
        self._request = request
        self._hints: tuple[str, ...] = request.language_hints
        self._left = request.ocr_pages
        self.read_now = 0
        """Pages that OCR read in this run."""
        self.read_pages: list[int] = []
        """Numbers of pages whose text comes from OCR, now or earlier."""
        self.waiting: list[int] = []
        """Numbers of pages that the budget left for the next run."""
        self.slow: list[int] = []
        """Numbers of pages that OCR did not read in its time; a later run tries them again."""
        self.failed: list[int] = []
        """Numbers of pages that OCR cannot read."""
        self.missing = ""
        """What must be installed first, a sentence's end."""

    def hint(self, languages: Sequence[str]) -> None:
        """Put languages seen on other pages of the document before those of the country."""
        self._hints = tuple(dict.fromkeys((*languages, *self._request.language_hints)))

    def read(self, number: int) -> ReadPage | None:
        """Return page `number` (from 1) as read from its picture; None when it was not read."""
        kept = self._load(number)
        if kept is not None:
            self.read_pages.append(number)
            return kept
        if self._tries(number) >= MAX_TRIES:
            self.failed.append(number)
            return None
        if self.missing or self._left <= 0:
            self.waiting.append(number)
            return None
        return self._read_now(number)

    @property
    def unfinished(self) -> bool:
        """Whether a later run may read more pages."""
        return bool(self.waiting or self.slow)

    def _read_now(self, number: int) -> ReadPage | None:
        from extractors.ocr import OcrFailedError, OcrTimeoutError, OcrUnavailableError, read_picture

        try:
            picture, scale = self._render(number)
            found = read_picture(picture, self._hints, self._request.limits.ocr_seconds)
        except OcrUnavailableError as error:
            self.missing = str(error)
            self.waiting.append(number)
            return None
        except (OcrFailedError, pypdfium2.PdfiumError, MemoryError) as error:
            self._left -= 1
            again = isinstance(error, OcrTimeoutError) and self._count_try(number) < MAX_TRIES
            (self.slow if again else self.failed).append(number)
            return None
        self._left -= 1
        self.read_now += 1
        self.read_pages.append(number)
        page = ReadPage(tuple(_place(line, scale) for line in found.lines), found.turned)
        self._keep(number, page)
        return page

    def _render(self, number: int) -> tuple[Image.Image, float]:
        from extractors.ocr import DPI, MAX_PIXELS

        page = self._document[number - 1]
        try:
            width, height = page.get_size()
            scale = min(DPI / 72, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
            return page.render(scale=scale, grayscale=True).to_pil(), scale
        finally:
            page.close()

    def _path(self, number: int) -> Path | None:
        if not self._request.ocr_dir:
            return None
        key = f"{KEPT_FORM} {self._request.payload_digest} {number}"
        name = hashlib.sha256(key.encode()).hexdigest()
        return Path(self._request.ocr_dir) / name[:2] / f"{name}.json"

    def _tries(self, number: int) -> int:
        """Return in how many runs a page took too long; 0 where nothing is remembered."""
        path = self._path(number)
        counted = path.with_suffix(".tries") if path else None
        try:
            return int(counted.read_text("ascii")) if counted and counted.exists() else 0
        except (OSError, ValueError):
            return 0  # a torn count begins anew

    def _count_try(self, number: int) -> int:
        path = self._path(number)
        if path is None:
            return MAX_TRIES  # nothing is remembered, so nothing is tried again
        tries = self._tries(number) + 1
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".tries").write_text(str(tries), "ascii")
        return tries

    def _load(self, number: int) -> ReadPage | None:
        path = self._path(number)
        if path is None or not path.exists():
            return None
        try:
            kept = json.loads(path.read_text("utf-8"))
            lines = tuple(
                PrintedLine(text, x0, y0, x1, y1, size, confidence=confidence)
                for text, x0, y0, x1, y1, size, confidence in kept["lines"]
            )
            return ReadPage(lines, int(kept["turned"]))
        except (OSError, ValueError, KeyError, IndexError, TypeError):
            return None  # a torn file is read again

    def _keep(self, number: int, page: ReadPage) -> None:
        path = self._path(number)
        if path is None:
            return
        rows = [[line.text, line.x0, line.y0, line.x1, line.y1, line.size, line.confidence] for line in page.lines]
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.{uuid.uuid4().hex}.tmp")
        kept = {"page": number, "turned": page.turned, "lines": rows}
        beside.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
        os.replace(beside, path)

    def sentences(self, total: int) -> list[str]:
        """Return what a reviewer must know, a sentence each."""
        said = []
        if self.read_pages:
            said.append(
                f"{len(self.read_pages)} of {total} pages were read from pictures (OCR): letters may be wrong, "
                "digits are unreliable; check them on the page."
            )
        if self.waiting and self.missing:
            said.append(f"{len(self.waiting)} of {total} pages are pictures of text and were not read: {self.missing}.")
        elif self.waiting:
            said.append(
                f"{len(self.waiting)} of {total} pages are pictures of text and wait for OCR; "
                "the next run goes on with them."
            )
        if self.slow:
            said.append(
                f"{len(self.slow)} of {total} pages are pictures that OCR did not read in its time; "
                "the next run tries them again."
            )
        if self.failed:
            said.append(f"{len(self.failed)} of {total} pages are pictures that OCR could not read.")
        return said


def _place(line: PrintedLine, scale: float) -> PrintedLine:
    """From pixels to points."""
    return line._replace(
        x0=line.x0 / scale, y0=line.y0 / scale, x1=line.x1 / scale, y1=line.y1 / scale, size=line.size / scale
    )
