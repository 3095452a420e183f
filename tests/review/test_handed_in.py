"""Files and texts that people hand in: a job reads them, quotes lie beside the decisions, answers may rest on them."""

from __future__ import annotations

import io
import zipfile
from functools import cache

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from lxml import html as lxml_html

from review import services
from review.desk import desk_instrument
from review.lake_view import lake_view
from review.models import Decision, DecisionHealth, EvidenceRequest, HandedInQuote, HandedInReading
from review.services.decisions import standing_of
from review.services.handed_in import row_as_json, row_from_json

pytestmark = pytest.mark.django_db
CODE = "L.1.4"
"""Drafted not found on the invented desk."""
PAGE = f"/countries/FJI/questions/{CODE}/"
LAW = (
    "A person who uses the identity of another person by means of a computer system without consent commits an offence "
    "and is liable on conviction to imprisonment for a term not exceeding five years."
)
TEXT = f"Computer Offences Act 2019\n\nAct No. 7 of 2019\n\n1. This Act entered into force on 1 May 2019.\n\n9. {LAW}\n"


def a_text() -> bytes:
    return TEXT.encode()


@cache
def a_docx() -> bytes:
    from docx import Document

    made, sink = Document(), io.BytesIO()
    for paragraph in TEXT.split("\n\n"):
        made.add_paragraph(paragraph)
    made.save(sink)
    return sink.getvalue()


@cache
def a_pdf() -> bytes:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

    sink, style = io.BytesIO(), getSampleStyleSheet()["Normal"]
    head, *rest = TEXT.strip().split("\n\n")
    story = [Paragraph(head, style), PageBreak(), *(Paragraph(text, style) for text in rest)]
    SimpleDocTemplate(sink, invariant=True).build(story)
    return sink.getvalue()


def a_bomb() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w:document>" + b" " * 540_000_000)
    return sink.getvalue()


FILES = {"pdf": a_pdf, "docx": a_docx, "txt": a_text}


@pytest.fixture
def read(fiji):
    """Let the job read what waits for Fiji, as Dagster runs it."""
    import dagster as dg

    from assets.workplace import Workplace
    from pipelines.definitions import build_defs
    from pipelines.jobs import READ_HANDED_IN

    services.prepare_database(fiji)  # makes the key by which sessions are signed

    def act():
        job = build_defs(Workplace(fiji)).resolve_job_def(READ_HANDED_IN.name)
        with dg.DagsterInstance.ephemeral() as instance:
            result = job.execute_in_process(partition_key="FJI", instance=instance)
        assert result.success
        return result.asset_materializations_for_node("handed_in")[0].metadata

    return act


def hand_in(client, name="law.txt", payload=None, **more):
    upload = {} if payload is None else {"file": SimpleUploadedFile(name, payload)}
    answer = client.post(f"{PAGE}evidence/", {**upload, **more})
    assert answer.status_code == 302, answer.content.decode()


def cards(client):
    """The pieces of evidence on the page: the whole text of each card, and its link to the source."""
    tree = lxml_html.document_fromstring(client.get(PAGE).content.decode())
    return [
        (" ".join(c.text_content().split()), c.xpath(".//a[@target='source']/@href")) for c in tree.find_class("card")
    ]


@pytest.mark.parametrize("form", list(FILES))
def test_a_job_reads_a_file_and_its_quote_is_a_card_with_its_source(fiji, person, browse, read, form):
    client = browse(person("rita"))
    assert cards(client) == []
    hand_in(client, f"law.{form}", FILES[form]())
    assert read()["quotes"].value >= 1
    (request,) = EvidenceRequest.objects.all()
    assert request.status == "done" and request.outcome.startswith("Read: ")
    text, links = cards(client)[0]
    assert LAW[:80] in text and "handed in by a reviewer" in text and request.digest[:12] in text
    assert text.startswith(("in place", "partial"))
    assert f"law.{form}" in client.get(PAGE).content.decode()
    assert ("page 2" in text) == (form == "pdf")
    shown = client.get(links[0].partition("#")[0])
    assert "sandbox" in shown.headers["Content-Security-Policy"] and not shown.cookies
    tree = lxml_html.document_fromstring(shown.content.decode())
    if form == "pdf":
        assert tree.findall(".//rect") and tree.find(".//img").get("src").startswith("data:image/png")
    else:
        assert "identity of another person" in tree.find(".//mark").text_content()
    original = client.get(f"/countries/FJI/sources/{request.digest}/original/")
    assert original.content == FILES[form]() and original.headers["Content-Type"] == "application/octet-stream"
    assert client.get(f"/countries/FJI/sources/{request.digest}/").status_code == 200


