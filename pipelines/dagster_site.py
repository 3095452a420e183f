"""Dagster's web server on a socket file: `python -m pipelines.dagster_site SOCKET ARGUMENTS...`.

Dagster's pages have no login, and a port on loopback is open to every user of the machine. Belongs here: letting
Dagster's own program listen on a socket file instead. Does not belong here: starting or ending it (`serve`).
"""

from __future__ import annotations

import sys
from typing import Any

import uvicorn
from dagster_webserver import cli


def main(socket: str, arguments: list[str]) -> None:
    """Run `dagster-webserver` with these arguments; its web server listens on `socket`, whose folder is ours alone."""
    web_server: Any = uvicorn
    listen = web_server.run

    def run(app: Any, *, log_level: str, **address: Any) -> None:
        listen(app, uds=socket, log_level=log_level)

    web_server.run = run
    sys.argv = ["dagster-webserver", "--port", "1", *arguments]  # a port is named so that none is looked for
    cli.dagster_webserver(auto_envvar_prefix="DAGSTER_WEBSERVER")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
