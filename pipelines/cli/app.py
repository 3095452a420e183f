"""The application object, the option that all commands share, and errors turned into exit codes.

Belongs here: what every command has in common. Does not belong here: any command.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from pipelines.cli import commands
from review.exports.safe_text import lines_for_terminal
from store.errors import GcideskError

app = typer.Typer(
    name="gcidesk",
    help="Desk research for the Global Cybersecurity Index: every drafted answer carries its proof.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
)


@app.callback()
def _shared(
    data_dir: Annotated[
        str | None,
        typer.Option("--data-dir", metavar="DIR", help="Folder for everything the product writes (GCIDESK_DATA)."),
    ] = None,
) -> None:
    """Take the options that stand before a command."""
    if data_dir:
        os.environ["GCIDESK_DATA"] = data_dir


def main() -> None:
    """Run the command line; `--data-dir` may stand anywhere."""
    os.umask(0o077)  # what the product writes is the desk's alone, also in a data folder that others may enter
    commands.register(app)
    try:
        app(args=_data_dir_first(sys.argv[1:]))
    except GcideskError as error:
        print(f"gcidesk: {lines_for_terminal(str(error))}", file=sys.stderr)
        sys.exit(int(error.exit_code))
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; that is its right.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


def _data_dir_first(arguments: list[str]) -> list[str]:
    """Move `--data-dir DIR` before the command, where the callback takes it."""
    for place, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--data-dir" and place + 1 < len(arguments):
            return [*arguments[place : place + 2], *arguments[:place], *arguments[place + 2 :]]
        if argument.startswith("--data-dir="):
            return [argument, *arguments[:place], *arguments[place + 1 :]]
    return arguments
