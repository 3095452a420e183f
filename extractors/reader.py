"""The pool of worker processes that reads payloads.

Belongs here: starting, asking, timing out and replacing workers. Does not belong here: what happens inside a worker
(`worker`, `isolation`, `formats`), or remembering readings (`cache`).

`ReaderPool.read` never raises for bad input: whatever a payload does to a worker ends in a `Reading` with a status
and a sentence for a reviewer.
"""

from __future__ import annotations

import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from extractors.process_session import end_session
from extractors.request import ReadLimits, ReadRequest
from extractors.version import READER_VERSION
from extractors.worker import read_frame, write_frame
from store.digests import payload_digest
from store.errors import ExitCode, GcideskError
from store.readings import Reading, decode_reading

ROOT = Path(__file__).resolve().parents[1]
WORKING_FOLDER = ROOT
READS_A_WORKER = 400
"""A worker is replaced after this many payloads, so that what a library leaks stays small."""
START_SECONDS = 60.0
END_SECONDS = 5.0
"""A worker whose pipe is closed ends by itself within this time, or is ended."""


class ReaderStartError(GcideskError):
    """A worker process does not start; nothing can be read on this machine."""

    exit_code = ExitCode.ENVIRONMENT


class ReaderFaultError(GcideskError):
    """The reader's own code failed before it came to the payload, such as a module that cannot be imported."""


class RenderError(GcideskError):
    """A page cannot be shown as a picture."""

    exit_code = ExitCode.BAD_INPUT


class _WorkerGone(Exception):
    """The worker ended without an answer; `cause` is a status, `message` a sentence."""

    def __init__(self, cause: str, message: str) -> None:
        super().__init__(message)
        self.cause, self.message = cause, message


