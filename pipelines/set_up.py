"""Set-up of a fresh machine: virtual environment, pinned packages, byte code, system packages.

Belongs here: what `make demo` and `make test` need before the product can run. Runs with the system's Python and the
standard library alone. Does not belong here: anything that the product does once it is installed (`doctor` looks then).

usage: set_up.py demo|test
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "set-up-of"
ROOMS = ("assets", "evidence", "extractors", "pipelines", "questionnaire", "review", "sources", "spiders", "store")
SUPPORTED = ((3, 11), (3, 12), (3, 13))

FONTS = {
    "/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf": "fonts-noto-core",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc": "fonts-noto-cjk",
}
APT_OPTIONS = ("-o", "Acquire::Retries=3", "-o", "DPkg::Lock::Timeout=120")
OCR_LANGUAGES = {"ara": "ara", "chi_sim": "chi-sim", "fra": "fra", "por": "por", "rus": "rus", "spa": "spa"}


def main(purpose: str) -> int:
    """Set up for `demo` or `test`; returns an exit code and prints progress with seconds."""
    started = time.monotonic()
    if sys.version_info[:2] not in SUPPORTED:
        print(f"gcidesk needs Python 3.11 to 3.13; {sys.executable} is {sys.version.split()[0]}.", file=sys.stderr)
        print("Install one and name it: make demo PYTHON=/path/to/python3.11", file=sys.stderr)
        return 8
    try:
        install_system_packages(missing_system_packages(purpose), required=purpose == "test" or not _has_venv())
        install_python_packages()
    except SetUpError as error:
        print(f"\nSet-up stopped: {error}", file=sys.stderr)
        return 8
    print(f"Set-up ready after {time.monotonic() - started:.0f} s.", flush=True)
    return 0


class SetUpError(Exception):
    """Set-up cannot go on; the message says what to do."""


def missing_system_packages(purpose: str) -> list[str]:
    """Return the Debian packages that this purpose needs and that are not installed."""
    missing = [] if _has_venv() else [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]
    if purpose == "test":
        if not shutil.which("chromium"):
            missing.append("chromium")
        if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
            missing.append("postgresql")
        missing += _missing_ocr()
        missing += [package for file, package in FONTS.items() if not Path(file).exists()]
        if not shutil.which("soffice"):
            missing += ["libreoffice-writer-nogui", "libreoffice-calc-nogui", "libreoffice-impress-nogui"]
    return missing


def _has_venv() -> bool:
    probe = subprocess.run([sys.executable, "-c", "import ensurepip, venv"], capture_output=True, check=False)
    return probe.returncode == 0


def _missing_ocr() -> list[str]:
    if not shutil.which("tesseract"):
        return ["tesseract-ocr", "tesseract-ocr-osd", *(f"tesseract-ocr-{name}" for name in OCR_LANGUAGES.values())]
    listed = subprocess.run(["tesseract", "--list-langs"], capture_output=True, text=True, check=False).stdout.split()
    return [f"tesseract-ocr-{package}" for code, package in OCR_LANGUAGES.items() if code not in listed]


def install_system_packages(packages: list[str], *, required: bool) -> None:
    """Install Debian packages through apt-get where that is allowed; otherwise say which command to type."""
    if not packages:
        return
    command = f"apt-get update && apt-get install -y --no-install-recommends {' '.join(packages)}"
    prefix = _apt_prefix()
    if prefix is None:
        if not required:
            return
        raise SetUpError(
            f"system packages are missing and this user may not install them. Type:\n  sudo sh -c '{command}'"
        )
    with _step(f"system packages: {', '.join(packages)}"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        # Lists of packages go stale and mirrors fail for a moment; only the installation decides.
        lists = _try([*prefix, "apt-get", *APT_OPTIONS, "update", "-qq"], environment)
        install = [*prefix, "apt-get", *APT_OPTIONS, "install", "-y", "-qq", "--no-install-recommends", *packages]
        done = _try(install, environment)
        if done.returncode:
            raise SetUpError(f"'{command}' ended with {done.returncode}:\n{_end_of(lists)}{_end_of(done)}")


def _apt_prefix() -> list[str] | None:
    """Return how to call apt-get, or None when this user may not."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    allowed = (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    )
    return ["sudo", "-n"] if allowed else None


def install_python_packages() -> None:
    """Create `.venv` with the pinned packages and the project itself; does nothing when the lock is installed."""
    wanted = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    python = str(VENV / "bin" / "python")
    if not Path(python).exists():
        with _step("virtual environment .venv"):
            _run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    elif _try([python, "-m", "pip", "--version"]).returncode:
        _run([python, "-m", "ensurepip"])  # a set-up that was cut off
    install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
    count = LOCK.read_text().count("==")
    with _step(f"{count} pinned packages with byte code (a minute or three)"):
        _run([*install, "--require-hashes", "-r", str(LOCK)])
    with _step("gcidesk itself with byte code"):
        _run([*install, "--no-build-isolation", "-e", str(ROOT)])
        _run([python, "-m", "compileall", "-q", *ROOMS])
    STAMP.write_text(wanted)


def _run(command: list[str]) -> None:
    done = _try(command)
    if done.returncode:
        raise SetUpError(f"'{' '.join(command[:6])} …' ended with {done.returncode}:\n{_end_of(done)}")


def _try(command: list[str], environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment, cwd=ROOT, check=False
    )


def _end_of(done: subprocess.CompletedProcess[str]) -> str:
    return (done.stdout + done.stderr)[-3000:]


@contextmanager
def _step(name: str) -> Iterator[None]:
    print(f"Setting up {name} …", end=" ", flush=True)
    started = time.monotonic()
    yield
    print(f"{time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    if sys.argv[1:] not in (["demo"], ["test"]):
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))
