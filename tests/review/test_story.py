"""The whole way in one real browser: `gcidesk serve` as people start it, from the first sign-in to a file that is ready.

Set GCIDESK_PICTURES to a folder to keep the pictures of each stop, 1280 and 390 wide.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from base64 import b32decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django_otp.oath import totp

from tests.review.test_browser import axe_faults, chromium  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1500)]
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long pass phrase"
DISPUTED = "C.1.1"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """`gcidesk serve` on a fresh data directory; yields its address and the first administrator's link."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = [str(Path(sys.executable).with_name("gcidesk")), "--data-dir", str(tmp_path / "data")]
    environment = {**os.environ, "GCIDESK_REQUESTS_PER_MINUTE": "100000", "GCIDESK_SESSIONS_PER_PERSON": "20"}
    process = subprocess.Popen(
        [*program, "serve", "--port", str(port)], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        link = ""
        while not link:
            line = process.stdout.readline()
            assert line, "the site ended before it answered"
            found = re.search(r"as administrator: http://[^/]+(/\S+)", line)
            link = found[1] if found else ""
        yield f"http://127.0.0.1:{port}", link
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


class Story:
    """People in their own browser windows; each stop is looked at by axe and photographed."""

    def __init__(self, browser: Any, base: str, pictures: Path) -> None:
        self.browser, self.base, self.pictures = browser, base, pictures
        self.faults: list[str] = []
        self.count = 0

    def window(self) -> Any:
        """Return a page of a person's own."""
        context = self.browser.new_context(viewport={"width": 1280, "height": 900}, base_url=self.base)
        page = context.new_page()
        page.set_default_timeout(90_000)
        page.on("dialog", lambda dialog: self.faults.append(f"dialog {dialog.message}"))
        page.on("pageerror", lambda error: self.faults.append(f"script error {error}"))
        return page

    def stop(self, page: Any, name: str) -> None:
        """Look at a page in both widths."""
        self.count += 1
        for width in (1280, 390):
            page.set_viewport_size({"width": width, "height": 900})
            self.faults += [f"{name} at {width}: {fault}" for fault in axe_faults(page)]
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                self.faults.append(f"{name} at {width}: wider than the window")
            page.screenshot(path=self.pictures / f"{self.count:02}-{name}-{width}.png", full_page=True)
        page.set_viewport_size({"width": 1280, "height": 900})

    def sign_in(self, name: str, *, look: bool = False) -> Any:
        """Sign a new person in: password, a device that is enrolled now, its code."""
        page = self.window()
        page.goto("/sign-in/?next=/countries/XDM/")
        if look:
            self.stop(page, "sign-in")
        page.fill("#username", name)
        page.fill("#password", PASSWORD)
        page.click("button.primary")
        page.wait_for_url("**/sign-in/device/")
        if look:
            self.stop(page, "device")
        letters = page.locator("code.secret").inner_text().replace(" ", "")
        page.fill("#code", f"{totp(b32decode(letters + '=' * (-len(letters) % 8))):06d}")
        page.click("button.primary")
        page.wait_for_url("**/countries/XDM/")
        return page


@pytest.fixture
def story(served: tuple[str, str], chromium: Any, tmp_path: Path) -> Iterator[Story]:  # noqa: F811
    kept = os.environ.get("GCIDESK_PICTURES")
    pictures = Path(kept) if kept else tmp_path / "pictures"
    pictures.mkdir(exist_ok=True)
    made = Story(chromium, served[0], pictures)
    yield made
    assert made.faults == []


def test_from_the_first_sign_in_to_a_file_that_is_ready(story: Story, served: tuple[str, str]) -> None:
    add_people(story, served[1])
    rita = story.sign_in("rita", look=True)
    research(story, rita)
    decided = work_by_keyboard(rita, story)
    assert DISPUTED in decided
    ravi = story.sign_in("ravi")
    review_blind(story, ravi)
    cleo = story.sign_in("cleo")
    adjudicate(story, cleo)
    hand_in_a_text(cleo)
    for page in (rita, ravi):
        accept_the_rest(story, page)
    settle_what_differs(cleo)
    cleo.goto("/countries/XDM/")
    panel = cleo.locator("text=On the way out >> xpath=..")
    assert "Nothing is missing." in panel.inner_text()
    assert cleo.locator(".head .f-ready_to_send").count() == 1
    story.stop(cleo, "ready")
    for name, address in (("agreement", "/agreement/"), ("audit", "/countries/XDM/audit/"), ("board", "/")):
        cleo.goto(address)
        story.stop(cleo, name)
    see_what_was_handed_in(story, cleo)
    look_at_runs(story, cleo)


def add_people(story: Story, link: str) -> None:
    """The first administrator comes by the one-time link and adds the others."""
    ada = story.window()
    ada.goto(link)
    story.stop(ada, "empty-desk")
    for name, role in (("rita", "reviewer"), ("ravi", "reviewer"), ("cleo", "coordinator")):
        ada.goto("/people/")
        ada.fill("#username", name)
        ada.fill("#name", name.title())
        ada.select_option("#role", role)
        ada.fill("#password", PASSWORD)
        ada.click("button:text-is('Add')")
        ada.click(f"tbody a:text-is('{name.title()}')")
        ada.fill("#country", "XDM")
        with ada.expect_navigation():
            ada.click("button:text-is('Assign')")
    story.stop(ada, "person")
    ada.goto("/people/")
    story.stop(ada, "people")


def research(story: Story, page: Any) -> None:
    """Start research of the demonstration country and see it move."""
    story.stop(page, "before-research")
    told: list[str] = []

    def listen(route: Any) -> None:
        answer = route.fetch()
        told.append(answer.text())
        route.fulfill(response=answer)

    page.route("**/research/progress/", listen)
    page.click("text=Research this country")
    page.wait_for_selector(".r-running")
    story.stop(page, "researching")
    page.wait_for_selector("text=Work through", timeout=400_000)
    seen = {
        (stage, done)
        for text in told
        for stage, done in re.findall(r"<span>([^<]+)</span> <progress max=\S+ value=\"(\d+)\"", text)
    }
    assert len({stage for stage, _ in seen}) >= 2 and len(seen) >= 3, f"progress was not seen to move: {seen}"
    assert page.locator(".chip.a-yes").count() > 5
    story.stop(page, "country")


def work_by_keyboard(page: Any, story: Story) -> list[str]:
    """Accept every draft of a pillar by one key."""
    page.goto("/countries/XDM/questions/C.1.1/?pillar=C&stand=todo")
    story.stop(page, "question")
    seen = []
    while "/questions/" in page.url:
        seen.append(page.locator("h1 .code").inner_text())
        assert len(seen) < 40
        with page.expect_navigation():
            page.keyboard.press("a")
    assert page.url.endswith("/countries/XDM/") and len(seen) == len(set(seen)) > 5
    return seen


def review_blind(story: Story, page: Any) -> None:
    """The second reviewer sees no trace of the first, decides one question otherwise, the pillar's rest by keyboard."""
    page.goto(f"/countries/XDM/questions/{DISPUTED}/?pillar=C&stand=todo")
    assert "Rita" not in page.content() and page.locator(".st-open").count() == 1
    drafted = page.locator("input[name=answer]:checked").get_attribute("value")
    page.keyboard.press("4" if drafted != "not_found" else "3")
    page.keyboard.press("Tab")
    page.fill("#why", "The page speaks of another ministry.")
    story.stop(page, "second-reviewer")
    with page.expect_navigation():
        page.click("button:has-text('Decide and next')")
    while "/questions/" in page.url:
        with page.expect_navigation():
            page.keyboard.press("a")


def adjudicate(story: Story, page: Any) -> None:
    """The coordinator compares both and has the last word."""
    page.goto("/countries/XDM/?stand=disputed")
    assert "have no decision" in page.locator("text=On the way out >> xpath=..").inner_text()
    story.stop(page, "what-is-missing")
    page.goto(f"/countries/XDM/questions/{DISPUTED}/")
    page.click("text=Adjudicate")
    story.stop(page, "adjudication")
    settle(page)
    page.goto(f"/countries/XDM/questions/{DISPUTED}/")
    assert page.locator(".st-settled").count() >= 1
    story.stop(page, "settled")


HANDED_IN = "A memorandum on cybersecurity cooperation was signed with a neighbour and is in force since June."


def hand_in_a_text(page: Any) -> None:
    """Add evidence by hand; Dagster's daemon sees that something waits and starts the job."""
    page.goto(f"/countries/XDM/questions/{DISPUTED}/")
    page.click("text=Hand in an address, a file or a text")
    page.fill("#given", f"Minutes of the ministry.\n\n{HANDED_IN}\n")
    page.fill("#words", HANDED_IN)
    page.click("button:text-is('Request')")
    assert page.locator(".r-requested").count() == 1


def see_what_was_handed_in(story: Story, page: Any) -> None:
    page.goto(f"/countries/XDM/questions/{DISPUTED}/")
    for _ in range(90):
        if page.locator(".r-done").count():
            break
        page.wait_for_timeout(2_000)
        page.reload()
    card = page.locator(".card", has_text="handed in by a coordinator")
    assert HANDED_IN in card.inner_text()
    card.locator("text=Show beside").click()
    frame = page.frame_locator("iframe[name=source]")
    assert HANDED_IN in frame.locator("mark#quote").inner_text()
    story.stop(page, "handed-in")


def settle(page: Any) -> None:
    """Take the first answer that the reviews offer: with a quote yes, without one not found."""
    boxes = page.locator("input[name=evidence]")
    if boxes.count():
        boxes.first.check()
        page.check("input[value=yes]")
    else:
        page.check("input[value=not_found]")
    page.fill("#why", "Read beside the archived page.")
    with page.expect_navigation():
        page.click("button:text-is('Settle')")


def accept_the_rest(story: Story, page: Any) -> None:
    """Accept the drafts that are left: many at once after a preview, a drafted no one by one with its reason."""
    page.goto("/countries/XDM/bulk/")
    if page.locator("text=Accept what is ticked").count():
        story.stop(page, "bulk")
        with page.expect_navigation():
            page.click("text=Accept what is ticked")
    page.goto("/countries/XDM/?stand=todo")
    while page.locator("table.questions a").count():
        page.click("table.questions a >> nth=0")
        page.fill("#why", "The official page says so itself.")
        with page.expect_navigation():
            page.click("button:text-is('Decide')")
        page.goto("/countries/XDM/?stand=todo")


def settle_what_differs(page: Any) -> None:
    page.goto("/countries/XDM/?stand=disputed")
    while page.locator("table.questions a").count():
        page.click("table.questions a >> nth=0")
        page.click("text=Adjudicate")
        settle(page)
        page.goto("/countries/XDM/?stand=disputed")


def look_at_runs(story: Story, page: Any) -> None:
    """Dagster's own interface behind the login: it asks for web sockets, gets none, and works by asking again."""
    sockets: list[str] = []
    told: list[str] = []

    def listen(opened: Any) -> None:
        sockets.append(opened.url)
        opened.on("framereceived", lambda frame: told.append(str(frame)))

    page.on("websocket", listen)
    page.goto("/dagster/runs")
    page.wait_for_selector("text=research_country", timeout=90_000)
    page.screenshot(path=story.pictures / "90-dagster-runs.png")
    page.locator("a[href*='/dagster/runs/']").first.click()
    page.wait_for_selector("text=RUN_SUCCESS", timeout=90_000)
    page.screenshot(path=story.pictures / "91-dagster-run.png")
    assert all(address.startswith(story.base.replace("http", "ws")) for address in sockets)
    assert told == [], "no web socket passes the site"
