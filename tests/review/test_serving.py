"""Serving: waitress on loopback, static files, and Dagster behind the login."""

from __future__ import annotations

import http.server
import os
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def dagster(settings) -> Iterator[list[tuple[str, str, bytes, dict[str, str]]]]:
    """A stand-in for Dagster's web server that notes what reaches it."""
    seen: list[tuple[str, str, bytes, dict[str, str]]] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            seen.append((self.command, self.path, body, dict(self.headers)))
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Set-Cookie", "evil=1")
            self.end_headers()
            self.wfile.write(b"<h1>runs</h1>")

        do_GET = do_POST = answer

        def log_message(self, *arguments: object) -> None:
            pass

        def address_string(self) -> str:
            return "socket"

    class OnSocket(socketserver.ThreadingUnixStreamServer):
        daemon_threads = True

    folder = Path(tempfile.mkdtemp(prefix="gcidesk-test-"))
    server = OnSocket(str(folder / "dagster"), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.DAGSTER_SOCKET = str(folder / "dagster")
    yield seen
    server.shutdown()
    server.server_close()
    shutil.rmtree(folder)


@pytest.mark.django_db
class TestDagster:
    def test_only_behind_the_login_and_only_for_those_who_lead(self, desk, person, browse, dagster, client):
        assert client.get("/dagster/runs").headers["Location"].startswith("/sign-in/")
        assert browse(person("rita")).get("/dagster/runs").status_code == 403
        assert dagster == []
        answer = browse(person("cleo", "coordinator")).get("/dagster/runs?x=1")
        assert answer.content == b"<h1>runs</h1>"
        assert dagster[0][:2] == ("GET", "/dagster/runs?x=1")
        assert "evil" not in answer.cookies and "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "gcidesk_session" not in str(dagster[0][3])

    def test_changes_only_from_our_own_origin(self, desk, person, browse, dagster):
        client = browse(person("cleo", "coordinator"))
        post = {"path": "/dagster/graphql", "data": b"{}", "content_type": "application/json"}
        assert client.post(**post, headers={"Origin": "https://evil.example"}).status_code == 403
        assert client.post(**post, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert dagster == []
        assert client.post(**post, headers={"Origin": "http://testserver"}).status_code == 200
        assert dagster[0][2] == b"{}"

    def test_an_address_alone_changes_nothing(self, desk, person, browse, dagster):
        client = browse(person("cleo", "coordinator"))
        change = {"query": "mutation { terminateRun(runId: 1) { __typename } }"}
        assert client.get("/dagster/graphql", change, headers={"Accept": "image/*"}).status_code == 403
        assert client.head("/dagster/graphql", change).status_code == 403
        assert dagster == []
        assert client.get("/dagster/graphql").status_code == 200

    def test_web_sockets_are_refused_so_that_the_interface_asks_again(self, desk, person, browse, dagster):
        asked = {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "x"}
        client = browse(person("cleo", "coordinator"))
        assert client.get("/dagster/graphql", headers=asked).status_code == 501
        assert browse(person("rita")).get("/dagster/graphql", headers=asked).status_code == 403
        assert dagster == []

    def test_it_says_when_dagster_is_not_there(self, desk, person, browse, settings):
        client = browse(person("cleo", "coordinator"))
        settings.DAGSTER_SOCKET = ""
        assert client.get("/dagster/").status_code == 503
        settings.DAGSTER_SOCKET = "/nowhere/dagster"
        answer = client.get("/dagster/")
        assert answer.status_code == 502 and answer.headers["Refresh"] == "5"


def test_the_site_serves_pages_and_static_files_and_ends(tmp_path):
    code = (
        "import django; django.setup()\n"
        "from review.site.serve import serve; from store.settings import load_settings\n"
        "serve(load_settings(), 0, ready=lambda port: print(port, flush=True))"
    )
    env = {**os.environ, "GCIDESK_DATA": str(tmp_path / "data"), "DJANGO_SETTINGS_MODULE": "review.site.settings"}
    process = subprocess.Popen([sys.executable, "-c", code], env=env, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        base = f"http://127.0.0.1:{int(process.stdout.readline())}"
        assert urllib.request.urlopen(f"{base}/health/").read() == b"ok\n"
        page = urllib.request.urlopen(f"{base}/").read().decode()
        assert "Sign in" in page
        for name in ("review/desk.css", "review/desk.js", "vendor/htmx/htmx.min.js", "review/icon.svg"):
            assert len(urllib.request.urlopen(f"{base}/static/{name}").read()) > 50
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(urllib.request.Request(f"{base}/", headers={"Host": "evil.example"}))
        assert refused.value.code == 400
        refused.value.close()
        assert (tmp_path / "data" / "review" / "secret_key").stat().st_mode & 0o777 == 0o600
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def test_htmx_comes_with_its_licence():
    folder = ROOT / "review" / "static" / "vendor" / "htmx"
    assert "Zero-Clause BSD" in (folder / "LICENSE").read_text()


def test_dagster_listens_on_a_socket_in_a_folder_of_our_own(tmp_path, monkeypatch):
    """No port, no other user: the programs are stand-ins, the folder and what is handed on are real."""
    from pipelines import serve
    from store.settings import Settings

    started: list[list[str]] = []

    class Program:
        def __init__(self, command: list[str], **more: object) -> None:
            started.append(command)
            self.pid = 0

    monkeypatch.setattr(serve.subprocess, "Popen", Program)
    monkeypatch.setattr(serve, "_end", lambda process: None)
    made = Settings(data_dir=tmp_path / "data")
    made.dagster_dir.mkdir(parents=True)
    with serve._dagster(made) as path:
        folder = Path(path).parent
        assert folder.stat().st_mode & 0o777 == 0o700 and len(path) < 100
        assert path in started[0] and not {"-p", "-h", "--port", "--host"} & set(started[0])
    assert not folder.exists()
