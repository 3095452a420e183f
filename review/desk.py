"""This desk: its settings and its question bank, each loaded once a process.

Belongs here: the two functions by which the room asks for them. Does not belong here: their content.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings as django_settings

from questionnaire.instrument import Instrument, load_instrument
from store.settings import Settings


def desk_settings() -> Settings:
    """Return the product's settings as the site was started with."""
    found = getattr(django_settings, "DESK")  # noqa: B009
    assert isinstance(found, Settings)
    return found


@cache
def desk_instrument() -> Instrument:
    """Return the desk's question bank; raises InstrumentError when its file is wrong."""
    return load_instrument()
