"""Reading PDFs: pages a second against pypdfium2 raw and pdfplumber, and the memory of a worker on 5,000 pages.

Run: .venv/bin/python benchmarks/reading_pdf.py [FILE.pdf ...] [--pages 200 5000]

Prints one table. Times are processor time of one process, best of three runs taken in turn; pdfplumber reads a
sample of pages because it is slow. `lines` is the text layer with boxes and offsets of every printed line, `layout`
adds columns, furniture, blocks. The last lines give a worker's peak memory for a whole reading, passages and
languages included.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pdfplumber
import pypdfium2
from reportlab.pdfgen import canvas

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from extractors.pdf import read
from extractors.pdf_text import open_page
from extractors.reader import ReaderPool
from extractors.request import ReadRequest
from extractors.worker import collect_seldom

WORDS = str.split(
    "the authority shall establish a national response team and coordinate measures of public bodies under this act in "
    "accordance with regulations issued by the minister for information technology services including protection of "
    "critical infrastructure personal data awareness training of staff and reports to parliament every year"
)


def make_pdf(pages: int) -> bytes:
    """Return a PDF of laws: header, page number, five articles of seven lines a page."""
    chance = random.Random(7)
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream, pagesize=(595, 842), invariant=1)
    for page in range(1, pages + 1):
        sheet.setFont("Times-Roman", 9)
        sheet.drawString(60, 810, "Official Gazette no. 17 of 2031")
        sheet.drawString(290, 30, str(page))
        y = 780
        for article in range(5):
            sheet.setFont("Times-Bold", 11)
            sheet.drawString(60, y, f"Article {page * 5 + article}: Duties")
            y -= 20
            sheet.setFont("Times-Roman", 11)
            for line in range(7):
                sheet.drawString(60, y, " ".join(chance.choices(WORDS, k=13))[:92] + ("." if line == 6 else ""))
                y -= 14
            y -= 10
        sheet.showPage()
    sheet.save()
    return stream.getvalue()


def read_raw(payload: bytes) -> None:
    """The text of each page with pypdfium2, nothing else."""
    document = pypdfium2.PdfDocument(payload)
    for index in range(len(document)):
        page = document[index]
        textpage = page.get_textpage()
        textpage.get_text_range()
        textpage.close()
        page.close()
    document.close()


def read_lines(payload: bytes) -> None:
    """Printed lines with boxes and offsets."""
    document = pypdfium2.PdfDocument(payload)
    for index in range(len(document)):
        with open_page(document, index) as page:
            page.lines()
    document.close()


def read_layout(payload: bytes) -> None:
    """The whole layout."""
    read(payload, ReadRequest(name="a.pdf"))


def read_plumber(payload: bytes, pages: list[int]) -> None:
    """Words of some pages with pdfplumber."""
    with pdfplumber.open(io.BytesIO(payload)) as document:
        for number in pages:
            page = document.pages[number]
            page.extract_words()
            page.close()


def seconds(step: Callable[[], None]) -> float:
    """Processor time of one call."""
    start = time.process_time()
    step()
    return time.process_time() - start


def compare(name: str, payload: bytes) -> None:
    """Print one row of the table."""
    document = pypdfium2.PdfDocument(payload)
    count = len(document)
    document.close()
    runs: dict[str, list[float]] = {"raw": [], "lines": [], "layout": []}
    for _ in range(3):
        runs["raw"].append(seconds(lambda: read_raw(payload)))
        runs["lines"].append(seconds(lambda: read_lines(payload)))
        runs["layout"].append(seconds(lambda: read_layout(payload)))
    sample = sorted({count * place // 12 for place in range(12)})
    plumber = seconds(lambda: read_plumber(payload, sample)) / len(sample)
    raw, lines, layout = (min(runs[step]) / count for step in ("raw", "lines", "layout"))
    print(
        f"| {name} | {count} | {1 / raw:.0f} | {1 / lines:.0f} | {1 / layout:.0f} | {1 / plumber:.1f} "
        f"| {raw / lines:.2f} | {raw / layout:.2f} | {plumber / layout:.0f} |",
        flush=True,
    )


def watch_children(stop: threading.Event, peak: list[int]) -> None:
    """Keep the largest resident memory (KiB) that a child process reports."""
    while not stop.wait(0.1):
        for status in Path("/proc").glob("[0-9]*/status"):
            try:
                lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
            except OSError:
                continue  # the process ended in this moment
            if lines.get("PPid", "").strip() == str(os.getpid()) and "VmHWM" in lines:
                peak[0] = max(peak[0], int(lines["VmHWM"].split()[0]))


def weigh(name: str, payload: bytes) -> None:
    """Print the peak memory of a worker that reads one payload."""
    stop, peak = threading.Event(), [0]
    watcher = threading.Thread(target=watch_children, args=(stop, peak))
    watcher.start()
    start = time.monotonic()
    with ReaderPool() as pool:
        reading = pool.read(payload, name=name)
    stop.set()
    watcher.join()
    print(
        f"| {name} | {len(reading.pages)} | {reading.status} | {len(reading.passages)} "
        f"| {time.monotonic() - start:.1f} s | {peak[0] / 1024:.0f} MiB |",
        flush=True,
    )


def main() -> None:
    """Compare speed, then weigh memory."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--pages", nargs="*", type=int, default=[200, 5000])
    options = parser.parse_args()
    collect_seldom()  # as in a worker; it helps all readers here alike
    inputs = [(f"made, {pages} pages", make_pdf(pages)) for pages in options.pages]
    inputs += [(path.name, path.read_bytes()) for path in options.files]
    print("| file | pages | raw p/s | lines p/s | layout p/s | plumber p/s | lines/raw | layout/raw | layout/plumber |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, payload in inputs:
        compare(name, payload)
    print("\n| file | pages | status | passages | whole reading | peak memory of the worker |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, payload in inputs:
        weigh(name, payload)


if __name__ == "__main__":
    main()
