"""Page numbers from a rendition: a derived layer, the text layer does not depend on it."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest

from extractors import office_rendition
from extractors.layout import Layout, LayoutBuilder
from extractors.office_rendition import locate
from extractors.rendering import render

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
