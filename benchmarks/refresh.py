"""What a refresh costs against the first run: nothing changed, and 1 % of the pages changed.

Usage: python benchmarks/refresh.py [PAGES]        (default 1000)

Writes an archive of invented pages (`generated_pages`), researches the demonstration country from it three times, and
prints CPU seconds of each run, child processes included, as ratios to the first. The cost of starting the program
(`gcidesk drafts`) is shown beside, because it does not depend on the number of pages.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from generated_pages import write_archive

HOST = "portal.gov.maravelle.example"


def cpu_seconds(*arguments: str, data_dir: Path) -> float:
    """Run gcidesk and return its CPU seconds with those of all its child processes."""
    program = [str(Path(sys.executable).parent / "gcidesk"), *arguments]
    environment = {**os.environ, "GCIDESK_DATA": str(data_dir)}
    with subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
        errors = process.stderr.read() if process.stderr else b""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(errors.decode(errors="replace")[-2000:])
    return usage.ru_utime + usage.ru_stime


def main(pages: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        data, first, second = Path(folder) / "data", Path(folder) / "first.warc.gz", Path(folder) / "second.warc.gz"
        write_archive(first, HOST, pages)
        write_archive(second, HOST, pages, changed=max(1, pages // 100))
        runs = {
            "first run": cpu_seconds("research", "XDM", "--replay", str(first), data_dir=data),
            "nothing changed": cpu_seconds("research", "XDM", "--replay", str(first), data_dir=data),
            "1 % changed": cpu_seconds("research", "XDM", "--replay", str(second), data_dir=data),
            "starting the program (drafts)": cpu_seconds("drafts", "XDM", data_dir=data),
        }
    print(f"{pages} pages")
    for name, seconds in runs.items():
        print(f"{name:32} {seconds:8.1f} CPU s   {seconds / runs['first run']:6.1%} of the first run")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
