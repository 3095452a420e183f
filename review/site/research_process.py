"""Watches one run of research: `python -m review.site.research_process LOG -- COMMAND...`.

Belongs here: writing the command's lines to a file and how it ended to another, and passing on the wish to end. It
outlives the site, so a restart of the site loses no run.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

GRACE_SECONDS = 20.0


def main(arguments: list[str]) -> int:
    """Run the command behind `--` and return its exit code."""
    log, command = Path(arguments[0]), arguments[2:]
    wishes: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: wishes.append(number))
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True
        )
        code = _watch(process, wishes)
    beside = log.with_suffix(".exit.tmp")
    beside.write_text(str(code), encoding="ascii")
    os.replace(beside, log.with_suffix(".exit"))
    return code


def _watch(process: subprocess.Popen[bytes], wishes: list[int]) -> int:
    """Wait for the command; asked to end, pass the wish on to its group and, after the grace, kill it."""
    asked: float | None = None
    while (code := process.poll()) is None:
        if wishes and asked is None:
            asked = time.monotonic()
            _signal_group(process, signal.SIGTERM)
        if asked is not None and time.monotonic() - asked > GRACE_SECONDS:
            _signal_group(process, signal.SIGKILL)
        time.sleep(0.1)
    _signal_group(process, signal.SIGKILL)  # what the command left behind in its group
    return code


def _signal_group(process: subprocess.Popen[bytes], wish: signal.Signals) -> None:
    try:
        os.killpg(process.pid, wish)
    except ProcessLookupError:
        return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
