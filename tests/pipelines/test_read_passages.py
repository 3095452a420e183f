"""`gcidesk read --passages`: what was read of a file, for a person to follow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = str(Path(sys.executable).parent / "gcidesk")
PAGE = """<html lang="en"><head><title>Cyber Act</title></head><body><main><h1>Cyber Act</h1><h2>Chapter 1: Bodies</h2>
<p>Article 3. The Authority shall:</p><ol type="a"><li>protect critical systems of the country;</li>
<li>report to the Minister once in each year.</li></ol></main></body></html>"""


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "act.html"
    path.write_text(PAGE, "utf-8")
    return path


def read(page: Path, form: str) -> subprocess.CompletedProcess[str]:
    command = [PROGRAM, "read", str(page), "--country", "KEN", "--passages", "--format", form]
    return subprocess.run(command, capture_output=True, text=True, check=True)


def test_a_person_reads_where_each_passage_stands(page: Path) -> None:
    done = read(page, "table")

    assert "[Cyber Act / Chapter 1: Bodies] article 3  <English>" in done.stdout
    assert "(under: Article 3. The Authority shall:)" in done.stdout
    assert "    item: protect critical systems of the country;" in done.stdout
    assert done.stderr.startswith("act.html: read (html, en, ")
    assert "quotes" not in done.stderr


def test_each_passage_is_a_line_of_json(page: Path) -> None:
    rows = [json.loads(line) for line in read(page, "jsonl").stdout.splitlines()]

    item = next(row for row in rows if row["text"].startswith("protect"))
    assert (item["document"], item["kind"], item["head"]) == (
        "act.html",
        "list_item",
        "Article 3. The Authority shall:",
    )
    assert (item["article"], item["language"], item["unreliable_digits"]) == ("3", "en", [])
    assert [row["start"] for row in rows] == sorted(row["start"] for row in rows)


def test_one_quote_is_counted_as_one(tmp_path: Path) -> None:
    path = tmp_path / "law.html"
    path.write_text(
        '<html lang="en"><title>Act</title><body><h1>Computer Misuse Act 2019</h1><p>A person who gains access to a '
        "computer system without authority commits an offence and is liable to imprisonment for two years.</p>",
        "utf-8",
    )
    done = subprocess.run([PROGRAM, "read", str(path), "--country", "KEN"], capture_output=True, text=True, check=True)
    assert "; 1 quote for 1 question." in done.stderr
