"""What a job read out of files and texts that people handed in.

Belongs here: text layers and quotes of uploads, beside the requests and never in the lake. Decisions may rest on them,
so neither is ever changed. Does not belong here: who may see them (`review.services.visibility`).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone

from review.models.append_only import AppendOnly
from review.models.discussion import EvidenceRequest


class HandedInReading(AppendOnly):
    """One upload as one reader version read it."""

    digest = models.CharField(max_length=64)
    """SHA-256 of the upload, whose bytes lie under `review_dir/uploads/<digest>`."""
    reader_version = models.CharField(max_length=40)
    text_layer_id = models.CharField(max_length=64)
    reading = models.BinaryField()
    """The whole reading, compressed JSON: see `store.readings.encode_reading`."""
    read_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["digest", "text_layer_id"], name="one_reading_a_text_layer")
        ]

    def __str__(self) -> str:
        return f"reading of {self.digest[:12]}"


class HandedInQuote(AppendOnly):
    """A verbatim quote of an upload that bears on the question it was handed in for."""

    request = models.ForeignKey(EvidenceRequest, on_delete=models.PROTECT, related_name="quotes")
    country = models.CharField(max_length=3)
    question = models.CharField(max_length=40)
    evidence_id = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    text_layer_id = models.CharField(max_length=64)
    row = models.JSONField()
    """The quote as a row of evidence: see `store.tables.EvidenceRow`."""
    found_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "evidence_id"], name="one_quote_a_request")
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["country", "question"], name="quotes_handed_in")]

    def __str__(self) -> str:
        return f"quote {self.evidence_id[:12]} handed in for {self.country} {self.question}"
