"""Load on the review site: 45 drafted countries of realistic size, 20 readers at once.

Run with `.venv/bin/python benchmarks/review_load.py [--data DIR] [--seconds N]`; needs `wrk` (apt-get install wrk).
Prints requests a second and the latency at p50, p95 and p99 for the desk, a country and a question. Two ways to read:
readers who pause a second between pages, as people do at their fastest, and 20 connections without any pause.
"""

from __future__ import annotations

import argparse
import contextlib
import http.cookiejar
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "benchmarks")]
COUNTRIES = 45
READERS = 20
DOCUMENTS = 1_000
PASSAGES = 40
PAUSE_SECONDS = 1.0


def main() -> None:
    """Build the desk, serve it, and let the load tool read."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="keep the synthetic desk here and use it again")
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is missing: apt-get install wrk")
    with tempfile.TemporaryDirectory() as passing:
        data = options.data or Path(passing) / "data"
        os.environ |= {
            "GCIDESK_DATA": str(data),
            "GCIDESK_REQUIRE_TOTP": "0",
            "GCIDESK_REQUESTS_PER_MINUTE": "100000000",
            "DJANGO_SETTINGS_MODULE": "review.site.settings",
        }
        build(data)
        measure(options.seconds)


def build(data: Path) -> None:
    """Draft 45 countries and let two people decide half of the questions of each."""
    import django
    from synthetic_desk import Plan, build_country

    django.setup()
    from django.db import transaction

    from review import services
    from review.desk import desk_instrument
    from review.lake_view import lake_view
    from review.models import Person
    from review.services.decisions import Verdict, decide, sheet_of
    from review.services.people import assign
    from sources.country_files import country_codes
    from store.settings import load_settings

    settings = load_settings()
    services.prepare_database(settings)
    if Person.objects.exists():
        return
    started = time.monotonic()
    people = [Person.objects.create_person(f"reader{n}", "reviewer", password="a long pass phrase") for n in range(2)]
    for iso3 in country_codes()[:COUNTRIES]:
        build_country(settings, Plan(iso3=iso3, documents=DOCUMENTS, passages=PASSAGES, evidence=6, archived=False))
        services.record_draft(iso3)
        with transaction.atomic():
            for question in desk_instrument().questions[::2]:
                for person in people:
                    assign(person, iso3, "benchmark")
                    sheet = sheet_of(lake_view(), iso3, question.code)
                    answer = sheet.draft.answer if sheet.draft else ""
                    decide(person, iso3, question.code, Verdict(answer=answer, why="as drafted", seen_mark=sheet.mark))
    size = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    print(f"{COUNTRIES} countries x {DOCUMENTS} documents x {PASSAGES} passages, {size / 1e6:.0f} MB, "
          f"built in {time.monotonic() - started:.0f} s")  # fmt: skip


def measure(seconds: int) -> None:
    """Serve in a process of its own and read."""
    code = (
        "import django; django.setup()\n"
        "from review.site.serve import serve; from store.settings import load_settings\n"
        "serve(load_settings(), 0, ready=lambda port: print(port, flush=True))"
    )
    server = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert server.stdout is not None
        base = f"http://127.0.0.1:{int(server.stdout.readline())}"
        cookie = sign_in(base)
        from sources.country_files import country_codes

        first = country_codes()[7]
        pages = {
            "desk": "/",
            "country": f"/countries/{first}/",
            "question": f"/countries/{first}/questions/L.1.1/",
        }
        print(f"{'page':10}{'reading':22}{'requests/s':>11}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}")
        for name, path in pages.items():
            paused(base + path, cookie, 3)
            show(name, "20, 1 s pause", paused(base + path, cookie, seconds))
            show(name, "20, no pause (wrk)", wrk(base + path, cookie, seconds))
        rss = int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{server.pid}/status").read_text())[1])  # type: ignore[index]
        print(f"memory of the server: {rss / 1024:.0f} MiB")
    finally:
        server.terminate()
        server.wait()


def sign_in(base: str) -> str:
    """Return the cookie of a signed-in reader."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{base}/sign-in/").read().decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    fields = {"username": "reader0", "password": "a long pass phrase", "csrfmiddlewaretoken": token}
    opener.open(f"{base}/sign-in/", urllib.parse.urlencode(fields).encode())
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def wrk(url: str, cookie: str, seconds: int) -> tuple[float, list[float]]:
    """Return requests a second and latencies (p50, p95, p99 in ms) of 20 connections without pause."""
    script = Path(tempfile.gettempdir()) / f"review_load_{os.getpid()}.lua"
    script.write_text(
        "done = function(s, l, r) io.write(string.format('F %f %f %f %f %d\\n', s.requests / s.duration * 1e6, "
        "l:percentile(50) / 1000, l:percentile(95) / 1000, l:percentile(99) / 1000, s.errors.status)) end\n"
    )
    command = ["wrk", "-t1", f"-c{READERS}", f"-d{seconds}s", "-H", f"Cookie: {cookie}", "-s", str(script), url]
    found = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    script.unlink()
    rate, *latencies, errors = re.search(r"^F (.*)$", found, re.M)[1].split()  # type: ignore[index]
    assert errors == "0", found
    return float(rate), [float(value) for value in latencies]


def paused(url: str, cookie: str, seconds: int) -> tuple[float, list[float]]:
    """Return the same for 20 readers who pause a second between two pages."""
    latencies: list[float] = []
    end = time.monotonic() + seconds

    def read(number: int) -> None:
        time.sleep(number / READERS * PAUSE_SECONDS)
        while time.monotonic() < end:
            started = time.perf_counter()
            request = urllib.request.Request(url, headers={"Cookie": cookie})
            with contextlib.closing(urllib.request.urlopen(request)) as answer:
                answer.read()
            latencies.append((time.perf_counter() - started) * 1000)
            time.sleep(PAUSE_SECONDS)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    latencies.sort()
    places = [latencies[min(len(latencies) - 1, int(len(latencies) * share))] for share in (0.50, 0.95, 0.99)]
    return len(latencies) / seconds, places


def show(name: str, reading: str, found: tuple[float, list[float]]) -> None:
    """Print one line."""
    rate, (p50, p95, p99) = found
    print(f"{name:10}{reading:22}{rate:11.1f}{p50:8.1f}{p95:8.1f}{p99:8.1f}", flush=True)


if __name__ == "__main__":
    main()