class _Worker:
    """One worker process and the conversation with it."""

    def __init__(self, limits: ReadLimits) -> None:
        self._limits = limits
        self.reads = 0
        self._ending = threading.Lock()
        self._folder = tempfile.mkdtemp(prefix="gcidesk-reader-")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "extractors.worker", str(limits.memory_bytes), str(_frame_limit(limits)),
             str(limits.cpu_seconds), self._folder],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=WORKING_FOLDER, env=_environment(self._folder), start_new_session=True,
        )  # fmt: skip
        try:
            self._exchange(None, b"", START_SECONDS)
        except _WorkerGone as gone:
            self.close()
            raise ReaderStartError(f"A reader process did not start: {gone.message} Run 'gcidesk doctor'.") from gone

    def ask(self, header: dict[str, Any], payload: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Send one request and return its answer; raises _WorkerGone when there is none."""
        self.reads += 1
        return self._exchange(header, payload, seconds)

    def _exchange(self, header: dict[str, Any] | None, payload: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        timed_out = threading.Event()

        def stop() -> None:
            timed_out.set()
            self.kill()

        timer = threading.Timer(seconds, stop)
        timer.start()
        try:
            if header is not None:
                write_frame(self._stdin, header, payload)
            frame = read_frame(self._stdout, _frame_limit(self._limits))
        except (BrokenPipeError, ConnectionResetError):
            frame = None
        except ValueError as error:
            raise _WorkerGone("too_large", f"Its text is too large: {error}.") from error
        finally:
            timer.cancel()
        if frame is None:
            raise self._explain(timed_out.is_set(), seconds)
        return frame

    def _explain(self, timed_out: bool, seconds: float) -> _WorkerGone:
        code = self._end()
        if timed_out:
            return _WorkerGone("timeout", f"Reading took longer than {seconds:.0f} seconds and was stopped.")
        if code == -signal.SIGXCPU:
            return _WorkerGone(
                "timeout",
                f"Reading used more than {self._limits.cpu_seconds} seconds of processor time and was stopped.",
            )
        return _WorkerGone("damaged", f"The file broke the reader (exit code {code}); it is damaged or hostile.")

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._process.stdin is not None
        return self._process.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._process.stdout is not None
        return self._process.stdout

    def kill(self) -> None:
        """End the worker and all programs that it started."""
        with self._ending:
            if self._process.returncode is None:
                end_session(self._process.pid)

    def _end(self) -> int:
        """Return how the worker ended, which closed its pipe; programs that it started end with it."""
        deadline = time.monotonic() + END_SECONDS
        while time.monotonic() < deadline and not self._has_ended():
            time.sleep(0.005)
        return self._reap()

    def _has_ended(self) -> bool:
        """Tell whether the worker ended, and leave its number to it: `end_session` needs it."""
        if self._process.returncode is not None:
            return True
        try:
            return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
        except ChildProcessError:
            return True  # the program around the pool waits for no child

    def _reap(self) -> int:
        self.kill()
        with self._ending:
            return self._process.wait()

    def close(self) -> None:
        """End the worker, remove what it and its programs left, and release its pipes."""
        self._reap()
        shutil.rmtree(self._folder, ignore_errors=True)
        self._stdout.close()
        try:
            self._stdin.close()
        except BrokenPipeError:
            return  # it ended with a request half sent; there is nothing left to flush


class ReaderPool:
    """Worker processes that read payloads; a context manager, safe to use from several threads."""

    def __init__(self, limits: ReadLimits | None = None, workers: int = 1) -> None:
        """Make a pool of at most `workers` processes; each is started when it is first needed."""
        self._limits = limits or ReadLimits()
        self._places: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(max(1, workers)):
            self._places.put(None)
        self._size = max(1, workers)

    def __enter__(self) -> ReaderPool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End all workers."""
        for _ in range(self._size):
            worker = self._places.get()
            if worker is not None:
                worker.close()
        for _ in range(self._size):
            self._places.put(None)

    def read(
        self,
        payload: bytes,
        *,
        name: str,
        declared_type: str = "",
        declared_charset: str = "",
        language_hints: tuple[str, ...] = (),
        ocr_pages: int = 0,
        ocr_dir: Path | None = None,
    ) -> Reading:
        """Return what can be read of a payload.

        Bad input gives a reading with a status (no_text, encrypted, damaged, wrong_type, too_large, timeout,
        not_covered) and a reason. Raises ReaderStartError only when no worker can be started at all.
        """
        digest = payload_digest(payload)
        limits = self._limits
        if len(payload) > limits.payload_bytes:
            return _failed(digest, "too_large", _too_large(len(payload), limits.payload_bytes))
        request = ReadRequest(
            name=name[-300:], payload_digest=digest, declared_type=declared_type, declared_charset=declared_charset,
            language_hints=language_hints, ocr_pages=ocr_pages, ocr_dir=str(ocr_dir or ""), limits=limits,
        )  # fmt: skip
        header = {"task": "read", "request": asdict(request)}
        try:
            answer, body = self._ask(header, payload, limits.wall_seconds + ocr_pages * limits.ocr_seconds)
        except _WorkerGone as gone:
            return _failed(digest, gone.cause, gone.message)
        if not answer["ok"]:
            raise ReaderFaultError(
                f"The reader itself failed on {name} ({answer['error']}). This is a fault of the program: report it."
            )
        return decode_reading(body)

    def render(self, payload: bytes, page: int, scale: float = 2.0) -> bytes:
        """Return page `page` (from 1) as PNG, `scale` x 72 dots an inch; raises RenderError when it cannot be
        shown."""
        try:
            header, body = self._ask(
                {"task": "render", "page": page, "scale": scale}, payload, self._limits.wall_seconds
            )
        except _WorkerGone as gone:
            raise RenderError(f"Page {page} cannot be shown. {gone.message}") from gone
        if not header["ok"]:
            raise RenderError(f"Page {page} cannot be shown: {header['error']}")
        return body

    def ask_rows(self, payload: bytes, shape: dict[str, Any], address: str) -> tuple[dict[str, Any], bytes]:
        """Return a worker's answer to a request for a repository page's rows (`repositories.isolated`).

        A worker that ends without an answer gives `ok` false and an error.
        """
        try:
            return self._ask({"task": "rows", "shape": shape, "address": address}, payload, self._limits.wall_seconds)
        except _WorkerGone as gone:
            return {"ok": False, "error": gone.message}, b""

    def _ask(self, header: dict[str, Any], payload: bytes, seconds: float) -> tuple[dict[str, Any], bytes]:
        worker = self._places.get()
        try:
            if worker is None:
                worker = _Worker(self._limits)
            found = worker.ask(header, payload, seconds)
        except BaseException:
            if worker is not None:
                worker.close()
            self._places.put(None)
            raise
        if worker.reads >= READS_A_WORKER:
            worker.close()
            worker = None
        self._places.put(worker)
        return found


def _frame_limit(limits: ReadLimits) -> int:
    return limits.payload_bytes + 2 * limits.memory_bytes


def _too_large(size: int, limit: int) -> str:
    return f"The file has {size / 2**20:.1f} MiB; files over {limit / 2**20:.0f} MiB are not read."


def _failed(digest: str, status: str, reason: str) -> Reading:
    return Reading(payload_digest=digest, reader_version=READER_VERSION, format="unknown", status=status, reason=reason)


def _environment(folder: str) -> dict[str, str]:
    """Return what a worker may know of the machine: no secrets of the parent's environment, and its own `folder` for
    temporary files.
    """
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TESSDATA_PREFIX") if name in os.environ}
    threads = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "OMP_THREAD_LIMIT"), "1")
    return {
        **kept,
        **threads,
        "TMPDIR": folder,
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "PYTHONHASHSEED": "0",
        "HOME": "/nonexistent",
    }
