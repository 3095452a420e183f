"""Rows of small structured web pages.

Belongs here: tables, links, profiles and, where nobody has seen the page, rows that begin with a country's name. Does
not belong here: the full text of a page (`extractors.html`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urljoin

from bs4 import BeautifulSoup, Tag

from extractors.repositories.found import SEPARATOR, FoundRow, UnknownShapeError, web_link
from sources.country_names import country_at_start, country_named
from sources.repository import GenericShape, LinksShape, ProfileShape, TableShape

MAX_ELEMENTS = 200_000
MAX_TEXT = 1_500
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
ITEMS = ("p", "li", "tr", "dt", "dd", "td", "th", "div", *HEADINGS)


def parse_page(payload: bytes) -> BeautifulSoup:
    """Return the tree of a page without scripts and styles; raises UnknownShapeError when it is too large."""
    page = BeautifulSoup(payload, "lxml")
    for element in page(["script", "style", "template", "noscript", "svg"]):
        element.decompose()
    if sum(1 for _ in page.descendants) > MAX_ELEMENTS:
        raise UnknownShapeError("html", f"the page has more than {MAX_ELEMENTS} elements")
    return page


def table_rows(page: BeautifulSoup, shape: TableShape, address: str) -> list[FoundRow]:
    """Return the rows of every table with the header cells of the shape."""
    rows: list[FoundRow] = []
    fitting = 0
    for table in page.select(shape.selector):
        places = _places(table, shape)
        if places is not None:
            fitting += 1
            rows += _rows_of_table(table, places, shape, address)
    if not fitting:
        wanted = ", ".join(shape.columns.values())
        raise UnknownShapeError(shape.selector, f"no such table has the header cells {wanted}")
    if not rows:
        raise UnknownShapeError(shape.selector, "the table has a header and no rows")
    return rows


def _places(table: Tag, shape: TableShape) -> dict[str, int] | None:
    for row in table.find_all("tr", limit=5):
        cells = [_text(cell).casefold() for cell in row.find_all(["th", "td"], recursive=False)]
        places = {
            name: next((at for at, cell in enumerate(cells) if _is_header(cell, header.casefold())), -1)
            for name, header in shape.columns.items()
        }
        if -1 not in places.values():
            return places
    return None


def _is_header(cell: str, header: str) -> bool:
    """Whether a cell begins with the words of a header; an empty header stands for an empty cell."""
    return cell.startswith(header) if header else not cell


def _rows_of_table(table: Tag, places: dict[str, int], shape: TableShape, address: str) -> Iterator[FoundRow]:
    for row in table.find_all("tr"):
        cells = row.find_all(["td", "th"], recursive=False)
        if len(cells) <= max(places.values()) or all(cell.name == "th" for cell in cells):
            continue
        fields = {name: _text(cells[at]) for name, at in places.items()}
        if _is_header(fields[shape.country].casefold(), shape.columns[shape.country].casefold()):
            continue  # a header made of ordinary cells
        yield FoundRow(
            text=SEPARATOR.join(text for text in fields.values() if text),
            country=((shape.country_by, fields[shape.country]),),
            fields=fields,
            link=_first_link(row, address),
        )


def link_rows(page: BeautifulSoup, shape: LinksShape, address: str) -> list[FoundRow]:
    """Return the links that the selector and the pattern pick, once each."""
    rows: dict[str, FoundRow] = {}
    for link in page.select(shape.selector):
        target = _target(link, address)
        if not target or (shape.href and not re.search(shape.href, target)):
            continue
        text = _text(link)
        around = _around(link, text)
        rows.setdefault(
            target,
            FoundRow(
                text=around,
                country=tuple(_ways(shape, link, target, text, address)),
                fields={"link": target, "link_text": text},
                link=target,
            ),
        )
    if not rows:
        raise UnknownShapeError(f"{shape.selector} {shape.href}".strip(), "no such link")
    return list(rows.values())


def _ways(shape: LinksShape, link: Tag, target: str, text: str, address: str) -> Iterator[tuple[str, str]]:
    for way in shape.country_by:
        if way == "file_name":
            yield way, target
        elif way == "address":
            yield way, address
        elif way in {"iso2", "iso3"}:
            found = re.search(shape.href_country, target) if shape.href_country else None
            yield way, found.group("country") if found else ""
        elif way == "name":
            yield way, text
        else:
            yield way, _label_before(link)


def _around(link: Tag, text: str) -> str:
    """Return the text of the smallest row, item or cell around a link that says more than the link."""
    for element in link.parents:
        if element.name in {"body", "html", "[document]", "table", "ul", "ol", "tbody"}:
            break
        found = _text(element)
        if len(found) > MAX_TEXT:
            break
        if element.name in {"tr", "li", "p", "td", "div", "dd"} and len(found) > len(text):
            return found
    return text


def _label_before(link: Tag) -> str:
    """Return the row's beginning, or the nearest heading above, when one of them names a country."""
    row = link.find_parent(["tr", "li"])
    labels = [_text(row)] if isinstance(row, Tag) else []
    heading = link.find_previous(HEADINGS)
    if isinstance(heading, Tag):
        labels.append(_text(heading))
    return next((label for label in labels if country_at_start(label)), "")


