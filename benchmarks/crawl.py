"""The crawl's figures: throughput against bare Scrapy, the focus curve against breadth first, memory over many pages.

Usage: python benchmarks/crawl.py throughput|beside [PAGES [ROUNDS]] | focus [SITES [FIRST]] | memory [PAGES]

`throughput`: one local server, the same pages, the same Scrapy settings; ours archives, indexes and digests every
page, keeps its frontier on disk and obeys robots.txt; the peer is a spider that follows the same links and keeps
nothing, once with our setting of CONCURRENT_ITEMS and once with Scrapy's own. All are run in turn; the ratio is of the
medians, by the clock and by CPU time, which is the better measure on a machine that does other work too. Times are of
the whole crawl without interpreter start. `beside`: bare and ours at the same time against one server, for a machine
that others load: what slows one slows the other. `focus` draws docs/pictures/focus.svg.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

HOSTS = 8
FOCUS_PICTURE = ROOT / "docs" / "pictures" / "focus.svg"
_TEXT = (
    "the minister and of for a government in to public services office people year report national state on with by "
    "new law security health road school water energy region council budget plan work citizens data information open "
    "cyber strategy programme local development support project system building access quality market culture"
)
WORDS = _TEXT.split()


def page(host: int, number: int, count: int) -> bytes:
    """Return a page of some 12 kB with 20 links, the same for the same arguments."""
    chance = random.Random(host * 1_000_003 + number)
    links = [f"/page/{(number * 7 + step) % count}" for step in range(1, 5)]
    links += [f"/page/{chance.randrange(count)}" for _ in range(16)]
    items = "".join(f'<li><a href="{link}">About {" ".join(chance.sample(WORDS, 2))}</a></li>' for link in links)
    text = "".join(f"<p>{' '.join(chance.choice(WORDS) for _ in range(60))}</p>" for _ in range(24))
    return f"<!doctype html><html lang=en><title>Page {number}</title><main>{text}</main><ul>{items}</ul>".encode()


class Pages(asyncio.Protocol):
    """Answers every request on an open connection."""

    host = 0
    made: dict[tuple[int, int], bytes]
    each = 1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        self.transport = transport
        self.host = int(transport.get_extra_info("sockname")[0].rsplit(".", 1)[1])

    def data_received(self, data: bytes) -> None:
        """Answer a whole request; requests of crawlers come in one piece."""
        path = data.split(b" ", 2)[1].decode()
        if path == "/":
            body = "".join(f'<a href="/page/{number}">page {number}</a>' for number in range(0, self.each, 25)).encode()
        elif path.startswith("/page/") and path[6:].isdigit():
            key = (self.host, int(path[6:]))
            body = self.made.get(key) or page(*key, self.each)
        else:
            self._send(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        self._send(head.encode() + body)

    def _send(self, data: bytes) -> None:
        self.transport.write(data)  # type: ignore[attr-defined]


def serve(each: int, keep: bool, ready: object) -> None:
    """Serve `each` pages on every host until the process is ended."""
    Pages.each = each
    Pages.made = {(h, n): page(h, n, each) for h in range(1, HOSTS + 1) for n in range(each)} if keep else {}

    async def run() -> None:
        loop = asyncio.get_running_loop()
        port = 0
        for host in range(1, HOSTS + 1):
            server = await loop.create_server(Pages, f"127.0.0.{host}", port)
            port = server.sockets[0].getsockname()[1]
        ready.put(port)  # type: ignore[attr-defined]
        await asyncio.Event().wait()

    asyncio.run(run())


BARE = """
import json, sys, time
from scrapy import Spider, Request
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor

class Bare(Spider):
    name = "bare"
    extractor = LinkExtractor()
    seen = 0
    async def start(self):
        for url in json.loads(sys.argv[1]):
            yield Request(url)
    def parse(self, response):
        Bare.seen += 1
        for link in self.extractor.extract_links(response):
            yield Request(link.url)

