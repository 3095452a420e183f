"""The printed pages that a book names itself: its page list, and the marks in its chapters.

Belongs here: EPUB 3 `page-list`, NCX `pageList`, `pagebreak` marks, and what their labels mean. Does not belong here:
reading chapters (`office_epub`), pages of books that name none (`office_rendition`).

Only labels that are whole numbers become page numbers. A Roman one ends the page before it: what follows has no number
until the next whole one, because a page that is called 12 must be the one on which a reader of the print finds it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from urllib.parse import unquote

from extractors.html_source import parse_tree
from extractors.office_package import Package, PackageError, parse_xml
from extractors.text_encoding import decode
from store.readings import Page

Labels = Mapping[str, Mapping[str, str]]
"""Member of the package, fragment in it (empty: its beginning), label of the page that begins there."""

OPF = "{http://www.idpf.org/2007/opf}"
"""Namespace of package documents."""
_NCX = "{http://www.daisy.org/z3986/2005/ncx/}"
_LABEL = 20
"""Longest label of a page; a longer text is no label."""
_MAX_LIST = 16 * 2**20
"""Longest list that is read: a page takes some hundred bytes of it."""
_MAX_LISTS = 4
"""A book has one of each kind; more are read of no book."""
_MAX_PARTS = 8
"""A mark with more elements in it shows no label."""
_MAX_DIGITS = 6


def listed_pages(package: Package, path: str, book: Any) -> Labels:
    """Return the labels of a book's page list; `path` is where its package document `book` lies.

    A list that cannot be read is no list: the text of the book does not depend on it.
    """
    labels: dict[str, dict[str, str]] = {}
    for member, entries in _lists(path, book).items():
        for href, label in entries(package, member):
            target, fragment = resolve(member, href)
            labels.setdefault(target, {}).setdefault(fragment, label)
    return labels


def _lists(path: str, book: Any) -> dict[str, Callable[[Package, str], Iterator[tuple[str, str]]]]:
    """Return the members that may be page lists, each once, with how their entries are read."""
    found: dict[str, Callable[[Package, str], Iterator[tuple[str, str]]]] = {}
    for item in book.iter(f"{OPF}item"):
        member = resolve(path, item.get("href", ""))[0]
        if "nav" in item.get("properties", "").split():
            found.setdefault(member, _of_navigation)
        elif item.get("media-type") == "application/x-dtbncx+xml":
            found.setdefault(member, _of_ncx)
        if len(found) == _MAX_LISTS:
            break
    return found


def resolve(base: str, href: str) -> tuple[str, str]:
    """Return member and fragment that an address means, which stands in the member `base`."""
    address, _, fragment = href.partition("#")
    folder = posixpath.dirname(base)
    return posixpath.normpath(posixpath.join(folder, unquote(address))) if address else base, unquote(fragment)


def marks_of(root: Any, labels: Mapping[str, str]) -> dict[Any, str]:
    """Return the elements of a chapter at which a printed page begins, with its label; `labels` are the chapter's."""
    marks: dict[Any, str] = {root: labels[""]} if "" in labels else {}
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = element.get("id") or element.get("name")
        label = labels.get(name) if name else None
        if label is None and is_mark(element):
            label = _said(element)
        if label is not None:
            marks[element] = label
    return marks


def is_mark(element: Any) -> bool:
    """Tell whether an element says of itself that a printed page begins there."""
    return "pagebreak" in element.get("epub:type", "").split() or element.get("role") == "doc-pagebreak"


def shown_labels(marks: Collection[Any]) -> frozenset[Any]:
    """Return the marks whose text may be the printed page number, which is no part of the sentence around it."""
    return frozenset(mark for mark in marks if is_mark(mark) and _shows_label(mark))


def _shows_label(mark: Any) -> bool:
    if len(list(islice(mark.iter(), _MAX_PARTS + 1))) > _MAX_PARTS:
        return False  # hostile marks lie one inside the other
    return 0 < len(" ".join("".join(mark.itertext()).split())) <= _LABEL


def pages_of(breaks: Sequence[tuple[int, str]], length: int) -> tuple[Page, ...]:
    """Return the pages that begin at `breaks` (position in the text layer and label, in order of the text)."""
    ends = [*(start for start, _ in breaks[1:]), length]
    return tuple(
        Page(number=number, start=start, end=end)
        for (start, label), end in zip(breaks, ends, strict=False)
        if (number := _number(label))
    )


def _of_navigation(package: Package, member: str) -> Iterator[tuple[str, str]]:
    payload = _list(package, member)
    tree = parse_tree(decode(payload, declared_charset="", is_markup=True).text) if payload else None
    for nav in () if tree is None else tree.root.iter("nav"):
        if "page-list" in nav.get("epub:type", "").split() or nav.get("role") == "doc-pagelist":
            for link in nav.iter("a"):
                yield link.get("href", ""), _words(link)


def _of_ncx(package: Package, member: str) -> Iterator[tuple[str, str]]:
    payload = _list(package, member)
    try:
        root = parse_xml(payload, "page list", member) if payload else None
    except PackageError:
        return
    for target in () if root is None else root.iter(f"{_NCX}pageTarget"):
        content = target.find(f"{_NCX}content")
        if content is not None:
            said = (target.findtext(f"{_NCX}navLabel/{_NCX}text") or "").strip()
            # the value counts what the label calls "xii": it names a page only where nothing else does
            counted = target.get("value", "") if target.get("type") == "normal" else ""
            yield content.get("src", ""), said or counted


def _list(package: Package, member: str) -> bytes:
    try:
        payload = package.read(member) or b""
    except PackageError:
        return b""
    return payload if len(payload) <= _MAX_LIST else b""


def _said(element: Any) -> str:
    for name in ("aria-label", "title"):
        if element.get(name):
            return str(element.get(name))
    return _words(element)


def _words(element: Any) -> str:
    """Return the beginning of what an element shows; not all of it, because hostile marks lie one inside the other."""
    return "".join([element.text or "", *(child.text or "" for child in element[:4])])[: 2 * _LABEL + 1]


def _number(label: str) -> int:
    """Return the number of a page, 0 where its label is none ("xii", "cover"); "Page 12." is 12."""
    words = label.strip().rstrip(".").split()
    last = words[-1] if words and len(label) <= 2 * _LABEL else ""
    return int(last) if last.isdecimal() and len(last) <= _MAX_DIGITS else 0
