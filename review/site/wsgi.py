"""The WSGI application. Belongs here: making it, nothing else."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "review.site.settings")
application = get_wsgi_application()
