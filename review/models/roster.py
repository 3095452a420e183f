"""Rosters as they were imported, every version kept.

Belongs here: versions, nominations, answers. Does not belong here: the rule who needs research
(`questionnaire.roster`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone


class RosterVersion(models.Model):
    """One import of a roster; the newest counts."""

    source_name = models.CharField(max_length=300)
    file_digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField(default=timezone.now)
    imported_by = models.CharField(max_length=150)
    """Person's id, or the program that imported it."""

    def __str__(self) -> str:
        return f"roster {self.pk} from {self.source_name}"


class Nomination(models.Model):
    """What one version says of a country's contact."""

    version = models.ForeignKey(RosterVersion, on_delete=models.PROTECT, related_name="nominations")
    position = models.PositiveIntegerField()
    country = models.CharField(max_length=3)
    focal_point_confirmed_on = models.DateField(null=True, blank=True)
    reached_through_office = models.BooleanField(default=False)
    note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "country"], name="one_nomination_a_country")
        ]

    def __str__(self) -> str:
        return f"{self.country} in roster {self.version_id}"


class CountryAnswer(models.Model):
    """A country answered the survey itself, as one version says."""

    version = models.ForeignKey(RosterVersion, on_delete=models.PROTECT, related_name="answers")
    country = models.CharField(max_length=3)
    answered_on = models.DateField()

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["version", "country"], name="one_answer_a_country")
        ]

    def __str__(self) -> str:
        return f"{self.country} answered on {self.answered_on}"
