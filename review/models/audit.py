"""The audit: who did what, when, from what to what, and why.

Belongs here: the one append-only table. People appear by id only.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from review.models.append_only import AppendOnly


class AuditEntry(AppendOnly):
    """One act on the record."""

    at = models.DateTimeField(default=timezone.now)
    actor = models.CharField(max_length=150)
    """Person's id, or the program that acted."""
    country = models.CharField(max_length=3, blank=True)
    question = models.CharField(max_length=40, blank=True)
    cycle = models.PositiveIntegerField(default=0)
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=64, blank=True)
    """Id of the row that the act made or touched."""
    old = models.JSONField(default=dict)
    new = models.JSONField(default=dict)
    why = models.TextField(blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["country", "id"], name="audit_of_country")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.country} {self.question}"
