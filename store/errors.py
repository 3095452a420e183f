"""The errors a user can meet, each with an exit code.

Belongs here: the base class, the exit codes, and the errors of the store itself. Every other room derives its own
errors from `GcideskError`. A message says what happened, to what, and what to do.
"""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Process exit codes of `gcidesk`, by cause."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    """An argument is wrong: an unknown country, question or option."""
    BAD_INPUT = 3
    """A file handed in cannot be used: roster, instrument, source file, label file."""
    MISSING = 4
    """Something that must come first has not been done: no draft, no data directory."""
    STORAGE = 5
    """The disk is full, read-only or locked."""
    CHECK_FAILED = 6
    """A check did its work and found a fault: a quote not found again, a digest that differs."""
    NOT_ALLOWED = 7
    """A rule of conduct forbids it: a live crawl without a contact address, an address outside the gate."""
    ENVIRONMENT = 8
    """A program or package is not installed."""
    RUN_FAILED = 9
    """A Dagster run failed; its log says where."""


class GcideskError(Exception):
    """Base of all errors that are reported to a user without a traceback."""

    exit_code: ExitCode = ExitCode.UNEXPECTED


class StorageError(GcideskError):
    """The data directory cannot be written or read."""

    exit_code = ExitCode.STORAGE


class MissingDataError(GcideskError):
    """A table, reading or capture that is asked for does not exist yet."""

    exit_code = ExitCode.MISSING


class BadInputError(GcideskError):
    """A file that a person handed in cannot be used as it is."""

    exit_code = ExitCode.BAD_INPUT
