"""Exports: the JSON contract, the workbook's sheets, and foreign text that stays text."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from review.exports.drafted_country import DraftedCountry
from review.exports.json_form import drafts_as_json
from review.exports.phrases import LANGUAGES, Phrases, _load
from review.exports.safe_text import CELL_LIMIT, for_cell, for_terminal, reads_right_to_left
from review.exports.terminal import count_answers, pillar_tables, plain_text
from review.exports.workbook import build_workbook, write_workbook

FORMULAS = (
    "=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1+1", '=HYPERLINK("http://evil.example")',
)  # fmt: skip


def saved(found: DraftedCountry, language: str = "en") -> Workbook:
    """The workbook as a program reads it back."""
    sink = io.BytesIO()
    build_workbook(found, language=language).save(sink)
    return openpyxl.load_workbook(io.BytesIO(sink.getvalue()))


def values(book: Workbook, sheet: str) -> list[dict[str, Any]]:
    rows = list(book[sheet].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]  # type: ignore[arg-type]


def test_json_holds_the_contract(demonstration: DraftedCountry) -> None:
    rows = json.loads(json.dumps(drafts_as_json(demonstration)))
    assert [row["question"] for row in rows] == [question.code for question in demonstration.instrument.questions]
    first = rows[0]
    assert {"question", "answer", "confidence", "rationale", "evidence", "search_log"} <= set(first)
    assert {"quote", "stance", "document", "url", "page", "start", "end", "captured_at", "sha256", "language"} <= set(
        first["evidence"][0]
    )
    assert first["evidence"][0]["captured_at"] == "2026-11-02T09:00:07.250000Z"
    assert first["evidence"][0]["origin"].endswith("not fetched by us")
    assert {row["answer"] for row in rows} == {"yes", "partial", "no", "not_found"}
    assert rows[5]["search_log"]["languages"] == ["en", "fr"]


def test_json_without_search_log_says_null(demonstration: DraftedCountry) -> None:
    assert drafts_as_json(replace(demonstration, search_log=()))[0]["search_log"] is None


def test_sheets_a_pillar_and_an_annex(demonstration: DraftedCountry) -> None:
    book = saved(demonstration)
    assert book.sheetnames == [
        "Country", "L Legal measures", "T Technical measures", "O Organizational measures",
        "D Capacity development measures", "C Cooperation measures", "Evidence", "Search log", "Unread documents",
    ]  # fmt: skip
    legal = values(book, "L Legal measures")
    assert len(legal) == 18
    assert legal[0]["Drafted answer"] == "yes" and legal[0]["Confidence"] == 0.87
    assert legal[0]["Quote"].startswith("A person who intentionally")
    assert legal[0]["Address"] == "https://legislation.gov.maravelle.example/acts/2020/14"
    assert legal[0]["Archived (UTC)"] == datetime(2026, 11, 2, 9, 0, 7)
    assert legal[10]["Page"] == 1 and legal[0]["Page"] is None


def test_annex_proves_every_answer(demonstration: DraftedCountry) -> None:
    book = saved(demonstration)
    annex = values(book, "Evidence")
    shown = {evidence for draft in demonstration.drafts for evidence in draft.evidence_ids}
    assert len(annex) == len(shown)
    first = annex[0]
    assert first["SHA-256 of the archived bytes"] == "d" * 64
    assert (first["From character"], first["To character"]) == (120, 143)
    assert first["Origin of the capture"].endswith("not fetched by us")
    assert {row["Language"] for row in annex} == {"English", "French"}
    for pillar in book.sheetnames[1:6]:
        for row in values(book, pillar):
            if row["Drafted answer"] in {"yes", "partial", "no"}:
                assert annex[int(row["Evidence"]) - 1]["Quote"] == row["Quote"]


def test_annex_says_what_weakens_a_quote(with_quote: Callable[..., DraftedCountry]) -> None:
    found = with_quote("The Agency is the national authority.", ocr_confidence=0.93, fact="first (verified: never)",
                       act="Decree No. 2021-44", article="2")  # fmt: skip
    row = values(saved(found), "Evidence")[0]
    assert row["Origin of the capture"].endswith("first (verified: never)\nread from a picture (confidence 0.93)")
    assert row["Act, article"] == "Decree No. 2021-44, 2"


def test_search_log_and_unread_documents(demonstration: DraftedCountry) -> None:
    book = saved(demonstration)
    missing = [draft.question for draft in demonstration.drafts if draft.answer == "not_found"]
    assert [row["Code"] for row in values(book, "Search log")] == missing
    unread = values(book, "Unread documents")
    assert values(book, "Search log")[0]["Documents not read"] == f"{len(unread)}, see the sheet 'Unread documents'"
    assert [row["State"] for row in unread] == ["no text (a picture)", "read, see the reason", "not reached"]
    assert unread[0]["Document"] == "decree-2021-44.pdf"
    assert unread[2]["Address"] == "https://cirt.maravelle.example/feed.xml"


def test_cover_counts_and_explains(demonstration: DraftedCountry) -> None:
    cells = [str(cell.value) for row in saved(demonstration)["Country"].iter_rows() for cell in row if cell.value]
    assert "Maravelle (demonstration)" in cells and "English, French" in cells
    assert any("Nobody has approved it" in cell for cell in cells)
    assert any("not a 'no'" in cell and "'Search log'" in cell for cell in cells)


@pytest.mark.parametrize("text", FORMULAS)
def test_no_foreign_text_becomes_a_formula(text: str, with_quote: Callable[..., DraftedCountry]) -> None:
    found = with_quote(text, document_title=text, url=text, origin=text, language=text)
    found = replace(
        found,
        documents=tuple(replace(row, title=text, url=text, reason=text) for row in found.documents),
        drafts=tuple(replace(draft, rationale=text, contradiction=text, needs_look=text) for draft in found.drafts),
        search_log=tuple(replace(row, terms=(text,), nearest_misses=(text,)) for row in found.search_log),
    )
    sink = io.BytesIO()
    build_workbook(found).save(sink)
    for sheet in openpyxl.load_workbook(io.BytesIO(sink.getvalue())).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                assert not str(cell.value or "").lstrip().startswith(("=", "+", "-", "@", "＝"))
    with zipfile.ZipFile(io.BytesIO(sink.getvalue())) as archive:
        assert not any(b"<f>" in archive.read(name) for name in archive.namelist())


def test_a_quote_stays_verbatim_but_for_the_apostrophe(with_quote: Callable[..., DraftedCountry]) -> None:
    assert (
        values(saved(with_quote("- a list item that convinces")), "Evidence")[0]["Quote"]
        == "'- a list item that convinces"
    )
    plain = "Le décret n° 2023-31 est en vigueur; A & B <b>\n二〇二三年"
    assert values(saved(with_quote(plain)), "Evidence")[0]["Quote"] == plain


def test_characters_that_xml_forbids(with_quote: Callable[..., DraftedCountry]) -> None:
    quote = values(saved(with_quote("a\x00b\x0bc\uffffd")), "Evidence")[0]["Quote"]
    assert quote == "a\ufffdb\ufffdc\ufffdd" and for_cell("a\ud800") == "a\ufffd"


def test_a_cell_never_holds_more_than_a_spreadsheet_can(with_quote: Callable[..., DraftedCountry]) -> None:
    quote = values(saved(with_quote("😀" * 40_000)), "Evidence")[0]["Quote"]
    assert len(quote.encode("utf-16-le")) // 2 <= CELL_LIMIT and quote.endswith("[…]")


def test_arabic_quotes_run_from_right_to_left(with_quote: Callable[..., DraftedCountry]) -> None:
    book = saved(with_quote("يعاقب بالحبس كل من دخل موقعاً إلكترونياً دون تصريح", language="ar"))
    cell = book["L Legal measures"]["F2"]
    assert (cell.alignment.readingOrder, cell.alignment.horizontal) == (2, "right")
    assert book["L Legal measures"]["F3"].alignment.readingOrder == 1
    assert not book["Evidence"].sheet_view.rightToLeft
    assert values(book, "Evidence")[0]["Language"] == "Arabic"


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_in_six_languages(language: str, demonstration: DraftedCountry) -> None:
    book = saved(demonstration, language)
    phrases = Phrases(language)
    assert book.sheetnames[0] == phrases("country") and book.sheetnames[-1] == phrases("unread")
    legal = book["L Legal measures"]
    assert legal["B1"].value == phrases("question") and legal["C2"].value == phrases("answer_yes")
    assert legal["B2"].value == demonstration.instrument.questions[0].text
    assert bool(legal.sheet_view.rightToLeft) is (language == "ar")


def test_every_phrase_exists_in_every_language_with_the_same_fillings() -> None:
    for key, forms in _load().items():
        assert set(forms) == set(LANGUAGES), key
        assert len({tuple(re.findall(r"{\w+}", form)) for form in forms.values()}) == 1, key
    with pytest.raises(ValueError, match="none of the languages"):
        Phrases("pt")


def test_it_can_be_read_and_printed(demonstration: DraftedCountry) -> None:
    for sheet in saved(demonstration).worksheets:
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.fitToWidth == 1
        if sheet.title != "Country":
            assert sheet.freeze_panes == "B2" and sheet.print_title_rows == "$1:$1"
            assert all(dimension.height for dimension in sheet.row_dimensions.values())
            assert sheet["B2"].alignment.wrap_text


def test_no_person_is_named(demonstration: DraftedCountry, tmp_path: Path) -> None:
    book = saved(demonstration)
    assert book.properties.creator == "gcidesk" and not book.properties.lastModifiedBy


def test_the_file_is_replaced_as_a_whole(demonstration: DraftedCountry, tmp_path: Path) -> None:
    target = tmp_path / "XDM.xlsx"
    target.write_bytes(b"old")
    write_workbook(target, demonstration, language="fr")
    assert openpyxl.load_workbook(target).sheetnames[0] == "Pays"
    assert [path.name for path in tmp_path.iterdir()] == ["XDM.xlsx"]
    with pytest.raises(OSError):
        write_workbook(tmp_path / "none" / "XDM.xlsx", demonstration)


def test_a_country_without_drafts_still_makes_a_workbook(demonstration: DraftedCountry) -> None:
    empty = replace(demonstration, drafts=(), evidence=(), search_log=(), documents=())
    assert values(saved(empty), "L Legal measures") == []
    assert drafts_as_json(empty) == [] and "nothing drafted" in plain_text(empty)


@pytest.mark.office
def test_libreoffice_opens_it(demonstration: DraftedCountry, tmp_path: Path) -> None:
    write_workbook(tmp_path / "XDM.xlsx", demonstration)
    soffice = shutil.which("soffice")
    assert soffice
    subprocess.run(
        [soffice, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", "pdf", "--outdir",
         str(tmp_path), str(tmp_path / "XDM.xlsx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert (tmp_path / "XDM.pdf").read_bytes().startswith(b"%PDF")


@given(st.text(max_size=200))
def test_any_text_is_safe_in_a_cell_and_on_a_terminal(text: str) -> None:
    cell = for_cell(text)
    assert not cell.startswith(FORMULAS_START)
    assert len(cell.encode("utf-16-le", "surrogatepass")) // 2 <= CELL_LIMIT
    line = for_terminal(text)
    assert "\n" not in line and "\x1b" not in line and "\u202e" not in line


FORMULAS_START = ("=", "+", "-", "@", "\t", "\r", "＝", "＋")


def test_direction_by_the_first_letter() -> None:
    assert reads_right_to_left("(٢) يعاقب") and reads_right_to_left("חוק")
    assert not reads_right_to_left("Law 12 يعاقب") and not reads_right_to_left("12.") and not reads_right_to_left("")


def test_terminal_tables_are_a_hundred_columns_wide_and_plain(demonstration: DraftedCountry) -> None:
    text = plain_text(demonstration)
    assert max(len(line) for line in text.splitlines()) <= 100
    assert "\x1b" not in text
    assert len(pillar_tables(demonstration)) == 5
    assert all(f"\n {question.code} " in text for question in demonstration.instrument.questions)
    assert "not found" in text and "courier.example" in text
    assert sum(count_answers(demonstration).values()) == 84


def test_a_quote_cannot_write_on_the_screen_or_carry_markup(with_quote: Callable[..., DraftedCountry]) -> None:
    text = plain_text(
        with_quote("\x1b]0;owned\x07[bold red]law[/bold red]\n\u202eevil", url="https://x.example/\x1b[2J")
    )
    assert "\x1b" not in text and "\u202e" not in text and "\x07" not in text
    assert "[bold red]law[/bold red]" in " ".join(text.split())


@pytest.mark.parametrize("start", ["", " ", "\u3000", "\u2003", "\u2060", "\u00ad", "\u202e", "\u200b\u2028", "\ufeff"])
@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d"])
def test_nothing_invisible_hides_a_formula(start: str, sign: str) -> None:
    assert for_cell(f"{start}{sign}cmd").startswith("'")
