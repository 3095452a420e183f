"""Serving the site: waitress on loopback, with static files by whitenoise.

Belongs here: starting and stopping the web server of the site. Does not belong here: Dagster's processes (`pipelines`);
their port is handed in so that the site can pass requests on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from store.errors import StorageError
from store.settings import Settings

THREADS = 8
CONNECTIONS = 200


def serve(
    settings: Settings,
    port: int,
    *,
    host: str = "127.0.0.1",
    dagster_port: int = 0,
    ready: Callable[[int], None] | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Serve the site until `stop` is set or the process is interrupted.

    Django must be set up. `port` 0 takes a free one; `ready` is called with the port once requests are answered. Raises
    StorageError when the port is taken or the decisions store cannot be used.
    """
    from django.conf import settings as django_settings
    from waitress.server import create_server

    from review.services import prepare_database
    from review.site.wsgi import application

    prepare_database(settings)
    django_settings.DAGSTER_PORT = dagster_port
    try:
        server = create_server(
            application,
            host=host,
            port=port,
            threads=THREADS,
            connection_limit=CONNECTIONS,
            channel_timeout=60,
            max_request_header_size=32_768,
            max_request_body_size=40_000_000,
            ident="gcidesk",
            clear_untrusted_proxy_headers=not settings.site_host,
        )
    except OSError as error:
        raise StorageError(
            f"The site cannot listen on {host}:{port} ({error.strerror}). Choose another port with --port."
        ) from error
    if stop is not None:
        threading.Thread(target=lambda: (stop.wait(), server.close()), daemon=True).start()
    if ready is not None:
        ready(int(server.effective_port))
    try:
        server.run()
    except OSError:
        if stop is None or not stop.is_set():
            raise
    finally:
        server.close()
