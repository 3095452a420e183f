"""The settings that mypy's Django plugin reads: the same applications and models, nothing of this machine.

Belongs here: nothing but what type checking needs.
"""

from __future__ import annotations

SECRET_KEY = "for type checking only"  # noqa: S105
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "review",
]
AUTH_USER_MODEL = "review.Person"
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
