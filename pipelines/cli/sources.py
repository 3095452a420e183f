"""`sources check`: are the seeds alive.

Belongs here: options and the printed lines. Does not belong here: asking (`spiders.source_check`).
"""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.app import current_settings
from pipelines.cli.progress import shown_progress

sources_app = typer.Typer(help="The addresses that research starts from.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(sources_app, name="sources")


@sources_app.command("check")
def check(
    countries: Annotated[
        list[str] | None, typer.Argument(metavar="[ISO3...]", help="All countries when empty.")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Write what was seen into the countries' files.")] = False,
) -> None:
    """Ask every seed once and say whether it is alive, moved, dead or blocked."""
    from sources.country_files import country_codes, load_country
    from spiders.source_check import check_sources

    settings = current_settings()
    chosen = [load_country(code) for code in countries or country_codes()]
    with shown_progress() as progress:
        checks = check_sources(settings, chosen, write=write, progress=lambda *told: progress("check", *told))
    for line in checks.lines():
        print(line)
