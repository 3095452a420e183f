"""The worker process: reads one payload after another, locked in, and answers in JSON.

Belongs here: the loop over requests on standard input. Does not belong here: the pool that starts and stops workers
(`reader`), and any parsing (`formats`).

A frame is two lengths (big endian, 8 bytes each), a JSON header and a body. Requests carry the payload as body, answers
the reading (JSON of `store.readings.encode_reading`) or a picture (PNG). Nothing is ever unpickled.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import struct
import sys
from typing import IO, Any

from extractors.request import ReadLimits, ReadRequest

NEW_OBJECTS = 20_000
"""New objects after which Python searches for cycles; its own 700 suits programs that keep little."""
LENGTHS = struct.Struct(">QQ")


def write_frame(stream: IO[bytes], header: dict[str, Any], body: bytes) -> None:
    """Write one frame and flush."""
    head = json.dumps(header).encode()
    stream.write(LENGTHS.pack(len(head), len(body)))
    stream.write(head)
    stream.write(body)
    stream.flush()


def read_frame(stream: IO[bytes], limit: int) -> tuple[dict[str, Any], bytes] | None:
    """Read one frame; None when the other side is gone. Raises ValueError when it is larger than `limit` bytes."""
    lengths = stream.read(LENGTHS.size)
    if len(lengths) < LENGTHS.size:
        return None
    head_length, body_length = LENGTHS.unpack(lengths)
    if head_length + body_length > limit:
        raise ValueError(f"a frame of {head_length + body_length} bytes is over the limit of {limit}")
    head, body = stream.read(head_length), stream.read(body_length)
    if len(head) < head_length or len(body) < body_length:
        return None
    return json.loads(head), body


def request_from(header: dict[str, Any]) -> ReadRequest:
    """Return the request that a frame's header holds."""
    values = dict(header["request"])
    values["limits"] = ReadLimits(**values["limits"])
    values["language_hints"] = tuple(values["language_hints"])
    return ReadRequest(**values)


def answer(header: dict[str, Any], payload: bytes) -> tuple[dict[str, Any], bytes]:
    """Do what one frame asks for; what goes wrong is part of the answer."""
    try:
        if header["task"] == "read":
            from extractors.formats import parse_encoded

            return {"ok": True}, parse_encoded(payload, request_from(header))
        if header["task"] == "rows":
            from extractors.repositories.isolated import answer_rows

            return answer_rows(payload, header)
        from extractors.rendering import render

        return {"ok": True}, render(payload, page=int(header["page"]), scale=float(header["scale"]))
    except Exception as error:
        return {"ok": False, "error": f"{type(error).__name__}: {error}"[:500]}, b""


def serve(requests: IO[bytes], answers: IO[bytes], limit: int, cpu_seconds: int) -> None:
    """Answer frames until the other side is gone."""
    from extractors.isolation import allow_cpu

    while (frame := read_frame(requests, limit)) is not None:
        allow_cpu(cpu_seconds)
        write_frame(answers, *answer(*frame))


def collect_seldom() -> None:
    """Let Python search for cycles less often.

    A layout is a growing heap of tuples without cycles, which would be walked again and again: up to a fifth of the
    time on 5,000 pages.
    """
    gc.set_threshold(NEW_OBJECTS, 10, 10)


def main() -> None:
    """Run a worker: arguments are the memory limit, the frame limit, the processor seconds a payload, and the folder of
    its temporary files, which it removes when the pool ended without doing so.
    """
    memory_bytes, frame_bytes, cpu_seconds = (int(value) for value in sys.argv[1:4])
    answers = os.fdopen(os.dup(1), "wb")
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)  # a library that prints must not break the conversation
    from extractors.isolation import confine

    warning = confine(memory_bytes)
    collect_seldom()
    write_frame(answers, {"ready": True, "warning": warning}, b"")
    serve(sys.stdin.buffer, answers, frame_bytes, cpu_seconds)
    shutil.rmtree(sys.argv[4], ignore_errors=True)


if __name__ == "__main__":
    main()
