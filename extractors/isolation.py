"""Lock a worker process in before it sees hostile bytes.

Belongs here: limits on the process itself (memory, processor time, files) and the cut from the network. Does not belong
here: the conversation with the worker (`reader`, `worker`) or limits inside a parser (`request.ReadLimits`).

The network is cut by a seccomp filter on `socket(2)` and `io_uring_setup(2)`: it needs no rights, holds for every
library and every child process, and lets only Unix sockets through (LibreOffice talks to itself over one). An audit
hook refuses sockets in Python too; where the kernel has no seccomp, it stands alone and the worker says so.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct
import sys
from typing import Any

PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2
LOAD, JUMP_EQUAL, JUMP_GREATER_EQUAL, RETURN = 0x20, 0x15, 0x35, 0x06
ALLOW, DENY = 0x7FFF0000, 0x00050000 | 13  # 13 is EACCES
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # offsets in struct seccomp_data
AF_UNIX = 1
IO_URING_SETUP = 425
"""The call that makes a ring; its operations, sockets among them, pass no filter. The number is the same everywhere."""
X32_BIT = 0x40000000
SOCKET_CALL = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""Machine: (audit architecture, number of `socket`)."""


def confine(memory_bytes: int) -> str:
    """Lock this process and all its children in; returns a warning when the kernel could not cut the network, else "".

    The address space is limited to `memory_bytes`; helper programs may raise theirs to four times that, because
    LibreOffice reserves far more than it uses.
    """
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, 4 * memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (memory_bytes, memory_bytes))
    warning = _cut_network()
    sys.addaudithook(_refuse_sockets)
    return warning


def allow_cpu(seconds: int) -> None:
    """Let this process use `seconds` more of processor time; then the kernel ends it with SIGXCPU."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(usage.ru_utime + usage.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _refuse_sockets(event: str, arguments: tuple[Any, ...]) -> None:
    if event in {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"}:
        raise PermissionError(f"a reader has no network ({event})")


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _cut_network() -> str:
    machine = platform.machine()
    if sys.platform != "linux" or machine not in SOCKET_CALL:
        return f"no seccomp filter for {sys.platform} on {machine}; sockets are refused in Python only"
    architecture, socket_call = SOCKET_CALL[machine]
    steps = (
        (LOAD, 0, 0, ARCHITECTURE),
        (JUMP_EQUAL, 0, 7, architecture),  # another architecture's calls: deny
        (LOAD, 0, 0, NUMBER),
        (JUMP_GREATER_EQUAL, 5, 0, X32_BIT),  # the x32 door to the same calls: deny
        (JUMP_EQUAL, 4, 0, IO_URING_SETUP),  # a ring opens sockets without `socket`: deny
        (JUMP_EQUAL, 0, 2, socket_call),  # anything but socket: allow
        (LOAD, 0, 0, FIRST_ARGUMENT),
        (JUMP_EQUAL, 0, 1, AF_UNIX),
        (RETURN, 0, 0, ALLOW),
        (RETURN, 0, 0, DENY),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = _Program(len(steps), ctypes.cast(code, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0
    ):
        return f"the kernel refused the seccomp filter ({os.strerror(ctypes.get_errno())})"
    return ""
