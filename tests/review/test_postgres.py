"""The same rules on PostgreSQL: the server as its own user on a free loopback port, the tests as a run of their own."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SUITES = (
    "test_append_only.py", "test_roster_versions.py", "test_file_states.py", "test_decisions.py", "test_refreshes.py",
    "test_gate.py", "test_blind.py::test_the_data_layer_itself_is_blind", "test_bad_moments.py", "test_handed_in.py",
    "test_pages.py::test_no_query_count_grows_with_countries_people_or_decisions",
)  # fmt: skip

pytestmark = pytest.mark.postgres


def program(name: str) -> str:
    return shutil.which(name) or str(max(Path("/usr/lib/postgresql").glob(f"*/bin/{name}")))


def as_owner(command: list[str]) -> list[str]:
    """Run as the user postgres when we are root: the server refuses root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    """A PostgreSQL server of our own; pytest's folders are closed to other users, so it gets its own."""
    folder = Path(tempfile.mkdtemp(prefix="gcidesk-postgres-"))
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    subprocess.run(
        as_owner([program("initdb"), "-D", str(data), "-U", "desk", "--auth=trust", "-E", "UTF8", "--no-sync"]),
        check=True,
        capture_output=True,
        cwd="/",
    )
    options = ["listen_addresses=127.0.0.1", "fsync=off", f"unix_socket_directories={folder}"]
    command = [program("postgres"), "-D", str(data), "-p", str(port)]
    for option in options:
        command += ["-c", option]
    server = subprocess.Popen(
        as_owner(command),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
    )
    try:
        ready = [program("pg_isready"), "-h", "127.0.0.1", "-p", str(port), "-U", "desk"]
        for _ in range(300):
            if subprocess.run(ready, capture_output=True, check=False).returncode == 0:
                break
            time.sleep(0.1)
        else:
            pytest.fail("PostgreSQL did not start")
        yield f"postgresql://desk@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder)


def test_the_rules_hold_on_postgresql(database_url: str, tmp_path: Path) -> None:
    found = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'inner'}"),
            *(str(Path(__file__).parent / suite) for suite in SUITES),
        ],
        env={**os.environ, "DATABASE_URL": database_url},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert found.returncode == 0, found.stdout[-6000:] + found.stderr[-2000:]
    assert "postgres" in database_url and " passed" in found.stdout
