"""Writes country files from the two lists that the project was handed: countries, and candidate addresses.

Run once for a new country or a new list: `python -m sources.import_country_lists countries.csv country_sources.csv`.
A country that has its file already is left alone, because people mend these files. Does not belong here: judging an
address (`spiders.source_check`).
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from sources.country_files import COUNTRIES
from sources.schema import NAME_LANGUAGES

OUT_OF_SUBJECT = ("Consumer Protection", "Indirect Taxation")
"""Themes of the law list that bear on no question."""


class _Inline(list[str]):
    """A short list that is written on one line."""


class _Dumper(yaml.CSafeDumper):
    """Writes country files as people would."""


_Dumper.add_representer(
    _Inline, lambda dumper, values: dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=True)
)


def main(arguments: list[str]) -> int:
    """Write the missing country files; prints how many, returns the exit code."""
    countries_file, sources_file = (Path(argument) for argument in arguments)
    addresses: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in _rows(sources_file):
        addresses[row["iso3"]].append(row)
    written = 0
    for row in _rows(countries_file):
        path = COUNTRIES / f"{row['iso3'].lower()}.yml"
        if not path.exists():
            path.write_text(country_yaml(row, addresses[row["iso3"]]), encoding="utf-8")
            written += 1
    print(f"{written} country files written to {COUNTRIES}")
    return 0


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


def country_yaml(row: dict[str, str], addresses: list[dict[str, str]]) -> str:
    """Return the text of one country's file."""
    values: dict[str, Any] = {
        "iso3": row["iso3"],
        "iso2": row["iso2"],
        "m49": row["m49"],
        "names": {language: row[f"name_{language}"] for language in NAME_LANGUAGES},
        "name_un": row["name_un_en"],
        "itu_region": row["itu_region"],
        "itu_region_source": row["itu_region_source"],
        "languages": _Inline(row["languages"].split()),
        "languages_source": row["languages_source"],
        "official_domains": [_domain(a) for a in addresses if a["kind"] == "gov_domain_suffix"],
        "seeds": _seeds(addresses),
    }
    return yaml.dump(values, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


def _domain(address: dict[str, str]) -> dict[str, str]:
    return {
        "domain": address["url"],
        "provenance": address["provenance"],
        "confidence": address["confidence"],
    }


def _seeds(addresses: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return seeds in the list's order; the same address under the same kind is kept once, with the richer row."""
    seeds: dict[tuple[str, str], dict[str, Any]] = {}
    for address in addresses:
        if address["kind"] == "gov_domain_suffix" or _theme(address) in OUT_OF_SUBJECT:
            continue
        seed = _seed(address)
        known = seeds.get((seed["kind"], seed["url"]))
        if known is None or len(seed) > len(known):
            seeds[seed["kind"], seed["url"]] = seed
    return list(seeds.values())


def _theme(address: dict[str, str]) -> str:
    found = re.search(r"theme: ([^;]+)", address["note"])
    return found.group(1).strip() if found else ""


def _seed(address: dict[str, str]) -> dict[str, Any]:
    parts = [part.strip() for part in address["note"].split(";") if part.strip()]
    year = next((part for part in parts if re.fullmatch(r"year: \d{4}", part)), "")
    flags = [part for part in parts if part.startswith("FLAG")]
    rest = [part for part in parts if not part.startswith(("theme: ", "year: ", "FLAG"))]
    seed = {
        "kind": address["kind"],
        "url": address["url"],
        "languages": _Inline(address["languages"].split()),
        "provenance": address["provenance"],
        "confidence": address["confidence"],
        "title": address["title"],
        "year": int(year.removeprefix("year: ")) if year else None,
        "theme": _theme(address),
        "secondary": any("secondary/unofficial collection" in part for part in parts),
        "suspect": "; ".join(flag.removeprefix("FLAG").strip() for flag in flags),
        "note": "; ".join(rest),
    }
    return {key: value for key, value in seed.items() if value}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
