"""The Django application `review`. Belongs here: its registration, nothing else."""

from __future__ import annotations

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    """The one application of the site."""

    name = "review"
    label = "review"
    verbose_name = "Review desk"
    default_auto_field = "django.db.models.BigAutoField"
