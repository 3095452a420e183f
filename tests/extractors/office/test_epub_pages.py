"""Pages of books: those of the print, where the book names them, else those of a rendition; both are a derived layer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest

from extractors import office_rendition
from extractors.formats import parse, read_layout
from extractors.layout import Layout
from extractors.office_package import Package
from extractors.reader import ReaderPool
from extractors.rendering import PageMissingError, render
from extractors.request import ReadLimits, ReadRequest
from tests.extractors.office.conftest import pack, shown

Read = Callable[..., Layout]
CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
LIST_ITEM = '<item id="nav" href="nav.xhtml" properties="nav"/>'
MARK = '<span epub:type="pagebreak">12</span>'
NCX_ITEM = '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'


def book(chapters: list[str], *, items: str = "", extra: dict[str, str | bytes] | None = None) -> bytes:
    """Return a book with these chapters (bodies of XHTML): c0.xhtml, c1.xhtml …"""
    listed = "".join(f'<item id="c{n}" href="text/c{n}.xhtml"/>' for n in range(len(chapters)))
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    package = (
        f'<package xmlns="http://www.idpf.org/2007/opf"><manifest>{listed}{items}</manifest><spine>{spine}</spine>'
        "</package>"
    )
    members: dict[str, str | bytes] = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package}
    for number, body in enumerate(chapters):
        members[f"OEBPS/text/c{number}.xhtml"] = (
            '<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml" '
            f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>c</title></head><body>{body}</body></html>'
        )
    return pack({**members, **(extra or {})})


def numbered(layout: Layout) -> list[tuple[int | None, str]]:
    """Page and text of each block that a reader sees."""
    return [(block.page, layout.text[block.start : block.end]) for block in layout.blocks if block.role == "main"]


def navigation(entries: list[tuple[str, str]]) -> dict[str, str | bytes]:
    links = "".join(f'<li><a href="{href}">{label}</a></li>' for href, label in entries)
    return {
        "OEBPS/nav.xhtml": '<html xmlns:epub="http://www.idpf.org/2007/ops"><body><nav epub:type="toc"><ol><li>'
        f'<a href="text/c0.xhtml">99</a></li></ol></nav><nav epub:type="page-list"><ol>{links}</ol></nav></body></html>'
    }


def test_pages_of_the_page_list_are_those_of_the_print(read_file: Read) -> None:
    chapters = [
        '<p>Foreword.</p><p id="p12">The Authority is established.</p><p>It has a board.</p>',
        '<h1>Duties</h1><p>The Authority <span id="p14"></span>keeps a register.</p><p>It reports.</p>',
    ]
    entries = [("text/c0.xhtml#p12", "12"), ("text/c1.xhtml", "Page 13"), ("text/c1.xhtml#p14", "14")]
    layout = read_file(book(chapters, items=LIST_ITEM, extra=navigation(entries)), "b.epub", renditions=True)

    assert numbered(layout) == [
        (None, "Foreword."), (12, "The Authority is established."), (12, "It has a board."), (13, "Duties"),
        (13, "The Authority keeps a register."), (14, "It reports."),
    ]  # fmt: skip
    assert [page.number for page in layout.pages] == [12, 13, 14]
    assert layout.text[layout.pages[2].start :].startswith("keeps a register.")
    assert "page list" in layout.metadata["pages"]


def test_pages_of_an_ncx_are_read_in_the_order_of_the_text(read_file: Read) -> None:
    targets = "".join(
        f'<pageTarget value="{n}"><navLabel><text>{n}</text></navLabel><content src="text/c0.xhtml#p{n}"/></pageTarget>'
        for n in (8, 7)
    )
    ncx = (
        '<!DOCTYPE ncx PUBLIC "-//NISO//DTD ncx 2005-1//EN" "http://dtd.example/ncx.dtd">'
        f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><pageList>{targets}</pageList></ncx>'
    )
    chapters = ['<p><a id="p7"/>One.</p><div><a id="p8"></a></div><p>Two.</p>']
    layout = read_file(book(chapters, items=NCX_ITEM, extra={"OEBPS/toc.ncx": ncx}), "b.epub")
    assert numbered(layout) == [(7, "One."), (8, "Two.")]


@pytest.mark.parametrize(
    "mark",
    [
        '<span epub:type="pagebreak" id="x" title="21"/>',
        '<span role="doc-pagebreak" aria-label=" page 21. "></span>',
        '<span epub:type="pagebreak" role="doc-pagebreak" title="21">21</span>',
        '<span epub:type="pagebreak">[21]</span>',
    ],
    ids=["title", "role", "shown", "no number"],
)
def test_marks_in_a_chapter_begin_pages_and_are_no_words_of_the_sentence(mark: str) -> None:
    source = f"<p>The Authority shall {mark}keep a register of operators.</p><p>It reports every year.</p>"
    reading = parse(book([source]), ReadRequest(name="b.epub", renditions=False))

    assert reading.passages[1].reading_text == "The Authority shall keep a register of operators."
    assert [passage.page for passage in reading.passages[1:]] == [None, None if "[21]" in mark else 21]
    for passage in reading.passages:
        assert reading.text[passage.start : passage.end] == passage.text


def test_a_page_number_that_stands_alone_is_no_passage_of_the_book(read_file: Read) -> None:
    layout = read_file(book(['<p>One.</p><div epub:type="pagebreak">3</div><p>Two.</p>']), "b.epub")
    assert numbered(layout) == [(None, "One."), (3, "Two.")]
    assert "3" in layout.text


def test_a_roman_page_ends_the_page_before_it_and_has_no_number(read_file: Read) -> None:
    marks = ['<p epub:type="pagebreak" title="{}"></p>'.format(label) for label in ("4", "xii", "5")]  # noqa: UP032
    layout = read_file(book([f"{marks[0]}<p>A.</p>{marks[1]}<p>B.</p>{marks[2]}<p>C.</p>"]), "b.epub")
    assert numbered(layout) == [(4, "A."), (None, "B."), (5, "C.")]


def test_the_label_of_an_ncx_counts_and_not_its_value(read_file: Read) -> None:
    """A foreword's page xii is not page 12, which begins elsewhere."""
    entries = [("front", "12", "xii"), ("normal", "5", ""), ("front", "6", ""), ("normal", "9", "12")]
    targets = "".join(
        f'<pageTarget type="{kind}" value="{value}"><navLabel><text> {label} </text></navLabel>'
        f'<content src="text/c0.xhtml#p{place}"/></pageTarget>'
        for place, (kind, value, label) in enumerate(entries)
    )
    ncx = f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><pageList>{targets}</pageList></ncx>'
    chapters = [
        "".join(f'<p id="p{place}">{text}</p>' for place, text in enumerate(("Xii.", "Five.", "No.", "Twelve.")))
    ]
    layout = read_file(book(chapters, items=NCX_ITEM, extra={"OEBPS/toc.ncx": ncx}), "b.epub")
    assert numbered(layout) == [(None, "Xii."), (5, "Five."), (None, "No."), (12, "Twelve.")]


