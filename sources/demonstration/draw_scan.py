"""Draws the picture of the scanned decree from its source file, once; the picture itself is kept in `pictures/`.

Belongs here: making a sheet of paper look scanned. Does not belong here: putting it into a PDF (`page_bytes`).

Run `python -m sources.demonstration.draw_scan` after a change of the decree's text. Letters are drawn by FreeType,
whose versions differ by some pixels; so the picture is a source, and not drawn again when the archive is built.
"""

from __future__ import annotations

import random
from pathlib import Path

import reportlab
from PIL import Image, ImageDraw, ImageFont

from sources.demonstration.page_bytes import PICTURES
from sources.demonstration.page_sources import PageSource, load_pages

DOTS_PER_INCH = 150
_SIZE = (1240, 1752)


def draw_sheet(page: PageSource) -> Image.Image:
    """Return a black and white picture of an A4 sheet: typed text, a little askew, with specks and a stamp."""
    font = ImageFont.truetype(str(Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"), 25)
    sheet = Image.new("L", _SIZE, 255)
    pen = ImageDraw.Draw(sheet)
    for number, line in enumerate(page.body.strip().split("\n")):
        pen.text((130, 150 + number * 42), line, font=font, fill=20)
    pen.ellipse((860, 1380, 1080, 1600), outline=90, width=4)
    pen.text((900, 1475), "P O R T - A U B I N", font=font.font_variant(size=17), fill=90)
    sheet = sheet.rotate(0.6, resample=Image.Resampling.BICUBIC, fillcolor=255)
    specks = random.Random(44)  # noqa: S311 - dust on the glass, no secret
    for _ in range(260):
        sheet.putpixel((specks.randrange(_SIZE[0]), specks.randrange(_SIZE[1])), 0)
    return sheet.point(lambda grey: 255 if grey > 140 else 0).convert("1")


def main() -> None:
    """Draw every scanned page again."""
    PICTURES.mkdir(exist_ok=True)
    for page in load_pages():
        if page.format == "scan":
            draw_sheet(page).save(PICTURES / page.picture, dpi=(DOTS_PER_INCH, DOTS_PER_INCH), optimize=True)


if __name__ == "__main__":
    main()
