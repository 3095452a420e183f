"""What this machine has and lacks.

Belongs here: looking at programs, packages, settings and the data directory, and the command that mends each gap. Does
not belong here: mending (`set_up`).
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from store.errors import GcideskError
from store.settings import Settings, prepare_data_dir

PACKAGES = ("scrapy", "beautifulsoup4", "spacy", "dagster", "duckdb", "langdetect", "pdfplumber", "pypdfium2", "django")
OCR_LANGUAGES = {"ara": "Arabic", "chi_sim": "Chinese", "eng": "English", "fra": "French", "por": "Portuguese",
                 "rus": "Russian", "spa": "Spanish"}  # fmt: skip


@dataclass(frozen=True)
class Finding:
    """One thing looked at: present or not, whether the product needs it, and the command that mends it."""

    name: str
    present: bool
    needed: bool
    detail: str
    mend: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Look at everything that the product uses on this machine."""
    return [
        Finding("Python", sys.version_info[:2] >= (3, 11), True, sys.version.split()[0], "install Python 3.11 to 3.13"),
        *map(_package, PACKAGES),
        _data_dir(settings),
        _contact(settings),
        _ocr(),
        _program("soffice", "LibreOffice: page numbers of office files", "apt-get install libreoffice-writer-nogui"),
        _free_space(settings),
    ]


def _package(name: str) -> Finding:
    try:
        return Finding(name, True, True, version(name))
    except PackageNotFoundError:
        return Finding(name, False, True, "not installed", "make demo")


def _data_dir(settings: Settings) -> Finding:
    try:
        prepare_data_dir(settings)
    except GcideskError as error:
        return Finding("data directory", False, True, str(error), f"chmod u+rwx {settings.data_dir}")
    return Finding("data directory", True, True, str(settings.data_dir))


def _contact(settings: Settings) -> Finding:
    detail = settings.contact or "no live crawl without it"
    return Finding("contact address", bool(settings.contact), False, detail, "export GCIDESK_CONTACT=desk@example.org")


def _ocr() -> Finding:
    if not shutil.which("tesseract"):
        packages = "tesseract-ocr tesseract-ocr-ara tesseract-ocr-chi-sim tesseract-ocr-fra tesseract-ocr-por"
        return Finding(
            "tesseract (scans)", False, False, "scanned pages are named as unread",
            f"apt-get install {packages} tesseract-ocr-rus tesseract-ocr-spa",
        )  # fmt: skip
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False).stdout.split()
    lacking = [name for code, name in OCR_LANGUAGES.items() if code not in listed]
    detail = f"lacks {', '.join(lacking)}" if lacking else "all seven languages"
    return Finding("tesseract (scans)", not lacking, False, detail, "make setup")


def _program(name: str, purpose: str, mend: str) -> Finding:
    return Finding(name, shutil.which(name) is not None, False, purpose, mend)


def _free_space(settings: Settings) -> Finding:
    folder = settings.data_dir if settings.data_dir.exists() else Path.cwd()
    free = shutil.disk_usage(folder).free / 1e9
    return Finding("free disk space", free > 2, True, f"{free:.0f} GB at {folder}", "free at least 2 GB")
