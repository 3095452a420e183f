"""What commands share: the settings of this call.

Belongs here: options that every command takes. Does not belong here: the application (`app`) or a command.
"""

from __future__ import annotations

import typer

from store.settings import Settings, load_settings


def current_settings() -> Settings:
    """Return the settings of this call; an unreadable variable is a usage error."""
    try:
        return load_settings()
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
