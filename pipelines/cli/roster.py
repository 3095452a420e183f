"""`roster import` and `roster list`: who has a focal point, who answered, who needs desk research.

Belongs here: options and the printed table. Does not belong here: parsing (`questionnaire.roster`) or keeping
(`review.services`).
"""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import current_settings

roster_app = typer.Typer(help="Who has a focal point, who answered, who needs research.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(roster_app, name="roster")


def _prepare() -> None:
    from pipelines.django_setup import prepare_decisions
    from store.settings import prepare_data_dir

    prepare_data_dir(current_settings())
    prepare_decisions(current_settings())


@roster_app.command("import")
def import_file(file: Annotated[Path, typer.Argument(metavar="FILE.csv|.xlsx")]) -> None:
    """Import a roster as a new version; nothing is imported while a row is wrong."""
    from questionnaire.roster import parse_roster
    from sources.country_files import country_codes

    roster = parse_roster(file, country_codes())
    _prepare()
    from review.services import import_roster

    version = import_roster(roster, file.name, getpass.getuser())
    print(f"Imported {len(roster.entries)} countries from {file.name} as version {version}.")


@roster_app.command("list")
def list_roster(
    non_responding: Annotated[
        bool, typer.Option("--non-responding", help="Only countries that need desk research, with the reason.")
    ] = False,
) -> None:
    """List the countries of the newest roster."""
    _prepare()
    from pipelines.cli.summaries import print_roster
    from review.services import countries_to_research, roster_entries
    from store.tables import now

    today = now().date()
    wanted = countries_to_research(today, current_settings().roster_months)
    print_roster(roster_entries(), wanted, only_wanted=non_responding)
