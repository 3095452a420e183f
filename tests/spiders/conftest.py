"""Fixtures of the crawl's tests: hostile hosts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.spiders.hostile.behaviours import hosts
from tests.spiders.hostile.server import HostileServer


@pytest.fixture
def hostile() -> Iterator[HostileServer]:
    with HostileServer(hosts()) as server:
        yield server
