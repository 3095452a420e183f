"""The list of commands.

Belongs here: which modules hold commands. Does not belong here: a command. Modules are imported only when the command
line really runs, so that `import pipelines.cli` stays cheap.
"""

from __future__ import annotations

import typer

from pipelines.cli import answers, local_files, look_after, researching, roster, sources


def register(app: typer.Typer) -> None:
    """Add every command to the application."""
    for module in (researching, roster, local_files, answers, look_after, sources):
        module.register(app)
