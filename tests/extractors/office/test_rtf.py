"""Rich text as Word and others write it: what a reader sees, with headings, lists, tables and notes."""

from __future__ import annotations

import codecs
from collections.abc import Callable

import pytest

from extractors import office_rtf
from extractors.layout import Layout
from extractors.request import ReadLimits
from extractors.rtf_words import CHARSETS, CODE_PAGES
from tests.extractors.office.conftest import shown

Read = Callable[..., Layout]
HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset204 Arial;}{\f2\fcharset2 Symbol;}}"
    rb"{\stylesheet{\s0 Normal;}{\s1\outlinelevel0 heading 1;}{\s2 Title;}{\s3 toc 1;}}"
)


def texts(layout: Layout) -> list[tuple[str, str]]:
    return [(kind, text) for kind, _, text in shown(layout)]


def test_styles_lists_and_notes(read_file: Read) -> None:
    source = (
        rb"{\info{\title The Act}{\author A. Clerk}}{\header Page head\par}\pard\s2 Cyber Act\par\pard\s3 1 Scope\tab 2\par"
        rb"\pard\s1 Scope\par\pard The Team shall{\footnote\pard\chftn  Set up in 2016.}:\par"
        rb"{\listtext (a)\tab}\pard keep a {\b register};\par{\pntext\f2\'b7\tab}\pard warn.\par}"
    )
    layout = read_file(HEAD + source, "a.rtf")
    assert shown(layout) == [
        ("title", "", "Cyber Act"), ("contents", "", "1 Scope\t2"), ("heading", "", "Scope"),
        ("paragraph", "", "The Team shall:"), ("list_item", "(a)", "keep a register;"), ("list_item", "•", "warn."),
        ("paragraph", "", "Set up in 2016."),
    ]  # fmt: skip
    assert (layout.title, layout.outline) == ("The Act", ("Scope",))


def test_cells_become_rows_with_their_headers_and_text_goes_on_after_them(read_file: Read) -> None:
    row = rb"\trowd\cellx1\cellx2\pard\intbl %b\cell %b\cell\row"
    rows = b"".join(row % cells for cells in ((b"Team", b"Since"), (b"CERT\\par of the state", b"2016")))
    layout = read_file(HEAD + rows + rb"\pard After.\par}", "a.rtf")
    assert texts(layout) == [
        ("table_row", "Team\tSince"), ("table_row", "CERT of the state\t2016"), ("paragraph", "After."),
    ]  # fmt: skip
    assert layout.blocks[1].reading == "Team: CERT of the state; Since: 2016"


def test_an_empty_paragraph_keeps_two_tables_apart(read_file: Read) -> None:
    row = rb"\trowd\cellx1\cellx2\cellx3\pard\intbl %b\cell %b\cell %b\cell\row"
    teams = (row % (b"Team", b"Since", b"Staff")) + (row % (b"CERT", b"2016", b"40"))
    laws = (row % (b"Law", b"Fine", b"Court")) + (row % (b"Act 5", b"900", b"High"))
    layout = read_file(HEAD + teams + rb"\pard\par" + laws + rb"\pard\par}", "a.rtf")
    assert [block.reading for block in layout.blocks] == [
        None, "Team: CERT; Since: 2016; Staff: 40", None, "Law: Act 5; Fine: 900; Court: High",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (rb"{\f1 \'c7\'e0\'ea\'ee\'ed} act", "Закон act"),
        (rb"\uc2\u1602??\u1575 ??\u1606??", "قان"),
        (rb"{\uc1\u-10179?\u-9203?}", "🐍"),
        (rb"A{\v hidden}{\deleted gone}{\*\unknown no}{\fldinst HYPERLINK x}{\fldrslt link}", "Alink"),
        (rb"{\pict\bin5 }}}}} x}The \\pict and \\bin words", "The \\pict and \\bin words"),
        (
            rb"The word \\pict is explained." + b" It is." * 300 + rb"{\b End}",
            "The word \\pict is explained." + " It is." * 300 + "End",
        ),
        (rb"{\pict\bin2541 " + b"0" * 2500 + b"}RUBBISH" + b"{" * 33 + rb"}" + rb"Text", "Text"),
        (rb"{\pict " + b"00ff\r\n" * 900 + rb"\bin3 }}}0f0f}Text", "Text"),
        (rb"{\shp{\*\shpinst{\sp{\sn n}{\sv v}}{\shptxt In a box.\par}}{\shprslt twice}}", "In a box."),
        (rb"line\line two\~\emdash\'96", "line\ntwo\u00a0—–"),
        (rb"A \u8212\emdash  B\u160\~C\uc2\u8211\endash\endash D\u8211\'96\bin3 }}}E", "A — B\u00a0C–D–E"),
        (rb"A\u8212\par B\u8212\u8212 -D", "A—\nB——D"),
        (
            rb"The {\upr{Defense}{\*\ud{D\u233?fense}}} act{\upr{\*\bkmkstart a}{\*\ud{\*\bkmkstart b}}}.",
            "The Défense act.",
        ),
    ],
    ids=[
        "code page of a font",
        "unicode",
        "halves",
        "unseen",
        "binary",
        "word pict",
        "binary picture",
        "hexadecimal picture",
        "text box",
        "signs",
        "signs as stand-ins",
        "no stand-ins",
        "twice",
    ],
)
def test_characters_and_destinations(read_file: Read, source: bytes, expected: str) -> None:
    layout = read_file(HEAD + source + rb"\par}", "a.rtf")
    assert layout.text.strip() == expected