@pytest.mark.parametrize(
    ("source", "sentence", "after"),
    [
        (
            f'<pre>\n\n      The Team {MARK} shall keep a register.</pre>',
            "The Team shall keep a register.", "12 shall keep",
        ),
        (f"<p>Text here {MARK.replace('</', ' </')}</p>", "Text here", "12"),
        (f"<pre>  Text here {MARK.replace('</', '   </')}  </pre>", "Text here", "12"),
    ],
    ids=["white space before", "white space in the mark", "both"],
)  # fmt: skip
def test_white_space_that_is_not_shown_moves_no_page(source: str, sentence: str, after: str) -> None:
    reading = parse(book([source]), ReadRequest(name="b.epub", renditions=False))
    assert " ".join(reading.passages[-1].reading_text.split()) == sentence
    assert reading.text[reading.pages[0].start :].startswith(after)
    layout = read_layout(book([source]), ReadRequest(name="b.epub", renditions=False))
    block = layout.blocks[-1]
    assert all(block.start <= first < last <= block.end for first, last in block.gaps)


def test_a_page_number_in_a_cell_is_no_word_of_its_row() -> None:
    cells = [("Team", "Year"), (f"{MARK}CERT", f"2016 {MARK.replace('12', '13')}"), (MARK.replace("12", "14"), "")]
    rows = "".join(f"<tr><td>{one}</td><td>{two}</td></tr>" for one, two in cells)
    headed = f"<thead><tr><th>Name</th><th>Since</th></tr></thead><tr><td>{MARK}SOC</td><td>2020</td></tr>"
    reading = parse(
        book([f"<table>{rows}</table><table>{headed}</table>"]), ReadRequest(name="b.epub", renditions=False)
    )
    said = [(passage.role, passage.text, " ".join(passage.reading_text.split())) for passage in reading.passages[1:]]
    assert said == [
        ("main", "Team\tYear", "Team Year"), ("main", "12CERT\t2016 13", "CERT 2016"), ("navigation", "14", "14"),
        ("main", "Name\tSince", "Name Since"), ("main", "12SOC\t2020", "Name: SOC; Since: 2020"),
    ]  # fmt: skip


