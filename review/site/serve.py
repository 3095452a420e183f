"""Serving the site: waitress on loopback, in as many processes as there are cores, with static files by whitenoise.

Belongs here: starting and stopping the web server of the site. Does not belong here: Dagster's processes (`pipelines`);
their socket is handed in so that the site can pass requests on.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from store.errors import StorageError
from store.settings import Settings

THREADS = 8
CONNECTIONS = 200
MOST_PROCESSES = 4
ROOT = Path(__file__).resolve().parents[2]


def serve(
    settings: Settings,
    port: int,
    *,
    host: str = "127.0.0.1",
    dagster_socket: str = "",
    processes: int = 0,
    ready: Callable[[int], None] | None = None,
) -> None:
    """Serve the site until the process is interrupted.

    Django must be set up. `port` 0 takes a free one; `processes` 0 means one a core, four at most; `ready` is
    called with the port once requests are answered. Raises StorageError when the port is taken, or the decisions
    cannot be used.
    """
    from review.services import prepare_database

    prepare_database(settings)
    listener = _listen(host, port)
    with listener, _more_processes(listener, settings, dagster_socket, processes):
        run_server(listener, dagster_socket, ready)


def run_server(listener: socket.socket, dagster_socket: str, ready: Callable[[int], None] | None = None) -> None:
    """Answer requests on a listening socket in this process."""
    from django.conf import settings as django_settings
    from waitress.server import create_server

    from review.desk import desk_settings
    from review.site.wsgi import application

    django_settings.DAGSTER_SOCKET = dagster_socket
    server = create_server(
        application,
        sockets=[listener],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        channel_timeout=60,
        max_request_header_size=32_768,
        max_request_body_size=40_000_000,
        ident="gcidesk",
        clear_untrusted_proxy_headers=not desk_settings().site_host,
    )
    if ready is not None:
        threading.Thread(target=ready, args=(listener.getsockname()[1],), daemon=True).start()
    try:
        server.run()
    finally:
        server.close()


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise StorageError(
            f"The site cannot listen on {host}:{port} ({error.strerror}). Choose another port with --port."
        ) from error
    return listener


@contextmanager
def _more_processes(listener: socket.socket, settings: Settings, dagster_socket: str, processes: int) -> Iterator[None]:
    """Run the other web processes for the time of the block; Python answers one request a process at a time."""
    wanted = processes or min(os.cpu_count() or 1, MOST_PROCESSES)
    handle = listener.fileno()
    environment = {
        **os.environ,
        "GCIDESK_DATA": str(settings.data_dir),
        "DJANGO_SETTINGS_MODULE": "review.site.settings",
    }
    command = [sys.executable, "-m", "review.site.worker", str(handle), dagster_socket]
    others = [
        subprocess.Popen(command, pass_fds=[handle], env=environment, cwd=ROOT, stdin=subprocess.DEVNULL)
        for _ in range(wanted - 1)
    ]
    try:
        yield
    finally:
        for process in others:
            process.terminate()
        for process in others:
            process.wait(10)
