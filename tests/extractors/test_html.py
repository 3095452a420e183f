"""HTML: every visible character stays in the order of the source, structure is seen."""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.formats import parse
from extractors.request import ReadRequest
from store.readings import Reading

Read = Callable[..., Reading]

LAW = """<html lang="en"><head><title>Cyber Act – Ministry</title><meta name="dcterms.issued" content="2021-05-04">
<script>var a = "</p><p>not text</p>";</script></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/laws">Laws</a></li></ul></nav>
<main><h1>Cyber Act</h1><h2>Chapter 1: Bodies</h2>
<p>Article 3 – <b>Auth</b>ority. The Authority shall:</p>
<ol type="a"><li>protect critical systems;</li><li>report to <a href="/m">the Minister</a> each year, namely:
<ul><li>on incidents;</li><li>on budgets.</li></ul></li></ol>
<table><caption>Teams</caption><tr><th>Team</th><th>Since</th></tr><tr><td>National CERT</td><td>2014</td></tr>
<tr><td>Bank CERT</td><td>2018</td></tr></table>
<dl><dt>Incident</dt><dd>an event that harms a system</dd></dl>
<p>Fines of 5&nbsp;000 &euro; apply&#133; &lt;see annex&gt;.<br><br>Second paragraph of the article.</p></main>
<footer><p>© Ministry. All rights reserved.</p></footer></body></html>"""


def passage(reading: Reading, start: str) -> object:
    return next(found for found in reading.passages if found.reading_text.startswith(start))


def test_title_date_language_and_encoding(read: Read) -> None:
    reading = read(LAW)
    assert (reading.format, reading.status) == ("html", "read")
    assert reading.title == "Cyber Act – Ministry"
    assert reading.published_on == date(2021, 5, 4)
    assert reading.language == "en"
    assert reading.metadata["encoding"] == "utf-8"


def test_a_date_in_json_ld_counts(read: Read) -> None:
    source = '<script type="application/ld+json">{"@type": "Article", "datePublished": "2020-02-29T10:00"}</script><p>Words.</p>'
    assert read(source).published_on == date(2020, 2, 29)
    assert read(source.replace("02-29", "02-31")).published_on is None


def test_scripts_leave_nothing_and_close_nothing(read: Read) -> None:
    assert "not text" not in read(LAW).text


def test_inline_elements_part_no_word_and_entities_are_characters(read: Read) -> None:
    text = read(LAW).text
    assert "Article 3 – Authority. The Authority shall:" in text
    assert "Fines of 5 000 € apply… <see annex>." in text


def test_headings_give_sections_and_articles(read: Read) -> None:
    item = passage(read(LAW), "protect critical")
    assert item.section == ("Cyber Act", "Chapter 1: Bodies")  # type: ignore[attr-defined]
    assert item.article == "3"  # type: ignore[attr-defined]


def test_items_keep_their_head_on_each_level(read: Read) -> None:
    reading = read(LAW)
    outer, inner = passage(reading, "protect critical"), passage(reading, "on incidents")
    assert outer.kind == inner.kind == "list_item"  # type: ignore[attr-defined]
    assert outer.head.endswith("The Authority shall:")  # type: ignore[attr-defined]
    assert reading.text[outer.head_start : outer.head_end].endswith("The Authority shall:")  # type: ignore[attr-defined]
    assert inner.head.startswith("report to the Minister")  # type: ignore[attr-defined]


def test_rows_are_read_with_their_header_cells(read: Read) -> None:
    row = passage(read(LAW), "Team: National CERT")
    assert row.kind == "table_row"  # type: ignore[attr-defined]
    assert row.text == "National CERT\t2014"  # type: ignore[attr-defined]
    assert row.reading_text == "Team: National CERT; Since: 2014"  # type: ignore[attr-defined]


def test_a_definition_hangs_on_its_term(read: Read) -> None:
    assert passage(read(LAW), "an event that harms").head == "Incident"  # type: ignore[attr-defined]


def test_two_breaks_end_a_paragraph(read: Read) -> None:
    assert passage(read(LAW), "Second paragraph").kind == "paragraph"  # type: ignore[attr-defined]


def test_menus_and_footers_are_navigation(read: Read) -> None:
    roles = {found.text: found.role for found in read(LAW).passages}
    assert roles["Home"] == "navigation"
    assert roles["© Ministry. All rights reserved."] == "navigation"
    assert roles["Second paragraph of the article."] == "main"


def test_links_are_kept_with_their_span(read: Read) -> None:
    reading = read(LAW)
    links = {href: reading.text[start:end] for start, end, href in json.loads(reading.metadata["links"])}
    assert links["/m"] == "the Minister"


