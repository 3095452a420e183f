"""The site in a real browser: Debian's Chromium, without a network, with and without JavaScript."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "a long pass phrase"
PAGES = {
    "desk": "/?everything=1", "country": "/countries/FJI/", "question": "/countries/FJI/questions/L.1.1/",
    "settled": "/countries/TON/questions/L.1.1/", "search": "/countries/FJI/search/?q=authority",
    "documents": "/countries/FJI/documents/", "audit": "/countries/TON/audit/", "changes": "/countries/TON/changes/",
    "adjudicate": "/countries/TON/questions/L.1.2/adjudicate/", "agreement": "/agreement/",
    "personal data": "/personal-data/", "account": "/account/", "nothing": "/nowhere/",
}  # fmt: skip
SERVE = (
    "import django; django.setup()\n"
    "from review.site.serve import serve; from store.settings import load_settings\n"
    "serve(load_settings(), 0, ready=lambda port: print(port, flush=True))"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The served desk of `browser_desk.py`; yields its address."""
    environment = {
        **os.environ,
        "GCIDESK_DATA": str(tmp_path_factory.mktemp("browser") / "data"),
        "GCIDESK_REQUIRE_TOTP": "0",
        "GCIDESK_SESSIONS_PER_PERSON": "100",
        "GCIDESK_REQUESTS_PER_MINUTE": "100000",
        "DJANGO_SETTINGS_MODULE": "review.site.settings",
    }
    subprocess.run(
        [sys.executable, str(Path(__file__).parent / "browser_desk.py")], env=environment, cwd=ROOT, check=True
    )
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One browser for all tests."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def visit(site: str, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Open a page as a person; a dialog, a script error or a refused script fails the test."""
    contexts, faults = [], []

    def act(name: str, **options: Any) -> Any:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options}, base_url=site)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("dialog", lambda dialog: faults.append(f"dialog {dialog.message}"))
        page.on("pageerror", lambda error: faults.append(f"script error {error}"))
        page.on("console", lambda m: faults.append(m.text) if m.type == "error" and "404" not in m.text else None)
        page.goto("/sign-in/")
        page.fill("#username", name)
        page.fill("#password", PASSWORD)
        page.click("button.primary")
        assert page.url.rstrip("/") == site
        return page

    yield act
    for context in contexts:
        context.close()
    assert faults == []


def axe_faults(page: Any) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html'][:200]} ({len(v['nodes'])})" for v in found]


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_pages_are_accessible_and_nothing_is_cut(visit, width, scheme):
    page = visit("cleo", viewport={"width": width, "height": 900}, color_scheme=scheme)
    faults = []
    for name, address in PAGES.items():
        page.goto(address)
        faults += [f"{name}: {fault}" for fault in axe_faults(page)]
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            faults.append(f"{name}: wider than the window")
    assert faults == []


def test_forms_of_reviewers_and_administrators_are_accessible(visit):
    rita, ada = visit("rita"), visit("ada")
    faults = []
    for page, addresses in (
        (rita, ("/countries/FJI/", "/countries/FJI/questions/L.1.1/", "/countries/FJI/bulk/?pillar=L")),
        (ada, ("/people/",)),
    ):
        for address in addresses:
            page.goto(address)
            faults += axe_faults(page)
    ada.click("tbody a >> nth=0")
    faults += axe_faults(ada)
    assert faults == []


def test_the_archived_page_shows_the_quote_and_runs_nothing(visit):
    page = visit("rita")
    page.goto("/countries/FJI/questions/L.1.2/")
    page.click("text=Show beside >> nth=0")
    frame = page.frame_locator("iframe[name=source]")
    assert "The Act entered into force in May." in frame.locator("mark#quote").inner_text()
    assert frame.locator("img, script, svg").count() == 0
    alone = page.context.new_page()
    alone.goto(page.locator("iframe[name=source]").get_attribute("src"))
    assert alone.locator("mark#quote").count() == 1


def test_arabic_quotes_run_from_right_to_left(visit):
    page = visit("rita")
    page.goto("/countries/FJI/questions/L.1.1/")
    quote = page.locator("blockquote.quote").first
    assert quote.get_attribute("dir") == "rtl" and quote.get_attribute("lang") == "ar"
    assert quote.evaluate("e => getComputedStyle(e).direction") == "rtl"


