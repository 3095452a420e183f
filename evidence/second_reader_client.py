"""The connection to the second reader's endpoint: one request, one answer, hard limits.

Belongs here: address rules, request, time and size limits, the envelope of an OpenAI-compatible answer. Does not belong
here: what is asked or believed (`second_reader`). The address comes from the settings alone: redirects are refused,
proxy variables are ignored, and nothing in a passage can name another address.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from store.errors import ExitCode, GcideskError
from store.settings import Settings

MOST_BYTES: Final = 200_000
"""Bytes of an answer that are read; a stance and a quote need a thousand."""
MOST_TOKENS: Final = 600
_CHUNK: Final = 8192


class EndpointError(GcideskError):
    """The second reader's endpoint is misconfigured or gave no usable answer."""

    exit_code = ExitCode.ENVIRONMENT


@dataclass(frozen=True)
class Endpoint:
    """Where and how to ask."""

    address: str
    model: str
    seconds: float
    key: str = field(default="", repr=False)

    @classmethod
    def from_settings(cls, settings: Settings) -> Endpoint:
        """Return the endpoint of the settings; raises EndpointError when the address or model cannot be used."""
        address = settings.second_reader.rstrip("/")
        parts = urlsplit(address)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
            raise EndpointError("GCIDESK_SECOND_READER is not an http or https address without a user name.")
        if parts.scheme == "http" and not _is_loopback(parts.hostname):
            raise EndpointError("GCIDESK_SECOND_READER must use https unless it is on this machine.")
        if not settings.second_reader_model:
            raise EndpointError("GCIDESK_SECOND_READER is set, but GCIDESK_SECOND_READER_MODEL is not.")
        if not address.endswith("/chat/completions"):
            address = f"{address}/chat/completions"
        return cls(
            address, settings.second_reader_model, float(settings.second_reader_seconds), settings.second_reader_key
        )


def ask(endpoint: Endpoint, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> str:
    """Return the content of the endpoint's answer, at most 200,000 bytes, within the endpoint's seconds.

    Raises EndpointError on a refused connection, a status other than 200, a redirect, too slow or too long a body, and
    an envelope that is not that of a chat completion.
    """
    body = {
        "model": endpoint.model,
        "messages": list(messages),
        "temperature": 0,
        "max_tokens": MOST_TOKENS,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "opinion", "strict": True, "schema": dict(schema)},
        },
    }
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if endpoint.key:
        headers["Authorization"] = f"Bearer {endpoint.key}"
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked when the settings were read
        endpoint.address, json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"), headers, method="POST"
    )
    return _content(_fetch_in_time(request, endpoint.seconds))


def _fetch_in_time(request: urllib.request.Request, seconds: float) -> bytes:
    """Fetch within the seconds as a whole: an endpoint that sends its headers byte by byte is given up too."""
    found: list[bytes | EndpointError] = []

    def fetch() -> None:
        try:
            found.append(_fetch(request, seconds))
        except EndpointError as error:
            found.append(error)

    thread = threading.Thread(target=fetch, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise EndpointError(f"the answer took longer than {seconds:g} s")
    if isinstance(found[0], EndpointError):
        raise found[0]
    return found[0]


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _fetch(request: urllib.request.Request, seconds: float) -> bytes:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect)
    deadline = time.monotonic() + seconds
    try:
        with opener.open(request, timeout=seconds) as response:
            body = b""
            while chunk := response.read1(_CHUNK):
                body += chunk
                if len(body) > MOST_BYTES:
                    raise EndpointError(f"the answer is longer than {MOST_BYTES} bytes")
                if time.monotonic() > deadline:
                    raise EndpointError(f"the answer took longer than {seconds:g} s")
            return body
    except urllib.error.HTTPError as error:
        with error:
            raise EndpointError(f"the endpoint answered with status {error.code}") from error
    except TimeoutError as error:
        raise EndpointError(f"the answer took longer than {seconds:g} s") from error
    except http.client.HTTPException as error:
        raise EndpointError(f"the endpoint's answer is no HTTP ({type(error).__name__})") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, TimeoutError):
            raise EndpointError(f"the answer took longer than {seconds:g} s") from error
        raise EndpointError(f"the endpoint cannot be reached ({reason})") from error


def _content(body: bytes) -> str:
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
        raise EndpointError("the answer is not that of a chat completion") from error
    if not isinstance(content, str):
        raise EndpointError("the answer holds no text")
    return content


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
