"""Dagster's interface behind the site's login.

Belongs here: passing requests on to its web server. Dagster itself has no login, so it listens on a socket file that
only this user can reach, and this is its one door. Web sockets are not passed on: the interface then asks again by
itself. Its forms carry no token of ours: a request that changes something must come from our own origin by the
browser's own word, and the session cookie does not travel from other sites.
"""

from __future__ import annotations

import http.client
import socket

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from review.views.problems import refused, show_problem

PREFIX = "/dagster"
TIMEOUT_SECONDS = 30
LARGEST_ANSWER = 50_000_000
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; worker-src 'self' blob:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
"""Dagster's own pages need inline script; this policy holds below /dagster only."""

_PASSED_ON = ("Accept", "Content-Type", "Accept-Language", "If-None-Match")
_PASSED_BACK = ("Content-Type", "ETag", "Cache-Control", "Location")


class _OverSocket(http.client.HTTPConnection):
    """A connection to a web server that listens on a socket file."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=TIMEOUT_SECONDS)
        self._path = path

    def connect(self) -> None:
        """Open the connection; raises OSError when nobody listens."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(TIMEOUT_SECONDS)
        self.sock.connect(self._path)


@csrf_exempt
def dagster(request: HttpRequest, path: str = "") -> HttpResponse:
    """Pass a request on; the web server's socket is set when `serve` starts it."""
    where = str(getattr(settings, "DAGSTER_SOCKET", ""))
    if not where:
        return show_problem(request, 503, "Dagster is not running", "Start it together with the site.", "gcidesk serve")
    if request.method == "POST" and not _from_here(request):
        return refused(request, PermissionError("This request did not come from this site."))
    if request.method != "POST" and "graphql" in path and "query" in request.GET:  # Dagster would run a mutation
        return refused(request, PermissionError("Dagster is asked by POST only."))
    if request.headers.get("Upgrade"):
        return HttpResponse("No web sockets here: ask again.\n", status=501, content_type="text/plain")
    connection = _OverSocket(where)
    try:
        query = request.META.get("QUERY_STRING", "")
        target = request.get_full_path().partition("?")[0] + (f"?{query}" if query else "")
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        connection.request(request.method or "GET", target, body=request.body or None, headers=headers)
        found = connection.getresponse()
        body = found.read(LARGEST_ANSWER)
    except (OSError, http.client.HTTPException):
        text = "It may still be starting: this page asks again every five seconds. If it stays away, start it again."
        answer = show_problem(request, 502, "Dagster does not answer yet", text, "gcidesk serve")
        answer["Refresh"] = "5"
        return answer
    finally:
        connection.close()
    answer = HttpResponse(body, status=found.status)
    for name in _PASSED_BACK:
        value = found.headers.get(name)
        if value and not (name == "Location" and not value.startswith(PREFIX)):
            answer[name] = value
    answer["Content-Security-Policy"] = POLICY
    return answer


def _from_here(request: HttpRequest) -> bool:
    origin = request.headers.get("Origin", "")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site == "same-origin" and origin in {"", f"{request.scheme}://{request.get_host()}"}
