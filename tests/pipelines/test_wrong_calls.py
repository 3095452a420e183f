"""What a wrong call gets: a sentence that says what to do, and an exit code by cause."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pipelines.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "data")


@pytest.mark.parametrize("command", [("research",), ("drafts",), ("verify",), ("refresh",)])
def test_an_unknown_country_gets_the_three_nearest_codes(desk: Desk, command: tuple[str, ...]) -> None:
    said = desk.run(*command, "RWX", expect=2).stderr
    assert "RWA (Rwanda)" in said
    assert said.count("(") == 3
    assert "Traceback" not in said


def test_a_live_crawl_without_contact_refuses_to_start(desk: Desk) -> None:
    assert "GCIDESK_CONTACT" in desk.run("research", "KEN", expect=7).stderr


def test_a_missing_archive_and_a_missing_file_are_named(desk: Desk) -> None:
    assert "nowhere.warc.gz" in desk.run("research", "KEN", "--replay", "nowhere.warc.gz", expect=3).stderr
    assert "nowhere.pdf" in desk.run("read", "nowhere.pdf", "--country", "KEN", expect=3).stderr


def test_nothing_researched_yet_says_which_command_comes_first(desk: Desk) -> None:
    assert "gcidesk research KEN" in desk.run("drafts", "KEN", expect=4).stderr
    assert "gcidesk research" in desk.run("verify", expect=4).stderr


def test_accepting_needs_a_reason(desk: Desk) -> None:
    assert "--reason" in desk.run("refresh", "--accept", "KEN", expect=2).stderr


def test_a_data_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    said = Desk(blocked / "data").run("roster", "list", expect=5).stderr
    assert str(blocked / "data") in said


def test_data_dir_may_stand_anywhere(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "unused")
    for place in (
        ["--data-dir", str(tmp_path / "a"), "roster", "list"],
        ["roster", "list", f"--data-dir={tmp_path / 'a'}"],
    ):
        desk.run(*place)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o700
    assert not (tmp_path / "unused").exists()


def test_a_desk_without_a_roster_says_how_to_get_one(tmp_path: Path) -> None:
    said = Desk(tmp_path / "data").run("roster", "list").stdout
    assert "No roster was imported yet" in said and "gcidesk roster import FILE" in said


def test_a_wrong_roster_imports_nothing(desk: Desk, tmp_path: Path) -> None:
    good, wrong = tmp_path / "good.csv", tmp_path / "wrong.csv"
    header = "iso3,focal_point_confirmed_on,reached_through_office,answered_on,note\n"
    good.write_text(header + "KEN,,no,,\nRWA,2025-05-01,no,2026-09-01,\n")
    wrong.write_text(header + "KEN,,no,,\nXQX,,no,,\nKEN,tomorrow,no,,\n")
    desk.run("roster", "import", str(good))
    said = desk.run("roster", "import", str(wrong), expect=3).stderr
    assert "row 3" in said and "row 4" in said
    listed = desk.run("roster", "list", "--non-responding").stdout
    assert "Kenya" in listed and "Rwanda" not in listed
