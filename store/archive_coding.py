"""Content coding: from the body as received to the payload, within limits.

Belongs here: undoing gzip, deflate, brotli and zstd without ever holding more than a limit, and undoing chunked
transfer coding that foreign archives keep. Does not belong here: records and files (`archive`), or what a payload
means.
"""

from __future__ import annotations

import zlib

import brotli  # type: ignore[import-untyped]
import zstandard

from store.errors import BadInputError

MAX_PAYLOAD = 64 * 1024 * 1024
"""Bytes of one payload after decoding; more is refused."""

MAX_RATIO = 200
"""Decoded bytes per received byte; text rarely exceeds 20, a bomb reaches 1,000."""

RATIO_FREE = 4 * 1024 * 1024
"""Below this size the ratio is not looked at: a small page of repeated rows may compress very well."""

MAX_CODINGS = 3
_STEP = 256 * 1024
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_ZSTD_STEP = 512
"""Bytes given to zstd at a time: four of them can stand for 128 KiB, and nothing stops the decoder in between."""


class DecodingError(BadInputError):
    """A body cannot be decoded; `code` is the stable short name for an issue."""

    def __init__(self, code: str, message: str) -> None:
        """Keep the code beside the message."""
        super().__init__(message)
        self.code = code


class _Sink:
    """Collects decoded bytes and refuses to hold more than the limits allow."""

    def __init__(self, received: int, limit: int) -> None:
        self._chunks: list[bytes] = []
        self._size = 0
        self._limit = limit
        self._received = max(received, 1)

    def add(self, chunk: bytes) -> None:
        self._size += len(chunk)
        if self._size > self._limit:
            raise DecodingError("too_large", f"The body decodes to more than {self._limit} bytes; it was not kept.")
        if self._size > RATIO_FREE and self._size > self._received * MAX_RATIO:
            raise DecodingError(
                "decompression_bomb",
                f"The body of {self._received} bytes decodes to more than {MAX_RATIO} times its size; it was not kept.",
            )
        self._chunks.append(chunk)

    def value(self) -> bytes:
        return b"".join(self._chunks)


def decode_body(body: bytes, content_encoding: str, limit: int = MAX_PAYLOAD) -> bytes:
    """Return the payload of a body received with this Content-Encoding header.

    A body that does not begin as its coding demands is returned unchanged: such a header lies. Raises DecodingError
    with code `too_large`, `decompression_bomb`, `broken_encoding` or `truncated`.
    """
    codings = [name for name in (part.strip().lower() for part in content_encoding.split(",")) if name]
    if len(codings) > MAX_CODINGS:
        raise DecodingError(
            "broken_encoding", f"The body claims {len(codings)} content codings; at most {MAX_CODINGS}."
        )
    received = len(body)
    for name in reversed(codings):
        body = _decode_once(body, name, received, limit)
    if len(body) > limit:
        raise DecodingError("too_large", f"The body has more than {limit} bytes; it was not kept.")
    return body


def _decode_once(body: bytes, name: str, received: int, limit: int) -> bytes:
    if not body or name == "identity":
        return body
    sink = _Sink(received, limit)
    try:
        if name in {"gzip", "x-gzip"}:
            return _gzip(body, sink)
        if name == "deflate":
            return _deflate(body, sink)
        if name == "br":
            return _brotli(body, sink)
        if name == "zstd":
            return _zstd(body, sink, limit)
    except EOFError as error:
        raise DecodingError("truncated", f"The body broke off: its {name} coding {error}.") from error
    except (zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise DecodingError("broken_encoding", f"The body's {name} coding is broken ({error}).") from error
    return body


def _gzip(body: bytes, sink: _Sink) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    rest = body
    while rest.startswith(b"\x1f\x8b"):
        rest = _inflate(rest, zlib.MAX_WBITS | 16, sink)
    return sink.value()


def _deflate(body: bytes, sink: _Sink) -> bytes:
    zlib_head = len(body) >= 2 and body[0] & 0x0F == 8 and (body[0] * 256 + body[1]) % 31 == 0
    _inflate(body, zlib.MAX_WBITS if zlib_head else -zlib.MAX_WBITS, sink)
    return sink.value()


def _inflate(body: bytes, bits: int, sink: _Sink) -> bytes:
    inflater = zlib.decompressobj(bits)
    rest = body
    while not inflater.eof:
        chunk = inflater.decompress(rest, _STEP)
        sink.add(chunk)
        rest = inflater.unconsumed_tail
        if not chunk and not rest and not inflater.eof:
            raise EOFError("ends in the middle")
    return inflater.unused_data


def _brotli(body: bytes, sink: _Sink) -> bytes:
    decoder = brotli.Decompressor()
    sink.add(decoder.process(body, output_buffer_limit=_STEP))
    while not decoder.is_finished():
        if decoder.can_accept_more_data():
            raise EOFError("ends in the middle")
        sink.add(decoder.process(b"", output_buffer_limit=_STEP))
    return sink.value()


def _zstd(body: bytes, sink: _Sink, limit: int) -> bytes:
    if not body.startswith(_ZSTD_MAGIC):
        return body
    rest = body
    while rest.startswith(_ZSTD_MAGIC):
        decoder = zstandard.ZstdDecompressor(max_window_size=min(limit, 8 * 1024 * 1024)).decompressobj()
        position = 0
        while not decoder.eof:
            piece = rest[position : position + _ZSTD_STEP]
            if not piece:
                raise EOFError("ends in the middle")
            position += len(piece)
            sink.add(decoder.decompress(piece))
        rest = decoder.unused_data + rest[position:]
    return sink.value()


def undo_chunks(body: bytes) -> bytes:
    """Return a body without chunked transfer coding; a body that is not chunked is returned unchanged."""
    out: list[bytes] = []
    position = 0
    while True:
        line_end = body.find(b"\r\n", position)
        try:
            size = int(body[position:line_end].split(b";")[0].strip() or b"x", 16) if line_end >= 0 else -1
        except ValueError:
            size = -1
        if size < 0 or line_end + 2 + size > len(body):
            return body if not out else b"".join(out)
        if size == 0:
            return b"".join(out)
        out.append(body[line_end + 2 : line_end + 2 + size])
        position = line_end + 2 + size + 2
