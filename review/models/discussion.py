"""What people say and ask for.

Belongs here: comments, questions to colleagues, requests for further evidence. Texts and uploads of people stay in this
store: never in `desk.duckdb`, never in training data.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from review.models.append_only import AppendOnly
from review.models.people import Person


class Comment(AppendOnly):
    """A remark on a question, to a colleague when `asked` is given."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    country = models.CharField(max_length=3)
    question = models.CharField(max_length=40)
    cycle = models.PositiveIntegerField(default=1)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="comments")
    asked = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="questions_to_me")
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering: ClassVar[list[str]] = ["at"]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["country", "question"], name="comments_of_question")
        ]

    def __str__(self) -> str:
        return f"comment {self.id}"


class EvidenceRequest(models.Model):
    """Evidence that a person proposes; a job fetches, archives and reads it through the crawler's own gate."""

    class Kind(models.TextChoices):
        """What was handed in."""

        ADDRESS = "address", "Address"
        FILE = "file", "File"
        TEXT = "text", "Text"

    class Status(models.TextChoices):
        """How far the job is."""

        REQUESTED = "requested", "Requested"
        TAKEN = "taken", "Being read"
        DONE = "done", "Archived and read"
        FAILED = "failed", "Failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    country = models.CharField(max_length=3, db_index=True)
    question = models.CharField(max_length=40)
    cycle = models.PositiveIntegerField(default=1)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="evidence_requests")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    address = models.CharField(max_length=2000, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    """Name as uploaded, for display only; the bytes lie under `review_dir/uploads/<digest>`."""
    digest = models.CharField(max_length=64, blank=True)
    text = models.TextField(blank=True)
    note = models.TextField(blank=True)
    words = models.TextField(blank=True)
    """Words of the file or text that the person holds for the proof; the job looks for them."""
    stance = models.CharField(max_length=10, blank=True)
    """What these words show, by the person: see `store.tables.EvidenceRow`."""
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.REQUESTED)
    outcome = models.TextField(blank=True)
    requested_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"request {self.id}"
