"""The only place that sets Django up.

Belongs here: making the review room's models usable in a process that is not the site, and bringing its database up to
date. Does not belong here: settings or models (`review`).
"""

from __future__ import annotations

import os

import django
from django.apps import apps
from django.core.management import call_command
from django.db.utils import OperationalError

from store.errors import StorageError


def set_django_up() -> None:
    """Load the review room's applications once a process; touches neither disk nor database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "review.site.settings")
    if not apps.ready:
        django.setup()


def prepare_decisions() -> None:
    """Create the decisions database or bring it up to date; raises StorageError when it cannot be opened."""
    set_django_up()
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        raise StorageError(
            f"The decisions database cannot be opened ({error}). Mend the data directory's rights, or DATABASE_URL."
        ) from error
