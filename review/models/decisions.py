"""Decisions: what a person holds to be the answer, on what proof.

Belongs here: the append-only decisions and, beside them, the machine's finding whether their proof still stands. Does
not belong here: who may see them (`review.services.visibility`).
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from review.models.append_only import AppendOnly
from review.models.people import Person


class AnswerValue(models.TextChoices):
    """Answers that a person can give; `not_found` is a state of research and no score."""

    YES = "yes", "Yes"
    PARTIAL = "partial", "Partial"
    NO = "no", "No"
    NOT_FOUND = "not_found", "Not found"


class DecisionKind(models.TextChoices):
    """How a decision came about."""

    REVIEW = "review", "Review"
    ADJUDICATION = "adjudication", "Adjudication"
    KEEP = "keep", "Kept after a refresh"
    REOPEN = "reopen", "Opened again"


class Health(models.TextChoices):
    """Whether the proof of a decision still stands after a refresh."""

    OK = "ok", "Unchanged"
    MOVED = "moved", "Moved"
    ORPHANED = "orphaned", "Orphaned"


class Decision(AppendOnly):
    """One person's answer to one question, with the proof as that person saw it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sequence = models.PositiveBigIntegerField()
    """Number within the question, from 1; two people deciding at once cannot both get the same one."""
    country = models.CharField(max_length=3)
    instrument = models.CharField(max_length=60)
    question = models.CharField(max_length=40)
    cycle = models.PositiveIntegerField(default=1)
    """Reviews of one cycle are compared; opening a question again starts the next cycle."""
    kind = models.CharField(max_length=16, choices=DecisionKind.choices)
    answer = models.CharField(max_length=12, choices=AnswerValue.choices)
    why = models.TextField(blank=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="decisions")
    decided_at = models.DateTimeField(default=timezone.now)
    draft_answer = models.CharField(max_length=12, blank=True)
    draft_mark = models.CharField(max_length=64)
    """SHA-256 of the draft and evidence that the person saw."""
    evidence = models.JSONField(default=list)
    """Anchors that the answer rests on: see `review.services.anchors`."""
    rejected = models.JSONField(default=list)
    """Evidence set aside, each anchor with its reason."""
    shown = models.JSONField(default=list)
    """Ids of all evidence that the person was shown."""

    class Meta:
        ordering: ClassVar[list[str]] = ["sequence"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["country", "question", "sequence"], name="one_decision_a_sequence")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["country", "decided_at"], name="decisions_grow")]

    def __str__(self) -> str:
        return f"{self.country} {self.question} #{self.sequence}: {self.answer}"


class DecisionHealth(models.Model):
    """The machine's finding on one decision after the newest refresh; any run may replace it."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="health", primary_key=True)
    country = models.CharField(max_length=3, db_index=True)
    question = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=Health.choices)
    detail = models.JSONField(default=list)
    """An entry an anchor: state, old and new quote, old and new place."""
    checked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["country", "checked_at"], name="health_checked")]

    def __str__(self) -> str:
        return f"{self.decision_id}: {self.state}"
