"""robots.txt by RFC 9309: rules, status codes, and agreement with a second parser over 150 real files."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from spiders.answers import Failure
from spiders.robots import MAX_BYTES, RobotsRules, robots_from_answer
from tests.spiders.still_web import Answer, StillWeb, job_for, pages

PLAIN = {"Content-Type": "text/plain"}


def rules(text: str) -> RobotsRules:
    return RobotsRules(robots_from_answer(200, text.encode()))


def test_the_longest_match_decides() -> None:
    found = rules("User-agent: *\nDisallow: /a/\nAllow: /a/b\nDisallow: /a/b/c\n")
    assert [found.allows(f"http://s.example{path}") for path in ("/a/x", "/a/b", "/a/b/c", "/z")] == [
        False,
        True,
        False,
        True,
    ]


def test_our_own_group_is_taken_before_the_general_one() -> None:
    found = rules("User-agent: *\nDisallow: /\nUser-agent: GCIDESK\nDisallow: /private\nCrawl-delay: 7\n")
    assert found.allows("http://s.example/") and not found.allows("http://s.example/private/x")
    assert found.crawl_delay == 7


@pytest.mark.parametrize(
    ("status", "verdict"), [(404, "allow"), (403, "allow"), (401, "allow"), (500, "disallow"), (503, "disallow")]
)
def test_status_codes(status: int, verdict: str) -> None:
    file = robots_from_answer(status, b"User-agent: *\nDisallow: /")
    assert file.verdict == verdict
    assert RobotsRules(file).allows("http://s.example/") == (verdict == "allow")


def test_only_500_kib_count() -> None:
    body = b"User-agent: *\n" + b"#" * 99 + b"\n" * (MAX_BYTES - 113) + b"\nDisallow: /late\n"
    assert RobotsRules(robots_from_answer(200, body)).allows("http://s.example/late")


def test_a_delay_without_measure_is_bounded() -> None:
    assert rules("User-agent: *\nCrawl-delay: 99999\n").crawl_delay == 300


def test_robots_that_is_out_of_reach_forbids_the_host_for_this_run(tmp_path: Path) -> None:

    web = StillWeb(
        job_for(tmp_path, "https://s.example/"),
        lambda url, headers: (
            Failure("connection_failed", "refused", True) if url.endswith("robots.txt") else Answer(b"x")
        ),
    )
    outcome = web.run()
    assert set(web.urls) == {"https://s.example/robots.txt"} and not outcome.captures
    assert "robots_unreachable" in {issue.code for issue in outcome.issues}


def test_robots_redirects_are_followed_to_another_host(tmp_path: Path) -> None:
    site = {
        "https://s.example/robots.txt": Answer(b"", 301, {"Location": "https://www.s.example/robots.txt"}),
        "https://www.s.example/robots.txt": Answer(
            b"User-agent: *\nDisallow: /closed", headers={"Content-Type": "text/plain"}
        ),
        "https://s.example/": "<a href=/closed>closed</a><a href=/open>open</a>",
        "https://s.example/open": "<p>open page with enough text to be one",
        "https://s.example/closed": "never",
    }
    web = StillWeb(job_for(tmp_path, "https://s.example/"), pages(site))
    web.run()
    assert "https://s.example/open" in web.urls and "https://s.example/closed" not in web.urls
    assert web.urls.index("https://www.s.example/robots.txt") < web.urls.index("https://s.example/")


def test_crawl_delay_is_a_floor_and_robots_comes_first(tmp_path: Path) -> None:
    site = {
        "https://s.example/robots.txt": Answer(
            b"User-agent: *\nCrawl-delay: 9", headers={"Content-Type": "text/plain"}
        ),
        "https://s.example/": "".join(f"<a href=/{n}>page {n}</a>" for n in range(5)),
    }
    web = StillWeb(job_for(tmp_path, "https://s.example/"), pages(site))
    web.run()
    assert web.urls[0] == "https://s.example/robots.txt"
    times = [moment for moment, _ in web.asked]
    assert all(later - earlier >= 9 for earlier, later in pairwise(times[1:]))


@pytest.mark.realdata
def test_agreement_with_a_second_parser_over_real_files(shared: Path) -> None:
    files = sorted((shared / "data" / "robots").glob("*"))
    asked = differing = 0
    cases = []
    for file in files:
        text = file.read_bytes().decode("utf-8", "replace")
        first, second = rules(text), Second(text)
        for path in _probes(text):
            asked += 1
            if first.allows(f"https://s.example{path}") != second.allows(path):
                differing += 1
                cases.append((file.name, path))
    assert len(files) >= 150 and asked > 2000
    assert differing == 0, cases[:20]


def _probes(text: str) -> list[str]:
    """Every path the file names, with something in place of its signs, and something behind it."""
    found = ["/", "/index.html", "/en/laws/act-12.pdf"]
    for value in re.findall(r"(?im)^\s*(?:dis)?allow\s*:\s*(/[^\s#]*)", text)[:12]:
        path = value.replace("$", "").replace("*", "x")
        found += [path, path + "more", path.rstrip("/") or "/"]
    return found


class Second:
    """A parser of RFC 9309 written from its text, for comparison only."""

    def __init__(self, text: str) -> None:
        groups: list[tuple[list[str], list[tuple[bool, str]]]] = []
        in_agents = False
        for raw in text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
            name, colon, value = raw.split("#")[0].partition(":")
            name, value = name.strip().lower(), value.strip()
            if not colon:
                continue
            if name in ("user-agent", "useragent", "user agent"):
                if not in_agents:
                    groups.append(([], []))
                groups[-1][0].append(value.lower())
                in_agents = True
            elif name in ("allow", "disallow") and groups:
                in_agents = False
                if value:
                    groups[-1][1].append((name == "allow", value))
            elif name in ("crawl-delay", "request-rate", "visit-time") and groups:
                in_agents = False
        ours = [rule for agents, group in groups if "gcidesk" in agents for rule in group]
        named = any("gcidesk" in agents for agents, _ in groups)
        self.rules = ours if named else [rule for agents, group in groups if "*" in agents for rule in group]

    def allows(self, path: str) -> bool:
        best = (-1, True)
        if path == "/robots.txt":  # implicitly allowed
            return True
        for allow, pattern in self.rules:
            if _matches(pattern, path):
                best = max(best, (len(pattern), allow))
        return best[1]


def _matches(pattern: str, path: str) -> bool:
    ends = pattern.endswith("$")
    body = _same_coding(pattern[:-1] if ends else pattern)
    expression = ".*".join(re.escape(part) for part in body.split("*"))
    return re.match(expression + ("$" if ends else ""), _same_coding(path), re.DOTALL) is not None


def _same_coding(text: str) -> str:
    return quote(unquote(text), safe="/*?=&:;,+$!'()@~#[]|\\^`{}\"<> %")
