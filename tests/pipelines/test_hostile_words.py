"""What strangers wrote never reaches the screen as a command to the terminal, and never breaks a line of JSON."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review.exports.safe_text import json_for_terminal, lines_for_terminal
from tests.pipelines.desk import PROGRAM

HOSTILE = "\x1b]0;owned\x07 \x9b31m \u202eabc \u2028 \r\x08"
NAMES = [b"a\x1b[31m\xc2\x9b2J.txt", b"b\xe2\x80\xae\xff.txt"]


@given(st.text())
def test_json_means_the_same_and_holds_no_control(text: str) -> None:
    line = json_for_terminal(json.dumps({"quote": text}, ensure_ascii=False))
    assert json.loads(line) == {"quote": text}
    assert len(line.splitlines()) == 1
    assert lines_for_terminal(line) == line
    line.encode()


def test_lines_stay_and_controls_go() -> None:
    shown = lines_for_terminal(f"one {HOSTILE}\n  two")
    assert shown.split("\n")[1] == "  two"
    assert not set(shown) & set("\x1b\x07\x9b\u202e\u2028\r\x08")


@pytest.mark.parametrize("form", ["jsonl", "table"])
@pytest.mark.parametrize("name", NAMES)
def test_a_file_name_moves_no_cursor(tmp_path: Path, name: bytes, form: str) -> None:
    path = os.fsencode(tmp_path) + b"/" + name
    Path(os.fsdecode(path)).write_text("Law No. 12 of 2020 on Cybercrime is in force since 1 March 2020.\n" * 3)
    command = [PROGRAM, "read", path, "--country", "KEN", "--format", form]
    environment = {**os.environ, "GCIDESK_DATA": str(tmp_path / "data"), "PYTHONUTF8": "1"}
    ended = subprocess.run(command, capture_output=True, env=environment, check=False)
    assert ended.returncode == 0, ended.stderr
    for stream in (ended.stdout.decode(), ended.stderr.decode()):
        assert not set(stream) & set("\x1b\x9b\u202e")


def test_an_error_message_moves_no_cursor(tmp_path: Path) -> None:
    command = [PROGRAM, "read", "no\x1b[31mfile", "--country", "KEN"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert ended.returncode != 0
    assert "\x1b" not in ended.stderr


def test_what_is_written_is_for_the_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "open"
    data.mkdir(mode=0o755)
    environment = {**os.environ, "GCIDESK_DATA": str(data)}
    command = [PROGRAM, "refresh"]
    subprocess.run(command, capture_output=True, env=environment, check=False)
    written = [path for path in data.rglob("*") if path.is_file() or path.is_dir()]
    assert written
    assert [path for path in written if path.stat().st_mode & 0o077] == []
