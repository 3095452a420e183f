"""Runs that several tests look at: the demonstration, once a session."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.pipelines.desk import Desk


@dataclass(frozen=True)
class Demonstration:
    """The demonstration as a user ran it: its desk, and what it printed."""

    desk: Desk
    stdout: str
    stderr: str


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Demonstration:
    desk = Desk(tmp_path_factory.mktemp("demonstration") / "data")
    done = desk.run("demo", "--no-serve")
    return Demonstration(desk, done.stdout, done.stderr)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"
