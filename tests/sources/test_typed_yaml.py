"""Any text ends in a model or in an error with file and line."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.schema import Country
from sources.typed_yaml import SourceFileError, load_typed

LINES = st.lists(
    st.sampled_from(
        [
            "iso3: XAA", "iso3: *a", "iso2: &a XA", "names: {en: A, fr: [B]}", "seeds:", "- kind: news", "  url: [",
            "? {a: b}", "? [x]", "m49: 2026-13-45", "m49: !!int abc", "year: 1e999", "languages: &l [*l]",
            "a: !!binary x", "---", "...", "\t- x", ": :", "'", "<<: {iso3: XBB}",
            "monitors: {unwanted_codes: {403: x, ~: 1}}", "!!python/name:os.system", "",
        ]
    ),
    max_size=12,
)  # fmt: skip


@given(st.one_of(LINES.map("\n".join), st.text(max_size=200)))
def test_any_text_ends_in_a_model_or_in_an_error_with_file_and_line(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "xaa.yml"
        path.write_text(text, encoding="utf-8", errors="replace", newline="")
        try:
            load_typed(path, Country)
        except SourceFileError as error:
            assert re.match(rf"{re.escape(str(path))}:\d+: ", str(error))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("iso3: &a XAA\niso2: *a\n", "xaa.yml:2: *a: a source file repeats itself"),
        ("iso3: !!str XAA\n", "xaa.yml:1: tag:yaml.org,2002:str: a source file has no tags"),
        ("? [x]\n: 1\n", "a key is a word"),
        ("m49: 2026-13-45\n", "a value in the file is none"),
    ],
)
def test_what_no_source_file_needs_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "xaa.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceFileError) as caught:
        load_typed(path, Country)
    assert expected in str(caught.value)


def test_bytes_that_are_no_text_and_files_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "xaa.yml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SourceFileError, match="not UTF-8"):
        load_typed(path, Country)
    with pytest.raises(SourceFileError, match="cannot be read"):
        load_typed(tmp_path, Country)
    path.write_text("#" * (5 * 2**20), encoding="utf-8")
    with pytest.raises(SourceFileError, match="larger than"):
        load_typed(path, Country)
