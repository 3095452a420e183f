"""The site's secret key: made once, kept in the review folder with mode 0600.

Belongs here: reading and making that file. Importing the settings makes no file; `ensure_secret_key` does.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from store.errors import StorageError

FILE_NAME = "secret_key"


def read_secret_key(review_dir: Path) -> str:
    """Return the kept key, or a passing one that lives as long as this process when none was made yet."""
    path = review_dir / FILE_NAME
    if path.exists():
        return path.read_text(encoding="ascii").strip()
    return secrets.token_urlsafe(50)


def ensure_secret_key(review_dir: Path) -> str:
    """Make the key file with mode 0600 if it is missing and return the key; raises StorageError when that fails."""
    path = review_dir / FILE_NAME
    try:
        review_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            path.chmod(0o600)
        else:
            with os.fdopen(handle, "w", encoding="ascii") as sink:
                sink.write(secrets.token_urlsafe(50))
        return path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise StorageError(
            f"The site's secret key {path} cannot be kept ({error.strerror}). Mend the rights of {review_dir}."
        ) from error