def test_a_table_that_lays_out_text_is_no_data(read: Read) -> None:
    cell = "<p>The law creates an authority. " * 30
    reading = read(f"<table><tr><td>{cell}</td><td>{cell}</td></tr><tr><td>{cell}</td><td>x</td></tr></table>")
    assert "table_row" not in {found.kind for found in reading.passages}


def test_text_between_cells_is_not_lost(read: Read) -> None:
    assert (
        "stray words"
        in read("<table><tr>stray words<td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>").text
    )


def test_spans_of_cells_carry_headers_down(read: Read) -> None:
    reading = read(
        "<table><tr><th>Law</th><th>Year</th></tr><tr><td rowspan='2'>Cyber Act</td><td>2014</td></tr>"
        "<tr><td>2018</td></tr></table>"
    )
    assert reading.passages[-1].reading_text == "Law: Cyber Act; Year: 2018"


def test_external_entities_are_not_resolved(read: Read) -> None:
    reading = read(
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>a &x; b</p></body></html>'
    )
    assert "root:" not in reading.text


@pytest.mark.parametrize("tag", ["div", "b", "table><tr><td", "ul><li"])
def test_deep_nesting_ends_with_a_reason(read: Read, tag: str) -> None:
    reading = read("<p>seen</p>" + f"<{tag}>x" * 30_000)
    assert reading.status in {"read", "no_text"}
    assert "deeper than the reader follows" in reading.reason


def test_a_page_without_text_says_so(read: Read) -> None:
    reading = read("<html><body><div id='app'></div><script src='app.js'></script></body></html>")
    assert reading.status == "no_text"
    assert "script" in reading.reason


def squeeze(text: str) -> str:
    return re.sub(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+", "", unicodedata.normalize("NFKC", text))


def raw_text(source: str) -> str:
    source = re.sub(r"(?is)<(script|style)\b.*?</\1>", " ", source)
    return squeeze(html.unescape(re.sub(r"(?s)<[^>]+>", " ", source)))


TAGS = ["p", "div", "li", "ul", "td", "tr", "table", "b", "h2", "a", "th", "dl", "dt", "dd", "span", "section"]


@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [f"<{tag}>" for tag in TAGS] + [f"</{tag}>" for tag in TAGS] + ["<br>", "&amp;", "&eacute;", "&#146;"]
            ),
            st.text(alphabet="abc .,é字م\u00a0", min_size=1, max_size=12),
        ),
        max_size=60,
    )
)
def test_every_passage_stands_in_the_raw_page(parts: list[str]) -> None:
    source = "<html><body>" + "".join(parts) + "</body></html>"
    reading = parse(source.encode(), ReadRequest(name="x.html"))
    for found in reading.passages:
        assert reading.text[found.start : found.end] == found.text
    assert squeeze(reading.text) == raw_text(source)


NEWS = """<html lang="en"><head><title>Ministry opens national response team | Gazette of the North</title></head><body>
<header class="site-header"><div class="today">Friday, 20 November 2026</div><a href="/">Gazette of the North</a></header>
<nav class="menu"><ul><li><a href="/news">News</a></li><li><a href="/laws">Laws</a></li></ul></nav>
<article class="story"><header><h1>Ministry opens national response team</h1>
<p class="byline">By our reporter</p><p class="date">14 March 2022</p></header>
<div class="story-body"><p>The Ministry of Information opened the national computer incident response team on Monday
in the capital. The team, which has forty officers, works around the clock and reports to the minister each week.</p>
<p>It was set up by a decree of last year, which also lays down how operators of essential services report incidents,
and it is a member of the international forum of such teams since the beginning of this year.</p>
<p>The minister said that the team had already handled two hundred incidents, most of them in banks and hospitals, and
that its budget would grow by a third over the coming years.</p></div></article>
<aside><h3>Read more</h3><ul><li><a href="/a">Another story</a></li><li><a href="/b">A third story</a></li></ul></aside>
</body></html>"""


def test_the_headline_opens_the_section_of_a_news_page(read: Read) -> None:
    reading = read(NEWS)
    body = [found for found in reading.passages if found.role == "main" and found.kind == "paragraph"]

    assert len(body) >= 3
    assert {found.section for found in body} == {("Ministry opens national response team",)}


def test_a_date_below_the_headline_counts_where_the_markup_states_none(read: Read) -> None:
    assert read(NEWS).published_on == date(2022, 3, 14)
    assert read(NEWS.replace("14 March 2022", "In the capital")).published_on is None
    stated = NEWS.replace("<head>", '<head><meta name="dcterms.issued" content="2022-03-12">')
    assert read(stated).published_on == date(2022, 3, 12)
    kinds = {found.text: found.kind for found in read(NEWS).passages}
    assert kinds["14 March 2022"] == "paragraph"
