"""Rows that are written once.

Belongs here: the base class of the tables whose rows nobody may change. The database refuses too: see the triggers in
the migrations. Does not belong here: any table.
"""

from __future__ import annotations

from typing import Any, Never

from django.db import models

from store.errors import GcideskError


class AppendOnlyError(GcideskError):
    """Someone tried to change or delete a row of the record."""


class AppendOnly(models.Model):
    """A row that can be added and never changed; a change is a further row."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Insert the row; raises AppendOnlyError when it stands in the database already."""
        if not self._state.adding:
            raise AppendOnlyError(
                f"{self._meta.verbose_name} {self.pk} is on record and stays as it is. Add a new one."
            )
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Refuse."""
        raise AppendOnlyError(f"{self._meta.verbose_name} {self.pk} is on record and cannot be deleted.")
