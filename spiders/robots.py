"""robots.txt by RFC 9309.

Belongs here: what a host's robots.txt allows, and what its absence or failure means. Does not belong here: fetching it
(`crawl`). The rules themselves are matched by protego (longest match); around it stand the limits and the meaning of
status codes, which Scrapy's own middleware gets wrong: 4xx allows, 5xx and silence disallow for this run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from protego import Protego

PRODUCT_TOKEN = "gcidesk"  # noqa: S105
MAX_BYTES = 500 * 1024
"""Bytes of a robots.txt that are parsed; the rest is ignored, as the RFC allows."""

MAX_REDIRECTS = 5
MAX_SITEMAPS = 20
MAX_CRAWL_DELAY = 300.0

Verdict = Literal["rules", "allow", "disallow"]


@dataclass(frozen=True)
class RobotsFile:
    """What is known about a host's robots.txt: its text, or what took its place."""

    verdict: Verdict
    text: str = ""
    reason: str = ""

    def as_note(self) -> dict[str, str]:
        """Return the form kept with the frontier."""
        return {"verdict": self.verdict, "text": self.text, "reason": self.reason}


def robots_from_answer(status: int, payload: bytes) -> RobotsFile:
    """Return what an answer to the request for robots.txt means (RFC 9309, 2.3.1)."""
    if 200 <= status < 300:
        text = payload[:MAX_BYTES].decode("utf-8", "replace").removeprefix("\ufeff").replace("\0", "")
        if len(payload) > MAX_BYTES:
            text = text.rpartition("\n")[0]
        return RobotsFile("rules", text)
    if 400 <= status < 500:
        return RobotsFile("allow", reason=f"robots.txt answered {status}")
    if 300 <= status < 400:
        return RobotsFile("allow", reason=f"robots.txt was redirected more than {MAX_REDIRECTS} times or nowhere")
    return RobotsFile("disallow", reason=f"robots.txt answered {status}; RFC 9309 forbids the host for this run")


class RobotsRules:
    """The rules of one host for us."""

    def __init__(self, file: RobotsFile) -> None:
        """Parse the file; a file that cannot be parsed has no rules."""
        self.file = file
        self._rules: Any = Protego.parse(_without_marks(file.text)) if file.verdict == "rules" else None

    def allows(self, url: str) -> bool:
        """Tell whether we may ask for an address; robots.txt itself may always be asked for."""
        if self.file.verdict == "disallow":
            return False
        return self._rules is None or bool(self._rules.can_fetch(url, PRODUCT_TOKEN))

    @property
    def crawl_delay(self) -> float:
        """Seconds between two requests that the host asks for; 0 when it asks for none."""
        delay = self._rules.crawl_delay(PRODUCT_TOKEN) if self._rules is not None else None
        return min(max(float(delay or 0), 0.0), MAX_CRAWL_DELAY)

    @property
    def sitemaps(self) -> list[str]:
        """Addresses of sitemaps that the file names, at most `MAX_SITEMAPS`."""
        return list(self._rules.sitemaps)[:MAX_SITEMAPS] if self._rules is not None else []


def _without_marks(text: str) -> str:
    """Return the text with one kind of line end; protego takes no lone carriage return for one."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
