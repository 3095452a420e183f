"""Takes the README's pictures of the site: `.venv/bin/python docs/pictures/take_pictures.py [--data DIR]`.

Belongs here: serving a data directory that holds the demonstration (`make demo ARGS=--no-serve`), signing its reviewer
in by the one-time link, and photographing the desk and a question. Needs Chromium (apt-get install chromium).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PICTURES = Path(__file__).resolve().parent
COUNTRY = "XDM"
CODE = (
    "import django; django.setup()\n"
    "from review.services import local_sign_in_path; from review.site.serve import serve\n"
    "from store.settings import load_settings\n"
    "show = lambda port: print(f'http://127.0.0.1:{port}', local_sign_in_path(), flush=True)\n"
    "serve(load_settings(), 0, ready=show)"
)


def main() -> None:
    """Serve, sign in, take both pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "data")
    data = parser.parse_args().data.absolute()
    if not (data / "lake" / "drafts" / f"{COUNTRY}.parquet").exists():
        sys.exit(f"{data} holds no demonstration. Run 'make demo ARGS=--no-serve' first.")
    environment = {**os.environ, "GCIDESK_DATA": str(data), "DJANGO_SETTINGS_MODULE": "review.site.settings"}
    site = subprocess.Popen([sys.executable, "-c", CODE], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert site.stdout is not None
        base, path = site.stdout.readline().split()
        photograph(base, path)
    finally:
        site.terminate()
        site.wait(20)


def photograph(base: str, path: str) -> None:
    """Save `desk.png` and `question.png`."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page(base_url=base, viewport={"width": 1280, "height": 860})
        page.goto(path)
        page.screenshot(path=PICTURES / "desk.png")
        page.goto(f"/countries/{COUNTRY}/?answer=yes")
        page.click("table.questions a >> nth=0")
        page.wait_for_timeout(1500)
        page.screenshot(path=PICTURES / "question.png")
        browser.close()


if __name__ == "__main__":
    main()