def generic_rows(page: BeautifulSoup, shape: GenericShape, address: str) -> list[FoundRow]:
    """Return rows, list items and headed parts that begin with a country's name."""
    rows = [row for part in page.select(shape.selector) for row in _generic_rows(part, address)]
    if not rows:
        raise UnknownShapeError(
            f"{shape.selector}: tr, li, h1 to h6", "no row, list item or heading begins with a country's name"
        )
    return rows


def _generic_rows(scope: Tag, address: str) -> Iterator[FoundRow]:
    for element in scope.find_all(["tr", "li", *HEADINGS]):
        if element.find(["tr", "li"]) is not None or element.find_parent(["nav", "header", "footer"]) is not None:
            continue
        text = _text(element)
        if len(text) > MAX_TEXT or country_at_start(text) is None:
            continue
        link = _first_link(element, address)
        if element.name in HEADINGS:
            below = list(_until_next_heading(element))
            text = SEPARATOR.join([text, *(part for part in map(_text, below) if part)])[:MAX_TEXT]
            link = link or next((found for part in below if (found := _first_link(part, address))), "")
        elif not link and len(text) < 40 and country_named(text):
            continue  # a bare name, as in a list of languages or a menu, states nothing
        yield FoundRow(text=text, country=(("start", text),), fields={"link": link}, link=link)


def _until_next_heading(heading: Tag) -> Iterator[Tag]:
    for sibling in heading.next_siblings:
        if isinstance(sibling, Tag):
            if sibling.name in HEADINGS:
                return
            yield sibling


def profile_rows(page: BeautifulSoup, shape: ProfileShape, address: str) -> list[FoundRow]:
    """Return the items of a page about one country, each with the heading it stands under."""
    scope = next((found for one in shape.selector.split(",") if (found := page.select_one(one))), None)
    if scope is None:
        raise UnknownShapeError(shape.selector, "there is no such part of the page")
    named = tuple(("start", title) for title in _titles(page))
    whose = (("address", address), *named) if shape.country_by == "address" else (*named, ("address", address))
    blocks = list(_blocks(scope))
    items = _items_by_pattern(blocks, shape.item) if shape.item else _items_by_heading(blocks)
    rows = [
        FoundRow(text=text, country=whose, fields={"section": section, "link": link}, link=link)
        for section, text, link in _with_links(items, address)
    ]
    if not rows:
        raise UnknownShapeError(shape.item or "h1 to h6", f"no item inside {shape.selector}")
    return rows


def _titles(page: BeautifulSoup) -> Iterator[str]:
    for element in (page.find("h1"), page.title):
        if isinstance(element, Tag) and _text(element):
            yield _text(element)


def _blocks(scope: Tag) -> Iterator[Tag]:
    for element in scope.find_all(ITEMS):
        if element.find(ITEMS) is None:
            yield element


Item = tuple[str, list[Tag]]


def _items_by_pattern(blocks: list[Tag], pattern: str) -> list[Item]:
    items: list[Item] = []
    section = ""
    for block in blocks:
        text = _text(block)
        if re.match(pattern, text):
            items.append((section, [block]))
        elif block.name in HEADINGS:
            section = text
            if items:
                items.append(("", []))  # what follows a heading belongs to no item yet
        elif items and items[-1][1]:
            items[-1][1].append(block)
    return [item for item in items if item[1]]


def _items_by_heading(blocks: list[Tag]) -> list[Item]:
    items: list[Item] = []
    section = ""
    for block in blocks:
        if block.name in HEADINGS:
            section = _text(block)
        elif section and _text(block):
            items.append((section, [block]))
    return items


def _with_links(items: list[Item], address: str) -> Iterator[tuple[str, str, str]]:
    for section, blocks in items:
        text = SEPARATOR.join(part for part in map(_text, blocks) if part)[:MAX_TEXT]
        link = next((found for block in blocks if (found := _first_link(block, address))), "")
        yield section, text, link


def _first_link(element: Tag, address: str) -> str:
    for link in element.find_all("a", href=True):
        target = _target(link, address)
        if target and not target.startswith(f"{address}#"):
            return target
    return ""


def _target(link: Tag, address: str) -> str:
    """Return where a link leads, or an empty text for what is no web address."""
    try:
        return web_link(urljoin(address, str(link.get("href", ""))))
    except ValueError:
        return ""


def _text(element: Tag) -> str:
    return " ".join(element.get_text(" ").split())
