"""The project's scorer is the shared one, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence import score_evidence


@pytest.mark.realdata
def test_copy_is_the_shared_scorer(shared: Path) -> None:
    assert Path(score_evidence.__file__).read_bytes() == (shared / "tools" / "score_evidence.py").read_bytes()
