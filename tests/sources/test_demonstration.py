"""The demonstration: its archive is what its sources say, and its expected answers can be found on its pages."""

from __future__ import annotations

import gzip
import hashlib
import io
import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import pypdfium2
import pytest
import yaml
from lxml import html
from warcio.archiveiterator import ArchiveIterator

from questionnaire.instrument import load_instrument
from sources.country_files import load_countries, load_country
from sources.demonstration import ARCHIVE, EXPECTED
from sources.demonstration.build_archive import build
from sources.demonstration.expectation import compare
from sources.demonstration.page_sources import load_pages


def squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def expected() -> Any:
    return yaml.safe_load(EXPECTED.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def payloads() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with ARCHIVE.open("rb") as source:
        for record in ArchiveIterator(source):
            if record.rec_type == "response":
                found[record.rec_headers.get_header("WARC-Target-URI")] = record.content_stream().read()
    return found


@pytest.fixture(scope="module")
def texts(payloads: dict[str, bytes]) -> dict[str, str]:
    found: dict[str, str] = {}
    for address, payload in payloads.items():
        if payload.startswith(b"%PDF"):
            document = pypdfium2.PdfDocument(payload)
            found[address] = " ".join(page.get_textpage().get_text_range() for page in document)
            document.close()
        elif not address.endswith("robots.txt"):
            found[address] = html.fromstring(payload).text_content()
    return found


def test_the_archive_is_what_its_sources_say() -> None:
    plain = gzip.decompress(ARCHIVE.read_bytes())
    rebuilt = build(load_pages(), compress=False)
    assert hashlib.sha256(plain).hexdigest() == hashlib.sha256(rebuilt).hexdigest(), (
        "the archive is older than its sources: run 'python -m sources.demonstration.build_archive'"
    )


def test_two_builds_are_the_same_bytes() -> None:
    assert build(load_pages()) == build(load_pages())


def test_a_changed_page_changes_the_archive() -> None:
    pages = load_pages()
    changed = [*pages[:-1], type(pages[-1])(**{**vars(pages[-1]), "body": "<p>Something else.</p>"})]
    assert build(pages, compress=False) != build(changed, compress=False)


def test_some_25_pages_on_five_sites(payloads: dict[str, bytes]) -> None:
    pages = [address for address in payloads if not address.endswith("robots.txt")]
    hosts = {urlsplit(address).hostname or "" for address in payloads}
    assert 25 <= len(pages) <= 40
    assert len(hosts) == 5 and all(host.endswith(".example") for host in hosts)


def test_every_page_is_reached_by_links_from_a_seed(payloads: dict[str, bytes]) -> None:
    country = load_country("XDM")
    open_addresses = [seed.url for seed in country.seeds]
    assert all(address in payloads for address in open_addresses)
    seen = set(open_addresses)
    while open_addresses:
        address = open_addresses.pop()
        if payloads[address].startswith(b"%PDF"):
            continue
        for link in html.fromstring(payloads[address]).iterlinks():
            target = urljoin(address, link[2]).split("#")[0]
            if target in payloads and target not in seen:
                seen.add(target)
                open_addresses.append(target)
    assert seen == {address for address in payloads if not address.endswith("robots.txt")}


def test_the_demonstration_is_no_country_of_the_desk() -> None:
    assert "XDM" not in load_countries()
    country = load_country("xdm")
    assert country.iso3 == "XDM" and set(country.languages) == {"en", "fr"}
    assert all(seed.host.endswith(".example") for seed in country.seeds)


def test_all_questions_have_an_expectation(expected: Any) -> None:
    codes = {question.code for question in load_instrument().questions}
    assert set(expected["answers"]) | set(expected["not_found"]) == codes
    assert not set(expected["answers"]) & set(expected["not_found"])
    assert sum("trap" in (entry or {}) for entry in expected["not_found"].values()) >= 10


def test_every_expected_quote_stands_on_its_page(expected: Any, texts: dict[str, str]) -> None:
    for code, entry in expected["answers"].items():
        assert squeeze(entry["quote"]) in squeeze(texts[entry["address"]]), code
        assert 12 <= len(squeeze(entry["quote"])) <= 600, code
    everything = squeeze(" ".join(texts.values()))
    for code, entry in expected["not_found"].items():
        for kind in ("plan", "statement"):
            assert squeeze(entry.get(kind, "")) in everything, (code, kind)


def test_pages_of_expected_quotes(expected: Any, payloads: dict[str, bytes]) -> None:
    for code, entry in expected["answers"].items():
        if "page" in entry:
            document = pypdfium2.PdfDocument(payloads[entry["address"]])
            text = document[entry["page"] - 1].get_textpage().get_text_range()
            document.close()
            assert squeeze(entry["quote"]) in squeeze(text), code


def test_the_scanned_sheet_has_a_picture_and_no_text(expected: Any, payloads: dict[str, bytes]) -> None:
    document = pypdfium2.PdfDocument(io.BytesIO(payloads[expected["unread"][0]["address"]]))
    page = document[0]
    assert page.get_textpage().count_chars() == 0
    assert len(list(page.get_objects())) == 1
    document.close()


@pytest.mark.ocr
def test_the_scanned_sheet_can_be_read_by_ocr(tmp_path: Path, payloads: dict[str, bytes], expected: Any) -> None:
    import pytesseract

    document = pypdfium2.PdfDocument(payloads[expected["unread"][0]["address"]])
    picture = document[0].render(scale=150 / 72).to_pil()
    document.close()
    assert squeeze("The Agency is the national authority for cybersecurity.") in squeeze(
        pytesseract.image_to_string(picture)
    )


def as_drafted(code: str, answer: str, *quotes: str) -> dict[str, Any]:
    return {"question": code, "answer": answer, "evidence": [{"quote": quote} for quote in quotes]}


def test_differences_are_named_by_kind(expected: Any) -> None:
    quote = expected["answers"]["L.1.1"]["quote"]
    drafts = [
        as_drafted("L.1.1", "yes", quote[10:]),
        as_drafted("L.1.2", "yes", quote),
        as_drafted("L.1.3", "not_found"),
        as_drafted("L.1.4", "yes", expected["answers"]["L.1.4"]["quote"]),
        as_drafted("L.1.5", "partial", quote),
        as_drafted("L.1.6", "yes", quote),
        as_drafted("L.1.7", "partial", quote),
        as_drafted("O.1.2", "partial", expected["answers"]["O.1.2"]["quote"]),
        as_drafted("O.1.7", "no"),
        as_drafted("T.1.1", "no"),
        as_drafted("T.1.6", "not_found"),
    ]
    assert {difference.question: difference.kind for difference in compare(drafts)} == {
        "L.1.2": "other_quote", "L.1.3": "missed", "L.1.4": "stronger", "L.1.5": "weaker", "L.1.6": "wrong_yes",
        "L.1.7": "wrong_partial", "T.1.1": "wrong_no",
    }  # fmt: skip