def test_a_mark_around_a_block_is_a_page_number_and_one_around_several_is_none(read_file: Read) -> None:
    mark = '<div epub:type="pagebreak">{}</div>'
    layout = read_file(book([f"<p>One.</p>{mark.format('<p>3</p> ')}{mark.format('<p>4</p><p>Two.</p>')}"]), "b.epub")
    assert numbered(layout) == [(None, "One."), (None, "4"), (None, "Two.")]
    assert [page.number for page in layout.pages] == [3]
    assert "3" in layout.text


def test_marks_in_tables_begin_pages_at_their_row(read_file: Read) -> None:
    mark = '<span epub:type="pagebreak" title="{}"/>'
    rows = [("Team", "Year"), (mark.format(2) + "CERT", "2016"), ("SOC", "2020")]
    cells = "".join(f"<tr><td>{one}</td><td>{two}</td></tr>" for one, two in rows)
    empty = f"<tr><td>{mark.format(3)}</td><td></td></tr>"
    layout = read_file(book([f"{mark.format(1)}<table>{cells}{empty}</table><p>After.</p>"]), "b.epub")
    assert numbered(layout) == [(1, "Team\tYear"), (2, "CERT\t2016"), (2, "SOC\t2020"), (3, "After.")]


def test_contents_of_a_book_prove_nothing(read_file: Read) -> None:
    lines = "".join(f'<li><a href="c1.xhtml#s{n}">National strategy {n}</a></li>' for n in range(3))
    outside = '<ul><li><a href="https://cert.example/">The team</a></li></ul>'
    layout = read_file(book([f"<ol>{lines}</ol>{outside}", "<p>Text.</p>"]), "b.epub")
    kinds = [(kind, text) for kind, _, text in shown(layout) if kind != "title"]
    assert kinds[:3] == [("contents", f"National strategy {n}") for n in range(3)]
    assert kinds[3:] == [("list_item", "The team"), ("paragraph", "Text.")]


def test_targets_of_links_are_no_contents(read_file: Read) -> None:
    named = "".join(f'<p><a id="a{n}">The Authority is established.</a></p>' for n in range(3))
    layout = read_file(book([named]), "b.epub")
    assert {kind for kind, _, _ in shown(layout) if kind != "title"} == {"paragraph"}


def test_a_book_over_the_limits_says_so(read_file: Read) -> None:
    chapters = ["<p>The Authority keeps a register.</p>" * 5, "<p>Last.</p>"]
    table = "<table>" + "<tr><td>a</td><td>b</td></tr>" * 6 + "</table>"
    for source, limits in (
        (chapters, ReadLimits(characters=300)), (chapters, ReadLimits(nodes=9)), ([chapters[0]], ReadLimits(nodes=6)),
        ([table, *chapters], ReadLimits(nodes=10)),
    ):  # fmt: skip
        layout = read_file(book(source), "b.epub", limits=limits)
        assert layout.status == "read"
        assert "only its first part was read" in layout.reason
        assert "Last." not in layout.text
    assert read_file(book(chapters), "b.epub", limits=ReadLimits(nodes=20)).reason == ""


