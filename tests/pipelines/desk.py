"""Running `gcidesk` as a user does: a process of its own, its own data directory, no network."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

NO_NETWORK = Path(__file__).parent / "no_network"
ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(sys.executable).parent / "gcidesk"


@dataclass(frozen=True)
class Desk:
    """A data directory and the command line on it."""

    data_dir: Path

    def run(self, *arguments: str, expect: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command; fails with its output when the exit code is not the expected one."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(("GCIDESK_", "DAGSTER_"))}
        done = subprocess.run(
            [str(PROGRAM), *arguments],
            env={
                **inherited,
                "GCIDESK_DATA": str(self.data_dir),
                "PYTHONPATH": os.pathsep.join((str(NO_NETWORK), str(ROOT))),
                **environment,
            },
            capture_output=True,
            text=True,
            timeout=900,
            check=False,
        )
        assert done.returncode == expect, f"exit {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done

    def drafts(self, iso3: str) -> dict[str, dict[str, Any]]:
        """Return the drafted answers by question."""
        return {row["question"]: row for row in json.loads(self.run("drafts", iso3, "--format", "json").stdout)}
