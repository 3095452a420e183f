"""What every test gets: no network beyond loopback, and needs that are named, not guessed.

A test marked with a need (`browser`, `ocr`, `postgres`, `office`, `realdata`) is skipped with a reason where the need
is missing, but fails where CI is set: there everything must be installed.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


def _postgres_programs() -> bool:
    return bool(shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb")))


NEEDS = {
    "browser": (lambda: shutil.which("chromium") is not None, "Chromium is missing: apt-get install chromium"),
    "ocr": (lambda: shutil.which("tesseract") is not None, "tesseract is missing: apt-get install tesseract-ocr"),
    "postgres": (_postgres_programs, "PostgreSQL is missing: apt-get install postgresql"),
    "office": (lambda: shutil.which("soffice") is not None, "LibreOffice is missing: run make setup"),
    "realdata": (SHARED.is_dir, "../shared is not beside the project"),
}  # fmt: skip


def pytest_runtest_setup(item: pytest.Item) -> None:
    for need, (present, message) in NEEDS.items():
        if item.get_closest_marker(need) and not present():
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)


@pytest.fixture
def shared() -> Path:
    """The folder with real data; use with the marker `realdata`."""
    return SHARED


@pytest.fixture(autouse=True)
def _loopback_only(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Refuse every connection that leaves this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = address[0]
            if host != "localhost" and not ipaddress.ip_address(host.split("%")[0]).is_loopback:
                raise AssertionError(f"a test tried to reach {address}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield
