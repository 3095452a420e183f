"""Ending a process together with all that it started.

Belongs here: finding and ending the processes of a session. Does not belong here: when that is done, and what is said
of it (`reader`).

A program that gets a process group of its own, so that it can be stopped by itself, leaves its parent's group and not
its parent's session.
"""

from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

ROUNDS = 500
"""So often the session is looked at, a hundredth of a second apart, until nobody is left in it."""


def end_session(leader: int) -> None:
    """End all processes of the session that `leader` leads, whatever groups they made.

    Call it before the leader is waited for: until then its number belongs to nobody else.
    """
    with suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
    for _ in range(ROUNDS):  # whoever was being started in one round is found in the next
        members = session_members(leader)
        if not members:
            return
        for member in members:
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        time.sleep(0.01)


def session_members(leader: int) -> list[int]:
    """Return the processes of a session that still run; none where the system does not list its processes."""
    return [int(entry.name) for entry in Path("/proc").glob("[0-9]*") if _runs_in(entry, leader)]


def _runs_in(entry: Path, leader: int) -> bool:
    try:
        status = (entry / "stat").read_bytes()
    except OSError:
        return False  # it ended in this moment
    state, _, _, session = status.rpartition(b")")[2].split()[:4]
    return int(session) == leader and state not in (b"Z", b"X")
