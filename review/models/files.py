"""The file of a country and its states.

Belongs here: the eleven states of `domain.md`, the present one and the history. Does not belong here: which state may
follow which (`review.services.file_states`).
"""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from review.models.append_only import AppendOnly


class FileState(models.TextChoices):
    """States of a country's file, in the order of the process."""

    NOT_STARTED = "not_started", "Not started"
    IN_RESEARCH = "in_research", "In research"
    DRAFT = "draft", "Draft"
    IN_REVIEW = "in_review", "In review"
    READY_TO_SEND = "ready_to_send", "Ready to send"
    SENT = "sent", "Sent (round 1)"
    RETURNED = "returned", "Returned"
    REISSUED = "reissued", "Re-issued (round 2)"
    APPROVED = "approved", "Approved"
    ACCEPTED_BY_SILENCE = "accepted_by_silence", "Accepted by silence"
    FINAL = "final", "Final"


class CountryFile(models.Model):
    """Where one country stands now; `FileStateChange` tells how it came there."""

    country = models.CharField(max_length=3, primary_key=True)
    state = models.CharField(max_length=24, choices=FileState.choices, default=FileState.NOT_STARTED)
    since = models.DateTimeField(default=timezone.now)
    drafted_at = models.DateTimeField(null=True, blank=True)
    left_research_on = models.DateField(null=True, blank=True)
    """Day on which the country answered itself; its drafts are kept."""

    def __str__(self) -> str:
        return f"{self.country}: {self.state}"


class FileStateChange(AppendOnly):
    """One step of a country's file."""

    country = models.CharField(max_length=3, db_index=True)
    old = models.CharField(max_length=24, choices=FileState.choices)
    new = models.CharField(max_length=24, choices=FileState.choices)
    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=150)
    """Person's id, or the program that did it."""
    why = models.TextField(blank=True)

    def __str__(self) -> str:
        return f"{self.country}: {self.old} -> {self.new}"