def test_a_title_that_is_told_twice_is_taken_in_unicode(read_file: Read) -> None:
    source = rb"{\info{\upr{\title L?i}{\*\ud{\title L\u7853?i}}}}Text\par}"
    assert read_file(HEAD + source, "a.rtf").title == "Lậi"


@pytest.mark.parametrize(
    ("head", "text"),
    [
        (rb"\mac\ansicpg10000", rb"caf\'8e"), (rb"\mac\ansicpg0", rb"caf\'8e"), (rb"\ansi\ansicpg65001", rb"caf\'c3\'a9"),
        (rb"\ansi\ansicpg28605", rb"caf\'e9"), (rb"\ansi\ansicpg850", rb"caf\'82"),
        (rb"\ansi{\fonttbl{\f0\fcharset77 A;}}\f0", rb"caf\'8e"), (rb"\ansi{\fonttbl{\f0\cpg10000 A;}}\f0", rb"caf\'8e"),
        (rb"\ansi\ansicpg12345{\fonttbl{\f0\fcharset0 A;}}\f0", rb"caf\'e9"),
    ],
)  # fmt: skip
def test_code_pages_that_python_names_otherwise(read_file: Read, head: bytes, text: bytes) -> None:
    layout = read_file(rb"{\rtf1" + head + b" " + text + rb"\par}", "a.rtf")
    assert (layout.text.strip(), layout.reason) == ("café", "")


def test_the_russian_code_page_of_unix(read_file: Read) -> None:
    text = "".join(f"\\'{byte:02x}" for byte in "Закон".encode("koi8-r"))
    assert read_file(rb"{\rtf1\ansi\ansicpg20866 " + text.encode() + rb"\par}", "a.rtf").text.strip() == "Закон"


@pytest.mark.parametrize("page", [12345, 37])
def test_a_code_page_that_is_not_known_is_named_where_it_matters(read_file: Read, page: int) -> None:
    head = b"{\\rtf1\\ansi\\ansicpg%d " % page
    doubtful, plain = (read_file(head + text, "a.rtf") for text in (rb"caf\'e9\par}", rb"Act \u1602?\par}"))
    assert (doubtful.status, doubtful.text.strip(), f"code page {page}" in doubtful.reason) == ("read", "café", True)
    assert (plain.text.strip(), plain.reason) == ("Act ق", "")


def test_every_code_page_and_charset_has_an_encoding() -> None:
    for encoding in (*CODE_PAGES.values(), *CHARSETS.values()):
        assert codecs.lookup(encoding)


def test_two_bytes_of_a_chinese_font_make_one_sign(read_file: Read) -> None:
    source = rb"{\rtf1\ansi\ansicpg936\deff0{\fonttbl{\f0\fcharset134 SimSun;}}\'b7\'a8\'c2\'c9\par}"
    assert read_file(source, "a.rtf").text.strip() == "法律"