def test_a_pillar_is_worked_through_by_keyboard(visit):
    page = visit("rita")
    page.goto("/countries/FJI/questions/C.1.1/?pillar=C&stand=todo")
    seen = []
    for _ in range(30):
        if "/questions/" not in page.url:
            break
        seen.append(page.locator("h1 .code").inner_text())
        with page.expect_navigation():
            page.keyboard.press("a")
    assert page.url.endswith("/countries/FJI/")
    assert len(seen) == len(set(seen)) > 5 and all(code.startswith("C.") for code in seen)
    page.goto("/countries/FJI/questions/C.1.1/?pillar=C")
    page.keyboard.press("3")
    assert page.locator("input[value=no]").is_checked()
    page.keyboard.press("c")
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.type("jaa")
    assert page.input_value("#text") == "jaa"
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("j")
    assert "C.1.1" not in page.locator("h1 .code").inner_text()
    page.keyboard.press("k")
    page.wait_for_url("**/C.1.1/**")


def test_everything_works_without_javascript(visit):
    page = visit("ravi", java_script_enabled=False)
    page.goto("/?text=fij")
    page.click("text=Fiji >> nth=0")
    page.click("text=Work through")
    assert "st-open" in page.content()
    page.check("input[value=not_found]")
    page.fill("#why", "Nothing on these pages states it.")
    page.click("button:has-text('Decide and next')")
    assert "/questions/L.1.2/" in page.url
    page.fill("#text", "A remark without script.")
    page.click("button:text-is('Comment')")
    assert "A remark without script." in page.content()


def test_two_blind_reviews_adjudication_and_the_queue(visit):
    rita, ravi, cleo = visit("rita"), visit("ravi"), visit("cleo")
    address = "/countries/FJI/questions/T.1.1/"
    rita.goto(address)
    rita.keyboard.press("1")
    rita.fill("#why", "GIRAFFE, by decree.")
    rita.click("button:text-is('Decide')")
    ravi.goto(address)
    assert "GIRAFFE" not in ravi.content()
    ravi.check("input[value=no]")
    ravi.fill("#why", "It was dissolved last year.")
    ravi.click("button:text-is('Decide')")
    assert "GIRAFFE" not in ravi.content() and "The two decisions differ" in ravi.content()
    cleo.goto(address)
    cleo.click("text=Adjudicate")
    assert "GIRAFFE" in cleo.content() and "dissolved last year" in cleo.content()
    cleo.check("input[value=yes]")
    cleo.check("input[name=evidence] >> nth=0")
    cleo.fill("#why", "The decree is still in force.")
    cleo.click("button:text-is('Settle')")
    cleo.goto(address)
    assert cleo.locator(".st-settled").count() >= 1
    cleo.goto("/countries/FJI/")
    assert "have no decision" in cleo.locator("text=On the way out >> xpath=..").inner_text()


def test_a_changed_quote_shows_its_words(visit):
    page = visit("cleo")
    page.goto("/countries/TON/changes/")
    assert page.locator("del").first.inner_text().strip() == "اعتمد"
    assert page.locator("ins").first.inner_text().strip() == "ألغى"


def test_the_desk_filters_as_one_types(visit):
    page = visit("rita")
    page.fill("#text", "tong")
    page.wait_for_selector("h2:text-is('1 country')")
    assert page.locator("table.board tbody tr").count() == 1
    assert "text=tong" in page.url


def test_research_of_the_demonstration_country_from_its_page(visit):
    page = visit("rita")
    page.goto("/countries/XDM/")
    page.click("text=Research this country")
    page.wait_for_selector(".r-running")
    page.wait_for_selector(".r-done", timeout=300_000)
    page.goto("/countries/XDM/")
    assert page.locator(".chip.a-yes").count() > 5
    page.click("text=Work through")
    assert page.frame_locator("iframe[name=source]").locator("#quote").count() >= 1


def test_print_leaves_out_what_is_not_read(visit):
    page = visit("rita")
    page.goto("/countries/FJI/questions/L.1.1/")
    page.emulate_media(media="print")
    assert not page.locator("header.top").is_visible() and not page.locator("iframe").is_visible()
    assert page.locator("blockquote.quote").first.is_visible() and page.locator("h1").is_visible()
