"""Making and updating the tables of decisions.

Belongs here: migrations under a lock, and the rights of the folder. Does not belong here: what the tables mean.
"""

from __future__ import annotations

import fcntl
from contextlib import ExitStack
from pathlib import Path

from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from review.desk import desk_settings
from review.site.secret_key import ensure_secret_key
from store.errors import StorageError
from store.settings import Settings, prepare_data_dir


def prepare(settings: Settings | None = None) -> None:
    """Make folder, key and tables; see `review.services.prepare_database`."""
    desk: Settings = settings or desk_settings()
    prepare_data_dir(desk)
    key = ensure_secret_key(desk.review_dir)
    if key != django_settings.SECRET_KEY:
        django_settings.SECRET_KEY = key
    with ExitStack() as stack:
        lock = stack.enter_context(Path(desk.review_dir / "migrate.lock").open("w"))
        fcntl.flock(lock, fcntl.LOCK_EX)
        try:
            if unapplied_migrations():
                call_command("migrate", verbosity=0, interactive=False)
        except DatabaseError as error:
            raise StorageError(
                f"The decisions store cannot be used ({error}). Check DATABASE_URL, or the rights of {desk.review_dir}."
            ) from error
    path = desk.review_dir / "review.sqlite3"
    if path.exists():
        path.chmod(0o600)


def unapplied_migrations() -> bool:
    """Tell whether tables are missing or old."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
