"""What the commands print: tables, and a few lines a person reads first.

Belongs here: printing. Does not belong here: what a table of drafts holds (`review.exports.terminal`).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from review.exports.drafted_country import DraftedCountry
from review.exports.safe_text import for_terminal
from review.exports.terminal import count_answers, pillar_tables, plain_text
from sources.country_files import load_country
from store.settings import Settings

if TYPE_CHECKING:
    from pipelines.reading import FileOutcome
    from questionnaire.roster import Reason, RosterEntry

STANCES = {"in_place": "in place", "partial": "partial", "planned": "planned", "absent": "absent"}


def print_drafts(found: DraftedCountry) -> None:
    """Print a table a pillar: in colour on a terminal, plain elsewhere."""
    if sys.stdout.isatty():
        console = Console()
        for table in pillar_tables(found, width=min(console.width, 140)):
            console.print(table)
    else:
        print(plain_text(found))


def print_summary(settings: Settings, iso3: str) -> None:
    """Print the drafted questionnaire of a country with what it rests on."""
    from pipelines.exporting import drafted

    found = drafted(settings, iso3)
    print_drafts(found)
    counts = count_answers(found)
    unread = [document for document in found.documents if document.status != "read"]
    print(
        f"{found.country.name()} ({iso3}): {counts['yes']} yes, {counts['partial']} partial, {counts['no']} no, "
        f"{counts['not_found']} not found; {len(found.evidence)} quotes from {len(found.documents)} documents."
    )
    for document in unread[:5]:
        print(f"Not read: {for_terminal(document.name)}: {for_terminal(document.reason)}")
    if len(unread) > 5:
        print(f"Not read: {len(unread) - 5} more; see the table issues.")


def print_roster(
    entries: Sequence[RosterEntry], wanted: Sequence[tuple[RosterEntry, Reason]], *, only_wanted: bool
) -> None:
    """Print the roster: country, focal point, answer, and whether desk research is needed and why."""
    reasons = {entry.iso3: reason for entry, reason in wanted}
    table = Table(box=None, pad_edge=False, show_edge=False)
    for heading in ("code", "country", "focal point", "answered", "desk research"):
        table.add_column(heading)
    for entry in entries:
        if only_wanted and entry.iso3 not in reasons:
            continue
        table.add_row(
            entry.iso3,
            load_country(entry.iso3).name(),
            entry.focal_point_confirmed_on.isoformat() if entry.focal_point_confirmed_on else "-",
            entry.answered_on.isoformat() if entry.answered_on else "-",
            Text(reasons[entry.iso3].sentence if entry.iso3 in reasons else "no"),
        )
    Console(width=None if sys.stdout.isatty() else 160).print(table)
    if not entries:
        print("No roster was imported yet. Import one with 'gcidesk roster import FILE'.")
        return
    print(f"{len(reasons)} of {len(entries)} countries need desk research.")


def print_evidence_table(outcome: FileOutcome) -> None:
    """Print the evidence of one file: question, stance, score, page and quote."""
    table = Table(title=Text(for_terminal(outcome.file.name)), title_justify="left", box=None, pad_edge=False)
    for heading in ("question", "stance", "score", "page"):
        table.add_column(heading, no_wrap=True)
    table.add_column("quote", overflow="fold")
    for row in outcome.rows:
        found = row.evidence
        page = str(found.page) if found.page is not None else "-"
        quote = Text(for_terminal(" ".join(found.quote.split())))
        table.add_row(found.question, STANCES[found.stance], f"{found.score:.2f}", page, quote)
    Console(width=None if sys.stdout.isatty() else 120).print(table)
