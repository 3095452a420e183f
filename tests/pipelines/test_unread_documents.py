"""Documents that cannot be read, the whole way: each is named with a plain sentence wherever a reviewer looks."""

from __future__ import annotations

import html
import json
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pypdfium2
import pytest
from django.test import Client
from django.utils.html import strip_tags
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from store.lake import Lake
from store.settings import Settings
from store.tables import DOCUMENTS, DocumentRow
from tests.pipelines.desk import Desk

COUNTRY = "BTN"
HOST = "https://www.gov.bt"
QUESTION = "L.1.1"

LOCKED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"4 0 obj<</Filter/Standard/V 1/R 2/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">/P -44>>endobj\n"
    b"trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]/Size 5>>\n%%EOF"
)
DZONGKHA = (
    "འགྲོ་བ་མི་རིགས་ག་ར་དབང་ཆ་འདྲ་མཏམ་འབད་སྒྱེཝ་ལས་ག་ར་གིས་གཅིག་གིས་གཅིག་ལུ་སྤུན་ཆའི་དམ་ཚིག་བསྟན་དགོས།",
    "འབྲུག་གཞུང་གིས་ གློག་རིག་ཉེན་སྲུང་གི་དོན་ལུ་ ཁྲིམས་འདི་ བཟོ་ནུག།",
    "ཁྲིམས་འདི་ འབྲུག་རྒྱལ་ཁབ་ནང་གི་ མི་ག་ར་ལུ་ ཆ་གནས་ཨིན།",
)
ENGLISH = (
    "The Royal Government publishes the minutes of the commission on this page every month for all citizens. "
    "The office is open on weekdays from nine to noon, and closed on public holidays and in the first week of August. "
)

SIGN_IN = (
    b"<!doctype html><html lang=en><title>Staff</title><h1>Staff of the ministry</h1><p>Please sign in with the name "
    b"and the password that the office gave you. Ask the help desk when you lost them.</p><form method=post>"
    b"<input name=name><input name=word type=password><button>Sign in</button></form></html>"
)


def nested_archive(depth: int) -> bytes:
    """Return a ZIP around a ZIP around a ZIP …, with a text innermost."""
    payload, name = ENGLISH.encode(), "law.txt"
    for level in range(depth):
        sink = BytesIO()
        with zipfile.ZipFile(sink, "w") as archive:
            archive.writestr(name, payload)
        payload, name = sink.getvalue(), f"laws{level}.zip"
    return payload


def pages_without_text(count: int = 2) -> bytes:
    """Return a PDF whose pages hold neither text nor picture."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(count):
        document.new_page(595, 842)
    sink = BytesIO()
    document.save(sink)
    document.close()
    return sink.getvalue()


@dataclass(frozen=True)
class Odd:
    """An odd payload, how it is declared, and what a reviewer is told."""

    name: str
    declared: str
    body: bytes
    status: str
    sentence: str


ODD = (
    Odd("locked.pdf", "application/pdf", LOCKED, "encrypted",
        "The PDF is locked with a password; ask the publisher for an open copy."),
    Odd("broken.pdf", "application/pdf", b"%PDF-1.7\n" + b"\x00garbage" * 200, "damaged",
        "The PDF breaks off before its end; it was not transferred as a whole."),
    Odd("minutes.txt", "text/plain", b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20, "wrong_type",
        "The file is a program, which is not read."),
    Odd("blank.pdf", "application/pdf", pages_without_text(), "no_text", "The PDF has 2 pages and no text on them."),
    Odd("pictures.html", "text/html",
        b"<!doctype html><html><head></head><body><img src=a.png><img src=b.png></body></html>", "no_text",
        "The page holds no text; its content may be made by a script or be pictures."),
    Odd("empty.txt", "text/plain", b" \n\t\r\n" * 40, "no_text", "The file is empty."),
    Odd("dzongkha.html", "text/html; charset=utf-8",
        f"<!doctype html><html><title>ཁྲིམས</title><p>{'</p><p>'.join(DZONGKHA)}</p></html>".encode(), "not_covered",
        "Dzongkha: not covered"),
    Odd("staff.html", "text/html", SIGN_IN, "low_quality", "Not the page that was asked for: login form."),
    Odd("laws.zip", "application/zip", nested_archive(4), "too_large", "Archives nested deeper than 2 are not read"),
)  # fmt: skip
"""One of each kind of bad input."""

PARTLY = Odd("circular.pdf", "application/pdf", (ENGLISH * 5).encode(), "read",
             "Declared as PDF, but by its bytes it is a plain text.")  # fmt: skip
"""Read all the same, with a note."""


def archive_of(path: Path, odd: tuple[Odd, ...]) -> Path:
    """Write a replay archive of these payloads, each at an address of its own."""
    with path.open("wb") as sink:
        writer = WARCWriter(sink, gzip=True)
        for entry in odd:
            headers = StatusAndHeaders("200 OK", [("Content-Type", entry.declared)], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"{HOST}/{entry.name}", "response", BytesIO(entry.body), length=len(entry.body), http_headers=headers
            )
            writer.write_record(record)
            record.raw_stream.close()
    return path


@pytest.fixture(scope="module")
def bhutan(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk on which a country was researched whose every document is odd."""
    folder = tmp_path_factory.mktemp("bhutan")
    desk = Desk(folder / "data")
    desk.run("research", COUNTRY, "--replay", str(archive_of(folder / "odd.warc.gz", (*ODD, PARTLY))))
    return desk


