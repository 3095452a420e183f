"""Listening sockets on several loopback addresses; what a path answers stands in `behaviours`."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

Handler = Callable[["Asked"], None]


@dataclass
class Asked:
    """One request on an open connection; a handler sends raw bytes."""

    connection: socket.socket
    host: str
    port: int
    path: str
    headers: dict[str, str]
    count: int
    """How often this path was asked on this host, this time included."""
    server: HostileServer

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def answer(self, body: bytes, status: str = "200 OK", **headers: str) -> None:
        lines = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
        lines.update({name.replace("_", "-"): value for name, value in headers.items()})
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
        self.send(f"HTTP/1.1 {status}\r\n{head}\r\n".encode("latin-1") + body)

    def address(self, host: int, path: str) -> str:
        return self.server.address(host, path)


@dataclass
class HostileServer:
    """Serves on 127.0.0.1, 127.0.0.2, …; `hosts` maps the last number to what it answers."""

    hosts: dict[int, Handler]
    tls: ssl.SSLContext | None = None
    port: int = 0
    asked: Counter[tuple[int, str]] = field(default_factory=Counter)
    log: list[tuple[float, int, str, dict[str, str]]] = field(default_factory=list)
    open_now: Counter[int] = field(default_factory=Counter)
    most_open: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> HostileServer:
        for number in sorted(self.hosts):
            listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((f"127.0.0.{number}", self.port))
            self.port = listener.getsockname()[1]
            listener.listen(64)
            self._sockets.append(listener)
            threading.Thread(target=self._accept, args=(listener, number), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for listener in self._sockets:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def address(self, host: int, path: str) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.{host}:{self.port}{path}"

    def _accept(self, listener: socket.socket, number: int) -> None:
        while not self._stopping.is_set():
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection, number), daemon=True).start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with self._lock:
            self.open_now[number] += 1
            self.most_open[number] = max(self.most_open[number], self.open_now[number])
        try:
            if self.tls is not None:
                connection = self.tls.wrap_socket(connection, server_side=True)
            connection.settimeout(30)
            while not self._stopping.is_set() and self._one(connection, number):
                pass
        except OSError:
            pass
        finally:
            with self._lock:
                self.open_now[number] -= 1
            connection.close()

    def _one(self, connection: socket.socket, number: int) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            chunk = connection.recv(65536)
            if not chunk:
                return False
            head += chunk
        lines = head.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
        path = lines[0].split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        with self._lock:
            self.asked[number, path] += 1
            count = self.asked[number, path]
            self.log.append((time.time(), number, path, headers))
        asked = Asked(connection, f"127.0.0.{number}", self.port, path, headers, count, self)
        self.hosts[number](asked)
        return not getattr(asked, "closed", False)

    def paths(self, host: int) -> list[str]:
        return [path for _, number, path, _ in self.log if number == host]
