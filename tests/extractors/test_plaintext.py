"""Plain text: printed lines become paragraphs, the text layer stays the file."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.formats import parse
from extractors.request import ReadRequest
from store.readings import Reading

Read = Callable[..., Reading]

PRINTED = """OFFICIAL GAZETTE

CHAPTER II: AUTHORITY

Article 4: Establishment of the Authority
There is hereby established a national cyber-
security authority, which protects critical
information infrastructure as provided for in
Article 12 of this Law.
The Authority shall:
(a) keep a register of critical operators and of
the incidents that they report;
(b) issue instructions.
Article 5: Head office
The head office is in the capital city.
"""


def readings(reading: Reading) -> list[str]:
    return [found.reading_text for found in reading.passages]


def test_paragraphs_are_found_among_printed_lines(read: Read) -> None:
    reading = read(PRINTED, "law.txt")
    assert reading.text == PRINTED
    assert readings(reading) == [
        "OFFICIAL GAZETTE",
        "CHAPTER II: AUTHORITY",
        "Article 4: Establishment of the Authority",
        "There is hereby established a national cybersecurity authority, which protects critical information "
        "infrastructure as provided for in Article 12 of this Law.",
        "The Authority shall:",
        "(a) keep a register of critical operators and of the incidents that they report;",
        "(b) issue instructions.",
        "Article 5: Head office",
        "The head office is in the capital city.",
    ]


def test_articles_and_heads_are_followed(read: Read) -> None:
    found = {p.reading_text[:3]: p for p in read(PRINTED, "law.txt").passages}
    assert found["(b)"].article == "4"
    assert found["(b)"].head == "The Authority shall:"
    assert found["The"].article == "5"


def test_chinese_words_broken_at_line_ends_are_joined(read: Read) -> None:
    reading = read(
        "第三条 国家建立网络安全监测预警和信息通\n报制度。国家网信部门应当统筹协调有关部\n门加强网络安全信息收集工作。\n",
        "law.txt",
    )
    assert "信息通报制度" in reading.passages[0].reading_text
    assert "信息通\n报制度" in reading.passages[0].text
    assert reading.passages[0].article == "第三条"


def test_double_spaced_print_is_recognised(read: Read) -> None:
    lines = "".join(f"the {word} line goes on and on without an end or a stop in it\n\n" for word in "abcdefghijkl")
    reading = read(lines + "until it ends here.\n\n  A new paragraph begins.\n", "a.txt")
    assert len(reading.passages[0].reading_text) > 600


def test_pages_and_running_headers(read: Read) -> None:
    pages = "".join(
        f"National Strategy 2020\n\nThe text of page {n} goes on to the next page without an end because it\n\n{n}\n\f"
        for n in range(1, 6)
    )
    reading = read(pages, "strategy.txt")
    assert [page.number for page in reading.pages] == [1, 2, 3, 4, 5]
    assert all(reading.text[page.start :].startswith("National Strategy") for page in reading.pages)
    main = [found for found in reading.passages if found.role == "main"]
    assert all("National Strategy" not in found.reading_text for found in main)


def test_a_page_number_inside_a_sentence_is_left_out_of_the_reading_text(read: Read) -> None:
    text = "The Authority keeps a register of all the operators of critical systems and\n\n12\n\nof their incidents, which it publishes each year on its official web site.\n"
    reading = read(text, "a.txt")
    joined = [found for found in reading.passages if "systems and of their incidents" in found.reading_text]
    assert joined and "12" in joined[0].text


def test_contents_lines_are_contents(read: Read) -> None:
    kinds = [found.kind for found in read("1. Introduction ........ 4\n2. Vision ........ 7\n", "a.txt").passages]
    assert kinds == ["contents", "contents"]


@pytest.mark.parametrize(
    ("line", "article"),
    [
        ("Article 16. Offences", "16"), ("ARTÍCULO 3º.- Créase", "3"), ("Art. 2º Fica criada", "2"),
        ("Статья 5. Предмет", "5"), ("المادة 3: التعريفات", "3"), ("المادة (٧) التعريفات", "7"), ("第十条 国家", "第十条"),
        ("Article premier. – La loi", "premier"), ("Section 4. Powers", "4"), ("Article 12 bis. Fines", "12 bis"),
        ("Article 9 of the Law says so.", ""), ("المادة 3 من القانون", ""),
    ],
)  # fmt: skip
def test_article_numbers(read: Read, line: str, article: str) -> None:
    assert read(f"{line}\n\nText that follows.\n", "a.txt").passages[-1].article == article


@given(st.text(alphabet="ab .;:,\n\f-(1)AR字م٣•", max_size=400))
def test_the_text_layer_is_the_file(text: str) -> None:
    reading = parse(text.encode(), ReadRequest(name="a.txt"))
    if reading.status != "read":
        assert reading.status in {"no_text", "not_covered"}
        return
    assert reading.text == text
    ends = 0
    for found in reading.passages:
        assert reading.text[found.start : found.end] == found.text
        assert found.start >= ends
        ends = found.end
        borders = list(found.sentences)
        assert borders == sorted(borders) and borders[0] >= found.start and borders[-1] <= found.end
    for page in reading.pages:
        assert 0 <= page.start <= page.end <= len(text)
