"""What several tests of the reader share: reading in this process, and one pool of real workers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from extractors.formats import parse
from extractors.reader import ReaderPool
from extractors.request import ReadLimits, ReadRequest
from store.readings import Reading

Read = Callable[..., Reading]


def read_here(payload: bytes | str, name: str = "page.html", **circumstances: object) -> Reading:
    """Read a payload in this process; use only for payloads that the test wrote or that lie in shared."""
    body = payload.encode() if isinstance(payload, str) else payload
    return parse(body, ReadRequest(name=name, **circumstances))  # type: ignore[arg-type]


@pytest.fixture
def read() -> Read:
    return read_here


@pytest.fixture(scope="session")
def pool() -> Iterator[ReaderPool]:
    """Real worker processes with tight limits."""
    limits = ReadLimits(payload_bytes=20 * 2**20, cpu_seconds=20, wall_seconds=30.0)
    with ReaderPool(limits) as workers:
        yield workers


def is_running(pid: str) -> bool:
    """Tell whether a process runs; one that ended and that nobody waited for does not."""
    try:
        return "Z" not in (Path("/proc") / pid / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