def test_each_list_of_a_book_is_read_once_and_of_few_members(read_file: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    unpacked: Counter[str] = Counter()
    read = Package.read

    def counting(package: Package, name: str) -> bytes | None:
        unpacked[name] += 1
        return read(package, name)

    monkeypatch.setattr(Package, "read", counting)
    items = (LIST_ITEM + NCX_ITEM) * 50 + "".join(LIST_ITEM.replace("nav.x", f"nav{n}.x") for n in range(50))
    lists = navigation([("text/c0.xhtml#p7", "7")]) | {"OEBPS/toc.ncx": "<ncx/>"}
    lists |= {f"OEBPS/nav{n}.xhtml": "<html/>" for n in range(50)}
    layout = read_file(book(['<p id="p7">Text.</p>'], items=items, extra=lists), "b.epub")

    assert numbered(layout) == [(7, "Text.")]
    assert max(unpacked.values()) == 1
    assert sum(count for name, count in unpacked.items() if "nav" in name or "ncx" in name) == 4


def test_elements_that_xhtml_closes_at_once_swallow_no_chapter(read_file: Read) -> None:
    layout = read_file(book(['<script src="a.js"/><p>The Authority is established.</p>']), "b.epub")
    assert numbered(layout) == [(None, "The Authority is established.")]


def test_a_broken_page_list_costs_no_text(read_file: Read) -> None:
    for item, name, content in ((NCX_ITEM, "toc.ncx", "<ncx><"), (LIST_ITEM, "nav.xhtml", b"\xff\xfe\x00")):
        layout = read_file(book(["<p>Text.</p>"], items=item, extra={f"OEBPS/{name}": content}), "b.epub")
        assert numbered(layout) == [(None, "Text.")]
        assert layout.pages == ()


def long_book() -> bytes:
    sentence = "The Authority shall keep a register of operators and review it every year. "
    arabic = "<p>تنشأ هيئة وطنية للأمن السيبراني وتحدد اختصاصاتها.</p>"
    return book([f"<h1>One</h1>{f'<p>{sentence * 6}</p>' * 12}", f"<h1>Two</h1>{arabic}<p>End &amp; more.</p>"])


@pytest.mark.office
def test_a_book_without_pages_gets_those_of_a_rendition(read_file: Read) -> None:
    plain, paged = (read_file(long_book(), "b.epub", renditions=wanted) for wanted in (False, True))

    assert {block.page for block in plain.blocks} == {None}
    assert paged.text == plain.text
    pages = [page for page, _ in numbered(paged) if page is not None]
    assert len(pages) == len(numbered(paged))
    assert pages == sorted(pages)
    assert 1 < pages[11] < pages[13] == pages[-1] == paged.pages[-1].number, "the second chapter begins a page"
    assert "LibreOffice" in paged.metadata["pages"]
    assert render(long_book(), page=pages[-1], scale=0.5).startswith(b"\x89PNG")


@pytest.mark.office
def test_a_book_with_printed_pages_shows_none_of_a_rendition() -> None:
    with pytest.raises(PageMissingError):
        render(book(['<p epub:type="pagebreak" title="4"/><p>A.</p>']), page=4, scale=1.0)


def test_nothing_of_a_book_but_its_text_reaches_the_rendition(read_file: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []

    def convert(payload: bytes, extension: str, wanted: str) -> tuple[office_rendition.Conversion, bytes]:
        sent.append(payload)
        return office_rendition.Conversion.REFUSED, b""

    monkeypatch.setattr(office_rendition, "convert", convert)
    hostile = (
        '<p style="background:url(http://x.example/a)" onclick="run()">Text &lt;office:body&gt; \x01 here.</p>'
        '<img src="file:///etc/passwd"/><object data="http://x.example/b"></object><a href="http://x.example/c">link</a>'
    )
    layout = read_file(book([hostile]), "b.epub", renditions=True)

    assert layout.pages == ()
    assert len(sent) == 1
    assert b"x.example" not in sent[0]
    assert b"passwd" not in sent[0]
    assert b"&lt;office:body&gt;" in sent[0]


def test_a_book_of_countless_marks_ends_within_the_limits() -> None:
    marks = "".join(f'<i id="p{n}"/>' for n in range(200_000))
    nested = "<i epub:type='pagebreak'>" * 20_000 + "7" + "</i>" * 20_000
    rows = "".join(f'<tr><td><i epub:type="pagebreak" title="{n}"/>a</td><td>b</td></tr>' for n in range(20_000))
    entries = [(f"text/c0.xhtml#p{n}", str(n)) for n in range(200_000)]
    payload = book(
        [
            f"<p>A.{marks}</p>",
            f"<p>{nested}</p>",
            f"<p>{MARK * 20_000}</p>",
            f"<table><caption>{MARK * 20_000}</caption>{rows}</table>",
        ],
        items=LIST_ITEM,
        extra=navigation(entries),
    )
    with ReaderPool(ReadLimits(memory_bytes=2**30, cpu_seconds=40, wall_seconds=60)) as pool:
        reading = pool.read(payload, name="b.epub")
    assert reading.status == "read"
    assert reading.passages[-1].page == 19_999
