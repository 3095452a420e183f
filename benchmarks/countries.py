"""Many countries by replay: pages a second, and whether memory stays flat.

Usage: python benchmarks/countries.py [COUNTRIES] [PAGES] [HANDS]        (default 6 countries of 300 pages, 2 at a time)

Writes an archive of invented pages for each country, on a host of its own, and researches them all into one data
directory, a process a country and HANDS at a time, as Dagster's queue does. Prints a line a country as it ends (wall,
CPU, peak memory of its largest process) and what 45 countries of 1,000 pages would take at that rate.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from generated_pages import write_archive

from sources.country_files import country_codes, load_country

AIM_COUNTRIES, AIM_PAGES, AIM_HOURS = 45, 1_000, 2.0


@dataclass(frozen=True)
class Ended:
    """One country: seconds by the clock and of the processors, and the peak of its largest process in MiB."""

    iso3: str
    wall: float
    cpu: float
    peak: float


def chosen(count: int) -> list[tuple[str, str]]:
    """Return the first countries that have an official domain, each with a host below it."""
    found = ((code, load_country(code).official_domains) for code in country_codes())
    return [(code, f"portal.{domains[0]}") for code, domains in found if domains][:count]


def research(data: Path, files: Sequence[tuple[str, Path]], hands: int) -> Iterator[Ended]:
    """Run `gcidesk research` for every country, `hands` at a time; ends the program when one fails."""
    waiting, running = list(files), {}
    environment = {**os.environ, "GCIDESK_DATA": str(data)}
    program = str(Path(sys.executable).parent / "gcidesk")
    while waiting or running:
        while waiting and len(running) < hands:
            iso3, file = waiting.pop(0)
            process = subprocess.Popen(
                [program, "research", iso3, "--replay", str(file)],
                env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
            running[process.pid] = (iso3, time.monotonic(), process)
        pid, status, usage = os.wait3(0)
        iso3, started, process = running.pop(pid)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            sys.exit(f"{iso3} ended with {process.returncode}")
        yield Ended(iso3, time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def main(countries: int, pages: int, hands: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for number, (iso3, host) in enumerate(chosen(countries)):
            file = Path(folder) / f"{iso3}.warc.gz"
            write_archive(file, host, pages, first=number * pages)
            files.append((iso3, file))
        print(f"{len(files)} countries x {pages} pages, {hands} at a time; load {os.getloadavg()[0]:.1f}", flush=True)
        started, ended = time.monotonic(), []
        for one in research(Path(folder) / "data", files, hands):
            ended.append(one)
            print(f"{one.iso3}  wall {one.wall:7.1f} s  CPU {one.cpu:7.1f} s  peak {one.peak:6.0f} MiB", flush=True)
        wall, cpu = time.monotonic() - started, sum(one.cpu for one in ended)
    done = len(ended) * pages
    hours = cpu / done * AIM_COUNTRIES * AIM_PAGES / 2 / 3600
    print(f"together {wall:.0f} s, {done / wall:.1f} pages/s by the clock, {done / cpu:.1f} pages per CPU second")
    half = len(ended) // 2 or 1
    early, late = (max(one.peak for one in part) for part in (ended[:half], ended[half:] or ended))
    print(f"peak memory of the first half {early:.0f} MiB, of the second half {late:.0f} MiB")
    print(
        f"{AIM_COUNTRIES} x {AIM_PAGES} pages at this rate on two free cores: {hours:.2f} hours (aim {AIM_HOURS:.0f})"
    )
    print(f"load at the end {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*[*given, *(6, 300, 2)[len(given) :]])
