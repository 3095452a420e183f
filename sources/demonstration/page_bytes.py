"""The bytes of the demonstration's pages: HTML in its site's layout, PDF with a text layer, PDF of a scanned sheet.

Belongs here: turning a page's source into the payload that its server would have sent, the same on every machine. Does
not belong here: archiving it (`build_archive`).

Nothing in a PDF is compressed, so that no version of zlib can change a byte; the archive compresses it anyway.
"""

from __future__ import annotations

import io
from html import escape
from string import Template

from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from sources.demonstration import FOLDER
from sources.demonstration.page_sources import PageSource

PICTURES = FOLDER / "pictures"
MEDIA_TYPES = {"html": "text/html", "pdf": "application/pdf", "scan": "application/pdf", "robots": "text/plain"}

_STYLES = {
    "# ": ("Times-Bold", 16.0, 22.0),
    "## ": ("Times-Bold", 12.5, 20.0),
    "### ": ("Times-BoldItalic", 11.0, 17.0),
    "": ("Times-Roman", 11.0, 14.5),
}
"""Mark at the start of a block -> font, size, leading in points."""

_MARGIN = 70.0


def payload_of(page: PageSource) -> bytes:
    """Return a page's body as its server sends it."""
    if page.format == "html":
        return _html(page)
    if page.format == "pdf":
        return _pdf(page)
    if page.format == "scan":
        return _scanned_pdf(page)
    return page.body.encode("ascii")


def content_type_of(page: PageSource) -> str:
    """Return the Content-Type that the server declares."""
    media_type = MEDIA_TYPES[page.format]
    return f"{media_type}; charset={page.charset}" if page.format == "html" else media_type


def _html(page: PageSource) -> bytes:
    filled = Template(page.layout).substitute(
        title=escape(page.title, quote=False),
        language=page.language,
        charset=page.charset,
        date=page.dated.isoformat(),
        content=page.body.strip(),
    )
    return filled.encode(page.charset, "xmlcharrefreplace")


def _pdf(page: PageSource) -> bytes:
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=A4, invariant=1, pageCompression=0)
    canvas.setTitle(page.title)
    for number, sheet in enumerate(_sheets(page), start=1):
        canvas.setFont("Times-Italic", 9)
        canvas.drawCentredString(A4[0] / 2, A4[1] - 40, page.running_head)
        canvas.drawCentredString(A4[0] / 2, 36, str(number))
        for font, size, x, y, line in sheet:
            canvas.setFont(font, size)
            canvas.drawString(x, y, line)
        canvas.showPage()
    canvas.save()
    return sink.getvalue()


_Line = tuple[str, float, float, float, str]
"""Font, size, x, y, text."""


def _sheets(page: PageSource) -> list[list[_Line]]:
    """Break the source into pages at `[page]` and where a page is full."""
    sheets: list[list[_Line]] = [[]]
    y = A4[1] - _MARGIN
    for block in page.body.strip().split("\n\n"):
        if block.strip() == "[page]":
            sheets.append([])
            y = A4[1] - _MARGIN
            continue
        mark = next(mark for mark in ("### ", "## ", "# ", "") if block.startswith(mark))
        font, size, leading = _STYLES[mark]
        for source_line in block.removeprefix(mark).split("\n"):
            for line in simpleSplit(source_line, font, size, A4[0] - 2 * _MARGIN):
                if y < _MARGIN:
                    sheets.append([])
                    y = A4[1] - _MARGIN
                sheets[-1].append((font, size, _MARGIN, y, line))
                y -= leading
        y -= 7.0
    return sheets


def _scanned_pdf(page: PageSource) -> bytes:
    """Return a PDF of one page that shows a picture and holds no text."""
    with Image.open(PICTURES / page.picture) as picture:
        width, height = picture.size
        pixels = picture.convert("1").tobytes()
    content = b"q %.2f 0 0 %.2f 0 0 cm /Scan Do Q" % A4
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %.2f %.2f] /Contents 4 0 R "
        b"/Resources << /XObject << /Scan 5 0 R >> >> >>" % A4,
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1 "
        b"/Length %d >>\nstream\n%s\nendstream" % (width, height, len(pixels), pixels),
    )
    sink = io.BytesIO()
    sink.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(sink.tell())
        sink.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = sink.tell()
    sink.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    sink.writelines(b"%010d 00000 n \n" % offset for offset in offsets)
    sink.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start))
    return sink.getvalue()
