"""Decisions survive refreshes: every decision is checked against each new draft.

Belongs here: noting a new draft and storing what became of each decision's proof. Does not belong here: the rule
(`anchors`).
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from review.desk import desk_settings
from review.lake_view import LakeView, lake_view
from review.models import CountryFile, Decision, DecisionHealth
from review.models.files import FileState
from review.services.anchors import check_decision, load_anchors
from review.services.auditing import write_audit
from review.services.file_states import move_file, start_research
from store.settings import Settings


def record_draft(country: str, drafted_at: datetime | None, settings: Settings | None) -> str:
    """Note a new draft; see `review.services.record_draft`."""
    view = lake_view(settings or desk_settings())
    moment = drafted_at or view.figures(country).drafted_at or timezone.now()
    with transaction.atomic():
        if start_research(country, "gcidesk") == FileState.IN_RESEARCH:
            move_file(country, FileState.DRAFT, by="gcidesk", why="a draft was made")
        file, _ = CountryFile.objects.select_for_update().get_or_create(country=country)
        file.drafted_at = moment
        file.save()
        counts = check_decisions(country, view)
        write_audit("draft_recorded", by="gcidesk", country=country, new={"drafted_at": moment.isoformat(), **counts})
    return file.state


def check_decisions(country: str, view: LakeView) -> dict[str, int]:
    """Check every decision of a country against the lake and store the findings; returns how many are in each state."""
    evidence, documents = view.evidence(country), view.documents(country)
    counts: dict[str, int] = {}
    rows = []
    for decision in Decision.objects.filter(country=country):
        finding = check_decision(
            load_anchors(decision.evidence),
            decision.answer,
            decision.shown,
            evidence.get(decision.question, []),
            documents,
        )
        counts[finding.state.value] = counts.get(finding.state.value, 0) + 1
        rows.append(
            DecisionHealth(
                decision=decision,
                country=country,
                question=decision.question,
                state=finding.state,
                detail=finding.as_json(),
                checked_at=timezone.now(),
            )
        )
    DecisionHealth.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["decision"],
        update_fields=["state", "detail", "checked_at"],
    )
    return counts
