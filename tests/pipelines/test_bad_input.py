"""What bad input gets: what can be read is read, the rest is named, and the last good files stand."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from io import BytesIO
from pathlib import Path

import duckdb
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from sources.country_files import DEMONSTRATION
from store.lake import Lake
from store.tables import CAPTURES, DOCUMENTS, ISSUES, CaptureRow, DocumentRow, IssueRow
from tests.pipelines.desk import PROGRAM, Desk

ARCHIVE = DEMONSTRATION / "demonstration.warc.gz"
HOST = "https://digital.gov.maravelle.example"

ENCRYPTED = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj\n"
    b"4 0 obj<</Filter/Standard/V 1/R 2/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">/P -44>>endobj\n"
    b"trailer<</Root 1 0 R/Encrypt 4 0 R/ID[<00><00>]/Size 5>>\n%%EOF"
)


def write_archive(path: Path, pages: dict[str, tuple[str, bytes]]) -> Path:
    """Write an archive of address -> (media type, body)."""
    with path.open("wb") as sink:
        writer = WARCWriter(sink, gzip=True)
        for address, (kind, body) in pages.items():
            headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                address, "response", BytesIO(body), length=len(body), http_headers=headers
            )
            writer.write_record(record)
            record.raw_stream.close()
    return path


def documents(desk: Desk) -> dict[str, DocumentRow]:
    rows = Lake(str(desk.data_dir / "lake")).read(DOCUMENTS, "XDM", DocumentRow)
    return {row.name: row for row in rows}


def test_a_cut_archive_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    cut = tmp_path / "cut.warc.gz"
    whole = ARCHIVE.read_bytes()
    cut.write_bytes(whole[: len(whole) // 2])
    desk = Desk(tmp_path / "data")
    desk.run("research", "XDM", "--replay", str(cut))
    lake = Lake(str(desk.data_dir / "lake"))
    assert len(lake.read(CAPTURES, "XDM", CaptureRow)) > 5
    faults = [row for row in lake.read(ISSUES, "XDM", IssueRow) if row.offset is not None]
    assert len(faults) == 1
    assert "cut.warc.gz" in faults[0].subject + faults[0].message
    assert 0 < faults[0].offset <= len(whole) // 2


def test_a_file_that_is_no_archive_ends_in_an_issue(tmp_path: Path) -> None:
    wrong = tmp_path / "holiday.jpg"
    wrong.write_bytes(os.urandom(5000))
    desk = Desk(tmp_path / "data")
    desk.run("research", "XDM", "--replay", str(wrong))
    issues = Lake(str(desk.data_dir / "lake")).read(ISSUES, "XDM", IssueRow)
    assert any("holiday.jpg" in row.subject + row.message for row in issues)
    assert all(draft["answer"] == "not_found" for draft in desk.drafts("XDM").values())


def test_odd_documents_become_a_status_and_a_reason(tmp_path: Path) -> None:
    archive = write_archive(
        tmp_path / "odd.warc.gz",
        {
            f"{HOST}/empty.pdf": ("application/pdf", b""),
            f"{HOST}/encrypted.pdf": ("application/pdf", ENCRYPTED),
            f"{HOST}/disguise.pdf": (
                "application/pdf",
                b"<!doctype html><html lang=en><title>Notice</title><p>The register of companies is open on "
                b"weekdays from nine to noon, and closed on public holidays and on Fridays in August.</p></html>",
            ),
            f"{HOST}/damaged.pdf": ("application/pdf", b"%PDF-1.7\n" + b"\x00garbage" * 200),
        },
    )
    desk = Desk(tmp_path / "data")
    desk.run("research", "XDM", "--replay", str(archive))
    found = documents(desk)
    assert found["encrypted.pdf"].status != "read" and found["encrypted.pdf"].reason.endswith(".")
    assert found["damaged.pdf"].status != "read" and found["damaged.pdf"].reason.endswith(".")
    assert found["disguise.pdf"].format == "html" and found["disguise.pdf"].reason
    log = desk.drafts("XDM")["L.1.1"]["search_log"]
    assert any("encrypted.pdf" in line for line in log["documents_unreadable"])


@pytest.mark.parametrize("seconds", [4.0, 7.0])
def test_a_killed_run_leaves_good_files_and_the_next_completes_it(tmp_path: Path, seconds: float) -> None:
    desk = Desk(tmp_path / "data")
    environment = {**os.environ, "GCIDESK_DATA": str(desk.data_dir)}
    with subprocess.Popen(
        [str(PROGRAM), "research", "XDM", "--replay", str(ARCHIVE)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as run:
        time.sleep(seconds)
        os.killpg(run.pid, signal.SIGKILL)
    lake = Lake(str(desk.data_dir / "lake"))
    if lake.exists(CAPTURES, "XDM"):
        assert lake.matches_schema(CAPTURES, "XDM")
    desk.run("research", "XDM", "--replay", str(ARCHIVE))
    assert len(lake.read(CAPTURES, "XDM", CaptureRow)) >= 33
    assert "0 faults" in desk.run("verify", "XDM").stdout


def test_a_desk_open_elsewhere_is_no_failure(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "data")
    archive = write_archive(
        tmp_path / "one.warc.gz", {f"{HOST}/a": ("text/html", b"<html><p>A page." + b" word" * 200)}
    )
    desk.run("research", "XDM", "--replay", str(archive))
    with duckdb.connect(str(desk.data_dir / "desk.duckdb")) as other:
        desk.run("research", "XDM", "--replay", str(archive))
        assert other.execute("SELECT count(*) FROM drafts").fetchone() == (84,)
