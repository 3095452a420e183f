"""One web process of the site: `python -m review.site.worker SOCKET DAGSTER_SOCKET`.

Belongs here: serving on a listening socket that the first process opened and handed down, until that process is gone.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
import time


def main(handle: int, dagster_socket: str) -> None:
    """Serve on the socket with this file handle; ends with the process that started it."""
    import django

    django.setup()
    from review.site.serve import run_server

    parent = os.getppid()

    def follow() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(0)

    threading.Thread(target=follow, daemon=True).start()
    run_server(socket.socket(fileno=handle), dagster_socket)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
