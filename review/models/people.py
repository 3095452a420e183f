"""People and what they may work on.

Belongs here: persons, their role, their countries, one-time links. Does not belong here: what a role may do
(`review.site.rights`).
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone


class Role(models.TextChoices):
    """What a person is here for; each person has one role."""

    ADMINISTRATOR = "administrator", "Administrator"
    COORDINATOR = "coordinator", "Coordinator"
    REVIEWER = "reviewer", "Reviewer"
    OBSERVER = "observer", "Observer"


class PersonManager(BaseUserManager["Person"]):
    """Makes persons."""

    def create_person(self, username: str, role: str, *, name: str = "", password: str | None = None) -> Person:
        """Return a new person; without a password nobody can sign in by password."""
        person = self.model(username=self.model.normalize_username(username), role=role, name=name)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        """Return the person with this name for signing in."""
        return self.get(username=username)


class Person(AbstractBaseUser):
    """Somebody who signs in. The record names people by `id` only, so a name can be removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    name_removed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["role"]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        """Name for people of this desk; a short id once the name was removed."""
        return self.name or (f"person {str(self.id)[:8]}" if self.name_removed_at else self.username)

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Deny: Django's permission tables are not used; rights stand in `review.site.rights`."""
        return False

    def has_module_perms(self, label: str) -> bool:
        """Deny, as `has_perm`."""
        return False


class Assignment(models.Model):
    """A person works on a country."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="assignments")
    country = models.CharField(max_length=3)
    assigned_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "country"], name="one_assignment_a_country")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.country}"


class LocalLink(models.Model):
    """A link that signs one person in once, from this machine; the token itself is not kept."""

    token_digest = models.CharField(max_length=64, unique=True)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"link for {self.person_id}"
