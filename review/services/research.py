"""Starting, watching and ending research from the site.

Belongs here: the one launcher. It starts `gcidesk` as a process of its own and reads its lines; the site never crawls.
Does not belong here: research itself (`pipelines`).
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from django.db import IntegrityError, transaction
from django.utils import timezone

from review.desk import desk_settings
from review.lake_view import lake_view
from review.models import Person, ResearchRun
from review.services.auditing import write_audit
from review.services.file_states import stop_research
from sources.country_files import DEMONSTRATION_CODE
from store.errors import ExitCode, GcideskError

_STAGE = re.compile(r"^(?P<stage>[A-Z][\w .]{2,40}): (?P<done>\d+) of (?P<total>\d+)(?: (?P<words>.*))?$")
_LOG_BYTES = 200_000


class ResearchError(GcideskError):
    """Research cannot be started or ended now."""

    exit_code = ExitCode.NOT_ALLOWED


@dataclass(frozen=True)
class StageProgress:
    """How far one stage of a run is."""

    stage: str
    done: int
    total: int
    words: str


@dataclass(frozen=True)
class RunProgress:
    """What the page shows of a run."""

    run: ResearchRun
    stages: tuple[StageProgress, ...]
    lines: tuple[str, ...]
    """Last lines of the run that are no progress, such as its errors."""
    pages: int
    answers: int
    issues: int


def command_of(country: str) -> list[str]:
    """Return the command that researches a country; the demonstration has its own, which stays offline."""
    program = str(Path(sys.executable).with_name("gcidesk"))
    data = ["--data-dir", str(desk_settings().data_dir)]
    if country == DEMONSTRATION_CODE:
        return [program, *data, "demo", "--no-serve"]
    return [program, *data, "research", country]


def log_file(run: ResearchRun) -> Path:
    """Return where the lines of a run lie."""
    return desk_settings().review_dir / "runs" / f"{run.id}.log"


def start(person: Person, country: str) -> ResearchRun:
    """Start research of a country; raises ResearchError when it is running already or cannot be started."""
    for run in ResearchRun.objects.filter(country=country, status=ResearchRun.Status.RUNNING):
        settle(run)
    run = ResearchRun(country=country, started_by=person)
    try:
        with transaction.atomic():
            run.save()
    except IntegrityError as error:
        raise ResearchError(f"Research of {country} is running already. Wait for it, or cancel it.") from error
    log = log_file(run)
    log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    watcher = [sys.executable, "-m", "review.site.research_process", str(log), "--", *command_of(country)]
    try:
        process = subprocess.Popen(
            watcher,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd=Path(__file__).resolve().parents[2],
        )
    except OSError as error:
        run.status, run.ended_at = ResearchRun.Status.FAILED, timezone.now()
        run.save()
        raise ResearchError(f"Research of {country} could not be started: {error.strerror}.") from error
    _children[process.pid] = process
    run.process, run.process_started = process.pid, _start_time(process.pid)
    run.save()
    write_audit("research_started", by=person, country=country, subject=run.id)
    return run


_children: dict[int, subprocess.Popen[bytes]] = {}
"""Processes that this process started, so that they can be collected when they end."""


def newest_run(country: str) -> ResearchRun | None:
    """Return the newest run that was started from the site, its status brought up to date."""
    run = ResearchRun.objects.filter(country=country).first()
    return settle(run) if run else None


def settle(run: ResearchRun) -> ResearchRun:
    """Bring the status of a run up to date with its process."""
    if run.status != ResearchRun.Status.RUNNING or _is_alive(run):
        return run
    code = _exit_code(run)
    run.exit_code, run.ended_at = code, timezone.now()
    run.status = ResearchRun.Status.DONE if code == 0 else ResearchRun.Status.FAILED
    changed = ResearchRun.objects.filter(id=run.id, status=ResearchRun.Status.RUNNING).update(
        status=run.status, exit_code=code, ended_at=run.ended_at
    )
    if changed and code != 0:
        stop_research(run.country, "research failed", "gcidesk")
    return run


def cancel(person: Person, country: str) -> ResearchRun:
    """End a running research; raises ResearchError when none runs. What was captured stays in the archive."""
    run = ResearchRun.objects.filter(country=country, status=ResearchRun.Status.RUNNING).first()
    if run is None or settle(run).status != ResearchRun.Status.RUNNING:
        raise ResearchError(f"No research of {country} is running.")
    try:
        os.kill(run.process, signal.SIGTERM)
    except ProcessLookupError:
        return settle(run)
    run.status, run.ended_at = ResearchRun.Status.CANCELLED, timezone.now()
    run.save()
    stop_research(country, "research was cancelled", person)
    write_audit("research_cancelled", by=person, country=country, subject=run.id)
    return run


def progress_of(run: ResearchRun) -> RunProgress:
    """Return stages and last lines of a run, and what the lake holds by now."""
    stages: dict[str, StageProgress] = {}
    others: list[str] = []
    for line in _lines(log_file(run)):
        match = _STAGE.match(line)
        if match:
            words = (match["words"] or "")[:80]
            stages[match["stage"]] = StageProgress(match["stage"], int(match["done"]), int(match["total"]), words)
        elif line.strip() and run.status == ResearchRun.Status.FAILED:
            others.append(line[:300])
    view = lake_view()
    figures = view.figures(run.country) if view.has_draft(run.country) else None
    return RunProgress(
        run=run,
        stages=tuple(stages.values()),
        lines=tuple(others[-6:]),
        pages=len(view.documents(run.country)),
        answers=figures.answered if figures else 0,
        issues=len(view.issues(run.country)),
    )


def _lines(path: Path) -> list[str]:
    try:
        with path.open("rb") as source:
            source.seek(0, os.SEEK_END)
            source.seek(max(0, source.tell() - _LOG_BYTES))
            return source.read().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []


def _exit_code(run: ResearchRun) -> int:
    path = log_file(run).with_suffix(".exit")
    try:
        return int(path.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return int(ExitCode.RUN_FAILED)  # the watcher was killed before it could say how the run ended


def _is_alive(run: ResearchRun) -> bool:
    child = _children.get(run.process)
    if child is not None and child.poll() is not None:
        del _children[run.process]
        return False
    return bool(run.process) and _start_time(run.process) == run.process_started != ""


def _start_time(process: int) -> str:
    """Return the start time of a process as the kernel counts it, or an empty text when it is gone."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = status.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]
