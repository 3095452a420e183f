"""Pages of a PDF beside the evidence: drawn by the reader's worker, boxes over the quote, text where that fails."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from lxml import html as lxml_html

from extractors.reader import ReaderPool, RenderError
from review.lake_view import lake_view
from store.archive import ArchiveWriter
from store.archive_records import Exchange
from store.digests import identify
from store.lake import open_lake
from store.readings import save_reading
from store.tables import CAPTURES, DOCUMENTS, EVIDENCE, CaptureRow, DocumentRow, EvidenceRow

pytestmark = pytest.mark.django_db
QUOTE = "The Cybercrime Act entered into force on the first of May"


def a_pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    sink = io.BytesIO()
    canvas = Canvas(sink, invariant=True)
    canvas.drawString(72, 700, "A first page that says nothing of the kind, but has some words on it.")
    canvas.showPage()
    canvas.drawString(72, 720, "Section 1 names the persons to whom these provisions apply in general.")
    canvas.drawString(72, 600, QUOTE + " in the whole country.")
    canvas.showPage()
    canvas.save()
    return sink.getvalue()


def a_scan() -> bytes:
    """The same two pages as pictures of paper: no text layer at all."""
    from PIL import Image, ImageDraw, ImageFont
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    font = ImageFont.truetype("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", 34)
    sink = io.BytesIO()
    canvas = Canvas(sink, pagesize=(595, 842), invariant=True)
    for lines in (
        [(300, "A first page that says nothing of the kind, but has words on it.")],
        [(300, "Section 1 names the persons to whom these provisions apply."), (700, QUOTE + ".")],
    ):
        paper = Image.new("RGB", (1240, 1754), "white")
        for y, text in lines:
            ImageDraw.Draw(paper).text((150, y), text, fill="black", font=font)
        canvas.drawImage(ImageReader(paper), 0, 0, width=595, height=842)
        canvas.showPage()
    canvas.save()
    return sink.getvalue()


@pytest.fixture
def pdf_row(fiji):
    """The first evidence of L.1.1 turned into a quote on page 2 of an archived PDF."""
    return archive_pdf(fiji, a_pdf())


def archive_pdf(fiji, payload, ocr_pages=0):
    with ReaderPool() as pool:
        reading = pool.read(payload, name="act.pdf", declared_type="application/pdf", ocr_pages=ocr_pages)
    assert reading.is_read, reading.reason
    save_reading(fiji, reading)
    lake = open_lake(fiji)
    old = lake_view().evidence("FJI")["L.1.1"][0]
    start = reading.text.index(QUOTE)
    capture = lake.read(CAPTURES, "FJI", CaptureRow)[0]
    folder = fiji.archive_dir / "FJI" / "pdf"
    folder.mkdir(parents=True)
    url = "https://www.gov.example/act.pdf"
    with ArchiveWriter(folder) as writer:
        stored = writer.write(
            Exchange(
                url=url, captured_at=capture.captured_at, http_status=200, headers=(), body=payload, payload=payload
            )
        )
    document = replace(
        lake.read(DOCUMENTS, "FJI", DocumentRow)[0], document_id=reading.payload_digest, url=url, format="pdf", pages=2,
        reader_version=reading.reader_version, text_layer_id=reading.text_layer_id, name="act.pdf", title="Act",
    )  # fmt: skip
    row = replace(
        old, document_id=reading.payload_digest, text_layer_id=reading.text_layer_id, start=start, page=2, quote=QUOTE,
        end=start + len(QUOTE), evidence_id=identify("pdf"), url=url, reader_version=reading.reader_version,
    )  # fmt: skip
    lake.write(CAPTURES, "FJI", [
        *lake.read(CAPTURES, "FJI", CaptureRow),
        replace(capture, capture_id=identify("pdf"), url=url, payload_digest=reading.payload_digest,
                warc_file=stored.file, warc_offset=stored.offset),
    ])  # fmt: skip
    lake.write(DOCUMENTS, "FJI", [*lake.read(DOCUMENTS, "FJI", DocumentRow), document])
    lake.write(EVIDENCE, "FJI", [*lake.read(EVIDENCE, "FJI", EvidenceRow), row])
    return row


def page_of(client, row, query=""):
    answer = client.get(f"/countries/FJI/sources/{row.document_id}/page/?evidence={row.evidence_id}{query}")
    assert answer.status_code == 200
    return lxml_html.document_fromstring(answer.content.decode()), answer


def test_the_page_is_drawn_with_boxes_over_the_quote(pdf_row, person, browse):
    tree, answer = page_of(browse(person("rita")), pdf_row)
    picture = tree.find(".//img").get("src")
    assert picture.startswith("data:image/png;base64,iVBOR")
    boxes = [[float(box.get(name)) for name in ("x", "y", "width", "height")] for box in tree.findall(".//rect")]
    assert len(boxes) == 1
    x, y, width, height = boxes[0]
    assert 60 < x < 80 and 220 < y < 245 and 250 < width < 460 and 8 < height < 24
    assert (
        "sandbox" in answer.headers["Content-Security-Policy"]
        and "img-src data:" in answer.headers["Content-Security-Policy"]
    )


def test_a_page_is_drawn_once(pdf_row, person, browse, monkeypatch):
    client = browse(person("rita"))
    page_of(client, pdf_row)
    monkeypatch.setattr(ReaderPool, "render", lambda *a, **k: pytest.fail("drawn again"))
    page_of(client, pdf_row)


def test_another_page_shows_no_box(pdf_row, person, browse):
    tree, _ = page_of(browse(person("rita")), pdf_row, "&page=1")
    assert tree.find(".//img") is not None and not tree.findall(".//rect")


def test_a_page_that_cannot_be_drawn_shows_its_text_and_why(pdf_row, person, browse):
    client = browse(person("rita"))
    tree, _ = page_of(client, pdf_row, "&page=9")
    assert tree.find(".//img") is None and "no page 9" in tree.text_content()
    assert tree.find(".//mark").text_content() == QUOTE
    for path in (lake_view().settings.archive_dir / "FJI" / "pdf").iterdir():
        path.unlink()
    shown, _ = page_of(client, pdf_row)
    assert "is missing" in shown.text_content() and shown.find(".//mark").text_content() == QUOTE


@pytest.mark.ocr
def test_boxes_lie_over_the_words_of_a_scan(fiji, person, browse):
    row = archive_pdf(fiji, a_scan(), ocr_pages=2)
    tree, _ = page_of(browse(person("rita")), row)
    assert tree.find(".//img").get("src").startswith("data:image/png")
    (box,) = ([float(box.get(name)) for name in ("x", "y", "width", "height")] for box in tree.findall(".//rect"))
    x, y, width, height = box
    scale = 595 / 1240
    assert abs(x - 150 * scale) < 6 and abs(y - 700 * scale) < 8
    assert 10 < height < 30 and width > 350
    assert tree.find(".//svg").get("viewbox", tree.find(".//svg").get("viewBox")) == "0 0 595 842"


def test_a_page_on_which_the_worker_dies_shows_its_text_and_why(pdf_row, person, browse, monkeypatch):
    from extractors.request import ReadLimits
    from review.services import archived_pages

    class Killed(ReaderPool):
        """A worker that is stopped while it draws."""

        def _ask(self, header, payload, seconds):
            return super()._ask(header, payload, 0.000_001 if header["task"] == "render" else seconds)

    with Killed(ReadLimits()) as pool:
        monkeypatch.setattr(archived_pages, "_pool", lambda: pool)
        tree, _ = page_of(browse(person("rita")), pdf_row)
    assert tree.find(".//img") is None
    assert "Page 2 cannot be shown" in tree.find_class("note")[0].text_content()
    assert tree.find(".//mark").text_content() == QUOTE


def test_a_page_that_is_no_page_of_the_file_says_so_plainly(pdf_row, person, browse, monkeypatch):
    monkeypatch.setattr(ReaderPool, "render", lambda *a, **k: (_ for _ in ()).throw(RenderError("Page 2 is damaged.")))
    tree, _ = page_of(browse(person("rita")), pdf_row)
    assert "Page 2 is damaged." in tree.find_class("note")[0].text_content()
    assert tree.find(".//mark").text_content() == QUOTE
