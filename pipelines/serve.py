"""Review site, Dagster's web server and daemon together, on loopback.

Belongs here: starting the three, saying when they answer, and ending them together. Does not belong here: the site
(`review.site`). Dagster's pages have no login of their own: they listen on a socket file in a folder that only this
user may enter, and the site, behind its login, passes requests on to it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from pipelines.django_setup import prepare_decisions
from pipelines.instance import prepare_instance_folder
from store.settings import Settings, prepare_data_dir

ROOT = Path(__file__).resolve().parents[1]
PATH_PREFIX = "/dagster"
GRACE_SECONDS = 10.0


def serve_site(settings: Settings, *, port: int = 8000, sign_in: bool = False) -> None:
    """Serve until interrupted (Ctrl-C or SIGTERM); `sign_in` prints a link that signs the demonstration's reviewer in.

    Raises StorageError when the port is taken or the data directory cannot be used.
    """
    prepare_data_dir(settings)
    prepare_decisions(settings)
    prepare_instance_folder(settings)
    from review.services import first_administrator_path, local_sign_in_path
    from review.site.serve import serve

    def ready(actual: int) -> None:
        address = f"http://127.0.0.1:{actual}"
        print(f"The desk answers at {address}{local_sign_in_path(settings) if sign_in else '/'}", flush=True)
        if sign_in:
            print("The link signs you in once, on this machine, within fifteen minutes.", flush=True)
        first = first_administrator_path()
        if first:
            print(f"Nobody administers this desk yet; this signs you in as administrator: {address}{first}", flush=True)
        print("Dagster starts beside it (menu: Runs). Ctrl-C ends all three.", flush=True)

    signal.signal(signal.SIGTERM, _interrupt)
    with _dagster(settings) as dagster_socket:
        try:
            serve(settings, port, dagster_socket=dagster_socket, ready=ready)
        except KeyboardInterrupt:
            print("\nEnded.", flush=True)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@contextmanager
def _dagster(settings: Settings) -> Iterator[str]:
    """Run Dagster's web server and daemon for the time of the block; yields the web server's socket."""
    folder = Path(tempfile.mkdtemp(prefix="gcidesk-"))  # mode 0700, and short: a socket's path has little room
    socket = str(folder / "dagster")
    programs = Path(sys.executable).parent
    log = settings.dagster_dir / "serve.log"
    environment = {**os.environ, "GCIDESK_DATA": str(settings.data_dir), "DAGSTER_HOME": str(settings.dagster_dir)}
    module = ["-m", "pipelines.definitions"]
    commands = (
        [sys.executable, "-m", "pipelines.dagster_site", socket, "--path-prefix", PATH_PREFIX, *module],
        [str(programs / "dagster-daemon"), "run", *module],
    )
    with log.open("ab") as sink:
        running = [
            subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
            for command in commands
        ]
    try:
        yield socket
    finally:
        for process in running:
            _end(process)
        shutil.rmtree(folder)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a program and all that it started to end; after the grace they are killed."""
    for wish in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, wish)
        except ProcessLookupError:
            return
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        return
