"""Watches one run of research: `python -m review.site.research_process LOG -- COMMAND...`.

Belongs here: writing the command's lines to a file and how it ended to another, and passing on the wish to end. It
outlives the site, so a restart of the site loses no run.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import FrameType

GRACE_SECONDS = 20.0


def main(arguments: list[str]) -> int:
    """Run the command behind `--` and return its exit code."""
    log, command = Path(arguments[0]), arguments[2:]
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, start_new_session=True
        )

        def end(number: int, frame: FrameType | None) -> None:
            _end_group(process)

        signal.signal(signal.SIGTERM, end)
        code = process.wait()
    beside = log.with_suffix(".exit.tmp")
    beside.write_text(str(code), encoding="ascii")
    os.replace(beside, log.with_suffix(".exit"))
    return code


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Ask the command and its crawlers to end; after the grace they are killed."""
    for wish, grace in ((signal.SIGTERM, GRACE_SECONDS), (signal.SIGKILL, None)):
        try:
            os.killpg(process.pid, wish)
        except ProcessLookupError:
            return
        try:
            process.wait(grace)
        except subprocess.TimeoutExpired:
            continue
        return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
