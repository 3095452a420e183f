"""Page numbers from a rendition: a derived layer, the text layer does not depend on it."""

from __future__ import annotations

import io
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from extractors import office_rendition
from extractors.layout import Block, Layout, LayoutBuilder
from extractors.office_rendition import Conversion, _spans, convert, locate, render_flow
from extractors.reader import ReaderPool
from extractors.rendering import render
from extractors.request import ReadLimits
from tests.extractors.conftest import is_running

Read = Callable[..., Layout]


def two_pages() -> bytes:
    document = docx.Document()
    document.add_paragraph("The Authority is established by this law and begins its work in May.")
    document.add_page_break()
    document.add_paragraph("Whoever enters a system without right is punished with a fine.")
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


@pytest.mark.office
def test_blocks_get_the_pages_of_the_rendition(read_file: Read) -> None:
    plain = read_file(two_pages(), "law.docx")
    with_pages = read_file(two_pages(), "law.docx", renditions=True)

    assert plain.pages == ()
    assert {block.page for block in plain.blocks} == {None}
    assert with_pages.text == plain.text
    assert [block.page for block in with_pages.blocks] == [1, 2]
    border = with_pages.blocks[1].start
    assert [(page.start, page.end) for page in with_pages.pages] == [(0, border), (border, len(plain.text))]
    assert "LibreOffice" in with_pages.metadata["pages"]


@pytest.mark.office
def test_a_page_of_the_rendition_can_be_shown() -> None:
    assert render(two_pages(), page=2, scale=1.0).startswith(b"\x89PNG")


def test_without_libreoffice_the_text_is_the_same(read_file: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_rendition.shutil, "which", lambda _: None)
    layout = read_file(two_pages(), "law.docx", renditions=True)
    assert layout.status == "read"
    assert layout.pages == ()


def office_program(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program into the place of LibreOffice."""
    program = folder / "bin" / "soffice"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}{os.environ['PATH']}")


def test_nothing_of_libreoffice_outlives_a_worker_that_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started, scratch = tmp_path / "started", tmp_path / "scratch"
    scratch.mkdir()
    office_program(tmp_path, f"sleep 600 & echo $! > {started}\necho $$ >> {started}\nwait", monkeypatch)
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    with ReaderPool(ReadLimits(wall_seconds=8)) as pool:
        reading = pool.read(two_pages(), name="law.docx")
        left = [pid for pid in started.read_text().split() if is_running(pid)]
    assert reading.status == "timeout"
    assert left == []
    assert list(scratch.iterdir()) == []


@pytest.mark.parametrize(("code", "outcome"), [(0, Conversion.DONE), (1, Conversion.REFUSED)])
def test_what_libreoffice_wrote_counts_only_where_it_ended_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, outcome: Conversion
) -> None:
    office_program(tmp_path, f'for last; do :; done; echo half > "${{last%.docx}}.pdf"; exit {code}', monkeypatch)
    assert convert(b"", "docx", "pdf") == (outcome, b"" if code else b"half\n")


def test_pages_end_where_the_first_block_of_a_later_page_begins() -> None:
    blocks = [Block(start, start + 5, page=page) for start, page in ((0, 1), (6, 1), (12, 4), (18, None), (24, 3))]
    assert [(page.start, page.end) for page in _spans(blocks, 5, 30)] == [
        (0, 12), (12, 12), (12, 12), (12, 30), (30, 30),
    ]  # fmt: skip


def test_pages_of_a_very_long_document_are_told_apart_at_once() -> None:
    count = 30_000
    blocks = [Block(10 * number, 10 * number + 9, page=number + 1) for number in range(count)]
    began = time.process_time()
    assert len(_spans(blocks, count, 10 * count)) == count
    assert time.process_time() - began < 1.0  # in a square of the pages it takes twenty times that


def test_a_text_that_is_too_large_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_rendition, "MAX_BYTES", 20)
    monkeypatch.setattr(office_rendition, "as_flow", lambda *_: pytest.fail("a flow was made"))
    builder = LayoutBuilder()
    builder.add("The Authority is established.")
    assert render_flow(Layout(format="epub", text=builder.text, blocks=builder.blocks), ()) == b""


def test_blocks_are_found_page_after_page_and_never_backwards() -> None:
    builder = LayoutBuilder()
    for text in (
        "Alpha beta gamma delta",
        "Repeated words here",
        "Epsilon zeta eta theta",
        "Repeated words here",
        "xy",
    ):
        builder.add(text)
    layout = Layout(format="docx", text=builder.text, blocks=builder.blocks)
    pages = ["Alpha beta gamma\ndelta Repeated words here", "1\nEpsilon zeta eta theta", "Repeated words\nhere xy"]
    assert locate(layout, pages) == [1, 1, 2, 3, 3]
