"""Runs of research that were started from the site.

Belongs here: what was started, by whom, and how it ended. Progress itself lies with the run.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from review.models.people import Person


class ResearchRun(models.Model):
    """One start of `gcidesk research` from the site."""

    class Status(models.TextChoices):
        """How far the run is."""

        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    country = models.CharField(max_length=3)
    started_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.RUNNING)
    process = models.PositiveIntegerField(default=0)
    """Process id of the launcher on this machine."""
    process_started = models.CharField(max_length=40, blank=True)
    """Start time of that process as the kernel tells it, so that a reused id is never taken for it."""
    exit_code = models.IntegerField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_at"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["country"], condition=models.Q(status="running"), name="one_running_research_a_country"
            )
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.status}"
