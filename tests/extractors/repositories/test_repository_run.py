"""A repository through Dagster, by replay: facts land; a changed table leaves the last good ones."""

from __future__ import annotations

import gzip
from pathlib import Path

import dagster as dg
import pytest

from assets.workplace import Workplace
from pipelines.definitions import build_defs
from sources.country_files import load_countries
from sources.repository import load_repository
from store.facts import facts_about
from store.issues import replace_issues
from store.lake import open_lake
from store.readings import load_reading
from store.settings import Settings, prepare_data_dir
from store.tables import FACTS, ISSUES, FactRow, IssueRow

pytestmark = pytest.mark.filterwarnings(
    "ignore::dagster_shared.utils.warnings.PreviewWarning", "ignore:AssetExecutionContext.run_id:DeprecationWarning"
)
"""Dagster warns of its own inside."""

NAME = "coe-185"
HEAD = "<tr><th>States</th><th>Signature</th><th>Ratification</th><th>Entry into Force</th></tr>"


def archive(folder: Path, name: str, countries: int, head: str = HEAD) -> Path:
    names = [country.name("en") for country in load_countries().values()][:countries]
    cells = "".join(f"<tr><td>{one}</td><td>01/01/2010</td><td>02/02/2012</td><td></td></tr>" for one in names)
    body = f"<html><head><title>Chart</title></head><body><h1>Chart</h1><table>{head}{cells}</table></body></html>"
    payload = body.encode()
    http = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + payload
    record = (
        "WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        f"WARC-Target-URI: {load_repository(NAME).addresses[0]}\r\nWARC-Date: 2026-11-01T00:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    path = folder / f"{name}.warc.gz"
    path.write_bytes(gzip.compress(record.encode() + http + b"\r\n\r\n"))
    return path


def run(settings: Settings, file: Path, accepted: str = "", may_fail: bool = False) -> bool:
    job = build_defs(Workplace(settings)).resolve_job_def("read_repository")
    config = {
        "ops": {"facts": {"config": {"replay": [str(file)], "accepted": accepted}}},
        "loggers": {"console": {"config": {"log_level": "CRITICAL"}}},
    }
    with dg.DagsterInstance.ephemeral() as instance:
        done = job.execute_in_process(partition_key=NAME, instance=instance, run_config=config, raise_on_error=False)
        if not done.success and not may_fail:
            pytest.fail(str([event.step_failure_data for event in done.all_events if event.is_step_failure])[:4000])
        return bool(done.success)


def test_the_last_good_rows_stay_until_a_person_accepts(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    prepare_data_dir(settings)
    lake = open_lake(settings)
    assert run(settings, archive(tmp_path, "whole", 70))
    good = lake.read_if_any(FACTS, NAME, FactRow)
    assert len(good) == 70
    first = good[0]
    assert (
        load_reading(settings, first.reader_version, first.payload_digest).text[first.start : first.end] == first.text
    )
    assert [fact.repository for fact in facts_about(lake, first.country)] == [NAME]
    assert first.origin.startswith("imported from")

    changed = archive(tmp_path, "changed", 70, head="<tr><th>Party</th><th>Since</th></tr>")
    assert not run(settings, changed, may_fail=True)
    assert lake.read_if_any(FACTS, NAME, FactRow) == good
    assert [issue.code for issue in lake.read_if_any(ISSUES, NAME, IssueRow)] == ["unknown_shape"]

    replace_issues(lake, NAME, ["repository"], [])
    part = archive(tmp_path, "part", 50)
    assert not run(settings, part, may_fail=True)
    assert lake.read_if_any(FACTS, NAME, FactRow) == good
    assert run(settings, part, accepted="the archive holds a part of the chart")
    assert len(lake.read_if_any(FACTS, NAME, FactRow)) == 50
