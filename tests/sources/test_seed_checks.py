"""What a check saw is written into the file, and nothing else in it changes."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from sources import country_files, seed_checks
from sources.country_files import country_path, load_country
from sources.schema import Country, SeedCheck
from sources.seed_checks import with_checks, write_checks
from sources.typed_yaml import SourceFileError

TEXT = """\
# kept by hand
iso3: EST
seeds:
- kind: parliament   # a remark
  url: https://parliament.example/
  languages:
  - et
  - en
  provenance: known
  confidence: high
- kind: news
  url: https://news.example/
  provenance: known
  confidence: low
  check: {state: dead, checked_on: 2026-01-01, since: 2026-01-01, detail: 'gone: away'}
  note: last

monitors: {min_pages: 3}
"""
ALIVE = SeedCheck(state="alive", checked_on=date(2026, 11, 20), since=date(2026, 11, 1))
MOVED = SeedCheck(
    state="moved",
    checked_on=date(2026, 11, 20),
    since=date(2026, 11, 20),
    moved_to="https://new.example/",
    detail="a: b",
)


def test_a_check_is_put_into_its_seed_and_nothing_else_changes() -> None:
    made = with_checks(TEXT, {"https://parliament.example/": ALIVE, "https://news.example/": MOVED})
    without = [line for line in made.splitlines() if not line.lstrip().startswith("check:")]
    assert without == [line for line in TEXT.splitlines() if not line.lstrip().startswith("check:")]
    seeds = yaml.safe_load(made)["seeds"]
    assert seeds[0]["check"] == {"state": "alive", "checked_on": date(2026, 11, 20), "since": date(2026, 11, 1)}
    assert seeds[1]["check"]["moved_to"] == "https://new.example/"
    assert seeds[1]["check"]["detail"] == "a: b"
    assert with_checks(made, {"https://news.example/": MOVED}) == made


def test_a_seed_in_braces_is_refused_rather_than_spoiled() -> None:
    with pytest.raises(SourceFileError, match="line 2"):
        with_checks("seeds:\n- {kind: news, url: 'https://a.example/'}\n", {"https://a.example/": ALIVE})


def test_every_country_file_takes_a_check_of_every_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = country_path("EST").read_text(encoding="utf-8")
    (tmp_path / "est.yml").write_text(text, encoding="utf-8")
    monkeypatch.setattr(country_files, "COUNTRIES", tmp_path)
    monkeypatch.setattr(seed_checks, "country_path", lambda iso3: tmp_path / f"{iso3.lower()}.yml")
    before = load_country("EST")
    write_checks("EST", {seed.url: MOVED for seed in before.seeds})
    after = load_country("EST")
    assert all(seed.check == MOVED for seed in after.seeds)
    bare = Country.model_validate({**after.model_dump(by_alias=True), "seeds": [
        {**seed.model_dump(), "check": None} for seed in after.seeds
    ]})  # fmt: skip
    assert bare == before
    load_country.cache_clear()
