"""The only place that sets Django up.

Belongs here: making the review room's models usable in a process that is not the site, and bringing its database up to
date. Does not belong here: settings or models (`review`).
"""

from __future__ import annotations

import os

import django
from django.apps import apps

from store.settings import Settings


def set_django_up() -> None:
    """Load the review room's applications once a process; touches neither disk nor database."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "review.site.settings")
    if not apps.ready:
        django.setup()


def prepare_decisions(settings: Settings) -> None:
    """Create the decisions database or bring it up to date; raises StorageError when it cannot be opened."""
    set_django_up()
    from review.services import prepare_database

    prepare_database(settings)
