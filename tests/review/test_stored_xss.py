"""Hostile text in every place that a page shows: it stays text."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import html as lxml_html

from extractors.html_source import parse_tree
from review import services
from review.lake_view import lake_view
from review.models import Comment, EvidenceRequest
from review.services.archived_pages import POLICY
from review.services.plain_html import KEPT_ATTRIBUTES, KEPT_ELEMENTS, plain_body
from store.lake import open_lake
from store.tables import (
    DOCUMENTS,
    DRAFTS,
    EVIDENCE,
    ISSUES,
    PASSAGES,
    SEARCH_LOG,
    DocumentRow,
    DraftRow,
    EvidenceRow,
    IssueRow,
    PassageRow,
    SearchLogRow,
)  # fmt: skip

CORPUS = [line for line in (Path(__file__).parent / "xss_corpus.txt").read_text("utf-8").split("\n") if line.strip()]
OUR_HANDLERS = {"hx-get", "hx-target", "hx-trigger", "hx-push-url", "hx-swap"}


def test_the_corpus_is_large_enough():
    assert len(CORPUS) >= 60


def test_the_check_itself_finds_harm():
    raw = [line for line in CORPUS[:62] if not harmful(f"<html><body>{line}</body></html>")]
    assert len(raw) < 12, raw


def harmful(text: str) -> list[str]:
    """Return what a browser would run, load or obey on one of our own pages; our own script files are known."""
    found = []
    for element in lxml_html.document_fromstring(text).iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag == "script" and not element.get("src", "").startswith("/static/"):
            found.append(f"script {element.get('src')}")
        if element.tag in {
            "object",
            "embed",
            "base",
            "style",
            "svg",
            "math",
            "img",
            "image",
            "video",
            "audio",
            "applet",
        }:
            found.append(element.tag)
        if element.tag == "iframe" and not element.get("src", "").startswith("/countries/"):
            found.append("iframe")
        if element.tag == "meta" and element.get("http-equiv"):
            found.append("meta")
        if element.tag == "link" and not element.get("href", "").startswith("/static/"):
            found.append("link")
        for name, value in element.attrib.items():
            if name.startswith("on") or name in {"style", "srcdoc", "formaction"}:
                found.append(f"{name}={value}")
            if (name.startswith("hx-") and name not in OUR_HANDLERS) or name.startswith("data-hx"):
                found.append(f"{name}={value}")
            if name in {"href", "src", "action", "xlink:href"} and not re.match(r"^(/|\?|#|https?://|$)", value):
                found.append(f"{name}={value}")
            if name.startswith("hx-get") and not value.startswith("/"):
                found.append(f"{name}={value}")
    return found


@pytest.fixture
def poisoned(desk, synthetic, person, accept, db):
    """A country in whose every text column a payload of the corpus stands."""
    synthetic.build_country(desk, synthetic.Plan(iso3="FJI", documents=100, passages=2, archived=False))
    lake = open_lake(desk)

    def poison(table, row_class, *columns):
        rows = lake.read(table, "FJI", row_class)
        fresh = []
        for number, row in enumerate(rows):
            changes = {}
            for place, column in enumerate(columns):
                payload = CORPUS[(number + place * 7) % len(CORPUS)]
                changes[column] = (payload,) if isinstance(getattr(row, column), tuple) else payload
            fresh.append(replace(row, **changes))
        lake.write(table, "FJI", fresh)

    poison(DOCUMENTS, DocumentRow, "name", "url", "title", "reason", "origin", "format", "language")
    poison(PASSAGES, PassageRow, "text", "language")
    poison(
        EVIDENCE, EvidenceRow, "quote", "prefix", "suffix", "url", "document_name", "document_title", "origin", "act",
        "article", "fact", "language", "source_strength", "document_kind", "act_status",
    )  # fmt: skip
    poison(DRAFTS, DraftRow, "rationale", "contradiction", "needs_look")
    poison(
        SEARCH_LOG, SearchLogRow, "sources_tried", "documents_unreadable", "languages", "terms", "nearest_misses",
        "not_yet_searched",
    )  # fmt: skip
    poison(ISSUES, IssueRow, "subject", "message", "stage")
    services.record_draft("FJI")
    ada, rita, ravi = person("ada", "administrator"), person("rita"), person("ravi")
    for number, payload in enumerate(CORPUS):
        Comment(country="FJI", question="L.1.1", person=rita, text=payload).save()
        EvidenceRequest.objects.create(
            country="FJI", question="L.1.1", person=rita, kind="file", file_name=payload[:200], outcome=payload,
            address=payload if number % 2 else "",
        )  # fmt: skip
    for who in (rita, ravi):
        accept(who, "L.1.1", why=" ".join(CORPUS))
    accept(rita, "L.1.3", why=CORPUS[0] * 2)
    accept(ravi, "L.1.3", "no", why=" ".join(CORPUS))
    from review.models import Person

    for number, payload in enumerate(CORPUS):
        Person.objects.create_person(f"{number} {payload}"[:150], "observer", name=payload[:150])
    return ada


def test_no_page_runs_what_it_shows(poisoned, browse, person):
    ada, cleo = browse(poisoned), browse(person("cleo", "coordinator"))
    from review.desk import desk_instrument

    addresses = [f"/countries/FJI/questions/{question.code}/" for question in desk_instrument().questions]
    addresses += [
        "/",
        "/countries/FJI/",
        "/countries/FJI/documents/",
        "/countries/FJI/changes/",
        "/countries/FJI/audit/",
    ]
    addresses += [f"/countries/FJI/search/?q={word}" for word in ("alert", "script", "onerror", "<", "javascript")]
    addresses += ["/people/", f"/people/{poisoned.id}/", "/agreement/", "/account/", "/personal-data/"]
    addresses += [f"/countries/FJI/sources/{digest}/" for digest in list(lake_view().documents("FJI"))[:80]]
    for address in addresses:
        answer = ada.get(address)
        assert answer.status_code == 200, address
        assert harmful(answer.content.decode()) == [], address
    page = cleo.get("/countries/FJI/questions/L.1.3/adjudicate/").content.decode()
    assert "&lt;script&gt;" in page
    assert harmful(page) == []


@pytest.mark.parametrize("payload", CORPUS[::3])
def test_what_is_entered_comes_back_as_text(fiji, person, browse, payload):
    client = browse(person("rita"))
    base = "/countries/FJI/questions/L.1.1/"
    for answer in (
        client.post(f"{base}decide/", {"answer": payload, "why": payload, "seen_mark": payload}),
        client.post(f"{base}comment/", {"text": payload, "asked": payload}),
        client.post(f"{base}evidence/", {"address": payload, "text": payload, "note": payload}),
        client.get("/", {"text": payload, "region": payload, "state": payload}),
        client.get("/countries/FJI/search/", {"q": payload}),
        client.get(base, {"pillar": payload, "stand": payload, "evidence": payload}),
    ):
        assert answer.status_code < 500
        assert harmful(answer.content.decode()) == []


@pytest.mark.parametrize("payload", CORPUS)
def test_an_archived_page_is_rebuilt_from_plain_elements_only(payload):
    tree = parse_tree(f"<html><body><p>before</p>{payload}<p>after</p></body></html>")
    body = plain_body(tree.root)
    for element in body.iter():
        assert element.tag in KEPT_ELEMENTS | {"div", "span"}
        assert set(element.attrib) <= KEPT_ATTRIBUTES
    assert "before" in "".join(body.itertext())


def test_archived_content_is_as_harmless_opened_alone(fiji, synthetic, person, browse):
    markup = "<p>The Act is in force since the first of May.</p>" + "".join(CORPUS[:50])
    page = synthetic.Page(
        title=CORPUS[0], url="https://www.gov.example/x.html", markup=markup,
        paragraphs=("The Act is in force since the first of May.", "Two."),
    )  # fmt: skip
    synthetic.build_country(fiji, synthetic.Plan(iso3="FJI", pages=(page,)))
    row = lake_view().evidence("FJI")["L.1.1"][0]
    client = browse(person("rita"))
    address = f"/countries/FJI/sources/{row.document_id}/page/?evidence={row.evidence_id}"
    answer = client.get(address)
    text = answer.content.decode()
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert POLICY.startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies
    assert '<mark id="quote">The Act is in force' in text
    tags = {element.tag for element in lxml_html.document_fromstring(text).iter()}
    assert tags <= KEPT_ELEMENTS | {"html", "head", "meta", "title", "style", "body"}
    original = client.get(f"/countries/FJI/sources/{row.document_id}/original/")
    assert original.headers["Content-Type"] == "application/octet-stream"
    assert original.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in original.headers["Content-Security-Policy"] and not original.cookies


def test_hostile_uploads_and_their_names_stay_text(fiji, person, browse, monkeypatch):
    """The whole corpus as a handed-in HTML file, and as its name."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    from assets.handed_in import read_uploads
    from assets.workplace import Workplace

    monkeypatch.setattr("review.services.evidence_requests.MOST_WAITING", 1000)
    rita = browse(person("rita"))
    base = "/countries/FJI/questions/L.1.4/"
    body = "<html><title>" + CORPUS[0] + "</title><body>" + "".join(f"<div>{line}</div>" for line in CORPUS)
    words = "The Act on identity theft entered into force on the first of May"
    for number, name in enumerate(CORPUS):
        page = f"{body}<p>{words} {number}</p></body></html>" if number == 0 else f"{words} {number}. {name}"
        form = {
            "file": SimpleUploadedFile(f"{name[:90]}.txt", page.encode()),
            "words": f"{words} {number}",
            "stance": "in_place",
        }
        assert rita.post(f"{base}evidence/", {**form, "note": name[:1000]}).status_code == 302
    assert read_uploads(Workplace(fiji), "FJI")[0] == len(CORPUS)
    page = rita.get(base).content.decode()
    assert page.count("words chosen by a person") > 60
    assert harmful(page) == []
    for request in EvidenceRequest.objects.all():
        quote = request.quotes.first()
        address = f"/countries/FJI/sources/{request.digest}/"
        query = f"?evidence={quote.evidence_id}" if quote else ""
        assert harmful(rita.get(address + query).content.decode()) == []
        shown = rita.get(f"{address}page/{query}")
        assert shown.headers["Content-Security-Policy"] == POLICY and not shown.cookies
        assert shown.headers["X-Content-Type-Options"] == "nosniff"
        for element in lxml_html.document_fromstring(shown.content.decode()).iter():
            assert element.tag in KEPT_ELEMENTS | {"html", "head", "meta", "title", "style", "body"}
            assert not [name for name in element.attrib if name.startswith("on") or name in {"href", "src"}]
        original = rita.get(f"{address}original/")
        assert original.headers["Content-Disposition"].startswith("attachment") and "sandbox" in str(original.headers)


def test_headers_of_the_archived_server_reach_no_browser(fiji, person, browse):
    from store.tables import CAPTURES, CaptureRow

    lake = open_lake(fiji)
    rows = lake.read(CAPTURES, "FJI", CaptureRow)
    poisoned = [
        replace(row, declared_type=f"text/html\r\nX-Evil: {CORPUS[n]}", declared_charset=CORPUS[n], etag=CORPUS[n])
        for n, row in enumerate(rows)
    ]
    lake.write(CAPTURES, "FJI", poisoned)
    client = browse(person("rita"))
    for row in rows:
        for end in ("page/", "original/"):
            answer = client.get(f"/countries/FJI/sources/{row.payload_digest}/{end}")
            assert answer.status_code == 200 and "X-Evil" not in answer.headers
            assert answer.headers["Content-Type"] in {"text/html; charset=utf-8", "application/octet-stream"}
