"""Writing the audit and reading it back.

Belongs here: one function that writes an entry, and the JSON Lines form. Does not belong here: deciding who may read
which entry (`visibility`).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from review.exports.safe_text import json_for_terminal
from review.models import AuditEntry, Person

FIELDS = ("id", "at", "actor", "country", "question", "action", "subject", "old", "new", "why")


def write_audit(
    action: str,
    *,
    by: Person | str,
    country: str = "",
    question: str = "",
    cycle: int = 0,
    subject: object = "",
    old: dict[str, Any] | None = None,
    new: dict[str, Any] | None = None,
    why: str = "",
) -> AuditEntry:
    """Add an entry; a person is named by id only."""
    entry = AuditEntry(
        action=action,
        actor=actor_name(by),
        country=country,
        question=question,
        cycle=cycle,
        subject=str(subject),
        old=old or {},
        new=new or {},
        why=why,
    )
    entry.save()
    return entry


def actor_name(by: Person | str) -> str:
    """Return how the record names who acted: a person's id, or a program's name."""
    return str(by.id) if isinstance(by, Person) else by


def audit_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """Yield each entry as one line of JSON with the fields `FIELDS`."""
    for entry in entries:
        row = {name: getattr(entry, name) for name in FIELDS}
        row["at"] = entry.at.isoformat()
        yield json_for_terminal(json.dumps(row, ensure_ascii=False)) + "\n"
