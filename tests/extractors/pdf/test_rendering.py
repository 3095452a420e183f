"""Pages as pictures, drawn in a worker within limits."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from extractors.reader import ReaderPool, RenderError
from extractors.rendering import MAX_PIXELS, PageMissingError, render
from tests.extractors.pdf.conftest import column_of_lines, write_pdf

PAPER = write_pdf([column_of_lines(60, 90, ["The Authority is established."]), [(72, 100, "Second page")]])


def test_a_page_is_drawn_at_its_scale_by_a_worker() -> None:
    with ReaderPool() as pool:
        picture = Image.open(io.BytesIO(pool.render(PAPER, 2, 1.5)))
        with pytest.raises(RenderError, match="Page 9 cannot be shown"):
            pool.render(PAPER, 9)
    assert picture.format == "PNG"
    assert picture.size == (893, 1263)
    assert picture.convert("L").getextrema()[0] < 60


@pytest.mark.parametrize(("payload", "page", "scale"), [(PAPER, 0, 1.0), (PAPER, 1, 99.0), (b"no pdf at all", 1, 1.0)])
def test_what_cannot_be_drawn_is_an_error_with_a_reason(payload: bytes, page: int, scale: float) -> None:
    with pytest.raises(PageMissingError):
        render(payload, page=page, scale=scale)


def test_huge_pages_are_drawn_smaller() -> None:
    picture = Image.open(io.BytesIO(render(write_pdf([[(72, 100, "poster")]], size=(14000, 14000)), page=1, scale=4.0)))
    assert picture.size[0] * picture.size[1] <= MAX_PIXELS * 1.01
