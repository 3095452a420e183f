"""Where data lies and how the product behaves on this machine.

Belongs here: every setting, its environment variable and its default, and the layout of the data directory. Does not
belong here: facts about a source (they stand in its YAML file) or about an instrument.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any


def _setting(default: Any, variable: str, doc: str, *, secret: bool = False) -> Any:
    return field(default=default, repr=not secret, metadata={"variable": variable, "doc": doc})


@dataclass(frozen=True)
class Settings:
    """All settings; each has one environment variable and one sentence of documentation."""

    data_dir: Path = _setting(Path("data"), "GCIDESK_DATA", "Folder that holds everything the product writes.")
    contact: str = _setting(
        "",
        "GCIDESK_CONTACT",
        "Mail address or page that identifies the crawler; a live crawl refuses to start without it.",
    )
    database_url: str = _setting("", "DATABASE_URL", "PostgreSQL address of the decisions store; empty means SQLite.")
    roster_months: int = _setting(
        0,
        "GCIDESK_ROSTER_MONTHS",
        "A focal point counts when confirmed within this many months; 0 means since 2021-10-01.",
    )
    ocr_pages_per_run: int = _setting(
        40, "GCIDESK_OCR_PAGES", "Scanned pages read by OCR in one run of a country; the rest is resumed next time."
    )
    sentence_model: str = _setting(
        "",
        "GCIDESK_SENTENCE_MODEL",
        "Local folder of a multilingual sentence model; empty means the static table only.",
    )
    second_reader: str = _setting(
        "", "GCIDESK_SECOND_READER", "Address of an OpenAI-compatible endpoint that reads candidates again; empty: off."
    )
    second_reader_model: str = _setting("", "GCIDESK_SECOND_READER_MODEL", "Name of the model at that endpoint.")
    second_reader_key: str = _setting(
        "", "GCIDESK_SECOND_READER_KEY", "Bearer key for that endpoint; never written to a log.", secret=True
    )
    second_reader_requests: int = _setting(
        200, "GCIDESK_SECOND_READER_REQUESTS", "Requests that one run may send to that endpoint."
    )
    second_reader_seconds: int = _setting(
        20, "GCIDESK_SECOND_READER_SECONDS", "Seconds until an answer of that endpoint is given up."
    )
    silence_accepts: bool = _setting(
        False, "GCIDESK_SILENCE_ACCEPTS", "Whether two weeks of silence accept an ITU-filled questionnaire."
    )
    allow_loopback: bool = _setting(
        False, "GCIDESK_ALLOW_LOOPBACK", "Test allowance: the gate for addresses lets loopback and any port through."
    )
    site_host: str = _setting(
        "",
        "GCIDESK_SITE_HOST",
        "Public host names of the review site behind a TLS proxy, by comma; empty: loopback only.",
    )
    session_hours: int = _setting(10, "GCIDESK_SESSION_HOURS", "Hours after which a person signs in again.")
    session_idle_minutes: int = _setting(
        60, "GCIDESK_SESSION_IDLE_MINUTES", "Minutes without a request after which a session ends."
    )
    sessions_per_person: int = _setting(
        3, "GCIDESK_SESSIONS_PER_PERSON", "Sessions that one person may hold; a further one ends the oldest."
    )
    require_totp: bool = _setting(
        True, "GCIDESK_REQUIRE_TOTP", "Whether a person who signs in by password needs a code from a second device."
    )
    double_review_percent: int = _setting(
        100, "GCIDESK_DOUBLE_REVIEW_PERCENT", "Share of questions that need two decisions, each blind to the other."
    )
    show_reviewer_names: bool = _setting(
        False, "GCIDESK_SHOW_REVIEWER_NAMES", "Whether adjudication shows who decided what."
    )
    requests_per_minute: int = _setting(
        600, "GCIDESK_REQUESTS_PER_MINUTE", "Requests of the review site that one person or address may make a minute."
    )

    @property
    def archive_dir(self) -> Path:
        """WARC files: `archive/<ISO3>/<crawl>/`."""
        return self.data_dir / "archive"

    @property
    def lake_dir(self) -> Path:
        """Parquet files: `lake/<table>/<partition>.parquet`."""
        return self.data_dir / "lake"

    @property
    def readings_dir(self) -> Path:
        """What was read from each payload: `readings/<reader version>/<dd>/<payload digest>.json.gz`."""
        return self.data_dir / "readings"

    @property
    def crawl_state_dir(self) -> Path:
        """Frontiers of crawls under way and validators for the next refresh."""
        return self.data_dir / "crawl"

    @property
    def dagster_dir(self) -> Path:
        """Dagster's own instance: runs, events, schedules."""
        return self.data_dir / "dagster"

    @property
    def second_reader_dir(self) -> Path:
        """Answers of the second reader: `second_reader/<dd>/<digest>.json`."""
        return self.data_dir / "second_reader"

    @property
    def desk_file(self) -> Path:
        """The DuckDB file that people query."""
        return self.data_dir / "desk.duckdb"

    @property
    def review_dir(self) -> Path:
        """Decisions (SQLite), uploads and the site's secret key."""
        return self.data_dir / "review"


def load_settings(**overrides: Any) -> Settings:
    """Return the settings of this process: environment first, then `overrides` that are not None.

    Raises ValueError with the variable's name when a number or switch cannot be read.
    """
    values: dict[str, Any] = {}
    for spec in fields(Settings):
        raw = os.environ.get(spec.metadata["variable"])
        if raw is not None:
            values[spec.name] = _parse(raw, spec.default, spec.metadata["variable"])
    values.update({name: value for name, value in overrides.items() if value is not None})
    settings = Settings(**values)
    return Settings(**{**values, "data_dir": Path(settings.data_dir).expanduser().absolute()})


def _parse(raw: str, default: Any, variable: str) -> Any:
    if isinstance(default, bool):
        if raw.lower() in {"1", "true", "yes", "on"}:
            return True
        if raw.lower() in {"", "0", "false", "no", "off"}:
            return False
        raise ValueError(f"{variable}={raw!r} is neither yes nor no; write 1 or 0")
    if isinstance(default, int):
        try:
            return int(raw)
        except ValueError as error:
            raise ValueError(f"{variable}={raw!r} is not a whole number") from error
    if isinstance(default, Path):
        return Path(raw)
    return raw


def prepare_data_dir(settings: Settings) -> None:
    """Create the data directory with mode 0700 if it is missing; raises StorageError when that is not possible."""
    from store.errors import StorageError

    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = settings.data_dir / ".writable.tmp"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StorageError(
            f"The data directory {settings.data_dir} cannot be written ({error.strerror}). "
            "Choose another with --data-dir or GCIDESK_DATA, or mend its rights."
        ) from error
