"""Persons: making them, assigning them, removing their name, one-time links.

Belongs here: what happens to a person's row. Does not belong here: what a role may do (`review.site.rights`).
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from review.lake_view import lake_view
from review.models import Assignment, LocalLink, Person
from review.models.people import Role
from review.services.auditing import write_audit
from store.digests import payload_digest
from store.settings import Settings

LINK_MINUTES = 15
DEMONSTRATION_REVIEWER = "demonstration-reviewer"
FIRST_ADMINISTRATOR = "administrator"


def add_person(username: str, role: Role, *, name: str, password: str | None, by: Person | str) -> Person:
    """Make a person and put it on record, without the name."""
    with transaction.atomic():
        person = Person.objects.create_person(username, role, name=name, password=password)
        write_audit("person_added", by=by, subject=person.id, new={"role": role})
    return person


def change_role(person: Person, role: Role, by: Person) -> None:
    """Give a person another role and end all sessions of that person."""
    old, person.role = person.role, role
    with transaction.atomic():
        person.save()
        write_audit("role_changed", by=by, subject=person.id, old={"role": old}, new={"role": role})
    end_sessions(person)


def set_active(person: Person, active: bool, by: Person) -> None:
    """Let a person in or keep them out; keeping out ends all sessions."""
    person.is_active = active
    with transaction.atomic():
        person.save()
        write_audit("person_let_in" if active else "person_kept_out", by=by, subject=person.id)
    if not active:
        end_sessions(person)


def assign(person: Person, country: str, by: Person | str) -> None:
    """Assign a person to a country."""
    with transaction.atomic():
        _, made = Assignment.objects.get_or_create(person=person, country=country)
        if made:
            write_audit("person_assigned", by=by, country=country, subject=person.id)


def unassign(person: Person, country: str, by: Person | str) -> None:
    """Take a person off a country; decisions already made stay."""
    with transaction.atomic():
        gone, _ = Assignment.objects.filter(person=person, country=country).delete()
        if gone:
            write_audit("person_unassigned", by=by, country=country, subject=person.id)


def remove_name(person: Person, by: Person) -> None:
    """Remove name, sign-in name, password and second factor; the record keeps the id and stays untouched."""
    with transaction.atomic():
        person.name, person.username = "", f"removed-{person.id}"
        person.is_active, person.name_removed_at = False, timezone.now()
        person.set_unusable_password()
        person.save()
        TOTPDevice.objects.filter(user=person).delete()
        Assignment.objects.filter(person=person).delete()
        write_audit("name_removed", by=by, subject=person.id)
    end_sessions(person)


def end_sessions(person: Person, keep: int = 0, but: str | None = None) -> int:
    """End a person's sessions, all but the newest `keep` and the one with key `but`; returns how many ended."""
    live = [
        session
        for session in Session.objects.filter(expire_date__gt=timezone.now()).order_by("-expire_date")
        if session.get_decoded().get("_auth_user_id") == str(person.id) and session.session_key != but
    ]
    for session in live[keep:]:
        session.delete()
    return len(live[keep:])


def make_local_link(person: Person) -> str:
    """Return a token that signs a person in once within `LINK_MINUTES`; only its digest is kept."""
    token = secrets.token_urlsafe(32)
    LocalLink.objects.create(
        token_digest=payload_digest(token.encode()),
        person=person,
        expires_at=timezone.now() + timedelta(minutes=LINK_MINUTES),
    )
    write_audit("local_link_made", by="gcidesk", subject=person.id)
    return token


def use_local_link(token: str) -> Person | None:
    """Return the person of an unused link and use it up, or None."""
    now = timezone.now()
    digest = payload_digest(token.encode())
    used = LocalLink.objects.filter(token_digest=digest, used_at__isnull=True, expires_at__gt=now).update(used_at=now)
    if not used:
        return None
    person = LocalLink.objects.select_related("person").get(token_digest=digest).person
    return person if person.is_active else None


def first_administrator_path() -> str:
    """Return a path for a first administrator, made now when nobody holds that role; empty otherwise."""
    known = Person.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    if known.exclude(username=FIRST_ADMINISTRATOR).exists():
        return ""
    person = known.first() or add_person(
        FIRST_ADMINISTRATOR, Role.ADMINISTRATOR, name="First administrator", password=None, by="gcidesk"
    )
    return "" if person.has_usable_password() else f"/sign-in/link/{make_local_link(person)}/"


def local_sign_in_path(settings: Settings | None) -> str:
    """Return a path for the demonstration's reviewer, assigned to every drafted country."""
    person = Person.objects.filter(username=DEMONSTRATION_REVIEWER).first()
    if person is None:
        person = add_person(
            DEMONSTRATION_REVIEWER, Role.REVIEWER, name="Demonstration reviewer", password=None, by="gcidesk"
        )
    for country in lake_view(settings).drafted_countries():
        assign(person, country, "gcidesk")
    return f"/sign-in/link/{make_local_link(person)}/"
