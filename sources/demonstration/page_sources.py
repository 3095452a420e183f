"""The source files of the demonstration's pages.

Belongs here: reading `site/<host>/*` with their front matter. Does not belong here: turning them into bytes
(`page_bytes`) or into an archive (`build_archive`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml

from sources.demonstration import FOLDER

SITE = FOLDER / "site"
ROBOTS = "robots.txt"
LAYOUT = "layout.html"


@dataclass(frozen=True, kw_only=True)
class PageSource:
    """One page or document: front matter and body, as they stand in its source file."""

    address: str
    title: str
    language: str
    dated: date
    body: str
    format: Literal["html", "pdf", "scan", "robots"]
    layout: str = ""
    charset: str = "utf-8"
    running_head: str = ""
    picture: str = ""


def load_pages(site: Path = SITE) -> list[PageSource]:
    """Return all pages of all sites, site by site, robots.txt first, then in the order of the file names."""
    pages: list[PageSource] = []
    for host in sorted(folder for folder in site.iterdir() if folder.is_dir()):
        layout = (host / LAYOUT).read_text(encoding="utf-8")
        pages.append(_robots(host))
        files = sorted(path for path in host.iterdir() if path.name not in {LAYOUT, ROBOTS})
        pages.extend(_load_page(path, layout) for path in files)
    return pages


def _robots(host: Path) -> PageSource:
    return PageSource(
        address=f"https://{host.name}/{ROBOTS}",
        title="",
        language="en",
        dated=date(2026, 1, 1),
        body=(host / ROBOTS).read_text(encoding="utf-8"),
        format="robots",
    )


def _load_page(path: Path, layout: str) -> PageSource:
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    values: dict[str, Any] = yaml.safe_load(front)
    return PageSource(
        address=values["address"],
        title=values["title"],
        language=values["language"],
        dated=values["date"],
        body=body,
        format=values.get("format", "html"),
        layout=layout,
        charset=values.get("charset", "utf-8"),
        running_head=values.get("running_head", ""),
        picture=values.get("picture", ""),
    )