def test_a_text_is_read_too_and_nothing_enters_the_lake(fiji, person, browse, read):
    from store.desk import rebuild_desk

    before = {path: path.stat().st_mtime_ns for path in fiji.lake_dir.rglob("*.parquet")}
    client = browse(person("rita"))
    hand_in(client, text=TEXT)
    read()
    assert "handed in by a reviewer" in cards(client)[0][0]
    assert {path: path.stat().st_mtime_ns for path in fiji.lake_dir.rglob("*.parquet")} == before
    assert not [path for path in fiji.readings_dir.rglob("*") if EvidenceRequest.objects.get().digest in path.name]
    rebuild_desk(fiji)
    assert b"uses the identity of another person" not in fiji.desk_file.read_bytes()


def test_an_accepted_answer_rests_on_it_through_refreshes_and_the_gate_proves_it(
    fiji, person, browse, read, accept, synthetic
):
    rita, ravi, cleo = person("rita"), person("ravi"), person("cleo", "coordinator")
    hand_in(browse(cleo), "law.pdf", a_pdf())
    read()
    for who in (rita, ravi):
        client = browse(who)
        page = client.get(PAGE).content.decode()
        mark = page.split('name="seen_mark" value="')[1][:64]
        answer = client.post(
            f"{PAGE}decide/", {"answer": "yes", "why": "Section 9 of the act says it.", "seen_mark": mark}
        )
        assert answer.status_code == 302, answer.content.decode()
    standing = standing_of("FJI", CODE)
    assert (standing.stand, standing.accepted) == ("settled", "yes")
    assert all(anchor["handed_in"] for anchor in standing.evidence)
    for question in desk_instrument().questions:
        if question.code != CODE:
            accept(rita, question.code)
            accept(ravi, question.code)
    assert services.queue_state("FJI") == ("ready", ())
    synthetic.build_country(fiji, synthetic.Plan(iso3="FJI", seed=1))
    services.record_draft("FJI")
    assert DecisionHealth.objects.filter(question=CODE).exclude(state="ok").count() == 0
    assert services.queue_state("FJI") == ("ready", ())
    assert services.check_handed_in("FJI")[2] == []
    upload = fiji.review_dir / "uploads" / EvidenceRequest.objects.get().digest
    payload = upload.read_bytes()
    upload.write_bytes(payload[:-1] + b"x")
    assert "without an intact quote" in services.queue_state("FJI").missing[0]
    assert "differs from its digest" in services.check_handed_in("FJI")[2][0][1]
    upload.write_bytes(payload)
    assert services.queue_state("FJI") == ("ready", ())


def test_verify_counts_and_proves_what_was_handed_in(fiji, person, browse, read, capsys, monkeypatch):
    import typer

    from pipelines.cli import look_after

    monkeypatch.setattr(look_after, "current_settings", lambda: fiji)
    look_after.verify(["FJI"])
    before = capsys.readouterr().out
    hand_in(browse(person("rita")), "law.txt", a_text())
    read()
    look_after.verify(["FJI"])
    after = capsys.readouterr().out
    quotes = HandedInQuote.objects.count()
    numbers = [int(line.split(": ")[1].split()[0]) for line in (before, after)]
    assert numbers[1] == numbers[0] + quotes and ", 0 faults" in after
    (fiji.review_dir / "uploads" / EvidenceRequest.objects.get().digest).unlink()
    with pytest.raises(typer.Exit) as ended:
        look_after.verify(["FJI"])
    assert ended.value.exit_code == 6 and "Hand it in again" in capsys.readouterr().err


