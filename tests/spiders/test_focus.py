"""Focus: pages that matter come first, and traps come to an end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from questionnaire.instrument import load_instrument
from spiders.links import Link, read_links
from spiders.plan import _words
from spiders.priority import Priority
from spiders.sitemaps import read_addresses
from spiders.traps import Traps
from tests.spiders.generated_site import HOST, MATTER, PAGES, generate
from tests.spiders.still_web import POLITE, Answer, StillWeb, job_for, pages

TERMS = {language: _words(load_instrument(), language) for language in ("en", "fr", "ar")}


def test_95_percent_of_what_matters_lies_in_the_first_fifth_of_fetches(tmp_path: Path) -> None:
    site = generate(7)
    job = job_for(
        tmp_path, HOST + "/", languages=("en", "fr", "ar"), terms=TERMS, max_pages=PAGES // 5,
        pace=replace(POLITE, night_budget=10**6),
    )  # fmt: skip
    web = StillWeb(job, pages(site.pages))
    web.run()
    assert len(site.pages) == PAGES and len(site.matter) == MATTER
    assert len(site.matter & set(web.urls)) >= 0.95 * MATTER


def of(url: str, text: str = "", section: str = "main", language: str = "", worth: float = 0.0) -> float:
    link = Link(url, text, section, language)  # type: ignore[arg-type]
    return Priority(("en", "fr"), TERMS).of_link(link, worth, 1)


def test_what_raises_and_lowers_priority() -> None:
    plain = of("https://s.example/x/page", "About")
    assert of("https://s.example/x/page", "Cybercrime Act") > plain + 0.2
    assert of("https://s.example/x/قانون", "قانون مكافحة الجرائم الإلكترونية") > plain + 0.2
    assert of("https://s.example/x/cybersecurity-strategy.pdf") > plain
    assert of("https://s.example/x/page", "About", worth=1.0) > plain + 0.2
    assert of("https://s.example/x/page", "About", section="footer") < plain
    assert of("https://s.example/x/page", "Photo gallery") < plain
    assert of("https://s.example/fr/page") > of("https://s.example/ru/page")
    assert of("https://s.example/x", language="fr") > of("https://s.example/x", language="de")
    assert of("https://s.example/photo.jpg", "Cybercrime Act") == 0.0


def test_alternates_in_a_language_we_read_are_offered() -> None:
    html = b"""<link rel=alternate hreflang=fr href=/fr/loi><link rel=alternate hreflang=sw href=/sw/sheria>
    <link rel=alternate type=application/rss+xml href=/feed>"""
    found = read_links(html, "https://s.example/en/law", "text/html").links
    assert [(link.url, link.language, link.feed) for link in found] == [
        ("https://s.example/fr/loi", "fr", False), ("https://s.example/sw/sheria", "sw", False),
        ("https://s.example/feed", "", True),
    ]  # fmt: skip


def test_sitemaps_and_feeds_are_read_without_an_xml_parser() -> None:
    hostile = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset>'
    hostile += b"<url><loc>https://s.example/a?x=1&amp;y=2</loc></url>"
    assert [link.url for link in read_addresses(hostile, "https://s.example/")] == ["https://s.example/a?x=1&y=2"]
    feed = b"<feed><entry><title>New <b>law</b></title><link href='/b'/></entry></feed>"
    assert [(link.url, link.text) for link in read_addresses(feed, "https://s.example/")] == [
        ("https://s.example/b", "New law")
    ]


def test_addresses_without_end_are_traps() -> None:
    traps = Traps()
    assert traps.reason("https://s.example/a/b/a/b/a/b/c") == "a path that repeats itself"
    assert traps.reason("https://s.example/shop?color=1&sort=2&dir=3") == "faceted search"
    assert traps.reason("https://s.example/list?page=61", "https://s.example/list?page=60") == "endless pagination"
    assert traps.reason("https://s.example/list/page/61/", "https://s.example/list/page/60/") == "endless pagination"
    assert not traps.reason("https://s.example/page/4711", "https://s.example/")
    assert not traps.reason("https://s.example/page/4711", "https://s.example/page/12")
    assert not traps.reason("https://s.example/index.php?id=4711", "https://s.example/")
    for month in range(1, 7):
        assert not traps.reason(f"https://s.example/events/2026/{month:02d}")
        traps.count(f"https://s.example/events/2026/{month:02d}")
    assert traps.reason("https://s.example/events/2027/01") == "a calendar"


def test_a_faceted_search_and_soft_404_do_not_eat_the_budget(tmp_path: Path) -> None:
    def web(url: str, headers: dict[str, str]) -> Answer:
        if url.endswith("/robots.txt") or url.endswith("/sitemap.xml"):
            return Answer(b"", 404)
        links = "".join(f"<a href='/find?filter={len(url)}{n}&sort={n}'>more</a>" for n in range(10))
        links += "".join(f"<a href='/nothing/{len(url)}-{n}'>about {n}</a>" for n in range(10))
        if "/nothing/" in url:
            return Answer(f"<title>Sorry</title><p>Page not found</p>{links}".encode())
        return Answer(f"<title>Start</title><p>A page with a sentence about {url}.</p>{links}".encode())

    still = StillWeb(job_for(tmp_path, "https://s.example/", max_pages=400, max_depth=50), web)
    still.run()
    assert sum("/find" in url for url in still.urls) <= 20


def test_budgets_of_host_and_depth(tmp_path: Path) -> None:
    def web(url: str, headers: dict[str, str]) -> Answer:
        if url.endswith("/robots.txt") or url.endswith("/sitemap.xml"):
            return Answer(b"", 404)
        host, _, path = url.removeprefix("https://").partition("/")
        links = "".join(f"<a href='https://{host}/{path.strip('/')}{letter}'>{letter}</a>" for letter in "abcdefgh")
        return Answer(f"<title>{url}</title><p>A page with a sentence about {url}.</p>{links}".encode())

    job = job_for(tmp_path, "https://a.example/", "https://b.example/", host_pages=30, max_depth=2)
    still = StillWeb(job, web)
    outcome = still.run()
    by_host = [sum(capture.url.startswith(f"https://{name}.") for capture in outcome.captures) for name in "ab"]
    assert by_host == [30, 30]
    assert max(capture.depth for capture in outcome.captures) <= 2
    assert {issue.code for issue in outcome.issues} == {"host_budget"}


def test_a_nightly_budget_is_kept_over_crawls(tmp_path: Path) -> None:
    def web(url: str, headers: dict[str, str]) -> Answer:
        if url.endswith("/robots.txt") or url.endswith("/sitemap.xml"):
            return Answer(b"", 404)
        return Answer("".join(f"<p>A sentence</p><a href=/p{n}>page {n}</a>" for n in range(20)).encode())

    job = job_for(tmp_path, "https://s.example/", pace=replace(POLITE, night_budget=12))
    first = StillWeb(job, web)
    outcome = first.run()
    assert len(first.asked) == 12 and outcome.statistics["finish_reason"] == "budget"
    second = StillWeb(replace(job, crawl="again"), web, first.moment + 60)
    second.run()
    assert not second.asked
    third = StillWeb(replace(job, crawl="tomorrow"), web, first.moment + 90_000)
    third.run()
    assert len(third.asked) == 12