process = CrawlerProcess({
    "TELNETCONSOLE_ENABLED": False, "COOKIES_ENABLED": False, "RETRY_ENABLED": False, "REDIRECT_ENABLED": False,
    "ROBOTSTXT_OBEY": True, "DOWNLOAD_DELAY": 0, "CONCURRENT_REQUESTS": 16, "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
    "LOG_LEVEL": "ERROR", "DOWNLOAD_SLOTS": {}, "CONCURRENT_ITEMS": int(sys.argv[2]),
})
process.crawl(Bare)
began, cpu = time.perf_counter(), time.process_time()
process.start()
print(json.dumps({"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu, "pages": Bare.seen}))
"""

OURS = """
import json, resource, sys, time
from pathlib import Path
from spiders.job import read_job
from spiders.crawl import Crawl
from spiders.engine import run
from store.settings import Settings
job = read_job(Path(sys.argv[1]))
track = []
def tell(captures, under_way):
    if captures % 250 == 0:
        with open("/proc/self/statm") as f:
            track.append((captures, int(f.read().split()[1]) * 4096 // 2**20))
began, cpu = time.perf_counter(), time.process_time()
crawl = Crawl(job, Settings(data_dir=Path(job.data_dir)))
crawl.open(time.time())
run(crawl, tell)
crawl.close(time.time())
seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
print(json.dumps({"seconds": seconds, "cpu": cpu, "pages": crawl.captured, "memory": track}))
"""


def run_ours(seeds: list[str], pages: int) -> dict[str, object]:
    """Crawl with everything on and return seconds, pages and memory by pages."""
    from questionnaire.instrument import load_instrument
    from spiders.launch import write_job
    from spiders.plan import _words
    from store.settings import Settings
    from tests.spiders.crawling import QUICK, live_job

    bank = load_instrument()
    with tempfile.TemporaryDirectory() as folder:
        pace = replace(QUICK, max_delay=0.0, night_budget=10**9, timeout=60.0)
        terms = {language: _words(bank, language) for language in ("en", "fr")}
        job = live_job(Path(folder), *seeds, pace=pace, host_pages=0, max_depth=1000, terms=terms, max_pages=pages)
        file = write_job(Settings(data_dir=Path(folder)), job)
        return _measure(OURS, str(file))


def _measure(program: str, *arguments: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], cwd=ROOT, capture_output=True, text=True, check=True, timeout=3600
    )
    found: dict[str, object] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def with_server(each: int, keep: bool, work: object) -> None:
    """Run `work(seeds)` beside a server in another process."""
    ready: object = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(each, keep, ready), daemon=True)
    server.start()
    port = ready.get()  # type: ignore[attr-defined]
    try:
        work([f"http://127.0.0.{host}:{port}/" for host in range(1, HOSTS + 1)])  # type: ignore[operator]
    finally:
        server.terminate()


def throughput(pages: int, rounds: int) -> None:
    """Print pages a second of both by the clock and by CPU time, and their ratios."""

    def work(seeds: list[str]) -> None:
        rates: dict[str, list[tuple[float, float]]] = {"bare": [], "bare, 100 items at once": [], "ours": []}
        for _ in range(rounds):
            for name, found_rates in rates.items():
                items = "100" if name.endswith("at once") else "1"
                found = run_ours(seeds, 0) if name == "ours" else _measure(BARE, json.dumps(seeds), items)
                count, seconds, cpu = (float(found[key]) for key in ("pages", "seconds", "cpu"))  # type: ignore[arg-type]
                found_rates.append((count / seconds, count / cpu))
                print(
                    f"{name}: {count:.0f} pages, {count / seconds:.0f} a second, {count / cpu:.0f} a CPU second",
                    flush=True,
                )
        for position, clock in enumerate(("second", "CPU second")):
            middle = {name: statistics.median(rate[position] for rate in found) for name, found in rates.items()}
            ours = middle.pop("ours")
            for name, bare in middle.items():
                both = f"Scrapy {name} {bare:.0f}, ours with archive and index {ours:.0f}"
                print(f"pages a {clock}: {both}, ratio {ours / bare:.2f}")

    with_server(pages // HOSTS, True, work)


def beside(pages: int, rounds: int) -> None:
    """Run both at the same time, so that other work slows both alike, and print pages a second and the ratios."""

    def work(seeds: list[str]) -> None:
        ratios: list[tuple[float, float]] = []
        for _ in range(rounds):
            with ThreadPoolExecutor(2) as both:
                runs = {
                    "bare": both.submit(_measure, BARE, json.dumps(seeds), "1"),
                    "ours": both.submit(run_ours, seeds, 0),
                }
                found = {name: run.result() for name, run in runs.items()}
            rates = {
                name: (float(one["pages"]) / float(one["seconds"]), float(one["pages"]) / float(one["cpu"]))  # type: ignore[arg-type]
                for name, one in found.items()
            }
            for name, (second, cpu) in rates.items():
                print(
                    f"{name}: {found[name]['pages']} pages, {second:.0f} a second, {cpu:.0f} a CPU second", flush=True
                )
            ratios.append((rates["ours"][0] / rates["bare"][0], rates["ours"][1] / rates["bare"][1]))
            print("ratio by the clock {:.2f}, by CPU {:.2f}".format(*ratios[-1]), flush=True)
        print("median by the clock {:.2f}, by CPU {:.2f}".format(*map(statistics.median, zip(*ratios, strict=True))))

    with_server(pages // HOSTS, True, work)


def memory(pages: int) -> None:
    """Print resident memory by pages crawled."""

    def work(seeds: list[str]) -> None:
        found = run_ours(seeds, pages)
        track = found["memory"]
        step = max(1, len(track) // 20)  # type: ignore[arg-type]
        for captures, megabytes in track[::step]:  # type: ignore[index]
            print(f"{captures:>7} pages {megabytes:>5} MiB")
        print(f"{found['pages']} pages in {float(found['seconds']):.0f} s")  # type: ignore[arg-type]

    with_server(pages // HOSTS + 1, False, work)


def focus(sites: int, first: int) -> None:
    """Print the share of pages that matter by share of fetches, ours and breadth first, and draw the curves."""
    from questionnaire.instrument import load_instrument
    from spiders.plan import _words
    from tests.spiders.generated_site import generate

    bank = load_instrument()
    terms = {language: _words(bank, language) for language in ("en", "fr", "ar")}
    shares = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
    curves: dict[str, list[list[float]]] = {"best first": [], "breadth first": []}
    print("site  order          " + "".join(f"{share:>7.0%}" for share in shares) + "   of fetches")
    for seed in range(first, first + sites):
        site = generate(seed)
        for name, drawn in curves.items():
            order = fetches(site, terms, name == "breadth first")
            found = [
                sum(url in site.matter for url in order[: int(len(site.pages) * step / 100)]) / len(site.matter)
                for step in range(101)
            ]
            drawn.append(found)
            print(
                f"{seed:>4}  {name:<14} " + "".join(f"{found[round(share * 100)]:>7.0%}" for share in shares),
                flush=True,
            )
    FOCUS_PICTURE.write_text(picture(curves), encoding="utf-8")
    print(f"drawn in {FOCUS_PICTURE.relative_to(ROOT)}")


def fetches(site: object, terms: dict[str, tuple[str, ...]], breadth_first: bool) -> list[str]:
    """Return the addresses of a generated site in the order in which a crawl asks for them."""
    from spiders.priority import Priority
    from tests.spiders.generated_site import HOST
    from tests.spiders.still_web import POLITE, StillWeb, job_for, pages

    class BreadthFirst(Priority):
        """The peer: every link in the order of its depth."""

        def of_link(self, link: object, parent_worth: float, depth: int, folder: str = "") -> float:
            """Return a priority that falls with depth alone."""
            return max(0.001, 0.9 - 0.01 * depth)

    held = site.pages  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        job = job_for(
            Path(folder), HOST + "/", languages=("en", "fr", "ar"), terms=terms, max_depth=50,
            pace=replace(POLITE, night_budget=10**9),
        )  # fmt: skip
        web = StillWeb(job, pages(held))
        if breadth_first:
            web.crawl.priority = BreadthFirst(job.languages, job.terms)
            web.crawl.lessons.correction = lambda url: 0.0  # type: ignore[method-assign]
            web.crawl.lessons.learn = lambda url, worth: []  # type: ignore[method-assign]
        web.run(10**7)
        return [url for url in web.urls if url in held]


def picture(curves: dict[str, list[list[float]]]) -> str:
    """Return the curves as SVG: fetches in percent to the right, pages that matter upwards."""
    colours = {"best first": "#1a5fb4", "breadth first": "#9a4a00"}
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 520 360" font-family="sans-serif" font-size="12">',
        "<title>Share of the pages that matter by share of fetches</title>",
        '<rect width="520" height="360" fill="#fff"/>',
    ]
    for percent in range(0, 101, 20):
        x, y = 50 + 4.4 * percent, 310 - 2.8 * percent
        parts.append(f'<path d="M{x:.0f} 30V310M50 {y:.0f}H490" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.0f}" y="326" text-anchor="middle">{percent} %</text>')
        parts.append(f'<text x="44" y="{y + 4:.0f}" text-anchor="end">{percent} %</text>')
    parts.append('<path d="M138 44V310M50 44H138" stroke="#2a7d2a" stroke-dasharray="4 3" fill="none"/>')
    parts.append('<text x="142" y="58" fill="#2a7d2a">asked: 95 % within 20 %</text>')
    for place, (name, lines) in enumerate(curves.items()):
        for found in lines:
            points = " ".join(f"{50 + 4.4 * step:.1f},{310 - 280 * share:.1f}" for step, share in enumerate(found))
            parts.append(f'<polyline points="{points}" fill="none" stroke="{colours[name]}" stroke-width="1.5"/>')
        parts.append(f'<text x="{300}" y="{200 + 18 * place}" fill="{colours[name]}">{name}, {len(lines)} sites</text>')
    parts.append('<text x="270" y="348" text-anchor="middle">share of the 5,000 pages fetched</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


if __name__ == "__main__":
    began = time.time()
    command, *rest = sys.argv[1:] or ["throughput"]
    if command == "throughput":
        throughput(int(rest[0]) if rest else 5000, int(rest[1]) if len(rest) > 1 else 3)
    elif command == "beside":
        beside(int(rest[0]) if rest else 5000, int(rest[1]) if len(rest) > 1 else 3)
    elif command == "memory":
        memory(int(rest[0]) if rest else 50_000)
    else:
        focus(int(rest[0]) if rest else 3, int(rest[1]) if len(rest) > 1 else 1)
    print(f"{time.time() - began:.0f} s in all")
