"""Workers: locked in, limited, replaced; nothing that a payload does reaches the caller."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from extractors import formats
from extractors.reader import ROOT, ReaderPool
from extractors.request import ReadLimits
from tests.extractors.conftest import is_running

PROSE = b"The national authority is established by law and reports on incidents each year.\n"

SPUN = 8
"""Processor seconds of the worker that spins: nine times what an honest first payload takes."""

CULPRIT = textwrap.dedent(
    '''
    """A backend that does what its payload says: the worst that a parser could do."""
    import os, socket, time
    from extractors.layout import Layout, LayoutBuilder

    def read(payload, request):
        word = payload.split()[1].decode()
        if word == "crash":
            os.abort()
        if word == "exit":
            os._exit(0)
        if word == "sleep":
            time.sleep(60)
        if word == "spin":
            while True:
                pass
        if word == "memory":
            return Layout(format="culprit", text="x" * (3 * 2**30))
        if word == "error":
            raise ValueError("odd bytes")
        if word == "print":
            os.write(1, b"noise that breaks a conversation")
        text = "ok"
        if word == "connect":
            try:
                socket.create_connection(("127.0.0.1", 9), timeout=2)
            except OSError as error:
                text = type(error).__name__
        if word == "ring":
            import ctypes, errno
            libc = ctypes.CDLL(None, use_errno=True)
            made = libc.syscall(425, 4, ctypes.create_string_buffer(120))
            text = "a ring" if made >= 0 else errno.errorcode[ctypes.get_errno()]
        if word == "child":
            import subprocess, sys
            code = "import socket; socket.socket()"
            text = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr
        if word == "orphan":
            import pathlib, subprocess
            child = subprocess.Popen(["sleep", "600"], process_group=0)
            pathlib.Path(__file__).with_name("orphan").write_text(str(child.pid))
            os.abort()
        if word == "secrets":
            text = " ".join(sorted(os.environ))
        builder = LayoutBuilder()
        builder.add(text)
        return Layout(format="culprit", text=builder.text, blocks=builder.blocks)
    '''
)


@pytest.fixture(scope="module")
def culprits(tmp_path_factory: pytest.TempPathFactory) -> ReaderPool:
    """A pool whose workers read plain text with the culprit above."""
    folder = tmp_path_factory.mktemp("culprit")
    (folder / "culprit.py").write_text(CULPRIT)
    (folder / "sitecustomize.py").write_text(
        "import sys\n"
        "from importlib.abc import MetaPathFinder\n"
        "class Swap(MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        "        if name == 'extractors.plaintext':\n"
        "            import importlib.util\n"
        f"            return importlib.util.spec_from_file_location(name, {str(folder / 'culprit.py')!r})\n"
        "sys.meta_path.insert(0, Swap())\n"
    )
    return folder  # type: ignore[return-value]


@pytest.fixture
def culprit(culprits: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    monkeypatch.setattr("extractors.reader.ROOT", Path(os.pathsep.join([str(culprits), str(ROOT)])))
    monkeypatch.setattr("extractors.reader.WORKING_FOLDER", ROOT)
    # A worker's first payload loads the languages: 0.9 s of processor time when the machine is quiet, more than twice
    # that on shared cores. What is read after a culprit therefore gets far more than it needs; only who spins or
    # sleeps meets a tight limit, and whoever loads slowly meets it all the same.
    patient = ReadLimits(wall_seconds=120.0)
    with (
        ReaderPool(patient) as slow,
        ReaderPool(replace(patient, cpu_seconds=SPUN)) as thrifty,
        ReaderPool(replace(patient, wall_seconds=4.0)) as quick,
    ):
        pools = {"sleep": quick, "spin": thrifty}
        yield lambda word, like="": pools.get(like or word, slow).read(f"do {word} now".encode(), name="x.txt")


@pytest.mark.parametrize(
    ("word", "status", "reason"),
    [
        ("crash", "damaged", "broke the reader"),
        ("exit", "damaged", "broke the reader"),
        ("sleep", "timeout", "took longer than 4 seconds"),
        ("spin", "timeout", "processor time"),
        ("memory", "too_large", "more memory"),
        ("error", "damaged", "ValueError: odd bytes"),
    ],
)
def test_the_worst_payloads_end_in_a_status_and_the_next_is_read(culprit, word: str, status: str, reason: str) -> None:  # type: ignore[no-untyped-def]
    reading = culprit(word)
    assert reading.status == status
    assert reason in reading.reason
    assert culprit("nothing", like="" if word == "sleep" else word).text.strip() == "ok"


def test_what_a_broken_worker_started_ends_with_it(culprit, culprits: Path) -> None:  # type: ignore[no-untyped-def]
    assert culprit("orphan").status == "damaged"
    assert not is_running((culprits / "orphan").read_text())


def test_output_of_a_library_does_not_break_the_conversation(culprit) -> None:  # type: ignore[no-untyped-def]
    assert culprit("print").text.strip() == "ok"


def test_no_network_for_a_worker_and_its_children(culprit) -> None:  # type: ignore[no-untyped-def]
    assert culprit("connect").text.strip() == "PermissionError"
    assert "PermissionError" in culprit("child").text
    assert culprit("ring").text.strip() in {"EACCES", "ENOSYS"}  # io_uring opens sockets that no filter sees


def test_secrets_of_the_environment_stay_outside(culprit, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    assert "DATABASE_URL" not in culprit("secrets").text


def test_a_file_over_the_limit_is_not_sent() -> None:
    with ReaderPool(ReadLimits(payload_bytes=1000)) as pool:
        reading = pool.read(b"x" * 1001, name="x.txt")
    assert reading.status == "too_large"
    assert "are not read" in reading.reason


def test_several_threads_share_a_pool(pool: ReaderPool) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(target=lambda n=n: found.append(pool.read(PROSE * n, name="x.txt").status))
        for n in range(1, 6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["read"] * 5


def test_a_worker_reads_what_this_process_reads(pool: ReaderPool) -> None:
    from extractors.request import ReadRequest

    assert pool.read(PROSE, name="x.txt") == formats.parse(PROSE, ReadRequest(name="x.txt"))


def test_a_worker_ends_when_its_parent_is_gone() -> None:
    code = (
        "from extractors.reader import ReaderPool\n"
        "pool = ReaderPool(); pool.read(b'words of a text', name='x.txt')\n"
        "worker = pool._places.get(); print(worker._process.pid, worker._folder, flush=True)\n"
        "import os; os.kill(os.getpid(), 9)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    worker, folder = done.stdout.split()
    for _ in range(100):
        if not is_running(worker) and not Path(folder).exists():
            return
        threading.Event().wait(0.05)
    pytest.fail("the worker or its folder outlived its parent")
