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
from review.services import QueueState
from review.services.anchors import check_decision, load_anchors
from review.services.auditing import write_audit
from review.services.file_states import move_file, start_research
from review.services.gate import queue_state
from review.services.handed_in import rows_of
from store.settings import Settings
from store.tables import EvidenceRow


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


def look_again(country: str, settings: Settings | None) -> QueueState:
    """Check decisions against evidence that was handed in since; see `review.services.look_again`."""
    desk = settings or desk_settings()
    with transaction.atomic():
        check_decisions(country, lake_view(desk))
    return queue_state(country, desk)


def _unproven(answer: str, handed_in: list[EvidenceRow]) -> list[EvidenceRow]:
    """Return what was handed in where it speaks against an answer; it never stands in for a quote that is gone."""
    return handed_in if answer in {"no", "not_found"} else []


def check_decisions(country: str, view: LakeView) -> dict[str, int]:
    """Check every decision of a country against the lake and store the findings; returns how many are in each state."""
    evidence, documents, handed_in = view.evidence(country), view.documents(country), rows_of(country)
    counts: dict[str, int] = {}
    rows = []
    for decision in Decision.objects.filter(country=country):
        finding = check_decision(
            load_anchors(decision.evidence),
            decision.answer,
            decision.shown,
            [*evidence.get(decision.question, []), *_unproven(decision.answer, handed_in.get(decision.question, []))],
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
