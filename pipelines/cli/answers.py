"""`drafts`, `explain` and `export`: what was drafted, why, and as a file.

Belongs here: options and printing. Does not belong here: the forms themselves (`review.exports`).
"""

from __future__ import annotations

import enum
import json
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import current_settings
from review.exports.safe_text import json_for_terminal, lines_for_terminal

Code = Annotated[str, typer.Argument(metavar="ISO3", help="Country code, ISO 3166-1 alpha-3.")]


class DraftFormat(enum.StrEnum):
    """How drafts are printed."""

    table = "table"
    json = "json"


class ExportFormat(enum.StrEnum):
    """Files that a questionnaire can be exported to."""

    xlsx = "xlsx"
    json = "json"


class Language(enum.StrEnum):
    """Languages of headings in exports."""

    ar = "ar"
    en = "en"
    es = "es"
    fr = "fr"
    ru = "ru"
    zh = "zh"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("drafts")(drafts)
    app.command("explain")(explain)
    app.command("export")(export)


def drafts(
    country: Code, form: Annotated[DraftFormat, typer.Option("--format", help="A table or JSON.")] = DraftFormat.table
) -> None:
    """Print the drafted questionnaire of a country."""
    from pipelines.cli.summaries import print_drafts
    from pipelines.exporting import drafted
    from review.exports.json_form import drafts_as_json

    found = drafted(current_settings(), country)
    if form is DraftFormat.json:
        print(json_for_terminal(json.dumps(drafts_as_json(found), ensure_ascii=False, indent=1)))
    else:
        print_drafts(found)


def explain(country: Code, question: Annotated[str, typer.Argument(metavar="QUESTION", help="Such as L.1.1.")]) -> None:
    """Print the candidates for one question with features and rules, and why each was kept or dropped."""
    from pipelines.explaining import explain_question

    for line in explain_question(current_settings(), country, question):
        print(lines_for_terminal(line))


def export(
    country: Code,
    form: Annotated[ExportFormat, typer.Option("--format", help="xlsx or json.")] = ExportFormat.xlsx,
    language: Annotated[Language, typer.Option("--language", help="Language of the headings.")] = Language.en,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Default: exports/ below DIR.")] = None,
) -> None:
    """Write the questionnaire with its evidence annex to a file."""
    from pipelines.exporting import export_country

    print(export_country(current_settings(), country, form=form.value, language=language.value, out=out))