@pytest.fixture(scope="module")
def log(bhutan: Desk) -> list[str]:
    """What the search log of one question says of documents that were not read."""
    lines: list[str] = bhutan.drafts(COUNTRY)[QUESTION]["search_log"]["documents_unreadable"]
    return lines


@pytest.fixture(scope="module")
def annex(bhutan: Desk, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, ...]]:
    """The rows of the workbook's sheet of unread documents, by file name of the address."""
    out = tmp_path_factory.mktemp("annex") / "btn.xlsx"
    bhutan.run("export", COUNTRY, "--out", str(out))
    rows = openpyxl.load_workbook(out)["Unread documents"].iter_rows(values_only=True)
    return {str(row[1]).rsplit("/", 1)[-1]: row for row in rows}


@pytest.fixture
def browser(bhutan: Desk, settings: Any, db: None) -> Client:
    """A reviewer of that country, signed in to the review site."""
    from review.models import Person
    from review.services import record_draft
    from review.services.people import assign

    settings.DESK = Settings(data_dir=bhutan.data_dir, require_totp=False)
    record_draft(COUNTRY)
    person = Person.objects.create_person("karma", "reviewer", name="Karma", password="a long pass phrase")
    assign(person, COUNTRY, "test")
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page_text(client: Client, address: str) -> str:
    """Return what a page says, without its tags and with single spaces."""
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(html.unescape(strip_tags(answer.content.decode())).split())


every_odd = pytest.mark.parametrize("odd", ODD, ids=lambda odd: odd.name)


@every_odd
def test_the_document_has_a_status_and_a_sentence(bhutan: Desk, odd: Odd) -> None:
    rows = {row.name: row for row in Lake(str(bhutan.data_dir / "lake")).read(DOCUMENTS, COUNTRY, DocumentRow)}
    assert rows[odd.name].status == odd.status
    assert odd.sentence in rows[odd.name].reason
    assert rows[odd.name].reason.endswith(".")


@every_odd
def test_drafts_name_it_in_the_search_log(log: list[str], odd: Odd) -> None:
    assert [line for line in log if line.startswith(f"{odd.name}: ") and odd.sentence in line]


@every_odd
def test_the_annex_names_it(annex: dict[str, tuple[Any, ...]], odd: Odd) -> None:
    assert odd.sentence in str(annex[odd.name][3])
    assert annex[odd.name][2]


def test_every_question_that_is_not_found_rests_on_that_log(bhutan: Desk, log: list[str]) -> None:
    for draft in bhutan.drafts(COUNTRY).values():
        assert draft["answer"] == "not_found"
        assert draft["search_log"]["documents_unreadable"] == log


def test_a_document_read_in_spite_of_its_name_carries_a_note(log: list[str]) -> None:
    assert f"{PARTLY.name}: only in part: {PARTLY.sentence}" in log


def test_the_json_export_says_the_same(bhutan: Desk, log: list[str], tmp_path: Path) -> None:
    out = tmp_path / "btn.json"
    bhutan.run("export", COUNTRY, "--format", "json", "--out", str(out))
    rows = {row["question"]: row for row in json.loads(out.read_text(encoding="utf-8"))}
    assert rows[QUESTION]["search_log"]["documents_unreadable"] == log


def test_review_pages_name_each(browser: Client) -> None:
    said = page_text(browser, f"/countries/{COUNTRY}/documents/")
    asked = page_text(browser, f"/countries/{COUNTRY}/questions/{QUESTION}/")
    assert f"Not readable: {len(ODD)}" in said
    for odd in ODD:
        assert odd.sentence in said
        assert odd.sentence in asked
    assert f"{len(ODD)} unread" in page_text(browser, f"/countries/{COUNTRY}/")
