"""`read` and `evaluate`: evidence from local files, without a crawl.

Belongs here: options and the printed rows. Does not belong here: reading (`extractors`) or finding (`evidence`).
"""

from __future__ import annotations

import enum
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import current_settings
from review.exports.safe_text import json_for_terminal, lines_for_terminal
from store.errors import BadInputError


class RowFormat(enum.StrEnum):
    """How rows are printed."""

    jsonl = "jsonl"
    table = "table"


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("read")(read)
    app.command("evaluate")(evaluate)


def read(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="html, pdf, docx, txt, md and more.")],
    country: Annotated[str, typer.Option("--country", metavar="ISO3", help="The country that the files speak of.")],
    form: Annotated[RowFormat, typer.Option("--format", help="JSON Lines or a table.")] = RowFormat.jsonl,
    passages: Annotated[bool, typer.Option("--passages", help="Print what was read, not the evidence in it.")] = False,
) -> None:
    """Print the evidence in local files; the outcome of each file goes to stderr."""
    from pipelines.cli.passages import passage_lines, passage_rows
    from pipelines.cli.summaries import print_evidence_table
    from pipelines.reading import find_in_files, read_files
    from sources.country_files import load_country

    land = load_country(country)
    missing = [str(file) for file in files if not file.is_file()]
    if missing:
        raise BadInputError(f"There is no file {', '.join(missing)}. Name files, not folders.")
    if passages:
        shown = passage_rows if form is RowFormat.jsonl else passage_lines
        for name, reading, sentence in read_files(current_settings(), land, files):
            print(lines_for_terminal(sentence), file=sys.stderr)
            for line in shown(name, reading):
                print(line)
        return
    for outcome in find_in_files(current_settings(), land, files):
        print(lines_for_terminal(outcome.sentence), file=sys.stderr)
        if form is RowFormat.jsonl:
            for row in outcome.rows:
                print(json_for_terminal(json.dumps(row.as_json(), ensure_ascii=False)))
        else:
            print_evidence_table(outcome)


def evaluate(
    labels: Annotated[Path, typer.Argument(metavar="LABELS.jsonl")],
    docs: Annotated[Path, typer.Argument(metavar="DOCS_DIR")],
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON.")] = False,
) -> None:
    """Read labelled documents and print the figures of score_evidence.py."""
    from pipelines.reading import evaluate_labels

    figures, by_document = evaluate_labels(current_settings(), labels, docs)
    if as_json:
        print(json.dumps({"figures": figures, "documents": by_document}, ensure_ascii=False))
        return
    for name, value in by_document.items():
        print(f"{name:40} gold {value['gold']:3}  predicted {value['predicted']:3}  shared {value['shared']:3}")
    for name, value in figures.items():
        print(f"{name:24} {value}")
