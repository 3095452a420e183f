"""Country files: all of them load, a wrong one is named by file, line, field and reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sources import country_files
from sources.country_files import UnknownCountryError, load_countries, load_country
from sources.schema import Country
from sources.typed_yaml import SourceFileError, load_typed
from store.errors import ExitCode

GOOD = """\
iso3: XAA
iso2: XA
m49: '900'
names: {en: Alpha, fr: Alpha, es: Alfa, ar: ألفا, zh: 阿尔法, ru: Альфа}
itu_region: Europe
languages: [en]
official_domains:
- gov.alpha.example
seeds:
- kind: parliament
  url: https://www.parliament.alpha.example/
  provenance: written for a test
  confidence: medium
- kind: law_document
  url: https://laws.example.org/alpha/1.pdf
  provenance: written for a test
  confidence: high
"""


def load(tmp_path: Path, text: str) -> Country:
    path = tmp_path / "xaa.yml"
    path.write_text(text, encoding="utf-8")
    return load_typed(path, Country)


def fault(tmp_path: Path, text: str) -> str:
    with pytest.raises(SourceFileError) as caught:
        load(tmp_path, text)
    assert caught.value.exit_code == ExitCode.BAD_INPUT
    return str(caught.value).replace(f"{tmp_path}/", "")


def test_every_country_file_loads_with_its_names() -> None:
    countries = load_countries()
    assert len(countries) == 195
    assert all(country.iso3 == code for code, country in countries.items())
    assert all(len(country.names) >= 6 for country in countries.values())
    assert "XDM" not in countries


def test_every_seed_says_why_it_is_believed() -> None:
    seeds = [seed for country in load_countries().values() for seed in country.seeds]
    assert len(seeds) > 2_000
    assert all(seed.provenance and seed.confidence for seed in seeds)
    assert not {seed.theme for seed in seeds} & {"Consumer Protection", "Indirect Taxation"}
    assert [seed.suspect for seed in seeds if seed.suspect], "misattributed rows are kept and shown as such"


def test_a_suspect_seed_never_makes_a_host_official() -> None:
    for country in load_countries().values():
        for seed in country.seeds:
            if seed.suspect:
                assert not country.is_official(seed.host)


def test_official_hosts_are_suffixes_and_hosts_of_public_bodies(tmp_path: Path) -> None:
    country = load(tmp_path, GOOD)
    assert country.official_domains == ("gov.alpha.example", "parliament.alpha.example")
    assert country.is_official("mail.gov.alpha.example")
    assert country.is_official("www.parliament.alpha.example")
    assert not country.is_official("notgov.alpha.example.evil.example")
    assert not country.is_official("laws.example.org")


def test_missing_kinds_are_gaps_of_the_list(tmp_path: Path) -> None:
    country = load(tmp_path, GOOD)
    assert "national_cirt" in country.missing_kinds()
    assert "parliament" not in country.missing_kinds()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("iso2: XA", "iso2: XA\ncapital: A", "xaa.yml:3: capital: Extra inputs are not permitted"),
        ("url: https://www.par", "url: ftp://www.par", "xaa.yml:11: seeds.0.url: 'ftp://www.parliament"),
        ("confidence: medium", "confidence: sure", "xaa.yml:13: seeds.0.confidence: Input should be"),
        ("- gov.alpha.example", "- Gov Alpha", "xaa.yml:8: official_domains.0.domain: 'Gov Alpha' is not a domain"),
        ("ru: Альфа", "pt: Alfa", "xaa.yml:1: the file: names lack ru"),
        ("iso2: XA", "iso2: XA\niso2: XB", "xaa.yml:3: iso2: the key stands here twice"),
        ("iso2: XA", "iso2: [XA", "this is not YAML"),
        ("kind: law_document", "kind: law", "xaa.yml:14: seeds.1.kind: Input should be"),
    ],
)
def test_a_wrong_file_is_named_by_line_field_and_reason(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    assert expected in fault(tmp_path, GOOD.replace(old, new))


def test_a_file_of_aliases_or_depth_ends_in_an_error(tmp_path: Path) -> None:
    assert "nested deeper" in fault(tmp_path, "[" * 100_000)
    assert fault(tmp_path, "")
    assert fault(tmp_path, "just words")
    bomb = "a: &a [1,1]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [*{chr(97 + i)},*{chr(97 + i)}]\n" for i in range(20)
    )
    assert fault(tmp_path, bomb)


def test_an_unknown_code_names_the_three_nearest() -> None:
    with pytest.raises(UnknownCountryError, match=r"ARE .*ARG .*ARM") as caught:
        load_country("ARF")
    assert caught.value.exit_code == ExitCode.USAGE
    with pytest.raises(UnknownCountryError, match=r"nearest are EST \(Estonia\)"):
        load_country("estonia")
    with pytest.raises(UnknownCountryError, match=r"nearest are NLD"):
        load_country("NL")
    with pytest.raises(UnknownCountryError):
        load_country("../../etc/passwd")


def test_a_file_under_a_wrong_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(country_files.COUNTRIES / "est.yml", tmp_path / "xbb.yml")
    monkeypatch.setattr(country_files, "COUNTRIES", tmp_path)
    load_country.cache_clear()
    with pytest.raises(SourceFileError, match="does not belong"):
        load_country("XBB")
    load_country.cache_clear()
