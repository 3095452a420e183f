"""A scanned law, the whole way: its numbers are marked as unreliable wherever its quotes are shown."""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils.html import strip_tags
from PIL import Image, ImageDraw, ImageFont

from store.lake import Lake
from store.settings import Settings
from store.tables import EVIDENCE, EvidenceRow
from tests.extractors.pdf.conftest import find_font
from tests.pipelines.desk import Desk
from tests.pipelines.test_bad_input import write_archive

pytestmark = pytest.mark.ocr

COUNTRY = "BTN"
LAW = """COMPUTER MISUSE AND CYBERCRIMES ACT No. 12 of 2019

Article 1. Short title
This Act may be cited as the Computer Misuse and Cybercrimes Act and comes into force on 1 March 2019.

Article 2. Unauthorised access
Any person who intentionally and without authority gains access to the whole or any part of a computer system commits an offence and is liable on conviction to imprisonment not exceeding 5 years or to a fine of 2000 ngultrum.

Article 3. Interference with data and systems
Any person who without authority damages, deletes, alters or suppresses computer data, or hinders the functioning of a computer system, commits an offence and is liable on conviction to imprisonment not exceeding 10 years.
"""


@dataclass(frozen=True)
class Scanned:
    """A desk on which the scan was researched, and a row of evidence whose quote holds numbers."""

    desk: Desk
    row: EvidenceRow


def scan_of(text: str) -> bytes:
    """Return a PDF of one page at 300 dots an inch that holds a picture and no text."""
    page = Image.new("L", (2480, 3508), 255)
    face = ImageFont.truetype(find_font("NotoSerif-Regular.ttf"), 50)
    top = 250
    for paragraph in text.split("\n"):
        for line in textwrap.wrap(paragraph, 76) or [""]:
            ImageDraw.Draw(page).text((200, top), line, font=face, fill=0)
            top += 80
    stream = BytesIO()
    page.save(stream, "PDF", resolution=300)
    return stream.getvalue()


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Scanned:
    folder = tmp_path_factory.mktemp("scanned")
    desk = Desk(folder / "data")
    pages = {"https://www.gov.bt/act-12-2019.pdf": ("application/pdf", scan_of(LAW))}
    desk.run("research", COUNTRY, "--replay", str(write_archive(folder / "scan.warc.gz", pages)))
    rows = Lake(str(desk.data_dir / "lake")).read(EVIDENCE, COUNTRY, EvidenceRow)
    return Scanned(desk, max((row for row in rows if row.unreliable_digits), key=lambda row: row.score))


def test_evidence_carries_confidence_and_the_numbers_of_its_quote(scanned: Scanned) -> None:
    rows = Lake(str(scanned.desk.data_dir / "lake")).read(EVIDENCE, COUNTRY, EvidenceRow)
    assert rows
    for row in rows:
        assert row.ocr_confidence is not None and 0 < row.ocr_confidence <= 1
        assert all(number in row.quote for number in row.unreliable_digits)
        assert bool(row.unreliable_digits) == any(char.isdigit() for char in row.quote)


def shown_in_json(scanned: Scanned) -> tuple[str, dict[str, Any]]:
    """Return a question and its piece of evidence in the JSON whose quote holds numbers."""
    for code, draft in scanned.desk.drafts(COUNTRY).items():
        for piece in draft["evidence"]:
            if piece["unreliable_digits"]:
                return code, piece
    raise AssertionError("no draft shows a quote with numbers")


def test_json_shows_them(scanned: Scanned) -> None:
    _, piece = shown_in_json(scanned)
    assert 0 < piece["ocr_confidence"] <= 1
    assert set(piece["unreliable_digits"]) <= {"12", "1", "2", "3", "2019", "5", "10", "2000"}


def test_the_annex_shows_them(scanned: Scanned, tmp_path: Path) -> None:
    code, piece = shown_in_json(scanned)
    out = tmp_path / "btn.xlsx"
    scanned.desk.run("export", COUNTRY, "--out", str(out))
    cells = [[str(cell) for cell in row] for row in openpyxl.load_workbook(out)["Evidence"].iter_rows(values_only=True)]
    (row,) = [row for row in cells if code in row and piece["quote"] in row]
    told = "\n".join(row)
    assert f"read from a picture (confidence {piece['ocr_confidence']:.2f})" in told
    assert ", ".join(piece["unreliable_digits"]) in told.split("read from a picture", 1)[1]


def test_the_review_card_shows_them(scanned: Scanned, settings: Any, db: None) -> None:
    from review.models import Person
    from review.services import record_draft
    from review.services.people import assign

    code, piece = shown_in_json(scanned)
    settings.DESK = Settings(data_dir=scanned.desk.data_dir, require_totp=False)
    record_draft(COUNTRY)
    person = Person.objects.create_person("dorji", "reviewer", name="Dorji", password="a long pass phrase")
    assign(person, COUNTRY, "test")
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/countries/{COUNTRY}/questions/{code}/")
    said = " ".join(html.unescape(strip_tags(answer.content.decode())).split())
    assert f"read from a picture, {piece['ocr_confidence'] * 100:.0f} %" in said
    assert f"check these digits on the page: {', '.join(piece['unreliable_digits'])}" in said
