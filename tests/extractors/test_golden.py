"""Golden outputs: what the reader makes of one small file of each format, word for word.

A difference means that offsets or passages changed. Then the reader version is raised, a decision is written, and
`python tests/extractors/test_golden.py` writes the outputs anew.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from extractors.formats import parse
from extractors.request import ReadRequest
from extractors.version import READER_VERSION
from store.readings import Reading

GOLDEN = Path(__file__).parent / "golden"
SOURCES = sorted(path for path in GOLDEN.iterdir() if path.suffix in {".html", ".txt", ".md"})


def read_file(path: Path) -> Reading:
    return parse(path.read_bytes(), ReadRequest(name=path.name))


def show(reading: Reading) -> str:
    """Return a reading as a person compares it: the document first, then a passage a paragraph."""
    lines = [
        f"version {READER_VERSION}  format {reading.format}  status {reading.status}  language {reading.language}",
        f"title {reading.title!r}  published {reading.published_on}  pages {len(reading.pages)}  length {len(reading.text)}",
        f"reason {reading.reason!r}",
    ]
    for found in reading.passages:
        lines += [
            "",
            f"[{found.start}:{found.end}] {found.kind} {found.role} {found.language}-{found.script}"
            f" page {found.page} article {found.article!r}",
            f"  section {' / '.join(found.section)!r}  head {found.head!r}",
            f"  sentences {' '.join(map(str, found.sentences))}",
            f"  {found.reading_text}",
        ]
    return "\n".join(lines) + "\n"


def expected(path: Path) -> Path:
    return path.with_name(f"{path.name}.expected")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_file_reads_as_before(path: Path) -> None:
    assert show(read_file(path)) == expected(path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_offsets_hold_through_every_layer(path: Path) -> None:
    reading = read_file(path)
    for found in reading.passages:
        assert reading.text[found.start : found.end] == found.text
        borders = found.sentences
        assert borders[0] >= found.start and borders[-1] <= found.end
        assert all(first < last for first, last in zip(borders[::2], borders[1::2], strict=True))
        if found.head_start is not None:
            assert found.head_end is not None and found.head_end <= found.start


if __name__ == "__main__":
    for source in SOURCES:
        expected(source).write_text(show(read_file(source)), encoding="utf-8")
        sys.stdout.write(f"wrote {expected(source)}\n")
