"""What a refresh costs against the first run: nothing changed, and 1 % of the pages changed.

Usage: python benchmarks/refresh.py [PAGES]        (default 1000)

Writes an archive of invented pages (exemplar sentences between filler), researches the demonstration country from it
three times, and prints CPU seconds of each run, child processes included, as ratios to the first. The cost of
starting the program (`gcidesk drafts`) is shown beside, because it does not depend on the number of pages.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

ROOT = Path(__file__).resolve().parents[1]
EXEMPLARS = ROOT / "evidence" / "exemplars"
HOST = "https://portal.gov.maravelle.example"


def sentences(seed: int) -> list[str]:
    """Return exemplar sentences in English and French in an order of their own."""
    found = [
        json.loads(line)["text"]
        for language in ("en", "fr")
        for line in (EXEMPLARS / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    random.Random(seed).shuffle(found)
    return found


def page(number: int, edition: int) -> bytes:
    """Return one page: a heading, forty paragraphs of filler and two exemplar sentences."""
    chance = random.Random(f"{number} {edition}")
    known = sentences(1)
    filler = [
        " ".join(chance.choice(_WORDS) for _ in range(chance.randint(12, 40))).capitalize() + "." for _ in range(40)
    ]
    filler.insert(10, known[number % len(known)])
    filler.insert(30, known[(number * 7 + edition) % len(known)])
    body = "".join(f"<p>{text}</p>" for text in filler)
    return f"<html lang=en><title>Page {number}</title><body><h1>Page {number}</h1>{body}</body></html>".encode()


_WORDS = (
    *("the", "ministry", "of", "public", "works", "publishes", "its", "notices", "on", "roads", "bridges", "markets"),
    *("schools", "harbours", "water", "forests", "and", "fisheries", "for", "citizens", "who", "visit", "offices"),
    *("in", "capital", "every", "week", "under", "rules", "service"),
)


def write_archive(path: Path, pages: int, changed: int) -> None:
    """Write an archive of `pages` pages; the first `changed` ones are a second edition."""
    with path.open("wb") as sink:
        writer = WARCWriter(sink, gzip=True)
        for number in range(pages):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"{HOST}/page/{number}",
                "response",
                payload=BytesIO(page(number, 2 if number < changed else 1)),
                http_headers=headers,
                warc_headers_dict={"WARC-Date": "2026-11-20T00:00:00Z"},
            )
            writer.write_record(record)


def cpu_seconds(*arguments: str, data_dir: Path) -> float:
    """Run gcidesk and return its CPU seconds with those of all its child processes."""
    program = [str(Path(sys.executable).parent / "gcidesk"), *arguments]
    environment = {**os.environ, "GCIDESK_DATA": str(data_dir)}
    with subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        errors = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(errors.decode(errors="replace")[-2000:])
    return usage.ru_utime + usage.ru_stime


def main(pages: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        data, first, second = Path(folder) / "data", Path(folder) / "first.warc.gz", Path(folder) / "second.warc.gz"
        write_archive(first, pages, 0)
        write_archive(second, pages, max(1, pages // 100))
        runs = {
            "first run": cpu_seconds("research", "XDM", "--replay", str(first), data_dir=data),
            "nothing changed": cpu_seconds("research", "XDM", "--replay", str(first), data_dir=data),
            "1 % changed": cpu_seconds("research", "XDM", "--replay", str(second), data_dir=data),
            "starting the program (drafts)": cpu_seconds("drafts", "XDM", data_dir=data),
        }
    print(f"{pages} pages")
    for name, seconds in runs.items():
        print(f"{name:32} {seconds:8.1f} CPU s   {seconds / runs['first run']:6.1%} of the first run")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
