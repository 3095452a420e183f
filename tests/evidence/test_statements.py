"""What states something and what only names: headings, rows of names, bare names, definitions."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.statements import defines, is_bare_name, is_glossary, is_heading, is_row_of_names, is_run_in_heading
from evidence.units import Unit
from tests.evidence.passages import make_passage, make_reading, make_unit


@pytest.mark.parametrize(
    ("text", "fields", "named"),
    [
        ("Critical infrastructure", {}, True),
        ("Critical infrastructure is protected by law.", {}, False),
        ("Reporting line 1234", {}, False),
        ("Critical infrastructure", {"kind": "list_item"}, False),
        ("Critical infrastructure", {"head": "The Agency protects:"}, False),
        ("关键信息基础设施", {"language": "zh"}, True),
        ("国家建立关键信息基础设施保护制度。", {"language": "zh"}, False),
    ],
)
def test_a_bare_name(text: str, fields: dict[str, Any], named: bool) -> None:
    assert is_bare_name(make_unit(text, **fields)) is named


@pytest.mark.parametrize(
    ("before", "first", "after", "heading"),
    [
        ("", "Identity theft.", " Whoever uses the data of another commits an offence.", True),
        ("“9A. ", "Identity theft.", " Whoever uses the data of another commits an offence.", True),
        ("The court may hear a child. ", "Identity theft.", " Whoever uses it is punished.", False),
        ("", "Identity theft is punished as fraud is, and by the same judge.", " He sits in the capital.", False),
        ("", "Identity theft.", "", False),
    ],
)
def test_a_few_words_before_a_text_of_their_own_are_its_heading(
    before: str, first: str, after: str, heading: bool
) -> None:
    passage = make_passage(before + first + after)
    unit = Unit(len(before), len(before + first), first, passage, "en", "", 0)
    assert is_run_in_heading(unit) is heading


def test_a_heading_is_short() -> None:
    assert is_heading(make_unit("Article 4. Unauthorised access", kind="heading"))
    assert not is_heading(make_unit("Any person who gains access to a computer without right " * 4, kind="heading"))
    assert not is_heading(make_unit("Article 4. Unauthorised access"))


def test_a_row_of_names() -> None:
    assert is_row_of_names(make_unit("Cybersecurity · Data protection · National CERT · Spectrum"))
    assert not is_row_of_names(make_unit("Training of judges | Ministry of Justice | 2025"))
    assert not is_row_of_names(make_unit("A · B · C | D", kind="table_row"))
    assert not is_row_of_names(make_unit("The team – the first of its kind – publishes advisories."))


@pytest.mark.parametrize(
    ("language", "text", "fields"),
    [
        ("en", '(b) "computer system" means any device that processes data', {}),
        ("en", "any device that processes data", {"section": ("Article 2. Definitions",)}),
        ("en", "any device that processes data", {"head": "In this Act the following words mean:"}),
        ("fr", "« système » désigne tout dispositif qui traite des données", {}),
        ("es", "A los efectos de esta ley se entenderá por sistema todo dispositivo", {}),
        ("pt", "Entende-se por sistema qualquer dispositivo", {}),
        ("ru", "Под системой понимается любое устройство", {}),
        ("zh", "计算机系统，是指处理数据的设备。", {}),
        ("ar", "يقصد بالنظام المعلوماتي كل جهاز", {}),
    ],
)
def test_a_definition(language: str, text: str, fields: dict[str, Any]) -> None:
    assert defines(make_unit(text, language=language, **fields))


@pytest.mark.parametrize(
    "text",
    [
        "Any person who gains access to a computer by means of malware commits an offence.",
        "This means that every operator reports incidents.",
    ],
)
def test_the_word_means_alone_defines_nothing(text: str) -> None:
    assert not defines(make_unit(text))


def test_a_glossary_says_so_in_its_title() -> None:
    assert is_glossary(make_reading("Access: entry into a system.", title="Glossary of terms | Institute"))
    assert is_glossary(make_reading(("Glosario de términos", {"kind": "heading"}), title="Instituto", language="es"))
    assert not is_glossary(make_reading("Access is punished.", title="Cybercrime Act"))
