"""`sources check`: are the seeds alive; `sources read`: repositories to facts.

Belongs here: options and the printed lines. Does not belong here: asking (`spiders.source_check`)
or reading (`assets.facts`).
"""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.cli.options import current_settings
from pipelines.cli.progress import shown_progress
from review.exports.safe_text import lines_for_terminal

sources_app = typer.Typer(help="The addresses that research starts from.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.add_typer(sources_app, name="sources")


@sources_app.command("check")
def check(
    countries: Annotated[list[str] | None, typer.Argument(metavar="[ISO3...]", help="All when empty.")] = None,
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
        print(lines_for_terminal(line))


@sources_app.command("read")
def read(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME...]", help="All when empty.")] = None,
    replay: Annotated[
        list[str] | None,
        typer.Option("--replay", metavar="FILE.warc.gz", help="Take pages from an archive, no network."),
    ] = None,
) -> None:
    """Read repositories and keep their rows as facts about countries; the next research takes them in."""
    from pipelines.research import RunFailedError, read_repositories
    from sources.repository import load_repository, repository_names
    from spiders.repositories.plan import plan_repository

    settings = current_settings()
    contracts = [load_repository(name) for name in names or repository_names()]
    for contract in contracts:
        plan_repository(settings, contract, tuple(replay or ()))
    outcomes = read_repositories(settings, [contract.name for contract in contracts], tuple(replay or ()))
    for outcome in outcomes:
        told = f"{outcome.subject}: {'read' if outcome.succeeded else 'not read'}. {outcome.reason}".rstrip()
        print(lines_for_terminal(told))
    if not all(outcome.succeeded for outcome in outcomes):
        raise RunFailedError("The last good rows of a repository that was not read stand.")
