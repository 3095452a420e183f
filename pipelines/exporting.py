"""A country's drafts from the lake, joined for printing and export.

Belongs here: loading the tables that an export needs, and where an export lies by default. Does not belong here: the
forms (`review.exports`).
"""

from __future__ import annotations

import json
from pathlib import Path

from questionnaire.instrument import load_instrument
from review.exports.drafted_country import DraftedCountry
from review.exports.json_form import drafts_as_json
from review.exports.workbook import write_workbook
from sources.country_files import load_country
from store.errors import StorageError
from store.lake import open_lake
from store.settings import Settings
from store.tables import (
    DOCUMENTS,
    DRAFTS,
    EVIDENCE,
    ISSUES,
    SEARCH_LOG,
    DocumentRow,
    DraftRow,
    EvidenceRow,
    IssueRow,
    SearchLogRow,
)


def drafted(settings: Settings, iso3: str) -> DraftedCountry:
    """Return a country's drafts with evidence and search log; raises MissingDataError when nothing was drafted yet."""
    country = load_country(iso3)
    lake = open_lake(settings)
    return DraftedCountry(
        country=country,
        instrument=load_instrument(),
        drafts=tuple(lake.read(DRAFTS, country.iso3, DraftRow)),
        evidence=tuple(lake.read(EVIDENCE, country.iso3, EvidenceRow)),
        search_log=tuple(lake.read(SEARCH_LOG, country.iso3, SearchLogRow)),
        documents=tuple(lake.read(DOCUMENTS, country.iso3, DocumentRow)),
        issues=tuple(lake.read_if_any(ISSUES, country.iso3, IssueRow)),
    )


def export_country(settings: Settings, iso3: str, *, form: str, language: str, out: Path | None) -> Path:
    """Write the questionnaire as `xlsx` or `json`; returns the file's path."""
    found = drafted(settings, iso3)
    target = out or settings.data_dir / "exports" / f"{found.country.iso3}.{form}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if form == "xlsx":
            write_workbook(target, found, language=language)
        else:
            target.write_text(json.dumps(drafts_as_json(found), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{target} cannot be written ({error.strerror}). Name another with --out.") from error
    return target