def test_the_other_reviewer_sees_it_once_the_question_is_settled(fiji, person, browse, read, accept):
    rita, ravi, cleo, obi = person("rita"), person("ravi"), person("cleo", "coordinator"), person("obi", "observer")
    hand_in(browse(rita), "law.txt", a_text())
    read()
    (request,) = EvidenceRequest.objects.all()
    quote = HandedInQuote.objects.first().row
    addresses = [
        f"/countries/FJI/sources/{request.digest}/{end}?evidence={quote['evidence_id']}"
        for end in ("", "page/", "original/")
    ]
    for who in (ravi, obi):
        assert cards(browse(who)) == []
        for address in addresses:
            answer = browse(who).get(address)
            assert answer.status_code == 404 and b"identity of another" not in answer.content
    for who in (rita, cleo):
        assert cards(browse(who)) != []
        assert [browse(who).get(address).status_code for address in addresses] == [200] * 3
    accept(ravi, CODE)
    page = browse(rita).get(PAGE).content.decode()
    mark = page.split('name="seen_mark" value="')[1][:64]
    browse(rita).post(f"{PAGE}decide/", {"answer": "yes", "why": "Section 9 says it.", "seen_mark": mark})
    coordinator = browse(cleo)
    form = coordinator.get(f"{PAGE}adjudicate/").content.decode()
    assert quote["quote"][:60] in form
    coordinator.post(
        f"{PAGE}adjudicate/",
        {"answer": "yes", "evidence": [quote["evidence_id"]], "why": "the act is in force", "seen": "2"},
    )
    assert standing_of("FJI", CODE).accepted == "yes"
    assert cards(browse(ravi)) != [] and browse(ravi).get(addresses[1]).status_code == 200
    assert not any("without an intact quote" in sentence for sentence in services.queue_state("FJI").missing)


def test_evidence_against_a_settled_not_found_asks_for_another_look(fiji, person, browse, read, accept):
    for name in ("rita", "ravi"):
        accept(person(name), CODE)
    assert standing_of("FJI", CODE).accepted == "not_found"
    hand_in(browse(person("cleo", "coordinator")), "law.txt", a_text())
    read()
    assert any(f"another look: {CODE}" in sentence for sentence in services.queue_state("FJI").missing)


def test_words_that_a_person_names_are_found_word_for_word(fiji, person, browse, read):
    client = browse(person("rita"))
    words = "The registry of boats opens on Mondays and   closes on Fridays"
    hand_in(client, text=f"A long page.\n\n{' '.join(words.split())} in winter.\n", words=words, stance="partial")
    hand_in(client, text="Another page that says nothing at all of the kind.", words=words, stance="partial")
    hand_in(client, text="A third page about boats, their colours and their names in the harbour.")
    read()
    (row,) = [row_from_json(entry.row) for entry in HandedInQuote.objects.all()]
    assert (row.quote, row.stance, row.rules) == (" ".join(words.split()), "partial", ("chosen by a person",))
    assert "words chosen by a person" in cards(client)[0][0]
    outcomes = list(EvidenceRequest.objects.order_by("requested_at").values_list("status", "outcome"))
    assert outcomes[1][0] == "failed" and "do not stand in it" in outcomes[1][1]
    assert outcomes[2][0] == "done" and "found nothing in it" in outcomes[2][1]


@pytest.mark.parametrize(
    ("words", "stance", "address"),
    [("short", "in_place", ""), ("x" * 601, "in_place", ""), ("words that are long enough", "sure", ""),
     ("words that are long enough", "in_place", "https://www.gov.example/")],
)  # fmt: skip
def test_words_of_proof_have_a_form(fiji, person, browse, words, stance, address):
    client = browse(person("rita"))
    given = {"address": address} if address else {"text": TEXT}
    answer = client.post(f"{PAGE}evidence/", {**given, "words": words, "stance": stance})
    assert answer.status_code == 422 and not EvidenceRequest.objects.exists()


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("bomb.docx", a_bomb),
        ("torn.pdf", lambda: a_pdf()[:400]),
        ("empty.pdf", lambda: b"%PDF-1.7\n%%EOF"),
        ("noise.pdf", lambda: b"%PDF-1.4\n" + bytes(range(256)) * 2000),
        ("torn.docx", lambda: a_docx()[:-200]),
    ],
)
def test_a_hostile_file_ends_in_a_sentence_and_the_next_one_is_read(fiji, person, browse, read, name, payload):
    client = browse(person("rita"))
    hand_in(client, name, payload())
    hand_in(client, "law.txt", a_text())
    read()
    bad, good = EvidenceRequest.objects.order_by("requested_at")
    assert bad.status == "failed" and "could not be read" in bad.outcome
    assert good.status == "done"
    assert bad.outcome[:30] in client.get(PAGE).content.decode()


