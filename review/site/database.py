"""Where decisions are kept: SQLite in WAL mode, or PostgreSQL by address.

Belongs here: turning `Settings` into Django's DATABASES. Does not belong here: migrations (`review.services.database`).
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from store.errors import BadInputError
from store.settings import Settings

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000; PRAGMA recursive_triggers=ON;"
)


def database_config(settings: Settings) -> dict[str, Any]:
    """Return Django's configuration of the default database; raises BadInputError for an address it cannot use."""
    if not settings.database_url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(settings.review_dir / "review.sqlite3"),
            "OPTIONS": {"init_command": SQLITE_PRAGMAS, "transaction_mode": "IMMEDIATE", "timeout": 20},
            "CONN_MAX_AGE": 600,
        }
    parts = urlsplit(settings.database_url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise BadInputError(
            f"DATABASE_URL begins with {parts.scheme!r}; write postgresql://name:password@host:port/database, "
            "or leave it empty."
        )
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