BOX = rb"{\shp{\*\shpinst\shpleft1{\sp{\sn n}{\sv v}}{\shptxt \pard\s1 In a box.\par}}{\shprslt twice}}"
ROW = rb"\trowd\cellx1\cellx2\pard\intbl %b\cell %b\cell\row"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            rb"\pard\s2 Before" + BOX + rb" after.\par Next.\par",
            [("title", "Before after."), ("heading", "In a box."), ("title", "Next.")],
        ),
        (rb"\pard " + BOX + rb"\par Next.\par", [("heading", "In a box."), ("paragraph", "Next.")]),
        (
            ROW % (b"Team", b"Since") + ROW % (b"CERT" + BOX + b" unit", b"2016") + rb"\pard Next.\par",
            [("table_row", "Team\tSince"), ("table_row", "CERT unit\t2016"), ("heading", "In a box."), ("paragraph", "Next.")],
        ),
        (
            rb"\pard The Team shall{\footnote\pard\intbl one\cell two\cell\row three} act.\par Next.\par",
            [("paragraph", "The Team shall act."), ("paragraph", "Next."), ("paragraph", "one\ttwo"), ("paragraph", "three")],
        ),
        (
            rb"\pard Text{\shp{\*\shpinst{\shptxt Box{\footnote Note.} one.\par " + ROW % (b"Two", b"three") + rb"}}} goes on.\par",
            [("paragraph", "Text goes on."), ("paragraph", "Box one."), ("paragraph", "Two\tthree"), ("paragraph", "Note.")],
        ),
        (rb"Text{\footnote {\listtext 1.\tab}Note.}\par", [("paragraph", "Text"), ("list_item", "Note.")]),
        (rb"Text{\shptxt Open box", [("paragraph", "Text"), ("paragraph", "Open box")]),
    ],
    ids=["box", "box alone", "box in a cell", "cells in a note", "cells and a note in a box", "list in a note", "open"],
)  # fmt: skip
def test_notes_and_text_boxes_leave_the_text_around_them_alone(
    read_file: Read, source: bytes, expected: list[tuple[str, str]]
) -> None:
    assert texts(read_file(HEAD + source + b"}", "a.rtf")) == expected


def test_words_of_an_inner_table_stay_in_their_outer_cell(read_file: Read) -> None:
    inner = (
        rb"Outer\par\pard\intbl\itap2 n1\nestcell n2\nestcell{\*\nesttableprops\trowd\cellx1\cellx2\nestrow}"
        rb"{\nonesttables\par unseen}\pard\intbl after"
    )
    layout = read_file(HEAD + ROW % (b"Team", b"Since") + ROW % (inner, b"2016") + rb"\pard\par}", "a.rtf")
    assert texts(layout) == [("table_row", "Team\tSince"), ("table_row", "Outer n1 n2 after\t2016")]
    assert layout.blocks[1].reading == "Team: Outer n1 n2 after; Since: 2016"


def test_halves_of_a_character_in_the_title_are_put_together(read_file: Read) -> None:
    layout = read_file(HEAD + rb"{\info{\title Act \u-10179?\u-9203?}}Text\par}", "a.rtf")
    assert layout.title == "Act 🐍"


def test_lines_and_cells_of_a_title_are_none_of_the_body(read_file: Read) -> None:
    layout = read_file(HEAD + rb"Text {\info{\title An\par Act\cell\row}}goes on.\par}", "a.rtf")
    assert (layout.title, texts(layout)) == ("An Act", [("paragraph", "Text goes on.")])


@pytest.mark.parametrize("source", [b"{" * 200_000, b"{\\rtf1 " + b"}" * 100, b"\\u99999999999 \\'z1 \\", b"\\bin-5 x"])
def test_broken_files_end_in_what_they_hold(read_file: Read, source: bytes) -> None:
    layout = read_file(HEAD + b"Text" + source, "a.rtf")
    assert layout.status == "read"
    assert layout.text.startswith("Text")


def test_a_text_over_the_limit_is_refused(read_file: Read) -> None:
    layout = read_file(HEAD + b"x" * 5000 + b"}", "a.rtf", limits=ReadLimits(characters=1000))
    assert (layout.status, "longer than" in layout.reason) == ("too_large", True)


def test_the_size_is_asked_before_anything_is_read(read_file: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_rtf, "MAX_BYTES", 4000)
    layout = read_file(HEAD + rb"{\pict " + b"0" * 4000 + rb"}Text\par}", "a.rtf")
    assert (layout.status, "the limit is 4,000" in layout.reason) == ("too_large", True)
