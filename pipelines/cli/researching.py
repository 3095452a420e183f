"""`demo`, `research` and `refresh`: the whole way.

Belongs here: options of a run, and what is printed when it has ended. Does not belong here: the run
(`pipelines.research`).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import current_settings
from pipelines.cli.progress import shown_progress
from spiders.plan import CrawlOptions, options_of_last_crawl, plan_crawl
from store.errors import BadInputError
from store.settings import Settings

Codes = Annotated[list[str], typer.Argument(metavar="ISO3...", help="Country codes, ISO 3166-1 alpha-3.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("demo")(demo)
    app.command("research")(research)
    app.command("refresh")(refresh)


def demo(
    serve: Annotated[bool, typer.Option("--serve/--no-serve", help="Open the review site afterwards.")] = True,
) -> None:
    """Research the demonstration country offline, from the archive that the project ships."""
    from pipelines.cli.summaries import print_summary
    from sources.country_files import DEMONSTRATION, DEMONSTRATION_CODE

    started = time.monotonic()
    settings = current_settings()
    archive = DEMONSTRATION / "demonstration.warc.gz"
    _run(settings, [DEMONSTRATION_CODE], CrawlOptions(replay_files=(str(archive),)))
    workbook = _write_demo_workbook(settings)
    print_summary(settings, DEMONSTRATION_CODE)
    print(f"\nDatabase    {settings.desk_file}")
    print(f"Workbook    {workbook}")
    print(f"The demonstration took {time.monotonic() - started:.0f} s.")
    if serve and sys.stdout.isatty():
        from pipelines.serve import serve_site

        serve_site(settings, sign_in=True)


def _write_demo_workbook(settings: Settings) -> Path:
    from pipelines.exporting import export_country
    from sources.country_files import DEMONSTRATION_CODE

    return export_country(settings, DEMONSTRATION_CODE, form="xlsx", language="en", out=None)


def research(
    countries: Codes,
    replay: Annotated[
        list[str] | None,
        typer.Option("--replay", metavar="FILE.warc.gz", help="Take pages from an archive, no network."),
    ] = None,
    seed: Annotated[list[str] | None, typer.Option("--seed", metavar="URL", help="One more address.")] = None,
    from_seeds: Annotated[bool, typer.Option("--from-seeds", help="Replay only what seeds and links lead to.")] = False,
    max_pages: Annotated[int, typer.Option("--max-pages", min=1, help="Pages of a live crawl at most.")] = 300,
    fresh: Annotated[bool, typer.Option("--fresh", help="Ask for every page anew.")] = False,
) -> None:
    """Research countries: crawl or replay, read, find evidence, draft, queue for validation."""
    from pipelines.cli.summaries import print_summary

    settings = current_settings()
    options = CrawlOptions(tuple(replay or ()), tuple(seed or ()), from_seeds, max_pages, fresh)
    codes = _run(settings, countries, options)
    for code in codes:
        print_summary(settings, code)
    print(f"\nDatabase    {settings.desk_file}")


def refresh(
    countries: Annotated[list[str] | None, typer.Argument(metavar="[ISO3...]", help="All when empty.")] = None,
    accept: Annotated[
        list[str] | None, typer.Option("--accept", metavar="ISO3", help="Let this country pass the check of counts.")
    ] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why the fall in counts is right.")] = "",
) -> None:
    """Do by hand what the nightly schedule does."""
    from pipelines.django_setup import prepare_decisions
    from store.settings import prepare_data_dir
    from store.tables import now

    if accept and not reason.strip():
        raise typer.BadParameter("--accept needs --reason: the next person must know why.")
    settings = current_settings()
    prepare_data_dir(settings)
    prepare_decisions(settings)
    accepted = [code.upper() for code in accept or ()]
    chosen = [code.upper() for code in countries or ()] or accepted
    if not chosen:
        from pipelines.schedules import countries_of_the_night

        chosen = countries_of_the_night(now().date(), settings)
    if not chosen:
        print("No country needs desk research. Import a roster with 'gcidesk roster import FILE'.")
        return
    for code in chosen:
        _run(settings, [code], options_of_last_crawl(settings, code), reason if code in accepted else "")
    print(f"Refreshed {len(chosen)} {'country' if len(chosen) == 1 else 'countries'}: {', '.join(chosen)}")


def _run(settings: Settings, countries: list[str], options: CrawlOptions, accepted: str = "") -> list[str]:
    """Check the call as a whole, then run; returns the codes in upper case."""
    from assets.captures import CaptureConfig
    from pipelines.research import RunFailedError
    from pipelines.research import research as run_research
    from questionnaire.instrument import load_instrument
    from sources.country_files import load_country

    known = [load_country(code) for code in countries]
    if options.from_seeds and not options.replay_files:
        raise BadInputError("--from-seeds belongs to --replay: a live crawl always starts from the seeds.")
    for country in known:
        plan_crawl(settings, country, load_instrument(), options)
    config = CaptureConfig(
        replay=list(options.replay_files),
        seeds=list(options.extra_seeds),
        from_seeds=options.from_seeds,
        max_pages=options.max_pages,
        fresh=options.fresh,
        accepted=accepted,
    )
    with shown_progress() as progress:
        outcomes = run_research(settings, [country.iso3 for country in known], config, progress)
    failed = [f"{outcome.subject}: {outcome.reason}" for outcome in outcomes if not outcome.succeeded]
    if failed:
        raise RunFailedError("\n".join(failed))
    return [country.iso3 for country in known]
