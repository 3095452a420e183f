"""HTML reading against trafilatura: F1 of the main text and pages a second, in one run.

    python benchmarks/reading_html.py ../shared

Times are processor seconds of this process, each page read by both, one after the other, so that the ratio holds on
a busy machine. Reading means everything: decoding, text layer, main text, passages, sentences, languages; `bytes to
JSON` adds what a worker does besides.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import trafilatura

from extractors.formats import parse, parse_encoded
from extractors.language_detection import first_voice, with_second_voice
from extractors.request import ReadRequest
from extractors.sentences import split_sentences
from extractors.training.article_measure import compare, figures, labelled_pages
from extractors.worker import collect_seldom

OPENING = "A sentence that makes both voices of the language step load their tables."


def timed(function, *arguments):  # type: ignore[no-untyped-def]
    """Return what a function returns and the processor seconds it took."""
    began = time.process_time()
    found = function(*arguments)
    return found, time.process_time() - began


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="HTML reading against trafilatura.")
    parser.add_argument("shared", type=Path)
    shared = parser.parse_args().shared
    request = ReadRequest(name="page.html", declared_type="text/html")
    seconds = {"ours": 0.0, "ours, bytes to JSON": 0.0, "trafilatura": 0.0, "trafilatura without comments": 0.0}
    shares: dict[str, list[tuple[float, float, float]]] = {name: [] for name in seconds}
    size = 0
    for number, (_, payload, body) in enumerate(labelled_pages(shared / "data" / "extraction")):
        if number == 0:
            collect_seldom()  # as in a worker; it helps both
            parse(payload, request)  # models are loaded before the clock starts, those of both
            with_second_voice(first_voice(OPENING), OPENING)
            trafilatura.extract(payload)
        size += len(payload)
        reading, spent = timed(parse, payload, request)
        seconds["ours"] += spent
        shares["ours"].append(compare(body, "\n".join(p.text for p in reading.passages if p.role == "main")))
        seconds["ours, bytes to JSON"] += timed(parse_encoded, payload, request)[1]
        for name, options in (("trafilatura", {}), ("trafilatura without comments", {"include_comments": False})):
            text, spent = timed(lambda page, options: trafilatura.extract(page, **options), payload, options)
            seconds[name] += spent
            shares[name].append(compare(body, text or ""))
    pages = len(shares["ours"])
    print(f"{pages} pages, {size / 2**20:.1f} MiB")
    for name, spent in seconds.items():
        found = figures(shares[name]) if shares[name] else None
        scores = f"F1 {found.f1:.4f} precision {found.precision:.4f} recall {found.recall:.4f}" if found else ""
        print(f"{name:30} {pages / spent:7.1f} pages/s  {size / spent / 2**20:6.2f} MiB/s  {scores}")
    print(f"speed against trafilatura: {seconds['trafilatura'] / seconds['ours']:.2f}")
    texts = [
        path.read_text(encoding="utf-8", errors="replace") for path in sorted((shared / "gold" / "docs").glob("*.txt"))
    ]
    whole = "\n".join(texts)
    count, spent = timed(lambda: len(split_sentences(whole, broken=True)))
    print(f"sentences: {count} in {len(whole) / 1e6:.1f} million characters, {len(whole) / spent / 1e6:.1f} million/s")
    spent = sum(timed(parse, text.encode(), ReadRequest(name="x.txt"))[1] for text in texts)
    print(f"plain text to passages: {len(whole) / spent / 1e6:.2f} million characters/s")


if __name__ == "__main__":
    main()
