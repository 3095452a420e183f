"""Bad moments: two people at once, a lost session, hostile letters, formulas on the way out."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client

from review.models import Comment, EvidenceRequest
from review.services.decisions import standing_of
from store.lake import open_lake
from store.tables import DOCUMENTS, DRAFTS, EVIDENCE, ISSUES, DocumentRow, DraftRow, EvidenceRow, IssueRow

FORMULAS = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    '=HYPERLINK("http://evil.example")',
)
ROOT = Path(__file__).resolve().parents[2]
PAGE = "/countries/FJI/questions/L.1.1/"


def test_three_press_the_button_in_the_same_moment(tmp_path):
    """Two decisions are wanted: no more are taken, and whoever is refused is told to look again."""
    environment = {
        **os.environ, "GCIDESK_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "review.site.settings",
    }  # fmt: skip
    program = [sys.executable, str(Path(__file__).parent / "decide_at_once.py")]
    done = subprocess.run(program, env=environment, cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    taken = found["outcomes"].count("taken")
    refused = [outcome for outcome in found["outcomes"] if outcome != "taken"]
    assert len(found["outcomes"]) == 3 and 1 <= taken <= 2
    assert all("ook a" in outcome for outcome in refused)
    assert found["sequences"] == list(range(1, taken + 1))


@pytest.mark.django_db
def test_the_second_of_two_sees_on_the_page_what_changed_and_decides_again(fiji, person, browse, settings):
    from dataclasses import replace

    settings.DESK = replace(settings.DESK, double_review_percent=0)
    rita, ravi = browse(person("rita")), browse(person("ravi"))
    mark = ravi.get(PAGE).content.decode().split('name="seen_mark" value="')[1][:64]
    form = {"answer": "yes", "why": "as drafted", "seen_mark": mark}
    assert rita.post(f"{PAGE}decide/", form).status_code == 302
    answer = ravi.post(f"{PAGE}decide/", {**form, "answer": "no", "why": "MY OWN long reason stays on the page"})
    page = answer.content.decode()
    assert answer.status_code == 409 and "Look at what stands there now" in page and "st-settled" in page
    assert standing_of("FJI", "L.1.1").accepted == "yes"


@pytest.mark.django_db
class TestLetters:
    def test_a_zero_letter_in_any_field_is_refused_and_never_fails(self, fiji, person, browse):
        client = browse(person("rita"))
        cleo = browse(person("cleo", "coordinator"))
        ada = browse(person("ada", "administrator"))
        bad = "a long enough text\x00 with a zero letter"
        posts = [
            (client, f"{PAGE}comment/", {"text": bad}),
            (client, f"{PAGE}decide/", {"answer": "yes", "why": bad}),
            (client, f"{PAGE}evidence/", {"text": bad, "note": bad}),
            (client, "/countries/FJI/bulk/", {"accept": bad, "why": bad}),
            (cleo, f"{PAGE}adjudicate/", {"answer": "yes", "why": bad, "evidence": bad}),
            (cleo, f"{PAGE}reopen/", {"why": bad, "seen": "1"}),
            (cleo, "/countries/FJI/file/", {"state": bad, "why": bad}),
            (ada, "/people/", {"username": bad, "name": bad, "password": bad, "role": bad}),
            (Client(), "/sign-in/", {"username": bad, "password": bad, "next": bad}),
        ]
        for who, address, fields in posts:
            assert who.post(address, fields).status_code == 400, address
        for address in (
            "/?text=%00",
            "/countries/FJI/search/?q=%00",
            f"{PAGE}?pillar=%00",
            "/countries/F%00I/",
            "/%00",
        ):
            assert client.get(address).status_code in {400, 404}, address
        assert not Comment.objects.exists() and not EvidenceRequest.objects.exists()

    def test_halves_of_letters_do_no_harm(self, fiji, person, browse):
        client = browse(person("rita"))
        raw = b"text=" + b"%ED%A0%80" * 3 + b"%FF%FE"
        answer = client.post(f"{PAGE}comment/", raw, content_type="application/x-www-form-urlencoded")
        assert answer.status_code < 500
        assert client.get(PAGE).status_code == 200


@pytest.mark.django_db
def test_no_export_of_the_site_holds_a_formula(fiji, person, browse, accept):
    import openpyxl

    lake = open_lake(fiji)

    def poison(table, row_class, *columns):
        from dataclasses import replace

        rows = [
            replace(
                row, **{c: FORMULAS[(number + place) % len(FORMULAS)] + " and more" for place, c in enumerate(columns)}
            )
            for number, row in enumerate(lake.read(table, "FJI", row_class))
        ]
        lake.write(table, "FJI", rows)

    poison(DOCUMENTS, DocumentRow, "name", "url", "title", "reason", "origin")
    poison(EVIDENCE, EvidenceRow, "quote", "url", "document_name", "document_title", "origin", "act", "article")
    poison(DRAFTS, DraftRow, "rationale", "contradiction", "needs_look")
    poison(ISSUES, IssueRow, "subject", "message")
    client = browse(person("cleo", "coordinator"))
    for language in ("en", "ar"):
        book = openpyxl.load_workbook(io.BytesIO(client.get(f"/countries/FJI/export.xlsx?language={language}").content))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert len(cells) > 500
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
        texts = [cell.value for cell in cells if isinstance(cell.value, str)]
        assert [
            text
            for text in texts
            if text.lstrip()[:1] in {"=", "+", "-", "@", "＝", "＋", "－", "＠"} and len(text) > 1
        ] == []
    accept(person("rita"), "L.1.1", why='=HYPERLINK("http://evil.example") is my reason')
    accept(person("ravi"), "L.1.1")
    lines = client.get("/countries/FJI/audit.jsonl")
    assert lines.headers["Content-Disposition"].endswith('.jsonl"')
    assert all(line.startswith("{") for line in lines.content.decode().splitlines())
