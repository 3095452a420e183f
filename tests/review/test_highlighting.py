"""Quotes found again on text nodes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from review.services.highlighting import find_quote, mark_quote, text_nodes
from review.services.searching import cut, words_of

PAGE = "<div><p>The <b>Cyber</b>crime\n Act <i>No 5</i> of 2018.</p><ul><li>Art. 1</li><li>Art. 2</li></ul>tail</div>"


def texts(root):
    return "".join(node.text for node in text_nodes(root))


def test_a_quote_over_several_nodes_is_marked_in_each():
    root = etree.fromstring(PAGE)
    before = texts(root)
    assert mark_quote(root, "Cybercrime Act No 5 of 2018")
    marks = ["".join(mark.itertext()) for mark in root.iter("mark")]
    assert "".join(marks).split() == ["Cybercrime", "Act", "No", "5", "of", "2018"] or "Cyber" in marks
    assert texts(root) == before
    assert [mark.get("id") for mark in root.iter("mark")].count("quote") == 1


def test_composition_and_white_space_do_not_matter():
    root = etree.fromstring("<p>De\u0301cret\u00a0 no\u00a07</p>")
    assert mark_quote(root, "Décret no 7")


def test_arabic_with_vowel_signs_is_found():
    root = etree.fromstring("<p>قَانُون مُكَافَحَة الجرائم</p>")
    assert mark_quote(root, "قانون مكافحة الجرائم")


def test_of_several_places_the_surroundings_decide():
    stream = "aXb" + "cXd" + "eXf"
    assert find_quote(stream, "X", "c", "d") == (4, 5)


def test_what_is_not_there_is_not_marked():
    root = etree.fromstring(PAGE)
    before = etree.tostring(root)
    assert not mark_quote(root, "Cybercrime Act No 6")
    assert etree.tostring(root) == before


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12), min_size=1, max_size=8
    )
)
def test_marking_never_changes_the_text(parts):
    root = etree.Element("div")
    for part in parts:
        child = etree.SubElement(root, "p")
        child.text, child.tail = part, part[::-1]
    before = texts(root)
    mark_quote(root, before[: len(before) // 2])
    assert texts(root) == before


@given(st.text(max_size=300), st.text(max_size=20))
def test_search_pieces_come_from_the_text(text, query):
    pieces = cut(text, words_of(query))
    joined = "".join(piece.text for piece in pieces).strip("…")
    assert joined.replace("…", "") in text.replace("…", "") or joined in text