def test_an_upload_that_is_gone_is_said(fiji, person, browse, read):
    client = browse(person("rita"))
    hand_in(client, "law.txt", a_text())
    (fiji.review_dir / "uploads" / EvidenceRequest.objects.get().digest).unlink()
    read()
    assert EvidenceRequest.objects.get().status == "failed"
    assert "Hand it in again" in client.get(PAGE).content.decode()


def test_reading_twice_keeps_one_of_each(fiji, person, browse, read):
    hand_in(browse(person("rita")), "law.txt", a_text())
    read()
    kept = HandedInReading.objects.count(), HandedInQuote.objects.count()
    EvidenceRequest.objects.update(status="taken", settled_at=None)  # a run was killed half way
    read()
    assert (HandedInReading.objects.count(), HandedInQuote.objects.count()) == kept
    assert EvidenceRequest.objects.get().status == "done"


def test_what_was_read_is_never_changed_or_deleted(fiji, person, browse, read):
    hand_in(browse(person("rita")), "law.txt", a_text())
    read()
    for table in ("review_handedinquote", "review_handedinreading"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET text_layer_id = ''"):
            with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_dagster_asks_for_a_run_for_each_country_where_something_waits(fiji, person, browse):
    import dagster as dg

    from assets.workplace import Workplace
    from pipelines.schedules import uploads_waiting

    def look():
        with dg.DagsterInstance.ephemeral() as instance:
            context = dg.build_sensor_context(instance=instance, resources={"workplace": Workplace(fiji)})
            return list(uploads_waiting(context))

    assert uploads_waiting.default_status == dg.DefaultSensorStatus.RUNNING
    assert isinstance(look()[0], dg.SkipReason)
    hand_in(browse(person("rita")), "law.txt", a_text())
    (request,) = look()
    assert request.partition_key == "FJI"


def test_the_next_research_reads_them_where_no_daemon_runs(fiji, person, browse):
    from assets.handed_in import read_uploads
    from assets.workplace import Workplace

    hand_in(browse(person("rita")), "law.txt", a_text())
    assert read_uploads(Workplace(fiji), "FJI")[0] == 1
    assert read_uploads(Workplace(fiji), "FJI") == (0, 0)


def test_a_row_comes_back_as_it_was(fiji):
    row = lake_view().evidence("FJI")["L.1.1"][0]
    stored = row_as_json(row)
    assert row_from_json(stored) == row
    for name in ("fact", "rules", "ocr_confidence", "second_note"):  # as if the column came later
        del stored[name]
    read = row_from_json({**stored, "gone": 1})
    assert (read.fact, read.rules, read.ocr_confidence, read.quote) == ("", (), None, row.quote)


def test_decisions_before_this_form_still_load(fiji, person, accept):
    from review.services.anchors import load_anchors

    accept(person("rita"), "L.1.1")
    stored = [dict(entry) for entry in Decision.objects.get().evidence]
    for entry in stored:
        del entry["handed_in"]
    assert not any(anchor.handed_in for anchor in load_anchors(stored))


def test_two_runs_that_read_the_same_bytes_at_once_keep_one_reading(fiji, monkeypatch):
    from review.services import handed_in
    from tests.evidence.passages import make_reading

    reading, encode = make_reading("An act."), handed_in.encode_reading

    def meanwhile(given):
        """Let the other run come to its end between our look and our writing."""
        monkeypatch.setattr(handed_in, "encode_reading", encode)
        handed_in._keep_reading("d" * 64, given)
        return encode(given)

    monkeypatch.setattr(handed_in, "encode_reading", meanwhile)
    handed_in._keep_reading("d" * 64, reading)
    assert HandedInReading.objects.filter(digest="d" * 64).count() == 1
