"""`verify`, `doctor` and `serve`: for the person who looks after an installation.

Belongs here: options and printing. Does not belong here: the checks (`store.verification`, `pipelines.doctor`) or the
site (`review`).
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from pipelines.cli.options import current_settings
from review.exports.safe_text import lines_for_terminal
from store.errors import ExitCode, MissingDataError


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("verify")(verify)
    app.command("doctor")(doctor)
    app.command("serve")(serve)


def verify(
    countries: Annotated[list[str] | None, typer.Argument(metavar="[ISO3...]", help="All when empty.")] = None,
) -> None:
    """Find every quote again and check every digest."""
    from pipelines.django_setup import prepare_decisions
    from review import services
    from sources.country_files import load_country
    from store.lake import open_lake
    from store.tables import CAPTURES, EVIDENCE, CaptureRow, EvidenceRow
    from store.verification import verify_country

    settings = current_settings()
    lake = open_lake(settings)
    codes = [load_country(code).iso3 for code in countries or ()] or lake.partitions(EVIDENCE)
    if not codes:
        raise MissingDataError(f"Nothing was researched in {settings.data_dir} yet. Run 'gcidesk research ISO3' first.")
    prepare_decisions(settings)
    faults = 0
    for code in codes:
        found = verify_country(
            settings, code, lake.read(CAPTURES, code, CaptureRow), lake.read(EVIDENCE, code, EvidenceRow)
        )
        quotes, uploads, lost = services.check_handed_in(code, settings)
        wrong = [*((fault.subject, fault.message) for fault in found.faults), *lost]
        faults += len(wrong)
        checked = f"{found.quotes + quotes} quotes and {found.payloads + uploads} payloads"
        print(f"{code}: {checked} checked, {len(wrong)} faults")
        for subject, message in wrong:
            print(lines_for_terminal(f"  {subject}: {message}"), file=sys.stderr)
    if faults:
        raise typer.Exit(int(ExitCode.CHECK_FAILED))


def doctor() -> None:
    """Show what is installed, missing or broken right now, and which command mends it."""
    from pipelines.doctor import examine
    from pipelines.standing import examine_runs
    from store.tables import now

    settings = current_settings()
    findings = [*examine(settings), *examine_runs(settings, now())]
    for finding in findings:
        mark = "ok     " if finding.present else "MISSING" if finding.needed else "absent "
        print(f"{mark} {finding.name:<24} {finding.detail}")
        if not finding.present:
            print(f"        {'':<24} {finding.mend}")
    if any(finding.needed and not finding.present for finding in findings):
        raise typer.Exit(int(ExitCode.ENVIRONMENT))


def serve(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port of the review site on loopback.")] = 8000,
) -> None:
    """Start the review site, Dagster's web server and its daemon on loopback."""
    from pipelines.serve import serve_site

    serve_site(current_settings(), port=port)
